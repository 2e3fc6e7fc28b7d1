//! Every scalar function that queries can call, with arguments of every kind: it is computed, or a diagnostic says why not. Nothing panics,
//! and nobody is told of the planner's insides.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Decimal128Array, Float64Array, Int64Array, Int64Builder, ListBuilder,
    RecordBatch, StringArray, StringBuilder, StructArray, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field};
use arroyo_testing::HandDriven;
use arroyo_types::{EventTime, ManualClock};

const TABLE: &str = "CREATE TABLE t (
    i BIGINT, f DOUBLE, d DECIMAL(10, 2), s TEXT, b BOOLEAN, x BYTEA, ns BIGINT[], ss TEXT[], r STRUCT<a BIGINT, b TEXT>,
    at TIMESTAMP NOT NULL, WATERMARK FOR at
) WITH (connector = 'single_file', path = '/t', type = 'source', format = 'json');
";

/// What functions are called with.
const ARGUMENTS: &[&str] = &[
    "",
    "i",
    "f",
    "d",
    "s",
    "b",
    "x",
    "ns",
    "ss",
    "r",
    "at",
    "NULL",
    "i, i",
    "f, f",
    "f, 2",
    "s, s",
    "s, 'a'",
    "s, i",
    "s, 1",
    "s, '$.a'",
    "i, s",
    "i, 0.5",
    "f, 0.5",
    "ns, i",
    "ns, 1",
    "ns, ns",
    "ss, s",
    "ss, ','",
    "r, 'a'",
    "x, 'hex'",
    "x, 'sha256'",
    "'day', at",
    "INTERVAL '1 day', at",
    "at, '%Y'",
    "at, at",
    "at, INTERVAL '1 hour'",
    "s, '%Y-%m-%d'",
    "i, i, i",
    "f, f, 0.5",
    "s, 'a', 'b'",
    "s, 1, 2",
    "s, 2, 'x'",
    "s, ',', 1",
    "ns, 1, 2",
    "ns, i, i",
    "ns, i, 2, 3",
    "'a', i, 'b', s",
    "2024, 1, 2",
    "1, 10, 3",
    "at, at, INTERVAL '1 hour'",
    "s, s, s",
    "i, 1, 2, 3, 4",
];

/// Functions of DataFusion that panic, or speak of a bug of theirs, at lengths that cannot be.
const UNCHECKED: [&str; 3] = ["array_resize", "lpad", "rpad"];

fn batch() -> RecordBatch {
    let mut numbers = ListBuilder::new(Int64Builder::new());
    let mut texts = ListBuilder::new(StringBuilder::new());
    for list in [Some(vec![1, 2, 3]), None, Some(Vec::new()), Some(vec![-5])] {
        match list {
            Some(list) => {
                list.iter().for_each(|number| {
                    numbers.values().append_value(*number);
                    texts.values().append_value(format!("t{number}"));
                });
                numbers.append(true);
                texts.append(true);
            }
            None => {
                numbers.append(false);
                texts.append(false);
            }
        }
    }
    let a: ArrayRef = Arc::new([Some(1), None, Some(-1), Some(i64::MAX)].into_iter().collect::<Int64Array>());
    let b: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some(""), Some("{\"a\": [1]}")]));
    let record = StructArray::from(vec![
        (Arc::new(Field::new("a", DataType::Int64, true)), Arc::clone(&a)),
        (Arc::new(Field::new("b", DataType::Utf8, true)), Arc::clone(&b)),
    ]);
    let at = || Arc::new(TimestampNanosecondArray::from(vec![0, 1_000_000_000, -1, 1_704_067_200_000_000_000]));
    let decimals = Decimal128Array::from(vec![Some(150), None, Some(-1), Some(9_999_999_999)]);
    let columns: [(&str, ArrayRef); 11] = [
        ("i", Arc::clone(&a)),
        ("f", Arc::new(Float64Array::from(vec![Some(1.5), None, Some(-0.0), Some(f64::MAX)]))),
        ("d", Arc::new(decimals.with_precision_and_scale(10, 2).unwrap())),
        ("s", b),
        ("b", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
        ("x", Arc::new(BinaryArray::from(vec![Some(b"a".as_slice()), None, Some(b""), Some(b"\xff\x00")]))),
        ("ns", Arc::new(numbers.finish())),
        ("ss", Arc::new(texts.finish())),
        ("r", Arc::new(record)),
        ("at", at()),
        ("_timestamp", at()),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, !["at", "_timestamp"].contains(&name))),
    )
    .unwrap()
}

/// What is wrong about how a query is answered.
fn fault(query: &str) -> Option<String> {
    let rows = batch();
    let answered = catch_unwind(AssertUnwindSafe(|| -> anyhow::Result<()> {
        let mut driven = HandDriven::new(&format!("{TABLE}{query};"), ManualClock::new(EventTime::from_nanos(0)))?;
        driven.rows("t", &rows)?;
        for _ in 0..3 {
            driven.advance(Duration::from_secs(1))?;
        }
        Ok(())
    }));
    match answered {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            let text = format!("{error:#}");
            let is_inside = ["SQL199", "Internal error", "internal error", "panicked", "report this", "bug"];
            is_inside.iter().any(|word| text.contains(word)).then_some(text)
        }
        Err(_) => Some("it panics".to_owned()),
    }
}

fn check(names: impl IntoIterator<Item = String>, queries: impl Fn(&str, &str) -> Vec<String>) {
    let mut faults = BTreeSet::new();
    let mut tried = 0;
    for name in names {
        for arguments in ARGUMENTS {
            for query in queries(&name, arguments) {
                tried += 1;
                faults.extend(fault(&query).map(|fault| format!("{query}\n    {fault}")));
            }
        }
    }
    assert!(tried > 1000, "only {tried} queries were tried");
    let list: Vec<&String> = faults.iter().take(200).collect();
    assert!(faults.is_empty(), "{} of {tried} queries\n{list:#?}", faults.len());
}

#[test]
fn scalar_functions_are_computed_or_refused() {
    let functions = arroyo_expr::scalar_functions();
    let names = functions.iter().map(|function| function.name()).filter(|name| !UNCHECKED.contains(name));
    check(names.map(str::to_owned), |name, arguments| vec![format!("SELECT {name}({arguments}) AS r FROM t")]);
}

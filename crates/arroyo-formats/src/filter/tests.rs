use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::util::display::array_value_to_string;

use super::*;
use crate::{BadData, Deserializer, Format, FormatOptions, Framing, JsonFormat};

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("int", DataType::Int32, true),
        Field::new("unsigned", DataType::UInt64, true),
        Field::new("float", DataType::Float32, true),
        Field::new("bool", DataType::Boolean, true),
        Field::new("text", DataType::Utf8, true),
        Field::new("time", DataType::Timestamp(TimeUnit::Millisecond, None), true),
        Field::new("list", DataType::List(Arc::new(Field::new("item", DataType::Int64, true))), true),
    ]))
}

const RECORDS: &str = r#"{"id":1,"int":-5,"unsigned":1,"float":-0.0,"bool":false,"text":"a","time":"1970-01-01T00:00:01","list":[1]}
{"id":2,"int":7,"unsigned":18446744073709551615,"float":0.1,"bool":true,"text":"b","time":"1970-01-01T00:00:02","list":[]}
{"id":3}
{"id":4,"int":9,"unsigned":3,"float":"NaN","bool":true,"text":"ba","time":"1970-01-01T00:00:03","list":[1,null]}
"#;

fn options(bad_data: BadData) -> FormatOptions {
    FormatOptions { format: Format::Json(JsonFormat::default()), framing: Some(Framing::newline()), bad_data }
}

fn deserializer(filter: &SimpleFilter) -> Deserializer {
    Deserializer::new(&options(BadData::Drop), schema()).unwrap().with_filter(filter).unwrap()
}

fn ids(batch: Option<&RecordBatch>) -> Vec<String> {
    let shown = |batch: &RecordBatch| {
        (0..batch.num_rows()).map(|row| array_value_to_string(batch.column(0), row).unwrap()).collect()
    };
    batch.map(shown).unwrap_or_default()
}

/// The records that are kept, decoded one by one; whole batches must agree.
fn kept(filter: &SimpleFilter) -> String {
    let mut filtering = deserializer(filter);
    filtering.push(RECORDS.as_bytes()).unwrap();
    let rows = ids(filtering.flush().unwrap().as_ref());
    let mut all = deserializer(&SimpleFilter::default());
    all.push(RECORDS.as_bytes()).unwrap();
    let batch = filter.keep(&all.flush().unwrap().unwrap()).unwrap();
    assert_eq!(rows, ids(Some(&batch)), "{filter:?}");
    rows.join(" ")
}

fn is(column: &str, test: Test) -> SimpleFilter {
    SimpleFilter { all: vec![Condition { column: column.to_string(), test }] }
}

fn compare(column: &str, op: Comparison, literal: Literal) -> SimpleFilter {
    is(column, Test::Compare { op, literal })
}

#[test]
fn every_comparison_of_every_type() {
    use Comparison::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    let text = |value: &str| Literal::Text(value.to_string());
    for (column, literal, [eq, not_eq, lt, lt_eq, gt, gt_eq]) in [
        ("int", Literal::Int(7), ["2", "1 4", "1", "1 2", "4", "2 4"]),
        ("unsigned", Literal::Unsigned(3), ["4", "1 2", "1", "1 4", "2", "2 4"]),
        ("float", Literal::Float(f64::from(0.1f32)), ["2", "1 4", "1", "1 2", "4", "2 4"]),
        ("float", Literal::Float(0.0), ["", "1 2 4", "1", "1", "2 4", "2 4"]),
        ("bool", Literal::Bool(true), ["2 4", "1", "1", "1 2 4", "", "2 4"]),
        ("text", text("b"), ["2", "1 4", "1", "1 2", "4", "2 4"]),
        ("time", Literal::Int(2_000), ["2", "1 4", "1", "1 2", "4", "2 4"]),
    ] {
        for (op, expected) in [(Eq, eq), (NotEq, not_eq), (Lt, lt), (LtEq, lt_eq), (Gt, gt), (GtEq, gt_eq)] {
            assert_eq!(kept(&compare(column, op, literal.clone())), expected, "{column} {op:?} {literal:?}");
        }
    }
}

#[test]
fn nulls_are_found_in_columns_of_any_type() {
    for column in ["int", "unsigned", "float", "bool", "text", "time", "list"] {
        assert_eq!(kept(&is(column, Test::IsNull)), "3", "{column}");
        assert_eq!(kept(&is(column, Test::IsNotNull)), "1 2 4", "{column}");
    }
    assert_eq!(kept(&is("id", Test::IsNull)), "");
}

#[test]
fn all_conditions_must_be_true() {
    let mut filter = compare("int", Comparison::Gt, Literal::Int(0));
    filter.all.extend(compare("text", Comparison::NotEq, Literal::Text("b".to_string())).all);
    assert_eq!(kept(&filter), "4");
    assert_eq!(kept(&SimpleFilter::default()), "1 2 3 4");
}

#[test]
fn records_that_a_filter_drops_are_neither_rows_nor_bad() {
    let mut deserializer = deserializer(&compare("int", Comparison::Gt, Literal::Int(0)));
    let pushed = deserializer.push(format!("{RECORDS}broken\n").as_bytes()).unwrap();
    assert_eq!((pushed.frames, pushed.rows, pushed.dropped), (5, 2, 1));
    assert_eq!((deserializer.records(), deserializer.rows()), (4, 2));
    assert_eq!(ids(deserializer.flush().unwrap().as_ref()), ["2", "4"]);
    assert_eq!((deserializer.records(), deserializer.rows()), (0, 0));
}

#[test]
fn a_batch_is_bounded_by_the_records_read_and_not_by_the_rows_kept() {
    let mut deserializer = deserializer(&is("id", Test::IsNull));
    let pushed = deserializer.push_frames(RECORDS.as_bytes(), 3, true).unwrap();
    assert_eq!((pushed.frames, pushed.rows), (3, 0));
    assert_eq!(deserializer.flush().unwrap(), None);
    assert_eq!(deserializer.push_frames(&RECORDS.as_bytes()[pushed.bytes..], 3, true).unwrap().frames, 1);
}

#[test]
fn a_record_is_decoded_in_full_before_it_is_dropped() {
    let filter = compare("int", Comparison::Gt, Literal::Int(0));
    let mut failing = Deserializer::new(&options(BadData::Fail), schema()).unwrap().with_filter(&filter).unwrap();
    let error = failing.push(b"{\"id\":1,\"int\":-1,\"text\":5}\n").unwrap_err();
    assert!(error.to_string().starts_with("column `text`: expected a TEXT"), "{error}");
}

#[test]
fn csv_is_filtered_and_raw_text_is_not() {
    let filter = compare("value", Comparison::Gt, Literal::Text("b".to_string()));
    let schema = Arc::new(Schema::new(vec![Field::new("value", DataType::Utf8, true)]));
    for (format, expected) in [
        (Format::Csv(Default::default()), vec!["c", "d"]),
        (Format::RawString(Default::default()), vec!["value", "a", "c", "", "d"]),
    ] {
        let options = FormatOptions { framing: Some(Framing::newline()), ..FormatOptions::new(format) };
        let mut deserializer = Deserializer::new(&options, schema.clone()).unwrap().with_filter(&filter).unwrap();
        deserializer.push(b"value\na\nc\n\nd\n").unwrap();
        assert_eq!(ids(deserializer.flush().unwrap().as_ref()), expected, "{}", options.format.name());
    }
}

#[test]
fn a_filter_that_does_not_fit_is_a_bug() {
    for (filter, expected) in [
        (is("other", Test::IsNull), "the filter of the source does not fit: the column `other` is not read"),
        (
            compare("text", Comparison::Eq, Literal::Int(1)),
            "the filter of the source does not fit: `text` is Utf8 and is compared with Int(1)",
        ),
    ] {
        let error = Deserializer::new(&options(BadData::Fail), schema()).unwrap().with_filter(&filter).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.kind(), arroyo_types::ErrorKind::Bug);
    }
}

#[test]
fn the_form_in_programs_is_fixed() {
    let mut filter = is("note", Test::IsNull);
    for literal in [
        Literal::Int(-1),
        Literal::Unsigned(u64::MAX),
        Literal::Float(0.1),
        Literal::Float(f64::NEG_INFINITY),
        Literal::Bool(true),
        Literal::Text("x".to_string()),
    ] {
        filter.all.extend(compare("c", Comparison::GtEq, literal).all);
    }
    let json = filter.to_json().unwrap();
    insta::assert_snapshot!(json.to_string(), @r#"{"all":[{"column":"note","test":"is_null"},{"column":"c","test":{"compare":{"literal":{"int":-1},"op":"gt_eq"}}},{"column":"c","test":{"compare":{"literal":{"unsigned":18446744073709551615},"op":"gt_eq"}}},{"column":"c","test":{"compare":{"literal":{"float":"0.1"},"op":"gt_eq"}}},{"column":"c","test":{"compare":{"literal":{"float":"-inf"},"op":"gt_eq"}}},{"column":"c","test":{"compare":{"literal":{"bool":true},"op":"gt_eq"}}},{"column":"c","test":{"compare":{"literal":{"text":"x"},"op":"gt_eq"}}}]}"#);
    assert_eq!(SimpleFilter::from_json(&json).unwrap(), Some(filter));
    assert_eq!(SimpleFilter::from_json(&serde_json::Value::Null).unwrap(), None);
    assert!(SimpleFilter::from_json(&serde_json::json!({"any": []})).is_err());
}

//! The answers of the lookup joins' golden cases are those of DataFusion in batch: there a lookup table is a table, with the last
//! row of each key.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::json::ReaderBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::{Map, Value};

use super::joins_batch::{cases, columns, difference};

/// A lookup table: its name, its files, how many of its columns are the key, and its columns.
struct Dimension(&'static str, &'static [&'static str], usize, Vec<(&'static str, DataType)>);

fn dimensions() -> Vec<Dimension> {
    use DataType::{Boolean, Float64, Int32, Int64, Utf8};
    let field = |name: &str, data_type: DataType| Field::new(name, data_type, true);
    let size = DataType::Struct(Fields::from(vec![field("height", Int32), field("width", Int32)]));
    let tags = DataType::List(Arc::new(field("item", Utf8)));
    let words = |key, data_type| vec![(key, data_type), ("word", Utf8)];
    vec![
        Dimension("customers", &["customers.csv"], 1, vec![("name", Utf8), ("city", Utf8), ("level", Int32)]),
        Dimension(
            "items",
            &["items.ndjson"],
            1,
            vec![("item", Utf8), ("label", Utf8), ("weight", Float64), ("tags", tags), ("size", size)],
        ),
        Dimension(
            "prices",
            &["prices.csv"],
            2,
            vec![("item", Utf8), ("amount", Int32), ("price", Float64), ("valid", Boolean)],
        ),
        Dimension("amounts", &["amounts.csv"], 1, words("amount", Int64)),
        Dimension("small_amounts", &["amounts.csv"], 1, words("amount", Int32)),
        Dimension("codes", &["codes.csv"], 1, words("code", Utf8)),
        Dimension(
            "regions",
            &["regions/north.csv", "regions/south.csv"],
            1,
            vec![("city", Utf8), ("region", Utf8), ("file", Utf8)],
        ),
    ]
}

impl Dimension {
    fn schema(&self) -> SchemaRef {
        let fields = self.3.iter().enumerate();
        let fields = fields.map(|(index, (name, data_type))| Field::new(*name, data_type.clone(), index >= self.2));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    fn rows(&self) -> RecordBatch {
        let mut last: BTreeMap<Vec<String>, Value> = BTreeMap::new();
        for file in self.1 {
            let text = std::fs::read_to_string(super::folder().join("lookups/dimensions").join(file)).unwrap();
            let rows: Vec<Value> = match file.ends_with(".csv") {
                true => text.lines().skip(1).filter_map(|line| self.of_csv(file, line)).collect(),
                false => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
            };
            for row in rows {
                last.insert(self.3.iter().take(self.2).map(|(name, _)| row[name].to_string()).collect(), row);
            }
        }
        let text: String = last.values().map(|row| format!("{row}\n")).collect();
        let schema = self.schema();
        let mut batches = ReaderBuilder::new(schema.clone()).build(text.as_bytes()).unwrap();
        batches.next().unwrap_or_else(|| Ok(RecordBatch::new_empty(schema))).unwrap()
    }

    /// A line of a file without quotes; what does not fit its column leaves no row.
    fn of_csv(&self, file: &str, line: &str) -> Option<Value> {
        let values = line.split(',').chain([file.rsplit('/').next().unwrap()]);
        let mut row = Map::new();
        for ((name, data_type), value) in self.3.iter().zip(values) {
            let value = match data_type {
                _ if value.is_empty() => Value::Null,
                DataType::Int32 => value.parse::<i32>().ok()?.into(),
                DataType::Int64 | DataType::Float64 | DataType::Boolean => serde_json::from_str(value).unwrap(),
                _ => value.into(),
            };
            row.insert((*name).to_string(), value);
        }
        Some(Value::Object(row))
    }
}

fn context() -> SessionContext {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let file = std::fs::File::open(super::folder().join("orders.ndjson")).unwrap();
    let mut orders = ReaderBuilder::new(columns("orders")).build(std::io::BufReader::new(file)).unwrap();
    context.register_batch("orders", orders.next().unwrap().unwrap()).unwrap();
    for dimension in dimensions() {
        context.register_batch(dimension.0, dimension.rows()).unwrap();
    }
    context
}

#[tokio::test]
async fn answers_are_those_of_batch_sql() {
    let mut differences = Vec::new();
    let cases = cases("lookups");
    assert!(cases.len() > 25, "there are {} cases", cases.len());
    for (name, path) in cases {
        differences.extend(difference(&context(), "lookups", &name, &path).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

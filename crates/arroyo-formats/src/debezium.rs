//! Changes in the envelope of Debezium: `{"before": …, "after": …, "op": "u"}`.

mod pair;

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Int8Type, Schema};
use arroyo_types::CHANGE_FIELD;

pub(crate) use pair::{Change, pair_by_key, pair_changes};

use crate::{FormatError, JsonFormat};

/// How a changelog's rows become records.
#[derive(Debug)]
pub(crate) struct DebeziumWriter {
    /// How values are written.
    pub(crate) json: JsonFormat,
    /// Where `_change` is; `None`: all rows are insertions.
    change: Option<usize>,
    /// The columns of the primary key.
    key: Vec<usize>,
}

impl DebeziumWriter {
    pub(crate) fn new(json: JsonFormat, primary_key: &[String], schema: &Schema) -> Result<Self, FormatError> {
        let position = |name: &String| {
            schema.index_of(name).map_err(|_| FormatError::Schema(format!("the primary key `{name}` is not a column")))
        };
        let key = primary_key.iter().map(position).collect::<Result<_, _>>()?;
        Ok(Self { json, change: schema.index_of(CHANGE_FIELD).ok(), key })
    }

    /// The changes that a batch makes, in order.
    pub(crate) fn changes(&self, batch: &RecordBatch) -> Result<Vec<Change>, FormatError> {
        let Some(index) = self.change else {
            return Ok((0..batch.num_rows()).map(Change::insert).collect());
        };
        let signs = batch.columns().get(index).and_then(|column| column.as_primitive_opt::<Int8Type>());
        let signs = signs.ok_or_else(|| FormatError::Schema(format!("`{CHANGE_FIELD}` is not an 8-bit integer")))?;
        if self.key.is_empty() {
            return Ok(pair_changes(signs.values()));
        }
        let columns: Vec<ArrayRef> =
            self.key.iter().filter_map(|column| batch.columns().get(*column)).map(Arc::clone).collect();
        pair_by_key(signs.values(), &columns)
    }
}

//! The rows of partitions in a table.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};

use super::entries::{Entry, RowKey};
use super::{Key, ROWS, UpdatingOver};
use crate::operators::aggregate::key_hashes;
use crate::operators::output::batch_of;
use crate::operators::over::order::columns_at;

/// The row's columns, its count and its event time. Columns' names say nothing, so that state fits when a query renames them.
pub(super) fn stored_schema(input: &SchemaRef, values: usize) -> SchemaRef {
    let columns = input.fields().iter().take(values).enumerate();
    let columns = columns.map(|(index, field)| field.as_ref().clone().with_name(format!("column_{index}")));
    let numbers = ["count", "time"].map(|name| Field::new(name, DataType::Int64, false));
    Arc::new(Schema::new(columns.chain(numbers).collect::<Vec<_>>()))
}

impl UpdatingOver {
    /// Hands over what has changed since the last barrier.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let changed = std::mem::take(&mut self.unstored);
        let entry = |key: &Key, row: &RowKey| self.partitions.get(key).and_then(|partition| partition.entries.get(row));
        let changed = changed.into_iter().map(|(key, row)| (entry(&key, &row), row));
        let (kept, gone): (Vec<_>, Vec<_>) = changed.partition(|(entry, _)| entry.is_some());
        if !gone.is_empty() {
            let rows = self.stored_rows(&gone)?;
            let hashes = self.hashes(&rows)?;
            ctx.state.delete(ROWS, rows, hashes)?;
        }
        if !kept.is_empty() {
            let rows = self.stored_rows(&kept)?;
            let hashes = self.hashes(&rows)?;
            ctx.state.put(ROWS, rows, hashes)?;
        }
        Ok(())
    }

    fn stored_rows(&self, rows: &[(Option<Entry>, RowKey)]) -> Result<RecordBatch, OperatorError> {
        let parser = self.rows.parser();
        let mut columns = self.rows.convert_rows(rows.iter().map(|(_, row)| parser.parse(row.row())))?;
        let number = |of: fn(&Entry) -> i64| -> ArrayRef {
            Arc::new(rows.iter().map(|(entry, _)| Some(entry.as_ref().map_or(0, of))).collect::<Int64Array>())
        };
        columns.push(number(|entry| entry.count));
        columns.push(number(|entry| entry.time));
        batch_of(&self.stored, columns, rows.len())
    }

    fn hashes(&self, rows: &RecordBatch) -> Result<arrow::array::UInt64Array, OperatorError> {
        key_hashes(&columns_at(rows, self.spec.order.partition_columns())?, rows.num_rows())
    }

    /// Takes up what was stored; it was emitted before.
    pub(super) fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        for batch in ctx.state.take_restored(ROWS) {
            let numbers = |index: usize| {
                let column = batch.columns().get(self.values + index);
                let numbers = column.and_then(|column| column.as_primitive_opt::<Int64Type>()).cloned();
                numbers.ok_or_else(|| OperatorError::bug("stored rows have no counts"))
            };
            let (counts, times) = (numbers(0)?, numbers(1)?);
            let mut columns = batch.columns().get(..self.values).unwrap_or_default().to_vec();
            if self.is_changelog {
                columns.push(Arc::new(arrow::array::Int8Array::from_value(1, batch.num_rows())));
            }
            columns.push(Arc::new(times.reinterpret_cast::<arrow::datatypes::TimestampNanosecondType>()));
            let rows = batch_of(&self.spec.input, columns, batch.num_rows())?;
            self.apply(&rows, counts.values().iter().copied())?;
        }
        self.unstored.clear();
        let keys: Vec<Key> = self.partitions.keys().cloned().collect();
        for key in keys {
            let Some(mut partition) = self.partitions.remove(&key) else { continue };
            let results = self.results(&partition.entries)?;
            partition.emitted.replace(results, &mut Vec::new());
            self.partitions.insert(key, partition);
        }
        Ok(())
    }
}

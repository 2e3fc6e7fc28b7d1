//! The rows of partitions in a table.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};

use super::rows::RowKey;
use super::{PARTITIONS_AT_ONCE, ROWS, UpdatingOver};
use crate::operators::keyed_table::hand_over;
use crate::operators::output::batch_of;

/// The row's columns, its count and its event time. Columns' names say nothing, so that state fits when a query renames them.
pub(super) fn stored_schema(input: &SchemaRef, values: usize) -> SchemaRef {
    let columns = input.fields().iter().take(values).enumerate();
    let columns = columns.map(|(index, field)| field.as_ref().clone().with_name(format!("column_{index}")));
    let numbers = ["count", "time"].map(|name| Field::new(name, DataType::Int64, false));
    Arc::new(Schema::new(columns.chain(numbers).collect::<Vec<_>>()))
}

/// A row, its count and its event time.
type StoredRow = (RowKey, i64, i64);

impl UpdatingOver {
    /// Hands over what has changed since the last barrier.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (gone, kept) = self.take_unstored();
        if gone.is_empty() && kept.is_empty() {
            return Ok(());
        }
        let (gone, kept) = (self.stored_rows(&gone)?, self.stored_rows(&kept)?);
        hand_over(ROWS, gone, kept, self.spec.order.partition_columns().iter().copied(), ctx)
    }

    /// Rows that are gone since the last barrier, and rows that changed.
    fn take_unstored(&mut self) -> (Vec<StoredRow>, Vec<StoredRow>) {
        let unstored = std::mem::take(&mut self.unstored);
        let changed = unstored.changed.into_iter().filter_map(|(number, row)| {
            let entry = self.partitions.get_mut(number)?.entries.take_changed(&row)?;
            Some((row, entry.count, entry.time))
        });
        (unstored.gone.into_iter().map(|row| (row, 0, 0)).collect(), changed.collect())
    }

    fn stored_rows(&self, rows: &[StoredRow]) -> Result<RecordBatch, OperatorError> {
        let mut columns = self.rows.decode(rows.iter().map(|(row, _, _)| row.row()))?;
        columns.push(Arc::new(rows.iter().map(|(_, count, _)| Some(*count)).collect::<Int64Array>()) as ArrayRef);
        columns.push(Arc::new(rows.iter().map(|(_, _, time)| Some(*time)).collect::<Int64Array>()));
        batch_of(&self.stored, columns, rows.len())
    }

    /// Takes up what was stored; it was emitted before.
    pub(super) fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
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
            self.apply(&rows, counts.values().iter().copied(), now)?;
        }
        self.take_unstored();
        let touched = std::mem::take(&mut self.touched);
        for partitions in touched.chunks(PARTITIONS_AT_ONCE) {
            self.update(partitions)?;
        }
        Ok(())
    }
}

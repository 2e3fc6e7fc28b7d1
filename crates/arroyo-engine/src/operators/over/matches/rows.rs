//! The rows that a partition keeps, numbered from 0 in their order.

use std::collections::VecDeque;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{concat_batches, interleave, interleave_record_batch, take, take_record_batch};
use arrow::datatypes::SchemaRef;
use arroyo_operator::OperatorError;

use super::spec::{MatchSpec, RowExpr};
use crate::operators::error::expression_failed;
use crate::operators::output::event_times;

/// Rows in chunks: neighbours of similar size are merged, so that there are few of them and rows are copied seldom.
#[derive(Default)]
pub(super) struct Rows {
    chunks: VecDeque<Chunk>,
    times: VecDeque<i64>,
    first: u64,
}

struct Chunk {
    /// The number of its first row.
    start: u64,
    batch: RecordBatch,
    /// The rows that its memory has room for.
    allocated: usize,
}

impl Rows {
    /// No rows, before the one with this number.
    pub(super) fn starting_at(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    /// The number behind the last row.
    pub(super) fn end(&self) -> u64 {
        self.first + self.times.len() as u64
    }

    pub(super) fn numbers(&self) -> Range<u64> {
        self.first..self.end()
    }

    /// Adds rows, which come behind all others.
    pub(super) fn push(&mut self, schema: &SchemaRef, batch: RecordBatch) -> Result<(), OperatorError> {
        let start = self.end();
        self.times.extend(event_times(&batch)?.values());
        let mut chunk = Chunk { start, allocated: batch.num_rows(), batch };
        while let Some(before) = self.chunks.pop_back_if(|before| before.batch.num_rows() < 2 * chunk.batch.num_rows())
        {
            let batch = concat_batches(schema, [&before.batch, &chunk.batch])?;
            chunk = Chunk { start: before.start, allocated: batch.num_rows(), batch };
        }
        self.chunks.push_back(chunk);
        Ok(())
    }

    /// Forgets the rows before the one with this number.
    pub(super) fn drop_before(&mut self, row: u64) -> Result<(), OperatorError> {
        let row = row.min(self.end());
        let Some(dropped) = row.checked_sub(self.first).filter(|dropped| *dropped > 0) else { return Ok(()) };
        self.times.drain(..usize::try_from(dropped).unwrap_or(usize::MAX).min(self.times.len()));
        self.first = row;
        while self.chunks.pop_front_if(|chunk| chunk.start + chunk.batch.num_rows() as u64 <= row).is_some() {}
        if let Some(chunk) = self.chunks.front_mut().filter(|chunk| chunk.start < row) {
            let skipped = usize::try_from(row - chunk.start).unwrap_or(usize::MAX).min(chunk.batch.num_rows());
            chunk.batch = chunk.batch.slice(skipped, chunk.batch.num_rows() - skipped);
            chunk.start = row;
            // A slice keeps the memory of the rows before it.
            if chunk.batch.num_rows() * 2 < chunk.allocated {
                let all = UInt32Array::from_iter_values((0u32..).take(chunk.batch.num_rows()));
                chunk.batch = take_record_batch(&chunk.batch, &all)?;
                chunk.allocated = chunk.batch.num_rows();
            }
        }
        Ok(())
    }

    /// The event time of a row.
    pub(super) fn time(&self, row: u64) -> Option<i64> {
        self.times.get(usize::try_from(row.checked_sub(self.first)?).ok()?).copied()
    }

    /// The row so far away from another one, if it is there.
    pub(super) fn shifted(&self, row: u64, shift: i64) -> Option<u64> {
        row.checked_add_signed(shift).filter(|row| self.numbers().contains(row))
    }

    /// The chunk and the place in it of a row.
    fn place(&self, row: u64) -> Result<(usize, usize), OperatorError> {
        let missing = || OperatorError::bug(format!("row {row} of a partition is asked for, which is not kept"));
        let after = self.chunks.partition_point(|chunk| chunk.start <= row);
        let index = after.checked_sub(1).ok_or_else(missing)?;
        let chunk = self.chunks.get(index).ok_or_else(missing)?;
        let place = usize::try_from(row - chunk.start).ok().filter(|place| *place < chunk.batch.num_rows());
        Ok((index, place.ok_or_else(missing)?))
    }

    /// Rows, in this order.
    pub(super) fn batch(&self, schema: &SchemaRef, rows: &[u64]) -> Result<RecordBatch, OperatorError> {
        if rows.is_empty() {
            return Ok(RecordBatch::new_empty(SchemaRef::clone(schema)));
        }
        let places = rows.iter().map(|row| self.place(*row)).collect::<Result<Vec<_>, _>>()?;
        if let [(chunk, place)] = places.as_slice()
            && let Some(chunk) = self.chunks.get(*chunk)
        {
            return Ok(chunk.batch.slice(*place, 1));
        }
        let batches: Vec<&RecordBatch> = self.chunks.iter().map(|chunk| &chunk.batch).collect();
        Ok(interleave_record_batch(&batches, &places)?)
    }

    /// A column of rows, NULL where there is none.
    pub(super) fn column(
        &self,
        schema: &SchemaRef,
        column: usize,
        rows: &[Option<u64>],
    ) -> Result<ArrayRef, OperatorError> {
        if let Some(slice) = self.slice(column, rows) {
            return Ok(slice);
        }
        let missing = || OperatorError::bug(format!("column {column} is not in the rows of a partition"));
        let data_type = schema.fields().get(column).ok_or_else(missing)?.data_type();
        let nothing = new_null_array(data_type, 1);
        let mut arrays: Vec<&dyn Array> = Vec::with_capacity(self.chunks.len() + 1);
        for chunk in &self.chunks {
            arrays.push(chunk.batch.columns().get(column).ok_or_else(missing)?.as_ref());
        }
        let place_of_nothing = (arrays.len(), 0);
        arrays.push(nothing.as_ref());
        let place = |row: &Option<u64>| row.map_or(Ok(place_of_nothing), |row| self.place(row));
        let places = rows.iter().map(place).collect::<Result<Vec<_>, OperatorError>>()?;
        Ok(interleave(&arrays, &places)?)
    }

    /// A column of rows that follow each other in one chunk.
    fn slice(&self, column: usize, rows: &[Option<u64>]) -> Option<ArrayRef> {
        let first = (*rows.first()?)?;
        if !rows.iter().zip(first..).all(|(row, expected)| *row == Some(expected)) {
            return None;
        }
        let (chunk, place) = self.place(first).ok()?;
        let array = self.chunks.get(chunk)?.batch.columns().get(column)?;
        (place + rows.len() <= array.len()).then(|| array.slice(place, rows.len()))
    }

    /// An expression over rows, NULL where there is no row.
    pub(super) fn values(
        &self,
        spec: &MatchSpec,
        expr: usize,
        rows: &[Option<u64>],
    ) -> Result<ArrayRef, OperatorError> {
        let compiled = match spec.row_exprs.get(expr) {
            Some(RowExpr::Column(column)) => return self.column(&spec.input, *column, rows),
            Some(RowExpr::Computed(compiled)) => compiled,
            None => return Err(OperatorError::bug("a term has no expression")),
        };
        let present: Vec<u64> = rows.iter().flatten().copied().collect();
        let values = compiled.evaluate(&self.batch(&spec.input, &present)?).map_err(expression_failed)?;
        if present.len() == rows.len() {
            return Ok(values);
        }
        let mut next = 0u32..;
        let places: UInt32Array = rows.iter().map(|row| row.and_then(|_| next.next())).collect();
        Ok(take(&values, &places, None)?)
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(|chunk| chunk.batch.get_array_memory_size());
        chunks.sum::<usize>() + self.times.len() * size_of::<i64>()
    }
}

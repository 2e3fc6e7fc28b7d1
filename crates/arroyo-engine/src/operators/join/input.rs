//! A batch of one side, ready to be joined.

use arrow::array::{Array, ArrayRef, AsArray, Int8Array, RecordBatch, TimestampNanosecondArray};
use arrow::buffer::NullBuffer;
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int8Type;
use arrow::row::Rows;
use arroyo_operator::OperatorError;

use super::spec::{JoinSpec, SideSpec};
use crate::operators::output::event_times;

/// Rows with their keys, changes and event times.
pub(super) struct Input {
    /// Which side they belong to.
    pub(super) side: usize,
    pub(super) rows: usize,
    /// The columns that go into the output.
    pub(super) values: Vec<ArrayRef>,
    keys: Rows,
    /// Rows whose key can match.
    valid: Option<NullBuffer>,
    identities: Rows,
    changes: Option<Int8Array>,
    times: TimestampNanosecondArray,
}

impl Input {
    pub(super) fn new(spec: &JoinSpec, side: usize, batch: &RecordBatch) -> Result<Self, OperatorError> {
        let layout = spec.side(side);
        let columns = batch.columns();
        let identity = columns.get(..layout.identity).ok_or_else(|| OperatorError::bug("rows lack columns"))?;
        let valid = if spec.null_equals_null { None } else { not_null(&key_columns(layout, columns)?) };
        let changes = match layout.change {
            Some(position) => columns.get(position).and_then(|column| column.as_primitive_opt::<Int8Type>()).cloned(),
            None => None,
        };
        if changes.is_some() != layout.change.is_some() {
            return Err(OperatorError::bug("a changelog's rows do not say what changed"));
        }
        Ok(Self {
            side,
            rows: batch.num_rows(),
            values: identity.iter().take(layout.values).cloned().collect(),
            keys: key_rows(spec, layout, columns, batch.num_rows())?,
            valid,
            identities: layout.rows.encode(identity, batch.num_rows())?,
            changes,
            times: event_times(batch)?,
        })
    }

    /// The key; `None` if it is null and matches nothing.
    pub(super) fn key(&self, row: usize) -> Option<&[u8]> {
        if self.valid.as_ref().is_some_and(|valid| valid.is_null(row)) {
            return None;
        }
        Some(self.keys.row(row).data())
    }

    /// What tells the row apart.
    pub(super) fn identity(&self, row: usize) -> &[u8] {
        self.identities.row(row).data()
    }

    /// +1 for an insert, −1 for a retraction.
    pub(super) fn change(&self, row: usize) -> i8 {
        self.changes.as_ref().map_or(1, |changes| changes.value(row))
    }

    /// The event time.
    pub(super) fn time(&self, row: usize) -> i64 {
        self.times.value(row)
    }
}

fn key_columns(layout: &SideSpec, columns: &[ArrayRef]) -> Result<Vec<ArrayRef>, OperatorError> {
    let keys: Option<Vec<ArrayRef>> = layout.keys.iter().map(|key| columns.get(*key).cloned()).collect();
    keys.ok_or_else(|| OperatorError::bug("rows lack a column of the key"))
}

/// The keys of rows as comparable bytes.
pub(super) fn key_rows(
    spec: &JoinSpec,
    layout: &SideSpec,
    columns: &[ArrayRef],
    rows: usize,
) -> Result<Rows, OperatorError> {
    spec.keys.encode(&key_columns(layout, columns)?, rows)
}

/// Where no column is null; `None` if that is everywhere.
fn not_null(columns: &[ArrayRef]) -> Option<NullBuffer> {
    columns.iter().fold(None, |valid, column| NullBuffer::union(valid.as_ref(), column.logical_nulls().as_ref()))
}

/// The rows that are not before the watermark, and how many are.
pub(super) fn in_time(batch: RecordBatch, watermark: i64) -> Result<(RecordBatch, usize), OperatorError> {
    let times = event_times(&batch)?;
    let late = times.values().iter().filter(|time| **time < watermark).count();
    if late == 0 {
        return Ok((batch, 0));
    }
    let mask = times.values().iter().map(|time| Some(*time >= watermark)).collect();
    Ok((filter_record_batch(&batch, &mask)?, late))
}

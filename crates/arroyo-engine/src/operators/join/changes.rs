//! Rows of the result on their way out.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int8Array, RecordBatch, TimestampNanosecondArray, UInt32Array, new_null_array,
};
use arrow::compute::take;
use arroyo_dataflow::operators::join::Kind;
use arroyo_operator::OperatorError;

use super::spec::{JoinSpec, LEFT};
use crate::operators::output::batch_of;

/// Rows of the result, made of rows of a batch (`own`) and of rows of the other side that are kept (`other`).
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Rows of the batch.
    own: Vec<Option<u32>>,
    /// Slots of the other side.
    other: Vec<Option<u32>>,
    changes: Vec<i8>,
    times: Vec<i64>,
    marks: Vec<bool>,
}

/// What a row of the result is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Made {
    /// A row of the batch and one of the other side.
    Pair(u32, u32),
    /// A row of the batch; whether it has a match.
    Own(u32, bool),
    /// A row of the other side; whether it has a match.
    Other(u32, bool),
}

impl Changes {
    /// `count` times the same change.
    pub(super) fn push(&mut self, made: Made, change: i8, time: i64, count: i64) {
        let (own, other, mark) = match made {
            Made::Pair(own, other) => (Some(own), Some(other), true),
            Made::Own(own, mark) => (Some(own), None, mark),
            Made::Other(other, mark) => (None, Some(other), mark),
        };
        for _ in 0..count {
            self.own.push(own);
            self.other.push(other);
            self.changes.push(change);
            self.times.push(time);
            self.marks.push(mark);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The slots of the other side, in order, without gaps.
    pub(super) fn slots(&self) -> Vec<u32> {
        self.other.iter().flatten().copied().collect()
    }

    /// The rows as a batch of the output. `own` belongs to side `side`; `other` has the columns of the other side, and
    /// `places` the row in them of each of [`Changes::slots`].
    pub(super) fn into_batch(
        self,
        spec: &JoinSpec,
        side: usize,
        own: &[ArrayRef],
        other: &[ArrayRef],
        places: &[u32],
    ) -> Result<RecordBatch, OperatorError> {
        let mut places = places.iter().copied();
        let of_other: UInt32Array = self.other.iter().map(|slot| slot.and_then(|_| places.next())).collect();
        let of_own = UInt32Array::from(self.own);
        let (left, right) =
            if side == LEFT { ((own, &of_own), (other, &of_other)) } else { ((other, &of_other), (own, &of_own)) };
        let mut columns = taken(spec, LEFT, left)?;
        match spec.kind {
            Kind::LeftSemi | Kind::LeftAnti => {}
            Kind::LeftMark => columns.push(Arc::new(BooleanArray::from(self.marks))),
            Kind::Inner | Kind::Left | Kind::Right | Kind::Full => columns.extend(taken(spec, 1 - LEFT, right)?),
        }
        if spec.emits_changes {
            columns.push(Arc::new(Int8Array::from(self.changes)));
        }
        let rows = self.times.len();
        columns.push(Arc::new(TimestampNanosecondArray::from(self.times)));
        batch_of(&spec.schema, columns, rows)
    }
}

/// The output's columns of one side.
fn taken(
    spec: &JoinSpec,
    side: usize,
    (columns, rows): (&[ArrayRef], &UInt32Array),
) -> Result<Vec<ArrayRef>, OperatorError> {
    let layout = spec.side(side);
    let fields = layout.schema.fields().iter().take(layout.values).enumerate();
    let column = |(position, field): (usize, &arrow::datatypes::FieldRef)| match columns.get(position) {
        Some(column) => Ok(take(column, rows, None)?),
        None => Ok(new_null_array(field.data_type(), rows.len())),
    };
    fields.map(column).collect()
}

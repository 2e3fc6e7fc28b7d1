//! The difference between results that were emitted and those that groups have now.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int8Array, RecordBatch, TimestampNanosecondArray, UInt32Array,
    make_comparator,
};
use arrow::compute::kernels::cmp::not_distinct;
use arrow::compute::{SortOptions, and, filter, interleave, take};
use arrow::datatypes::TimestampNanosecondType;
use arroyo_operator::OperatorError;

use super::combine::{Combined, Combiner};

/// Which rows to emit.
pub(super) struct Changes {
    /// In order: a row of the old groups (a retraction) or of the new ones (an insertion).
    rows: Vec<Change>,
    /// The event time of each group's result, once the changes are emitted; NULL where there is no result.
    emitted: TimestampNanosecondArray,
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Retract(usize),
    Insert(usize),
}

impl Changes {
    /// What turns the results of `old` into those of `combined`; `known` are the places of the old groups in `combined`.
    pub(super) fn between(
        combined: &Combined,
        old: &RecordBatch,
        known: &[usize],
        combiner: &Combiner,
    ) -> Result<Self, OperatorError> {
        let old_times = emitted_times(old, combiner)?;
        let same = same_results(combined, old, known, combiner)?;
        let mut old_rows = known.iter().copied().enumerate().peekable();
        let mut rows = Vec::new();
        let mut emitted = Vec::with_capacity(combined.rows);
        for group in 0..combined.rows {
            let old_row = old_rows.next_if(|(_, known)| *known == group).map(|(row, _)| row);
            let old_row = old_row.filter(|row| old_times.is_valid(*row));
            let is_live = combined.is_live.value(group);
            match old_row {
                Some(row) if is_live && same.value(row) => {
                    emitted.push(Some(old_times.value(row)));
                    continue;
                }
                Some(row) => rows.push(Change::Retract(row)),
                None => {}
            }
            if is_live {
                rows.push(Change::Insert(group));
            }
            // Without rows there is no event time.
            let time = if combined.times.is_valid(group) { combined.times.value(group) } else { 0 };
            emitted.push(is_live.then_some(time));
        }
        Ok(Self { rows, emitted: TimestampNanosecondArray::from(emitted) })
    }

    /// The event time of each group's result, once the changes are emitted.
    pub(super) fn emitted(&self) -> &TimestampNanosecondArray {
        &self.emitted
    }

    /// The columns of the output and its number of rows.
    pub(super) fn interleaved(
        &self,
        combined: &Combined,
        old: &RecordBatch,
        combiner: &Combiner,
    ) -> Result<(Vec<ArrayRef>, usize), OperatorError> {
        let places: Vec<(usize, usize)> = self
            .rows
            .iter()
            .map(|change| match change {
                Change::Retract(row) => (0, *row),
                Change::Insert(row) => (1, *row),
            })
            .collect();
        let signs = Int8Array::from_iter_values(places.iter().map(|(source, _)| if *source == 0 { -1 } else { 1 }));
        let times: ArrayRef = Arc::new(emitted_times(old, combiner)?);
        let new_times: ArrayRef = Arc::new(self.emitted.clone());
        let values = old.columns().iter().zip(combined.keys.iter().chain(&combined.results));
        let mut columns = Vec::with_capacity(combiner.keys() + combiner.calls() + 2);
        for (old, new) in values.take(combiner.keys() + combiner.calls()) {
            columns.push(interleave(&[old.as_ref(), new.as_ref()], &places)?);
        }
        columns.push(Arc::new(signs));
        columns.push(interleave(&[times.as_ref(), new_times.as_ref()], &places)?);
        Ok((columns, places.len()))
    }
}

/// The columns of the output that takes back the results of `old`, and its number of rows.
pub(super) fn retractions(old: &RecordBatch, combiner: &Combiner) -> Result<(Vec<ArrayRef>, usize), OperatorError> {
    let times = emitted_times(old, combiner)?;
    let is_emitted = arrow::compute::is_not_null(&times)?;
    let rows = is_emitted.true_count();
    let values = old.columns().iter().take(combiner.keys() + combiner.calls());
    let mut columns = values.map(|column| filter(column, &is_emitted)).collect::<Result<Vec<_>, _>>()?;
    columns.push(Arc::new(Int8Array::from_value(-1, rows)));
    columns.push(filter(&times, &is_emitted)?);
    Ok((columns, rows))
}

fn emitted_times(old: &RecordBatch, combiner: &Combiner) -> Result<TimestampNanosecondArray, OperatorError> {
    let column = old.columns().get(combiner.keys() + combiner.calls());
    let times = column.and_then(|column| column.as_primitive_opt::<TimestampNanosecondType>());
    times.cloned().ok_or_else(|| OperatorError::bug("stored groups have no event time"))
}

/// Whether each old group has the results that it had.
fn same_results(
    combined: &Combined,
    old: &RecordBatch,
    known: &[usize],
    combiner: &Combiner,
) -> Result<BooleanArray, OperatorError> {
    let known = UInt32Array::from_iter_values(known.iter().map(|place| *place as u32));
    let mut same = BooleanArray::from(vec![true; known.len()]);
    for (old, new) in old.columns().iter().skip(combiner.keys()).zip(&combined.results) {
        let new = take(new, &known, None)?;
        same = and(&same, &equal(old, &new)?)?;
    }
    Ok(same)
}

/// Which rows are equal; NULL is equal to NULL.
pub(in crate::operators) fn equal(left: &ArrayRef, right: &ArrayRef) -> Result<BooleanArray, OperatorError> {
    if !left.data_type().is_nested() {
        return Ok(not_distinct(left, right)?);
    }
    let comparator = make_comparator(left.as_ref(), right.as_ref(), SortOptions::default())?;
    Ok((0..left.len()).map(|row| Some(comparator(row, row).is_eq())).collect())
}

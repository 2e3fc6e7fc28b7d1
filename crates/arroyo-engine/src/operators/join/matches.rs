//! Which rows of the other side the rows of a batch match.

use std::collections::HashMap;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::take;
use arroyo_operator::OperatorError;
use foldhash::fast::FixedState;

use super::input::Input;
use super::side::Side;
use super::spec::{FilterSpec, JoinSpec, LEFT, Lifetime, SideSpec};
use crate::operators::error::expression_failed;
use crate::operators::output::{batch_of, fit};

/// About how many candidates are looked at together.
const CANDIDATES: usize = 32 * 1024;

/// Matches of consecutive rows of a batch.
pub(super) struct Matches {
    /// The first row that is not covered.
    pub(super) end: usize,
    /// Rows of the batch, ascending, and what each matches.
    rows: Vec<u32>,
    slots: Vec<u32>,
    /// What a condition read.
    used: Option<Used>,
}

impl Matches {
    /// Finds the matches of the rows from `start` on, as many as are looked at together.
    pub(super) fn find(spec: &JoinSpec, input: &Input, other: &Side, start: usize) -> Result<Self, OperatorError> {
        let mut found = Self { end: start, rows: Vec::new(), slots: Vec::new(), used: None };
        while found.end < input.rows && found.slots.len() < CANDIDATES {
            let row = found.end;
            if let Some(key) = input.key(row) {
                let slots = other.with_key(key);
                match spec.lifetime {
                    Lifetime::Ttl(_) => found.slots.extend_from_slice(slots),
                    Lifetime::Interval { lower, upper } => {
                        let time = input.time(row);
                        let is_near = |slot: &u32| {
                            other.entry(*slot).is_some_and(|entry| {
                                let distance = time.saturating_sub(entry.time);
                                let distance = if input.side == LEFT { distance } else { distance.saturating_neg() };
                                (lower..=upper).contains(&distance)
                            })
                        };
                        found.slots.extend(slots.iter().copied().filter(is_near));
                    }
                }
                found.rows.resize(found.slots.len(), row as u32);
            }
            found.end += 1;
        }
        if let Some(filter) = &spec.filter
            && !found.rows.is_empty()
        {
            found.keep(spec, filter, input, other)?;
        }
        Ok(found)
    }

    /// Keeps the candidates for which the condition is true.
    fn keep(&mut self, spec: &JoinSpec, filter: &FilterSpec, input: &Input, other: &Side) -> Result<(), OperatorError> {
        let of_other = spec.side(1 - input.side);
        let used = Used::new(of_other, other, &self.slots)?;
        let left_values = spec.side(LEFT).values;
        let (rows, places) = (UInt32Array::from(self.rows.clone()), UInt32Array::from(used.places(&self.slots)));
        let column = |position: usize| -> Result<ArrayRef, OperatorError> {
            let (side, position) =
                if position < left_values { (LEFT, position) } else { (1 - LEFT, position - left_values) };
            let (columns, indices) = if side == input.side { (&input.values, &rows) } else { (&used.columns, &places) };
            let column = columns.get(position).ok_or_else(|| OperatorError::bug("a condition lacks a column"))?;
            Ok(take(column, indices, None)?)
        };
        let columns = filter.columns.iter().map(|position| column(*position)).collect::<Result<_, _>>()?;
        let batch = batch_of(&filter.schema, columns, self.rows.len())?;
        let mask = filter.predicate.mask(&batch).map_err(expression_failed)?;
        let mut kept = mask.values().iter();
        self.rows.retain(|_| kept.next().unwrap_or(false));
        let mut kept = mask.values().iter();
        self.slots.retain(|_| kept.next().unwrap_or(false));
        self.used = Some(used);
        Ok(())
    }

    /// Columns of the other side for these slots, which are matches.
    pub(super) fn into_used(self, layout: &SideSpec, other: &Side, slots: &[u32]) -> Result<Used, OperatorError> {
        self.used.map_or_else(|| Used::new(layout, other, slots), Ok)
    }

    /// The matches row by row, from row `start` on: call it with ascending rows.
    pub(super) fn of<'a>(&'a self, row: usize, next: &mut usize) -> &'a [u32] {
        let rest = self.rows.get(*next..).unwrap_or_default();
        let count = rest.iter().take_while(|found| **found as usize == row).count();
        let first = std::mem::replace(next, *next + count);
        self.slots.get(first..*next).unwrap_or_default()
    }
}

/// Columns of kept rows, each row once.
pub(super) struct Used {
    pub(super) columns: Vec<ArrayRef>,
    /// The row of each slot in the columns.
    place_of: HashMap<u32, u32, FixedState>,
}

impl Used {
    fn new(layout: &SideSpec, side: &Side, slots: &[u32]) -> Result<Self, OperatorError> {
        let mut place_of: HashMap<u32, u32, FixedState> =
            HashMap::with_capacity_and_hasher(slots.len(), FixedState::default());
        let mut rows: Vec<&[u8]> = Vec::new();
        for slot in slots {
            let Some(entry) = side.entry(*slot) else {
                return Err(OperatorError::bug("a match is gone before it was used"));
            };
            place_of.entry(*slot).or_insert_with(|| {
                rows.push(&entry.row);
                rows.len() as u32 - 1
            });
        }
        Ok(Self { columns: columns_of(layout, rows.into_iter())?, place_of })
    }

    /// The row in the columns of each of these slots.
    pub(super) fn places(&self, slots: &[u32]) -> Vec<u32> {
        slots.iter().filter_map(|slot| self.place_of.get(slot)).copied().collect()
    }
}

/// Kept rows as columns: those that tell rows apart, the output's first.
pub(super) fn columns_of<'a>(
    layout: &SideSpec,
    rows: impl Iterator<Item = &'a [u8]>,
) -> Result<Vec<ArrayRef>, OperatorError> {
    let columns = layout.rows.decode(rows)?;
    let fields = layout.schema.fields().iter();
    columns.into_iter().zip(fields).map(|(column, field)| fit(column, field.data_type())).collect()
}

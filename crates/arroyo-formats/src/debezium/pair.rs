//! Retractions and insertions → creations, updates and deletions.
//!
//! ```text
//! −1 (a, 1)                                    u: (a, 1) → (a, 2)
//! +1 (a, 2)     without a key: neighbours      c: (b, 7)
//! +1 (b, 7)
//! ```
//!
//! With a primary key, all changes of a batch to one key become one: what was there before the first, and what is there after the
//! last.

use std::collections::HashMap;

use arrow::array::ArrayRef;
use arrow::row::{OwnedRow, RowConverter, SortField};

use crate::FormatError;

/// What happens to a record: the rows of the batch before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) before: Option<usize>,
    pub(crate) after: Option<usize>,
}

impl Change {
    pub(crate) fn insert(row: usize) -> Self {
        Self { before: None, after: Some(row) }
    }

    fn retract(row: usize) -> Self {
        Self { before: Some(row), after: None }
    }

    /// Debezium's letter for it.
    pub(crate) fn op(self) -> &'static str {
        match (self.before, self.after) {
            (Some(_), Some(_)) => "u",
            (Some(_), None) => "d",
            _ => "c",
        }
    }

    /// The row whose event time is the change's.
    pub(crate) fn row(self) -> usize {
        self.after.or(self.before).unwrap_or_default()
    }
}

/// Makes an update of a retraction with an insertion right behind it.
pub(crate) fn pair_changes(signs: &[i8]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::with_capacity(signs.len());
    for (row, sign) in signs.iter().enumerate() {
        match changes.last_mut() {
            Some(last @ Change { after: None, .. }) if *sign > 0 => last.after = Some(row),
            _ if *sign > 0 => changes.push(Change::insert(row)),
            _ => changes.push(Change::retract(row)),
        }
    }
    changes
}

/// Makes one change of all changes to a key; those that cancel out vanish. In order of the keys' first changes.
pub(crate) fn pair_by_key(signs: &[i8], key: &[ArrayRef]) -> Result<Vec<Change>, FormatError> {
    let fields = key.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(key)?;
    let mut changes: Vec<Change> = Vec::new();
    let mut places: HashMap<OwnedRow, usize> = HashMap::new();
    for (row, (sign, key)) in signs.iter().zip(rows.iter()).enumerate() {
        let place = *places.entry(key.owned()).or_insert(changes.len());
        match changes.get_mut(place) {
            None => changes.push(if *sign > 0 { Change::insert(row) } else { Change::retract(row) }),
            Some(change) if *sign > 0 => change.after = Some(row),
            Some(change) if change.after.is_some() => change.after = None,
            Some(change) => change.before = change.before.or(Some(row)),
        }
    }
    changes.retain(|change| change.before.is_some() || change.after.is_some());
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;

    use super::*;

    fn change(before: impl Into<Option<usize>>, after: impl Into<Option<usize>>) -> Change {
        Change { before: before.into(), after: after.into() }
    }

    #[test]
    fn neighbours_become_updates() {
        assert_eq!(
            pair_changes(&[-1, 1, 1, -1, -1, 1]),
            [change(0, 1), change(None, 2), change(3, None), change(4, 5)]
        );
    }

    #[test]
    fn a_key_has_one_change_per_batch() {
        let keys: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 1, 1, 3, 3, 1, 2]));
        let signs = [-1, -1, 1, -1, 1, -1, 1, 1];
        // 1 is updated twice, 2 once, and 3 comes and goes.
        assert_eq!(pair_by_key(&signs, &[keys]).unwrap(), [change(0, 6), change(1, 7)]);
    }

    #[test]
    fn letters() {
        let letters = [change(None, 1), change(1, None), change(1, 2)].map(Change::op);
        assert_eq!(letters, ["c", "d", "u"]);
    }
}

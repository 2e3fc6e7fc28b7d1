//! What changed of the values that groups keep.

use std::hash::BuildHasher as _;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, Int64Builder, ListBuilder};
use arrow::datatypes::Int8Type;
use datafusion::common::internal_err;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::signed::state_of_rows;
use super::values::{ValueFunction, each_group};

/// A value of a group, and how often it is there.
#[derive(Debug, Clone)]
struct Entry {
    group: usize,
    /// The arguments of a row as bytes, in [`Values::bytes`].
    value: Range<usize>,
    hash: u64,
    /// Zero when the value is gone.
    count: i64,
}

/// The values of all groups.
#[derive(Debug, Default)]
struct Values {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    /// Places among the entries.
    index: HashTable<usize>,
    /// How many entries are of values that are gone.
    gone: usize,
}

/// Entries of values that are gone and not worth tidying.
const TIDY_MIN_ENTRIES: usize = 1024;

impl Values {
    fn add(&mut self, group: usize, value: &[u8], count: i64) {
        let Self { entries, bytes, index, gone } = self;
        let hash = FixedState::default().hash_one((group, value));
        let is_same = |place: &usize| {
            let entry = entries.get(*place);
            entry.is_some_and(|entry| entry.group == group && bytes.get(entry.value.clone()) == Some(value))
        };
        if let Some(place) = index.find(hash, is_same) {
            if let Some(entry) = entries.get_mut(*place) {
                *gone = gone.saturating_sub(usize::from(entry.count == 0));
                entry.count = entry.count.wrapping_add(count);
                *gone += usize::from(entry.count == 0);
            }
            self.tidy();
        } else if count != 0 {
            let start = bytes.len();
            bytes.extend_from_slice(value);
            entries.push(Entry { group, value: start..bytes.len(), hash, count });
            let hash_at = |place: &usize| entries.get(*place).map_or(0, |entry| entry.hash);
            index.insert_unique(hash, entries.len() - 1, hash_at);
        }
    }

    /// Lets go of what is gone, now and then: values that come and go take no memory.
    fn tidy(&mut self) {
        if self.gone >= TIDY_MIN_ENTRIES.max(self.entries.len() / 2) {
            let all = std::mem::take(self);
            all.each(|entry, value| self.add(entry.group, value, entry.count));
        }
    }

    fn each<'a>(&'a self, mut each: impl FnMut(&'a Entry, &'a [u8])) {
        for entry in &self.entries {
            if let Some(value) = self.bytes.get(entry.value.clone()) {
                each(entry, value);
            }
        }
    }

    /// The values of the first groups and their counts; what is left are those of the others, whose numbers begin with 0 again.
    fn take(&mut self, groups: usize) -> Self {
        let all = std::mem::take(self);
        if all.entries.iter().all(|entry| entry.group < groups) {
            return all;
        }
        let mut taken = Self::default();
        all.each(|entry, value| match entry.group.checked_sub(groups) {
            None => taken.add(entry.group, value, entry.count),
            Some(group) => self.add(group, value, entry.count),
        });
        taken
    }

    /// The values of each group and their counts.
    fn by_group(&self, groups: usize) -> Vec<Vec<(&[u8], i64)>> {
        let mut by_group = vec![Vec::new(); groups];
        self.each(|entry, value| {
            if let Some(of_group) = by_group.get_mut(entry.group).filter(|_| entry.count != 0) {
                of_group.push((value, entry.count));
            }
        });
        by_group
    }
}

/// State: the list of encoded values, and the list of how often each is there.
pub(super) struct Multiset {
    function: Arc<ValueFunction>,
    groups: usize,
    values: Values,
}

impl Multiset {
    pub(super) fn new(function: Arc<ValueFunction>) -> Self {
        Self { function, groups: 0, values: Values::default() }
    }

    /// The values of the groups that are asked for, and their number.
    fn take(&mut self, emit_to: EmitTo) -> (Values, usize) {
        let groups = match emit_to {
            EmitTo::All => self.groups,
            EmitTo::First(first) => first.min(self.groups),
        };
        self.groups -= groups;
        (self.values.take(groups), groups)
    }
}

impl GroupsAccumulator for Multiset {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups = total_num_groups;
        let Some((signs, arguments)) = values.split_last() else { return internal_err!("changes without signs") };
        let Some(signs) = signs.as_primitive_opt::<Int8Type>() else { return internal_err!("changes without signs") };
        let rows = self.function.encode(arguments)?;
        let changes = group_indices.iter().zip(signs.values()).zip(rows.iter()).enumerate();
        for (row, ((group, sign), value)) in changes {
            if opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                self.values.add(*group, value.data(), i64::from(*sign));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (taken, groups) = self.take(emit_to);
        let mut by_group = taken.by_group(groups);
        by_group.iter_mut().for_each(|values| values.sort_unstable());
        let function = &self.function;
        let counted = |(value, count): (_, i64)| (value, function.times(count));
        function.results(by_group.into_iter().map(|values| values.into_iter().map(counted)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut values = ListBuilder::new(BinaryBuilder::new());
        let mut counts = ListBuilder::new(Int64Builder::new());
        let (taken, groups) = self.take(emit_to);
        for group in taken.by_group(groups) {
            for (value, count) in group {
                values.values().append_value(value);
                counts.values().append_value(count);
            }
            values.append(true);
            counts.append(true);
        }
        Ok(vec![Arc::new(values.finish()), Arc::new(counts.finish())])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.groups = total_num_groups;
        each_group(values, |row, values| {
            if let Some(group) = group_indices.get(row) {
                values.for_each(|(value, count)| self.values.add(*group, value, count));
            }
        })
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        state_of_rows(Self::new(Arc::clone(&self.function)), values, opt_filter)
    }

    fn size(&self) -> usize {
        let Values { entries, bytes, index, .. } = &self.values;
        bytes.capacity() + entries.capacity() * size_of::<Entry>() + index.capacity() * size_of::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &Values, groups: usize) -> Vec<Vec<(&[u8], i64)>> {
        values.by_group(groups)
    }

    #[test]
    fn values_are_counted_by_group() {
        let mut values = Values::default();
        for (group, value, count) in [(0, "x", 1), (1, "x", 2), (0, "y", 1), (0, "x", 1), (0, "y", -1), (2, "", -1)] {
            values.add(group, value.as_bytes(), count);
        }
        let taken = values.take(2);
        assert_eq!(counts(&taken, 2), [vec![(b"x".as_slice(), 2)], vec![(b"x".as_slice(), 2)]]);
        assert_eq!(counts(&values, 1), [vec![(b"".as_slice(), -1)]], "the third group is the first one now");
    }

    #[test]
    fn values_that_come_and_go_take_no_memory() {
        let mut values = Values::default();
        for number in 0..100_000u32 {
            values.add(0, &number.to_le_bytes(), 1);
            values.add(0, &number.to_le_bytes(), -1);
        }
        assert!(values.entries.len() <= 2 * TIDY_MIN_ENTRIES, "{} entries", values.entries.len());
        values.add(0, b"left", 1);
        assert_eq!(counts(&values, 1), [vec![(b"left".as_slice(), 1)]]);
    }
}

//! What changed of the values that groups keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, Int64Builder, ListBuilder};
use arrow::datatypes::Int8Type;
use datafusion::common::internal_err;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::signed::state_of_rows;
use super::values::{ValueFunction, each_value};

/// The arguments of one row as bytes, and how often they are there.
type Values = BTreeMap<Box<[u8]>, i64>;

/// State: the list of encoded values, and the list of how often each is there.
pub(super) struct Multiset {
    function: Arc<ValueFunction>,
    groups: Vec<Values>,
    /// Bytes of the values.
    bytes: usize,
}

impl Multiset {
    pub(super) fn new(function: Arc<ValueFunction>) -> Self {
        Self { function, groups: Vec::new(), bytes: 0 }
    }

    fn resize(&mut self, groups: usize) {
        self.groups.resize_with(groups, Values::new);
    }

    fn add(&mut self, group: usize, value: &[u8], count: i64) {
        let Some(values) = self.groups.get_mut(group) else { return };
        match values.get_mut(value) {
            Some(held) => {
                *held = held.wrapping_add(count);
                if *held == 0 {
                    values.remove(value);
                    self.bytes = self.bytes.saturating_sub(value_bytes(value));
                }
            }
            None if count != 0 => {
                self.bytes += value_bytes(value);
                values.insert(value.into(), count);
            }
            None => {}
        }
    }

    fn take(&mut self, emit_to: EmitTo) -> Vec<Values> {
        let taken = emit_to.take_needed(&mut self.groups);
        let bytes: usize = taken.iter().flat_map(Values::keys).map(|value| value_bytes(value)).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        taken
    }
}

fn value_bytes(value: &[u8]) -> usize {
    value.len() + size_of::<(Box<[u8]>, i64)>()
}

fn counted<'a>(function: &'a ValueFunction, group: &'a Values) -> impl Iterator<Item = (&'a [u8], usize)> {
    group.iter().map(|(value, count)| (value.as_ref(), function.times(*count)))
}

impl GroupsAccumulator for Multiset {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.resize(total_num_groups);
        let Some((signs, arguments)) = values.split_last() else { return internal_err!("changes without signs") };
        let Some(signs) = signs.as_primitive_opt::<Int8Type>() else { return internal_err!("changes without signs") };
        let rows = self.function.encode(arguments)?;
        let changes = group_indices.iter().zip(signs.values()).zip(rows.iter()).enumerate();
        for (row, ((group, sign), value)) in changes {
            if opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                self.add(*group, value.data(), i64::from(*sign));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.take(emit_to);
        let function = &self.function;
        function.results(groups.iter().map(|group| counted(function, group)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut values = ListBuilder::new(BinaryBuilder::new());
        let mut counts = ListBuilder::new(Int64Builder::new());
        for group in self.take(emit_to) {
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
        self.resize(total_num_groups);
        each_value(values, |row, value, count| {
            if let Some(group) = group_indices.get(row) {
                self.add(*group, value, count);
            }
        })
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        state_of_rows(Self::new(Arc::clone(&self.function)), values, opt_filter)
    }

    fn size(&self) -> usize {
        self.bytes + self.groups.capacity() * size_of::<Values>()
    }
}

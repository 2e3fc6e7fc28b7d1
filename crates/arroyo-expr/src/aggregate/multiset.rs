//! Any aggregate over changes: each group keeps its values and how often each is there, and the result is computed anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, GenericBinaryArray, Int64Builder, ListArray, ListBuilder,
    new_null_array,
};
use arrow::datatypes::{DataType, Int8Type, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{exec_datafusion_err, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::signed::state_of_rows;

/// Makes the accumulator that computes results from values.
pub(super) type NewAccumulator = Arc<dyn Fn() -> Result<Box<dyn GroupsAccumulator>> + Send + Sync>;

/// The arguments of one row, in the encoding of Arrow's rows, and how often they are there.
type Values = BTreeMap<Box<[u8]>, i64>;

/// State: the list of encoded values, and the list of how often each is there.
pub(super) struct Multiset {
    new_accumulator: NewAccumulator,
    arguments: Vec<DataType>,
    converter: RowConverter,
    /// A value counts once, however often it is there.
    is_idempotent: bool,
    groups: Vec<Values>,
}

impl Multiset {
    pub(super) fn new(arguments: Vec<DataType>, is_idempotent: bool, new_accumulator: NewAccumulator) -> Result<Self> {
        let converter = RowConverter::new(arguments.iter().cloned().map(SortField::new).collect())?;
        Ok(Self { new_accumulator, arguments, converter, is_idempotent, groups: Vec::new() })
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
                }
            }
            None if count != 0 => {
                values.insert(value.into(), count);
            }
            None => {}
        }
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
        self.resize(total_num_groups);
        let Some((signs, arguments)) = values.split_last() else { return internal_err!("changes without signs") };
        let Some(signs) = signs.as_primitive_opt::<Int8Type>() else { return internal_err!("changes without signs") };
        let rows = self.converter.convert_columns(arguments)?;
        let changes = group_indices.iter().zip(signs.values()).zip(rows.iter()).enumerate();
        for (row, ((group, sign), value)) in changes {
            if opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                self.add(*group, value.as_ref(), i64::from(*sign));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = emit_to.take_needed(&mut self.groups);
        let nulls: Vec<ArrayRef> = self.arguments.iter().map(|data_type| new_null_array(data_type, 1)).collect();
        let nulls = self.converter.convert_columns(&nulls)?;
        let parser = self.converter.parser();
        let (mut rows, mut indices, mut is_value) = (Vec::new(), Vec::new(), Vec::new());
        for (group, values) in groups.iter().enumerate() {
            for (value, count) in values.iter().filter(|(_, count)| **count > 0) {
                let times = if self.is_idempotent { 1 } else { usize::try_from(*count).unwrap_or_default() };
                rows.extend(std::iter::repeat_n(parser.parse(value), times));
            }
            is_value.resize(rows.len(), true);
            if indices.len() == rows.len() {
                // An accumulator knows that a group has no values by a row that is left out.
                rows.extend(nulls.iter());
                is_value.push(false);
            }
            indices.resize(rows.len(), group);
        }
        let arguments = self.converter.convert_rows(rows)?;
        let mut accumulator = (self.new_accumulator)()?;
        accumulator.update_batch(&arguments, &indices, Some(&BooleanArray::from(is_value)), groups.len())?;
        accumulator.evaluate(EmitTo::All)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut values = ListBuilder::new(BinaryBuilder::new());
        let mut counts = ListBuilder::new(Int64Builder::new());
        for group in emit_to.take_needed(&mut self.groups) {
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
        let lists: Option<Vec<&ListArray>> = values.iter().map(|column| column.as_list_opt::<i32>()).collect();
        let Some([values, counts]) = lists.as_deref() else { return internal_err!("the state has two lists") };
        for (row, group) in group_indices.iter().enumerate() {
            if values.is_null(row) || counts.is_null(row) {
                continue;
            }
            let (values, counts) = (values.value(row), counts.value(row));
            let values: Option<&GenericBinaryArray<i32>> = values.as_binary_opt();
            let counts = counts.as_primitive_opt::<Int64Type>();
            let (values, counts) = values.zip(counts).ok_or_else(|| exec_datafusion_err!("a state of other types"))?;
            for (value, count) in values.iter().zip(counts.values()) {
                self.add(*group, value.unwrap_or_default(), *count);
            }
        }
        Ok(())
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let empty = Self::new(self.arguments.clone(), self.is_idempotent, Arc::clone(&self.new_accumulator))?;
        state_of_rows(empty, values, opt_filter)
    }

    fn size(&self) -> usize {
        let entry = size_of::<Box<[u8]>>() + size_of::<i64>();
        self.groups.iter().flat_map(BTreeMap::keys).map(|value| value.len() + entry).sum()
    }
}

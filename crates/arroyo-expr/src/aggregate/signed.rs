//! Counts and exact sums over changes: a retraction subtracts what its insertion added.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, AsArray, BooleanArray, Float64Array, Int64Array, PrimitiveArray,
};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Float64Type, Int8Type, Int64Type};
use datafusion::common::internal_err;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

/// The signs of changes, and which rows FILTER lets through.
struct Changes<'a> {
    signs: &'a [i8],
    filter: Option<&'a BooleanArray>,
}

impl<'a> Changes<'a> {
    /// `values` are an aggregate's arguments and then `_change`.
    fn of(values: &'a [ArrayRef], filter: Option<&'a BooleanArray>) -> Result<(&'a [ArrayRef], Self)> {
        match values.split_last().map(|(signs, arguments)| (signs.as_primitive_opt::<Int8Type>(), arguments)) {
            Some((Some(signs), arguments)) => Ok((arguments, Self { signs: signs.values(), filter })),
            _ => internal_err!("changes are aggregated without their signs"),
        }
    }

    /// The group and the sign of each row for which all `arguments` have a value, with its number.
    fn rows<'b>(
        &'b self,
        groups: &'b [usize],
        arguments: &'b [ArrayRef],
    ) -> impl Iterator<Item = (usize, usize, i8)> + 'b {
        let passes = |row: usize| self.filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        let nullable: Vec<&ArrayRef> = arguments.iter().filter(|column| column.null_count() > 0).collect();
        groups
            .iter()
            .zip(self.signs)
            .enumerate()
            .filter(move |(row, _)| passes(*row) && nullable.iter().all(|column| column.is_valid(*row)))
            .map(|(row, (group, sign))| (row, *group, *sign))
    }
}

fn add<T: Copy>(sums: &mut [T], group: usize, addition: impl FnOnce(T) -> T) {
    if let Some(sum) = sums.get_mut(group) {
        *sum = addition(*sum);
    }
}

fn merge<T: ArrowPrimitiveType>(sums: &mut [T::Native], state: &ArrayRef, groups: &[usize]) -> Result<()>
where
    T::Native: ArrowNativeTypeOp,
{
    let Some(state) = state.as_primitive_opt::<T>() else {
        return internal_err!("a state of {} where {} is kept", state.data_type(), T::DATA_TYPE);
    };
    for (value, group) in state.values().iter().zip(groups) {
        add(sums, *group, |sum| sum.add_wrapping(*value));
    }
    Ok(())
}

/// The state of each row as a group of its own.
pub(super) fn state_of_rows(
    mut empty: impl GroupsAccumulator,
    values: &[ArrayRef],
    filter: Option<&BooleanArray>,
) -> Result<Vec<ArrayRef>> {
    let rows = values.first().map_or(0, |column| column.len());
    let groups: Vec<usize> = (0..rows).collect();
    empty.update_batch(values, &groups, filter, rows)?;
    empty.state(EmitTo::All)
}

/// `count(x)`. State: the count.
#[derive(Debug, Default)]
pub(super) struct SignedCount {
    counts: Vec<i64>,
}

impl GroupsAccumulator for SignedCount {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.counts.resize(total_num_groups, 0);
        let (arguments, changes) = Changes::of(values, opt_filter)?;
        for (_, group, sign) in changes.rows(group_indices, arguments) {
            add(&mut self.counts, group, |count| count.wrapping_add(i64::from(sign)));
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(emit_to.take_needed(&mut self.counts))))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.counts.resize(total_num_groups, 0);
        match values {
            [counts] => merge::<Int64Type>(&mut self.counts, counts, group_indices),
            _ => internal_err!("the state of a count is one column"),
        }
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        state_of_rows(Self::default(), values, opt_filter)
    }

    fn size(&self) -> usize {
        self.counts.capacity() * size_of::<i64>()
    }
}

/// `sum(x)` of integers and decimals, and `avg(x)` of integers. State: the sum, and the number of values in it.
#[derive(Debug)]
pub(super) struct SignedSum<T: ArrowPrimitiveType> {
    data_type: DataType,
    is_average: bool,
    sums: Vec<T::Native>,
    counts: Vec<i64>,
}

impl<T: ArrowPrimitiveType> SignedSum<T>
where
    T::Native: ArrowNativeTypeOp,
{
    /// `data_type` is a type of `T`'s values.
    pub(super) fn sum(data_type: DataType) -> Self {
        Self { data_type, is_average: false, sums: Vec::new(), counts: Vec::new() }
    }

    fn resize(&mut self, groups: usize) {
        self.sums.resize(groups, T::Native::ZERO);
        self.counts.resize(groups, 0);
    }
}

impl SignedSum<Float64Type> {
    /// The average of integers that were cast to floating point: their sum is exact.
    pub(super) fn average() -> Self {
        Self { data_type: DataType::Float64, is_average: true, sums: Vec::new(), counts: Vec::new() }
    }
}

impl<T: ArrowPrimitiveType> GroupsAccumulator for SignedSum<T>
where
    T::Native: ArrowNativeTypeOp,
{
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.resize(total_num_groups);
        let (arguments, changes) = Changes::of(values, opt_filter)?;
        let Some(summands) = arguments.first().and_then(|argument| argument.as_primitive_opt::<T>()) else {
            return internal_err!("a sum of {} gets other values", self.data_type);
        };
        let summands_values = summands.values();
        for (row, group, sign) in changes.rows(group_indices, arguments) {
            let Some(value) = summands_values.get(row) else { continue };
            add(
                &mut self.sums,
                group,
                |sum| if sign > 0 { sum.add_wrapping(*value) } else { sum.sub_wrapping(*value) },
            );
            add(&mut self.counts, group, |count| count.wrapping_add(i64::from(sign)));
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let sums = emit_to.take_needed(&mut self.sums);
        let counts = emit_to.take_needed(&mut self.counts);
        let results = sums.into_iter().zip(&counts).map(|(sum, count)| (*count != 0).then_some(sum));
        let sums = PrimitiveArray::<T>::from_iter(results).with_data_type(self.data_type.clone());
        if !self.is_average {
            return Ok(Arc::new(sums));
        }
        let sums: ArrayRef = Arc::new(sums);
        let averages = sums.as_primitive::<Float64Type>().iter().zip(counts);
        Ok(Arc::new(Float64Array::from_iter(averages.map(|(sum, count)| sum.map(|sum| sum / count as f64)))))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let sums = PrimitiveArray::<T>::from_iter_values(emit_to.take_needed(&mut self.sums));
        let counts = Int64Array::from(emit_to.take_needed(&mut self.counts));
        Ok(vec![Arc::new(sums.with_data_type(self.data_type.clone())), Arc::new(counts)])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.resize(total_num_groups);
        match values {
            [sums, counts] => {
                merge::<T>(&mut self.sums, sums, group_indices)?;
                merge::<Int64Type>(&mut self.counts, counts, group_indices)
            }
            _ => internal_err!("the state of a sum has two columns"),
        }
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        state_of_rows(
            Self { data_type: self.data_type.clone(), sums: Vec::new(), counts: Vec::new(), ..*self },
            values,
            opt_filter,
        )
    }

    fn size(&self) -> usize {
        self.sums.capacity() * size_of::<T::Native>() + self.counts.capacity() * size_of::<i64>()
    }
}

//! Aggregates that want their input in the order of their ORDER BY (`nth_value`, `string_agg`).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::{SortColumn, lexsort_to_indices, take, take_arrays};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;

use super::groups_accumulator;

/// Sorts each batch, accumulates it apart, and merges its state: merging keeps the order, updating does not.
pub(super) struct SortedInput {
    aggregate: Arc<AggregateFunctionExpr>,
    inner: Box<dyn GroupsAccumulator>,
}

impl SortedInput {
    pub(super) fn new(aggregate: Arc<AggregateFunctionExpr>, inner: Box<dyn GroupsAccumulator>) -> Self {
        Self { aggregate, inner }
    }
}

/// The order of rows by the ORDER BY of `aggregate`, whose values are the last ones of `values`.
pub(super) fn sort_order(aggregate: &AggregateFunctionExpr, values: &[ArrayRef]) -> Result<UInt32Array> {
    let order_bys = aggregate.order_bys();
    let first = values.len().saturating_sub(order_bys.len());
    let columns: Vec<SortColumn> = values
        .iter()
        .skip(first)
        .zip(order_bys)
        .map(|(values, order_by)| SortColumn { values: Arc::clone(values), options: Some(order_by.options) })
        .collect();
    Ok(lexsort_to_indices(&columns, None)?)
}

impl GroupsAccumulator for SortedInput {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        if group_indices.is_empty() {
            return self.inner.update_batch(values, group_indices, opt_filter, total_num_groups);
        }
        let order = sort_order(&self.aggregate, values)?;
        let values = take_arrays(values, &order, None)?;
        let groups: Vec<usize> =
            order.values().iter().filter_map(|row| group_indices.get(*row as usize).copied()).collect();
        let filter = opt_filter.map(|filter| take(filter, &order, None)).transpose()?;
        let mut batch = groups_accumulator(&self.aggregate)?;
        batch.update_batch(
            &values,
            &groups,
            filter.as_ref().and_then(|filter| filter.as_boolean_opt()),
            total_num_groups,
        )?;
        let state = batch.state(EmitTo::All)?;
        let all_groups: Vec<usize> = (0..state.first().map_or(0, |column| column.len())).collect();
        self.inner.merge_batch(&state, &all_groups, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.inner.evaluate(emit_to)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        self.inner.state(emit_to)
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.inner.merge_batch(values, group_indices, total_num_groups)
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.inner.convert_to_state(values, opt_filter)
    }

    fn size(&self) -> usize {
        self.inner.size()
    }
}

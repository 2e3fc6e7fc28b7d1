//! Aggregates over frames whose start moves, computed anew for each row.
//!
//! DataFusion takes the rows that leave a frame out of the aggregate again. Floating-point sums do not come back to what they were
//! (`1e16 + 1 - 1e16` is 0), and some aggregates cannot forget a row.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, new_empty_array};
use arrow::compute::filter;
use arrow::datatypes::{DataType, Float64Type, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::window_state::WindowFrameContext;
use datafusion::logical_expr::{Accumulator, WindowFunctionDefinition};
use datafusion::physical_expr::window::SlidingAggregateWindowExpr;
use datafusion::physical_plan::WindowExpr;

use super::plan::aggregate_of;
use crate::{CompiledAggregate, ExprError};

/// Up to here, doubles hold all whole numbers.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// An aggregate that is computed anew for each frame.
#[derive(Debug, Clone)]
pub(super) struct Recomputed {
    aggregate: Box<CompiledAggregate>,
    /// Only if sums of its values are rounded.
    only_if_rounded: bool,
}

impl Recomputed {
    /// The call's aggregate, if taking rows out of it may give another result.
    pub(super) fn of(
        call: &WindowFunction,
        window: &dyn WindowExpr,
        schema: &SchemaRef,
    ) -> Result<Option<Self>, ExprError> {
        let WindowFunctionDefinition::AggregateUDF(_) = &call.fun else { return Ok(None) };
        let Some(sliding) = window.as_any().downcast_ref::<SlidingAggregateWindowExpr>() else { return Ok(None) };
        let sliding = sliding.get_aggregate_expr();
        let forgets = sliding.create_sliding_accumulator().is_ok();
        let name = call.fun.name();
        // These keep the values themselves.
        let keeps_values = matches!(name, "min" | "max" | "median" | "percentile_cont");
        if forgets && (keeps_values || !sliding.field().data_type().is_floating()) {
            return Ok(None);
        }
        let aggregate = Box::new(aggregate_of(call, schema)?);
        Ok(Some(Self { aggregate, only_if_rounded: forgets && matches!(name, "sum" | "avg") }))
    }

    /// Whether it has an accumulator for its arguments.
    pub(super) fn check(&self) -> Result<(), ExprError> {
        self.aggregate.single_accumulator().map(|_| ())
    }

    /// The aggregate of the frame of each of the rows in `range`; `None`: taking rows out gives the same.
    pub(super) fn evaluate(
        &self,
        window: &dyn WindowExpr,
        partition: &RecordBatch,
        range: Range<usize>,
    ) -> Result<Option<ArrayRef>, ExprError> {
        let arguments = self.aggregate.arguments(partition)?;
        if self.only_if_rounded && arguments.iter().all(sums_are_exact) {
            return Ok(None);
        }
        if range.is_empty() {
            return Ok(Some(new_empty_array(self.aggregate.result_field().data_type())));
        }
        let failed = |error| self.aggregate.evaluation_error(error);
        let mask = self.aggregate.filter_mask(partition)?;
        let order = window.order_by_columns(partition).map_err(failed)?;
        let (order, options): (Vec<_>, Vec<_>) =
            order.into_iter().map(|column| (column.values, column.options.unwrap_or_default())).unzip();
        let mut frames = WindowFrameContext::new(window.get_window_frame().clone(), options);
        let mut frame = 0..0;
        let mut values = Vec::with_capacity(range.len());
        // The search for a frame goes on where the last one ended.
        for row in 0..range.end {
            frame = frames.calculate_range(&order, &frame, partition.num_rows(), row).map_err(failed)?;
            if range.contains(&row) {
                let accumulator = self.aggregate.single_accumulator()?;
                values.push(value_of(accumulator, &arguments, mask.as_ref(), frame.clone()).map_err(failed)?);
            }
        }
        ScalarValue::iter_to_array(values).map(Some).map_err(failed)
    }
}

/// Whether no sum of some of the values is rounded: they are whole, and their sizes together fit the digits of a double.
fn sums_are_exact(values: &ArrayRef) -> bool {
    let Some(values) = values.as_primitive_opt::<Float64Type>() else { return values.data_type() == &DataType::Null };
    let mut sizes = values.iter().flatten().map(|value| if value.fract() == 0.0 { value.abs() } else { f64::INFINITY });
    sizes.try_fold(0.0, |sum, size| Some(sum + size).filter(|sum| *sum <= LARGEST_EXACT)).is_some()
}

fn value_of(
    mut accumulator: Box<dyn Accumulator>,
    arguments: &[ArrayRef],
    mask: Option<&BooleanArray>,
    frame: Range<usize>,
) -> datafusion::error::Result<ScalarValue> {
    let rows = arguments.iter().map(|argument| argument.slice(frame.start, frame.len()));
    let rows: Vec<ArrayRef> = match mask {
        None => rows.collect(),
        Some(mask) => {
            let mask = mask.slice(frame.start, frame.len());
            rows.map(|rows| filter(&rows, &mask)).collect::<Result<_, _>>()?
        }
    };
    accumulator.update_batch(&rows)?;
    accumulator.evaluate()
}

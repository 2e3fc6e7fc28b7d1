//! Aggregates over rows of a match.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{filter, take};
use arroyo_expr::CompiledAggregate;
use arroyo_operator::OperatorError;
use datafusion::common::ScalarValue;
use datafusion::error::DataFusionError;

use super::rows::Rows;
use super::spec::MatchSpec;
use crate::operators::error::expression_failed;

/// An aggregate while rows are taken: what it has accumulated, and its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AggregateState {
    state: Vec<ScalarValue>,
    pub(super) value: ScalarValue,
}

impl AggregateState {
    /// Of no rows.
    pub(super) fn new(spec: &MatchSpec, call: usize) -> Result<Self, OperatorError> {
        let aggregate = aggregate(spec, call)?;
        let mut accumulator = aggregate.single_accumulator().map_err(expression_failed)?;
        let value = accumulator.evaluate().map_err(|error| failed(aggregate, error))?;
        Ok(Self { state: Vec::new(), value })
    }
}

fn aggregate(spec: &MatchSpec, call: usize) -> Result<&CompiledAggregate, OperatorError> {
    spec.aggregates.get(call).ok_or_else(|| OperatorError::bug("a term has no aggregate"))
}

fn failed(aggregate: &CompiledAggregate, error: DataFusionError) -> OperatorError {
    expression_failed(aggregate.evaluation_error(error))
}

/// An aggregate after one more row.
pub(super) fn update(
    spec: &MatchSpec,
    call: usize,
    before: &AggregateState,
    rows: &Rows,
    row: u64,
) -> Result<AggregateState, OperatorError> {
    let aggregate = aggregate(spec, call)?;
    let arguments = arguments(aggregate, &rows.batch(&spec.input, &[row])?)?;
    let updated = || {
        let mut accumulator =
            aggregate.single_accumulator().map_err(|error| DataFusionError::External(Box::new(error)))?;
        if !before.state.is_empty() {
            let state = before.state.iter().map(ScalarValue::to_array).collect::<Result<Vec<_>, _>>()?;
            accumulator.merge_batch(&state)?;
        }
        accumulator.update_batch(&arguments)?;
        let value = accumulator.evaluate()?;
        Ok(AggregateState { state: accumulator.state()?, value })
    };
    updated().map_err(|error| failed(aggregate, error))
}

/// What an accumulator is updated with: the arguments in the rows that FILTER lets through, in the order of ORDER BY.
fn arguments(aggregate: &CompiledAggregate, batch: &RecordBatch) -> Result<Vec<ArrayRef>, OperatorError> {
    let mut arguments = aggregate.arguments(batch).map_err(expression_failed)?;
    if let Some(mask) = aggregate.filter_mask(batch).map_err(expression_failed)? {
        for argument in &mut arguments {
            *argument = filter(argument, &mask)?;
        }
    }
    if aggregate.needs_sorted_input() {
        let order = aggregate.sort_order(&arguments).map_err(expression_failed)?;
        for argument in &mut arguments {
            *argument = take(argument, &order, None)?;
        }
    }
    Ok(arguments)
}

/// The value of an aggregate over these rows.
pub(super) fn over(spec: &MatchSpec, call: usize, rows: &Rows, numbers: &[u64]) -> Result<ScalarValue, OperatorError> {
    let aggregate = aggregate(spec, call)?;
    let mut accumulator = aggregate.single_accumulator().map_err(expression_failed)?;
    if !numbers.is_empty() {
        let arguments = arguments(aggregate, &rows.batch(&spec.input, numbers)?)?;
        accumulator.update_batch(&arguments).map_err(|error| failed(aggregate, error))?;
    }
    accumulator.evaluate().map_err(|error| failed(aggregate, error))
}

/// The values of an aggregate over the first rows of `numbers`, for each of `counts` of rows, which ascend.
pub(super) fn running(
    spec: &MatchSpec,
    call: usize,
    rows: &Rows,
    numbers: &[u64],
    counts: &[usize],
) -> Result<Vec<ScalarValue>, OperatorError> {
    if aggregate(spec, call)?.needs_sorted_input() {
        return counts.iter().map(|count| over(spec, call, rows, numbers.get(..*count).unwrap_or_default())).collect();
    }
    let mut state = AggregateState::new(spec, call)?;
    let mut taken = 0;
    let mut values = Vec::with_capacity(counts.len());
    for count in counts {
        for row in numbers.get(taken..*count).unwrap_or_default() {
            state = update(spec, call, &state, rows, *row)?;
        }
        taken = (*count).max(taken);
        values.push(state.value.clone());
    }
    Ok(values)
}

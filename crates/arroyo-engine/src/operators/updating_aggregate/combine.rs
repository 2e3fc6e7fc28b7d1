//! What groups become: the states that were kept and those that came, merged, and the results of that.
//! Where the state are values, these are kept apart (see `values`), and only the results are here.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampNanosecondArray, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use arroyo_expr::{CompiledAggregate, UpdatingAggregates};
use arroyo_operator::OperatorError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::EmitTo;

use super::values::Values;
use crate::operators::aggregate::{AggregatePlan, GroupRows};
use crate::operators::error::expression_failed;
use crate::operators::output::fit;

/// Merges states.
pub(super) struct Combiner {
    plan: Arc<AggregatePlan>,
    updating: UpdatingAggregates,
}

/// Groups after a merge.
pub(super) struct Combined {
    pub(super) rows: usize,
    pub(super) keys: Vec<ArrayRef>,
    pub(super) results: Vec<ArrayRef>,
    /// The largest event time of each group's rows.
    pub(super) times: TimestampNanosecondArray,
    /// Whether the group has a result.
    pub(super) is_live: BooleanArray,
    /// The number of rows of each group, over a changelog.
    counts: Option<ArrayRef>,
    states: Vec<ArrayRef>,
}

impl Combiner {
    pub(super) fn new(plan: &Arc<AggregatePlan>, updating: UpdatingAggregates) -> Self {
        Self { plan: Arc::clone(plan), updating }
    }

    /// The number of key columns.
    pub(super) fn keys(&self) -> usize {
        self.plan.key_fields.len()
    }

    /// The number of result columns.
    pub(super) fn calls(&self) -> usize {
        self.updating.calls
    }

    /// Merges `delta` with the groups `old` (rows of the state's schema); `known` are the places of the old ones in `delta`.
    pub(super) fn combine(
        &self,
        delta: &GroupRows,
        old: &RecordBatch,
        known: &[usize],
        values: &mut Values,
    ) -> Result<Combined, OperatorError> {
        let groups = values.groups(&delta.keys, delta.rows)?;
        let all: Vec<usize> = (0..delta.rows).collect();
        let of_both: Vec<usize> = known.iter().copied().chain(0..delta.rows).collect();
        let mut old_states = old.columns().iter().skip(self.keys() + self.calls() + 1).cloned();
        let mut states = Vec::new();
        let mut results = Vec::new();
        for (place, (aggregate, new)) in self.plan.aggregates.iter().zip(&delta.columns).enumerate() {
            if let Some(result) = values.update(place, &groups, new)? {
                results.push(fit(result, aggregate.result_field().data_type())?);
                continue;
            }
            let old: Vec<ArrayRef> = old_states.by_ref().take(new.len()).collect();
            let merge = || -> Result<(Vec<ArrayRef>, ArrayRef), DataFusionError> {
                let mut merged = aggregate.accumulator().map_err(external)?;
                // In one go: an accumulator takes it that each group that it is told of gets a row.
                merged.merge_batch(&concatenated(&old, new)?, &of_both, delta.rows)?;
                let state = merged.state(EmitTo::All)?;
                // The accumulator has given its state away.
                let mut evaluated = aggregate.accumulator().map_err(external)?;
                evaluated.merge_batch(&state, &all, delta.rows)?;
                Ok((state, evaluated.evaluate(EmitTo::All)?))
            };
            let (state, result) = merge().map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
            states.extend(fit_states(aggregate, state)?);
            results.push(fit(result, aggregate.result_field().data_type())?);
        }
        let times = self.updating_column(&results, self.updating.time)?;
        let times = match times.as_primitive_opt::<TimestampNanosecondType>() {
            Some(times) => times.clone(),
            None => return Err(OperatorError::bug("event times are no timestamps")),
        };
        let counts = self.updating.rows.map(|place| self.updating_column(&results, place)).transpose()?;
        let is_live = match &counts {
            Some(counts) if self.keys() > 0 => numbers(counts, |count| count > 0),
            _ => BooleanArray::from(vec![true; delta.rows]),
        };
        results.truncate(self.calls());
        Ok(Combined { rows: delta.rows, keys: delta.keys.clone(), results, times, is_live, counts, states })
    }

    /// The results of groups that are made of kept ones: `groups` are their places, one for each of `rows`.
    pub(super) fn results(
        &self,
        rows: &RecordBatch,
        groups: &[usize],
        count: usize,
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        (0..self.calls()).map(|place| self.result(place, rows, groups, count)).collect()
    }

    /// Whether kept groups have rows.
    pub(super) fn live(&self, rows: &RecordBatch) -> Result<BooleanArray, OperatorError> {
        let Some(place) = self.updating.rows else { return Ok(BooleanArray::from(vec![true; rows.num_rows()])) };
        let each: Vec<usize> = (0..rows.num_rows()).collect();
        Ok(numbers(&self.result(place, rows, &each, each.len())?, |count| count > 0))
    }

    fn result(
        &self,
        place: usize,
        rows: &RecordBatch,
        groups: &[usize],
        count: usize,
    ) -> Result<ArrayRef, OperatorError> {
        let Some(aggregate) = self.plan.aggregates.get(place) else {
            return Err(OperatorError::bug("an aggregate has no result"));
        };
        if count == 0 {
            // Not every accumulator can evaluate nothing.
            return Ok(new_empty_array(aggregate.result_field().data_type()));
        }
        let before: usize = self.plan.aggregates.iter().take(place).map(|other| other.state_fields().len()).sum();
        let states = rows.columns().iter().skip(self.keys() + self.calls() + 1 + before);
        let states: Vec<ArrayRef> = states.take(aggregate.state_fields().len()).cloned().collect();
        let merge = || -> Result<ArrayRef, DataFusionError> {
            let mut merged = aggregate.accumulator().map_err(external)?;
            merged.merge_batch(&states, groups, count)?;
            merged.evaluate(EmitTo::All)
        };
        let result = merge().map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
        fit(result, aggregate.result_field().data_type())
    }

    fn updating_column(&self, results: &[ArrayRef], place: usize) -> Result<ArrayRef, OperatorError> {
        results.get(place).cloned().ok_or_else(|| OperatorError::bug("an aggregate has no result"))
    }

    /// The one group of an aggregate without keys that got no rows.
    pub(super) fn no_rows(&self) -> Result<GroupRows, OperatorError> {
        let state = |aggregate: &CompiledAggregate| {
            fit_states(aggregate, aggregate.state_of_no_rows().map_err(expression_failed)?)
        };
        let columns = self.plan.aggregates.iter().map(state).collect::<Result<_, _>>()?;
        Ok(GroupRows { rows: 1, keys: Vec::new(), columns })
    }
}

impl Combined {
    /// Groups that must be remembered: those with a result, and those whose retractions came before their rows. If groups are
    /// forgotten after a while (`forgets`), the latter are retractions of what was forgotten.
    pub(super) fn kept(&self, forgets: bool) -> BooleanArray {
        match &self.counts {
            Some(counts) if !forgets => {
                let counted = numbers(counts, |count| count != 0);
                counted
                    .iter()
                    .zip(&self.is_live)
                    .map(|(counted, live)| Some(counted == Some(true) || live == Some(true)))
                    .collect()
            }
            _ => self.is_live.clone(),
        }
    }

    /// The columns of the state: keys, the emitted `results` and their event `times`, states.
    pub(super) fn stored(&self, results: &[ArrayRef], times: ArrayRef) -> Vec<ArrayRef> {
        self.keys.iter().chain(results).chain([&times]).chain(&self.states).cloned().collect()
    }
}

fn numbers(column: &ArrayRef, test: impl Fn(i64) -> bool) -> BooleanArray {
    match column.as_primitive_opt::<Int64Type>() {
        Some(numbers) => BooleanArray::from_unary(numbers, test),
        None => BooleanArray::from(vec![false; column.len()]),
    }
}

fn concatenated(old: &[ArrayRef], new: &[ArrayRef]) -> Result<Vec<ArrayRef>, DataFusionError> {
    old.iter().zip(new).map(|(old, new)| Ok(concat(&[old.as_ref(), new.as_ref()])?)).collect()
}

fn fit_states(aggregate: &CompiledAggregate, state: Vec<ArrayRef>) -> Result<Vec<ArrayRef>, OperatorError> {
    state.into_iter().zip(aggregate.state_fields()).map(|(column, field)| fit(column, field.data_type())).collect()
}

fn external(error: arroyo_expr::ExprError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

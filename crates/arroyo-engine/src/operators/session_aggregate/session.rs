//! One session and the sessions of one key.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::{filter, take_arrays};
use arroyo_expr::CompiledAggregate;
use arroyo_operator::OperatorError;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Accumulator;

use crate::operators::aggregate::{AggregatePlan, Prepared};
use crate::operators::error::expression_failed;

/// Rows of one key without a gap between them.
pub(super) struct Session {
    /// The first event.
    pub(super) start: i64,
    /// The last event.
    pub(super) last: i64,
    accumulators: Vec<Box<dyn Accumulator>>,
    /// The start under which the state table holds it.
    pub(super) stored_start: Option<i64>,
    /// Whether the state table lacks something of it.
    pub(super) changed: bool,
}

impl Session {
    pub(super) fn new(plan: &AggregatePlan, start: i64, last: i64) -> Result<Self, OperatorError> {
        let accumulators = plan.aggregates.iter().map(CompiledAggregate::single_accumulator);
        let accumulators = accumulators.collect::<Result<_, _>>().map_err(expression_failed)?;
        Ok(Self { start, last, accumulators, stored_start: None, changed: true })
    }

    /// Adds rows, which must be raw.
    pub(super) fn update(&mut self, plan: &AggregatePlan, rows: &Prepared) -> Result<(), OperatorError> {
        self.changed = true;
        for (index, (accumulator, aggregate)) in self.accumulators.iter_mut().zip(&plan.aggregates).enumerate() {
            let mut input = rows.inputs.get(index).cloned().unwrap_or_default();
            if let Some(Some(mask)) = rows.masks.get(index) {
                input = input.iter().map(|column| filter(column, mask)).collect::<Result<_, _>>()?;
            }
            if input.first().is_some_and(|column| column.is_empty()) {
                continue;
            }
            let failed = |error| expression_failed(aggregate.evaluation_error(error));
            if aggregate.needs_sorted_input() {
                let order = aggregate.sort_order(&input).map_err(expression_failed)?;
                let mut sorted = aggregate.single_accumulator().map_err(expression_failed)?;
                sorted.update_batch(&take_arrays(&input, &order, None)?).map_err(failed)?;
                accumulator.merge_batch(&state_arrays(aggregate, sorted.as_mut())?).map_err(failed)?;
            } else {
                accumulator.update_batch(&input).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Adds the rows of another session of the same key.
    pub(super) fn merge(&mut self, plan: &AggregatePlan, mut other: Self) -> Result<(), OperatorError> {
        self.changed = true;
        self.start = self.start.min(other.start);
        self.last = self.last.max(other.last);
        for ((accumulator, other), aggregate) in
            self.accumulators.iter_mut().zip(&mut other.accumulators).zip(&plan.aggregates)
        {
            let state = state_arrays(aggregate, other.as_mut())?;
            accumulator.merge_batch(&state).map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
        }
        Ok(())
    }

    /// The states of all accumulators as columns of one row each.
    pub(super) fn states(&mut self, plan: &AggregatePlan) -> Result<Vec<ArrayRef>, OperatorError> {
        let mut columns = Vec::new();
        for (accumulator, aggregate) in self.accumulators.iter_mut().zip(&plan.aggregates) {
            let state = state_arrays(aggregate, accumulator.as_mut())?;
            // Taking the state may use the accumulator up.
            let mut renewed = aggregate.single_accumulator().map_err(expression_failed)?;
            renewed.merge_batch(&state).map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
            *accumulator = renewed;
            columns.extend(state);
        }
        Ok(columns)
    }

    /// Takes up stored states.
    pub(super) fn restore(&mut self, plan: &AggregatePlan, states: &Prepared, row: u32) -> Result<(), OperatorError> {
        let states = states.take(&UInt32Array::from(vec![row]))?;
        for ((accumulator, state), aggregate) in self.accumulators.iter_mut().zip(&states.inputs).zip(&plan.aggregates)
        {
            accumulator.merge_batch(state).map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
        }
        self.stored_start = Some(self.start);
        self.changed = false;
        Ok(())
    }

    /// The results of all aggregates.
    pub(super) fn results(&mut self, plan: &AggregatePlan) -> Result<Vec<ScalarValue>, OperatorError> {
        let results = self.accumulators.iter_mut().zip(&plan.aggregates).map(|(accumulator, aggregate)| {
            accumulator.evaluate().map_err(|error| expression_failed(aggregate.evaluation_error(error)))
        });
        results.collect()
    }

    pub(super) fn bytes(&self) -> usize {
        let accumulators: usize = self.accumulators.iter().map(|accumulator| accumulator.size()).sum();
        size_of::<Self>() + accumulators
    }
}

fn state_arrays(
    aggregate: &CompiledAggregate,
    accumulator: &mut dyn Accumulator,
) -> Result<Vec<ArrayRef>, OperatorError> {
    let state = accumulator.state().and_then(|state| state.iter().map(|value| value.to_array()).collect());
    state.map_err(|error| expression_failed(aggregate.evaluation_error(error)))
}

/// The sessions of one key, by start. They never touch: there is more than the gap between any two.
#[derive(Default)]
pub(super) struct KeySessions {
    pub(super) sessions: Vec<Session>,
    /// The earliest deadline of this key in the queue of deadlines.
    pub(super) scheduled: Option<i64>,
}

impl KeySessions {
    /// Adds rows from `first` to `last` without a gap between them; returns the stored starts of sessions that were merged away.
    pub(super) fn add(
        &mut self,
        plan: &AggregatePlan,
        gap: i64,
        (first, last): (i64, i64),
        rows: &Prepared,
    ) -> Result<Vec<i64>, OperatorError> {
        let is_before = |session: &Session| session.last.saturating_add(gap) < first;
        let is_not_after = |session: &Session| session.start.saturating_sub(gap) <= last;
        let from = self.sessions.partition_point(is_before);
        let to = from + self.sessions.iter().skip(from).take_while(|session| is_not_after(session)).count();
        let mut touched = self.sessions.drain(from..to);
        let mut gone = Vec::new();
        let mut session = match touched.next() {
            Some(session) => session,
            None => Session::new(plan, first, last)?,
        };
        for other in touched {
            gone.extend(other.stored_start);
            session.merge(plan, other)?;
        }
        session.start = session.start.min(first);
        session.last = session.last.max(last);
        session.update(plan, rows)?;
        self.sessions.insert(from, session);
        Ok(gone)
    }

    /// Takes the sessions that end before the watermark.
    pub(super) fn close(&mut self, gap: i64, watermark: i64) -> Vec<Session> {
        let closed = self.sessions.partition_point(|session| is_over(session.last, gap, watermark));
        self.sessions.drain(..closed).collect()
    }
}

/// Whether no row that is not late can belong to a session with this last event.
pub(super) fn is_over(last: i64, gap: i64, watermark: i64) -> bool {
    watermark == i64::MAX || last.saturating_add(gap) < watermark
}

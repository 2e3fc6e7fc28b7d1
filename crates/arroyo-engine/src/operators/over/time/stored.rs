//! What a partition keeps beside its rows: where it is, the last ranks, and its running aggregates.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Field;
use arroyo_expr::{CompiledAggregate, OverPlan};
use arroyo_operator::OperatorError;
use datafusion::common::ScalarValue;

use super::partition::Partition;
use super::results::{Ranks, Running};
use crate::operators::error::expression_failed;
use crate::operators::output::event_times;
use crate::operators::over::in_time::stored::{number_column, number_field, stored_number};

fn aggregates(plans: &[OverPlan]) -> impl Iterator<Item = &CompiledAggregate> {
    plans.iter().filter_map(|plan| match plan {
        OverPlan::Running { aggregate, .. } => Some(aggregate.as_ref()),
        _ => None,
    })
}

/// Number of the next row, ranks, frontier and state of each running aggregate.
pub(super) fn fields(plans: &[OverPlan]) -> Vec<Field> {
    let mut fields: Vec<Field> = ["next", "rank", "dense_rank"].map(number_field).into();
    for (index, aggregate) in aggregates(plans).enumerate() {
        fields.push(number_field(&format!("frontier_{index}")));
        for (part, field) in aggregate.state_fields().iter().enumerate() {
            fields.push(field.as_ref().clone().with_name(format!("state_{index}_{part}")).with_nullable(true));
        }
    }
    fields
}

/// The columns of a partition's row.
pub(super) fn state_of(plans: &[OverPlan], partition: &mut Partition) -> Result<Vec<ArrayRef>, OperatorError> {
    let mut columns: Vec<ArrayRef> =
        [partition.next, partition.ranks.rank, partition.ranks.dense].map(number_column).into();
    for (running, aggregate) in partition.running.iter_mut().zip(aggregates(plans)) {
        let failed = |error| expression_failed(aggregate.evaluation_error(error));
        columns.push(number_column(running.frontier));
        let state = running.accumulator.state().map_err(failed)?;
        let state = state.iter().map(ScalarValue::to_array).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        // Reading the state may have used it up.
        let mut fresh = Running::new(aggregate)?;
        fresh.frontier = running.frontier;
        fresh.accumulator.merge_batch(&state).map_err(failed)?;
        *running = fresh;
        columns.extend(state);
    }
    Ok(columns)
}

/// The inverse of [`state_of`], with the rows that the partition kept.
pub(super) fn restored(
    plans: &[OverPlan],
    state: &[ArrayRef],
    kept: Option<(u64, RecordBatch)>,
) -> Result<Partition, OperatorError> {
    let mut columns = state.iter();
    let mut partition = Partition::new(plans)?;
    partition.next = stored_number(columns.next())?;
    partition.ranks = Ranks { rank: stored_number(columns.next())?, dense: stored_number(columns.next())? };
    for (running, aggregate) in partition.running.iter_mut().zip(aggregates(plans)) {
        running.frontier = stored_number(columns.next())?;
        let state: Vec<ArrayRef> = columns.by_ref().take(aggregate.state_fields().len()).cloned().collect();
        let merged = running.accumulator.merge_batch(&state);
        merged.map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
    }
    partition.first = partition.next;
    if let Some((first, rows)) = kept {
        let undecided = usize::try_from(partition.next.saturating_sub(first)).unwrap_or(usize::MAX);
        partition.first = first;
        partition.first_undecided = event_times(&rows)?.values().get(undecided).copied();
        partition.held = Some(rows);
    }
    Ok(partition)
}

//! The results of functions for rows of one partition.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt64Array};
use arrow::compute::filter;
use arroyo_expr::{CompiledAggregate, FrameEnd, OverPlan};
use arroyo_operator::OperatorError;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Accumulator;

use super::partition::{Partition, Rows};
use crate::operators::error::expression_failed;
use crate::operators::over::spec::OverSpec;

/// What ranking functions said of the last row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ranks {
    pub(super) rank: u64,
    pub(super) dense: u64,
}

/// A running aggregate.
pub(super) struct Running {
    pub(super) accumulator: Box<dyn Accumulator>,
    /// The number of the first row that it has not taken.
    pub(super) frontier: u64,
}

impl Running {
    pub(super) fn new(aggregate: &CompiledAggregate) -> Result<Self, OperatorError> {
        Ok(Self { accumulator: aggregate.single_accumulator().map_err(expression_failed)?, frontier: 0 })
    }

    /// One for each plan that runs an aggregate.
    pub(super) fn all(plans: &[OverPlan]) -> Result<Vec<Self>, OperatorError> {
        let aggregates = plans.iter().filter_map(|plan| match plan {
            OverPlan::Running { aggregate, .. } => Some(aggregate),
            _ => None,
        });
        aggregates.map(|aggregate| Self::new(aggregate)).collect()
    }

    pub(super) fn bytes(&self) -> usize {
        self.accumulator.size()
    }
}

/// The columns of all functions for the rows in `range`.
pub(super) fn results(
    spec: &OverSpec,
    plans: &[OverPlan],
    partition: &mut Partition,
    rows: &Rows,
    range: Range<usize>,
) -> Result<Vec<ArrayRef>, OperatorError> {
    let (ranks, last) = ranks(rows, partition.ranks, partition.first, &range);
    let first = partition.first;
    let mut running = partition.running.iter_mut();
    let mut columns = Vec::with_capacity(plans.len());
    for (function, plan) in spec.functions.iter().zip(plans) {
        columns.push(match plan {
            OverPlan::Around { .. } => function.evaluate_rows(&rows.batch, range.clone()).map_err(expression_failed)?,
            OverPlan::RowNumber => numbers(range.clone().map(|row| first + row as u64 + 1)),
            OverPlan::Rank => numbers(ranks.iter().map(|ranks| ranks.rank)),
            OverPlan::DenseRank => numbers(ranks.iter().map(|ranks| ranks.dense)),
            OverPlan::Running { aggregate, end } => {
                let running = running.next().ok_or_else(|| OperatorError::bug("an aggregate has no accumulator"))?;
                accumulate(aggregate, *end, running, first, rows, range.clone())?
            }
        });
    }
    partition.ranks = last;
    Ok(columns)
}

fn numbers(numbers: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(numbers))
}

/// What ranking functions say of each row, and of the last one.
fn ranks(rows: &Rows, before: Ranks, first: u64, range: &Range<usize>) -> (Vec<Ranks>, Ranks) {
    let mut current = before;
    let mut group = rows.group_of(range.start);
    let ranks = range.clone().map(|row| {
        if rows.start_of(group) == row {
            current = Ranks { rank: first + row as u64 + 1, dense: current.dense + 1 };
        }
        if rows.start_of(group + 1) == row + 1 {
            group += 1;
        }
        current
    });
    let ranks: Vec<Ranks> = ranks.collect();
    let last = ranks.last().copied().unwrap_or(before);
    (ranks, last)
}

/// The values of a running aggregate for the rows in `range`.
fn accumulate(
    aggregate: &CompiledAggregate,
    end: FrameEnd,
    running: &mut Running,
    first: u64,
    rows: &Rows,
    range: Range<usize>,
) -> Result<ArrayRef, OperatorError> {
    let failed = |error| expression_failed(aggregate.evaluation_error(error));
    let arguments = aggregate.arguments(&rows.batch).map_err(expression_failed)?;
    let mask = aggregate.filter_mask(&rows.batch).map_err(expression_failed)?;
    let mut taken = usize::try_from(running.frontier.saturating_sub(first)).unwrap_or(usize::MAX).min(rows.len());
    let mut value: Option<ScalarValue> = None;
    let mut values = Vec::with_capacity(range.len());
    for row in range {
        let until = frame_end(end, rows, row).max(taken);
        if taken < until {
            update(running.accumulator.as_mut(), &arguments, mask.as_ref(), taken..until).map_err(failed)?;
            taken = until;
            value = None;
        }
        let current = match value.take() {
            Some(value) => value,
            None => running.accumulator.evaluate().map_err(failed)?,
        };
        values.push(current.clone());
        value = Some(current);
    }
    running.frontier = first + taken as u64;
    ScalarValue::iter_to_array(values).map_err(failed)
}

fn update(
    accumulator: &mut dyn Accumulator,
    arguments: &[ArrayRef],
    mask: Option<&BooleanArray>,
    rows: Range<usize>,
) -> datafusion::error::Result<()> {
    let mut slices: Vec<ArrayRef> = arguments.iter().map(|argument| argument.slice(rows.start, rows.len())).collect();
    if let Some(mask) = mask {
        let mask = mask.slice(rows.start, rows.len());
        for slice in &mut slices {
            *slice = filter(slice, &mask)?;
        }
    }
    accumulator.update_batch(&slices)
}

/// Where the frame of a row ends.
fn frame_end(end: FrameEnd, rows: &Rows, row: usize) -> usize {
    let moved = |place: usize, by: i64| {
        let by_places = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        if by < 0 { place.saturating_sub(by_places) } else { place.saturating_add(by_places) }
    };
    match end {
        FrameEnd::Rows(by) if by < 0 && row < by.unsigned_abs() as usize => 0,
        FrameEnd::Rows(by) => moved(row + 1, by).min(rows.len()),
        FrameEnd::Groups(by) => {
            let group = rows.group_of(row);
            if by < 0 && group < by.unsigned_abs() as usize { 0 } else { rows.start_of(moved(group + 1, by)) }
        }
        FrameEnd::Time(0) => rows.start_of(rows.group_of(row) + 1),
        FrameEnd::Time(by) => {
            let last = rows.times.get(row).copied().unwrap_or(i64::MAX).saturating_add(by);
            rows.times.partition_point(|time| *time <= last)
        }
    }
}

//! The rows of one partition that are still needed, and what has become of the others.

use std::ops::Range;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arroyo_expr::{Extent, OverPlan};
use arroyo_operator::OperatorError;

use super::results::{Ranks, Running, results};
use crate::operators::output::event_times;
use crate::operators::over::spec::OverSpec;

/// One partition. Its rows are numbered from 0 in their order.
pub(in crate::operators) struct Partition {
    /// Rows that frames still need, and then those that are not emitted.
    pub(super) held: Option<RecordBatch>,
    /// The number of the first held row.
    pub(super) first: u64,
    /// The number of the first row that is not emitted.
    pub(super) next: u64,
    pub(super) ranks: Ranks,
    /// One per function with a frame without start, in order.
    pub(super) running: Vec<Running>,
    /// The event time of the first row that is not emitted.
    pub(super) first_undecided: Option<i64>,
    /// When there is something to decide or to forget even if no row comes.
    pub(super) due: Option<i64>,
}

/// The rows of a partition at hand, with what frames are made of.
pub(super) struct Rows {
    pub(super) batch: RecordBatch,
    pub(super) times: Vec<i64>,
    /// Rows that are equal in ORDER BY.
    pub(super) peers: Vec<Range<usize>>,
}

impl Rows {
    fn new(spec: &OverSpec, batch: RecordBatch) -> Result<Self, OperatorError> {
        let times = event_times(&batch)?.values().to_vec();
        let peers = spec.order.peers(&batch)?;
        Ok(Self { batch, times, peers })
    }

    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// The group of peers that a row is in; the number of groups for a row that is not there.
    pub(super) fn group_of(&self, row: usize) -> usize {
        self.peers.partition_point(|peers| peers.end <= row)
    }

    /// Where a group of peers starts; the end of the rows if there is no such group.
    pub(super) fn start_of(&self, group: usize) -> usize {
        self.peers.get(group).map_or(self.len(), |peers| peers.start)
    }

    /// The rows before which no row needs another one that may still come.
    fn decided(&self, after: Extent, watermark: i64) -> usize {
        match after {
            Extent::Rows(rows) => self.len().saturating_sub(rows),
            Extent::Groups(groups) => self.start_of(self.peers.len().saturating_sub(groups)),
            Extent::Time(nanos) => self.times.partition_point(|time| time.saturating_add(nanos) < watermark),
        }
    }

    /// The first row that a row, or one behind it, needs.
    fn needed(&self, before: Extent, row: usize, watermark: i64) -> usize {
        match before {
            Extent::Rows(rows) => row.saturating_sub(rows),
            Extent::Groups(groups) => self.start_of(self.group_of(row).saturating_sub(groups)).min(row),
            Extent::Time(nanos) => {
                let time = self.times.get(row).copied().unwrap_or(watermark);
                self.times.partition_point(|other| *other < time.saturating_sub(nanos))
            }
        }
    }
}

impl Partition {
    pub(super) fn new(plans: &[OverPlan]) -> Result<Self, OperatorError> {
        Ok(Self {
            held: None,
            first: 0,
            next: 0,
            ranks: Ranks::default(),
            running: Running::all(plans)?,
            first_undecided: None,
            due: None,
        })
    }

    /// Adds rows, which come behind all others, and returns those that are decided with their results. `watermark`: no row
    /// before it comes any more; `None`: no row at all.
    pub(super) fn extend(
        &mut self,
        spec: &OverSpec,
        plans: &[OverPlan],
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        let batches: Vec<RecordBatch> = self.held.take().into_iter().chain(rows).collect();
        if batches.is_empty() {
            self.due = None;
            return Ok(None);
        }
        let rows = Rows::new(spec, concat_batches(&spec.input, &batches)?)?;
        let next = usize::try_from(self.next - self.first).unwrap_or(usize::MAX).min(rows.len());
        let decided = match watermark {
            None => rows.len(),
            Some(watermark) => {
                let decided = plans.iter().map(|plan| rows.decided(plan.after(), watermark)).min();
                decided.unwrap_or(rows.len()).clamp(next, rows.len())
            }
        };
        let emitted = if next < decided {
            let columns = results(spec, plans, self, &rows, next..decided)?;
            Some(spec.output(&rows.batch.slice(next, decided - next), columns)?)
        } else {
            None
        };
        self.next = self.first + decided as u64;
        self.keep(plans, rows, decided, watermark)?;
        Ok(emitted)
    }

    /// Keeps the rows that the rows from `decided` on can need.
    fn keep(
        &mut self,
        plans: &[OverPlan],
        rows: Rows,
        decided: usize,
        watermark: Option<i64>,
    ) -> Result<(), OperatorError> {
        let watermark = watermark.unwrap_or(i64::MAX);
        let needed = plans.iter().map(|plan| rows.needed(plan.before(), decided, watermark)).min().unwrap_or(decided);
        let unread = self.running.iter().map(|running| running.frontier.saturating_sub(self.first)).min();
        let unread = unread.map_or(decided, |unread| usize::try_from(unread).unwrap_or(decided));
        let from = needed.min(unread).min(decided);
        self.first_undecided = rows.times.get(decided).copied();
        self.due = self.due_time(plans, &rows, decided);
        self.held = match from {
            _ if from >= rows.len() => None,
            0 => Some(rows.batch),
            // A slice would keep the memory of the rows before it.
            _ => {
                let kept = UInt32Array::from_iter_values((from..rows.len()).filter_map(|row| u32::try_from(row).ok()));
                Some(take_record_batch(&rows.batch, &kept)?)
            }
        };
        self.first += from as u64;
        Ok(())
    }

    fn due_time(&self, plans: &[OverPlan], rows: &Rows, decided: usize) -> Option<i64> {
        let times = |extents: Vec<Extent>| {
            let times = extents.into_iter().filter_map(|extent| match extent {
                Extent::Time(nanos) => Some(nanos),
                Extent::Rows(_) | Extent::Groups(_) => None,
            });
            times.max()
        };
        if let Some(first) = rows.times.get(decided) {
            return times(plans.iter().map(OverPlan::after).collect()).map(|nanos| first.saturating_add(nanos));
        }
        let longest = times(plans.iter().map(OverPlan::before).collect())?;
        rows.times.last().map(|last| last.saturating_add(longest))
    }

    /// The numbers of the held rows.
    pub(super) fn held_numbers(&self) -> Range<u64> {
        let rows = self.held.as_ref().map_or(0, |held| held.num_rows() as u64);
        self.first..self.first + rows
    }

    /// Some of the held rows.
    pub(super) fn held_rows(&self, rows: Range<u64>) -> Option<RecordBatch> {
        let held = self.held.as_ref()?;
        let skipped = usize::try_from(rows.start.checked_sub(self.first)?).ok()?;
        let count = usize::try_from(rows.end.checked_sub(rows.start)?).ok()?;
        (skipped + count <= held.num_rows()).then(|| held.slice(skipped, count))
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let rows = self.held.as_ref().map_or(0, RecordBatch::get_array_memory_size);
        rows + self.running.iter().map(Running::bytes).sum::<usize>()
    }
}

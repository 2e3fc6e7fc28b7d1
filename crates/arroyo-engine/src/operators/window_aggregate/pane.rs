//! The rows of one pane.

use std::sync::Arc;

use arroyo_operator::OperatorError;

use crate::operators::aggregate::{AggregatePlan, GroupRows, Groups, Prepared};

/// Settled groups of a pane are merged into one piece when there are this many times as many rows as after the last merge.
const COMPACT_FACTOR: usize = 2;

/// Settled rows of a pane below which merging is not worth it.
const COMPACT_MIN_ROWS: usize = 1024;

/// Groups of one pane: immutable pieces that can be merged into any number of windows, and what came since.
pub(super) struct Pane {
    plan: Arc<AggregatePlan>,
    /// Rows since the last barrier or the last window.
    delta: Groups,
    /// Drained states; the same key can be in several pieces.
    settled: Vec<GroupRows>,
    settled_rows: usize,
    compacted_rows: usize,
    compactions: u64,
    /// Pieces of `settled` that no barrier has stored yet.
    unstored: Vec<GroupRows>,
}

impl Pane {
    pub(super) fn new(plan: &Arc<AggregatePlan>) -> Self {
        Self {
            plan: Arc::clone(plan),
            delta: Groups::new(plan),
            settled: Vec::new(),
            settled_rows: 0,
            compacted_rows: 0,
            compactions: 0,
            unstored: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, rows: &Prepared) -> Result<(), OperatorError> {
        self.delta.add(rows)
    }

    /// Takes rows that are stored already.
    pub(super) fn restore(&mut self, rows: GroupRows) {
        self.settled_rows += rows.rows;
        self.settled.push(rows);
    }

    /// Makes all rows [`Pane::pieces`].
    pub(super) fn settle(&mut self) -> Result<(), OperatorError> {
        if let Some(rows) = self.delta.drain_states()? {
            self.unstored.push(rows.clone());
            self.restore(rows);
        }
        if self.settled.len() > 1 && self.settled_rows > COMPACT_FACTOR * self.compacted_rows + COMPACT_MIN_ROWS {
            self.compact()?;
        }
        Ok(())
    }

    /// The settled rows as states that can be read again and again.
    pub(super) fn pieces(&self) -> &[GroupRows] {
        &self.settled
    }

    /// How many rows the pieces have.
    pub(super) fn rows(&self) -> usize {
        self.settled_rows
    }

    /// How often pieces were merged; otherwise they only become more.
    pub(super) fn compactions(&self) -> u64 {
        self.compactions
    }

    fn compact(&mut self) -> Result<(), OperatorError> {
        let mut merged = Groups::new(&self.plan);
        for rows in self.settled.drain(..) {
            merged.add(&rows.to_prepared())?;
        }
        self.settled.extend(merged.drain_states()?);
        self.settled_rows = self.settled.iter().map(|rows| rows.rows).sum();
        self.compacted_rows = self.settled_rows;
        self.compactions += 1;
        Ok(())
    }

    /// Takes the rows that came since the last barrier, and keeps them for windows.
    pub(super) fn take_unstored(&mut self) -> Result<Vec<GroupRows>, OperatorError> {
        self.settle()?;
        Ok(std::mem::take(&mut self.unstored))
    }

    /// The results of the pane, when no window needs it any more.
    pub(super) fn into_results(mut self) -> Result<Option<GroupRows>, OperatorError> {
        for rows in self.settled.drain(..) {
            self.delta.add(&rows.to_prepared())?;
        }
        self.delta.drain_results()
    }

    pub(super) fn bytes(&self) -> usize {
        self.delta.bytes() + self.settled.iter().map(GroupRows::bytes).sum::<usize>()
    }
}

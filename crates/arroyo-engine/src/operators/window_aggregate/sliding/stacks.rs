//! Two stacks of merges, for aggregates that cannot take back what was added.
//!
//! The front has, for each of the older panes, the merge of that pane and all newer ones in the front; the back is one merge of
//! the panes since. A window is its oldest pane's entry in the front and the back. A pane that goes takes its entry with it;
//! when one goes that is in the back, the front is built anew from all panes.
//!
//! ```text
//! panes 1 2 3 | 4 5     front: 1+2+3, 2+3, 3     back: 4+5     window 1..5 = (1+2+3) + (4+5)
//!                                                              window 2..5 = (2+3) + (4+5)
//! ```
//!
//! So a window costs a merge of its groups, and each pane is merged into the front once.
//! The front holds more than the panes do. Where panes have few groups in common, merging the panes themselves costs little
//! more, and that is what happens.

use std::sync::Arc;

use arroyo_operator::OperatorError;

use super::super::pane::Pane;
use crate::operators::aggregate::{AggregatePlan, GroupRows, Groups};

/// Merging panes is as good as stacks when they have less than so many rows for each group of the window.
const MIN_ROWS_PER_GROUP: usize = 4;

/// The front may hold so many times as many rows as the panes.
const MAX_FRONT_FACTOR: usize = 16;

/// An entry with more pieces than this, because of late rows, is merged anew.
const MAX_PIECES: usize = 32;

/// See the module's documentation.
pub(super) struct Stacks {
    plan: Arc<AggregatePlan>,
    /// Windows grow and then end together: no pane goes before all do.
    grow: bool,
    /// Oldest pane last.
    front: Vec<Entry>,
    /// Panes before this are in the front.
    front_end: i64,
    back: Vec<GroupRows>,
    state: State,
    /// Groups of the last window.
    groups: usize,
    front_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    Valid,
    /// A pane has gone that cannot be taken out.
    Stale,
}

/// The merge of a pane and all newer ones in the front.
struct Entry {
    pane: i64,
    pieces: Vec<GroupRows>,
}

impl Stacks {
    pub(super) fn new(plan: &Arc<AggregatePlan>, grow: bool) -> Self {
        Self {
            plan: Arc::clone(plan),
            grow,
            front: Vec::new(),
            front_end: i64::MIN,
            back: Vec::new(),
            state: State::Empty,
            groups: 0,
            front_bytes: 0,
        }
    }

    /// The results of a window of all `panes`, of which `fresh` are the pieces that came since the last window; and whether
    /// these are merged now.
    pub(super) fn results(
        &mut self,
        panes: &[(i64, &Pane)],
        fresh: &[(i64, &[GroupRows])],
    ) -> Result<(Option<GroupRows>, bool), OperatorError> {
        let is_worth_it = self.grow || self.is_dense(panes);
        let mut groups = Groups::new(&self.plan);
        if is_worth_it {
            if self.state == State::Valid {
                self.extend(fresh)?;
            } else {
                self.build(panes)?;
            }
            for rows in self.front.last().iter().flat_map(|entry| &entry.pieces).chain(&self.back) {
                groups.add(&rows.to_prepared())?;
            }
        } else {
            self.clear();
            for rows in panes.iter().flat_map(|(_, pane)| pane.pieces()) {
                groups.add(&rows.to_prepared())?;
            }
        }
        let results = groups.drain_results()?;
        self.groups = results.as_ref().map_or(0, |results| results.rows);
        Ok((results, is_worth_it))
    }

    fn is_dense(&self, panes: &[(i64, &Pane)]) -> bool {
        let rows: usize = panes.iter().map(|(_, pane)| pane.rows()).sum();
        self.groups > 0
            && rows > MIN_ROWS_PER_GROUP * self.groups
            && panes.len() * self.groups <= MAX_FRONT_FACTOR * rows
    }

    fn build(&mut self, panes: &[(i64, &Pane)]) -> Result<(), OperatorError> {
        self.clear();
        self.state = State::Valid;
        if self.grow {
            self.back = panes.iter().flat_map(|(_, pane)| pane.pieces()).cloned().collect();
            return self.merge_back();
        }
        for (pane, held) in panes.iter().rev() {
            let newer = self.front.last().iter().flat_map(|entry| &entry.pieces).cloned().collect::<Vec<_>>();
            let merged = self.merge(held.pieces().iter().chain(&newer))?;
            self.front_bytes += merged.iter().map(GroupRows::bytes).sum::<usize>();
            self.front.push(Entry { pane: *pane, pieces: merged });
        }
        self.front_end = panes.last().map_or(i64::MIN, |(pane, _)| pane.saturating_add(1));
        Ok(())
    }

    fn extend(&mut self, fresh: &[(i64, &[GroupRows])]) -> Result<(), OperatorError> {
        for (pane, rows) in fresh {
            if *pane < self.front_end {
                for rows in *rows {
                    self.add_to_front(*pane, rows);
                }
            } else {
                self.back.extend(rows.iter().cloned());
            }
        }
        for place in 0..self.front.len() {
            let Some(entry) = self.front.get(place).filter(|entry| entry.pieces.len() > MAX_PIECES) else { continue };
            let merged = self.merge(entry.pieces.iter())?;
            if let Some(entry) = self.front.get_mut(place) {
                entry.pieces = merged;
            }
        }
        self.merge_back()
    }

    /// Adds late rows to the entry of their pane and to those of all older panes.
    fn add_to_front(&mut self, pane: i64, rows: &GroupRows) {
        let place = self.front.partition_point(|entry| entry.pane > pane);
        if self.front.get(place).is_none_or(|entry| entry.pane != pane) {
            let newer = place.checked_sub(1).and_then(|newer| self.front.get(newer));
            let pieces = newer.map(|entry| entry.pieces.clone()).unwrap_or_default();
            self.front.insert(place, Entry { pane, pieces });
        }
        for entry in self.front.iter_mut().skip(place) {
            entry.pieces.push(rows.clone());
        }
    }

    fn merge_back(&mut self) -> Result<(), OperatorError> {
        if self.back.len() > 1 {
            self.back = self.merge(self.back.iter())?;
        }
        Ok(())
    }

    fn merge<'a>(&self, pieces: impl Iterator<Item = &'a GroupRows>) -> Result<Vec<GroupRows>, OperatorError> {
        let mut groups = Groups::new(&self.plan);
        for rows in pieces {
            groups.add(&rows.to_prepared())?;
        }
        Ok(groups.drain_states()?.into_iter().collect())
    }

    /// Forgets a pane; older ones are forgotten already.
    pub(super) fn leave(&mut self, pane: i64) {
        if pane >= self.front_end {
            self.state = State::Stale;
        }
        while self.front.last().is_some_and(|entry| entry.pane <= pane) {
            self.front.pop();
        }
    }

    pub(super) fn clear(&mut self) {
        self.front.clear();
        self.front_end = i64::MIN;
        self.back.clear();
        self.state = State::Empty;
        self.front_bytes = 0;
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.front_bytes + self.back.iter().map(GroupRows::bytes).sum::<usize>()
    }
}

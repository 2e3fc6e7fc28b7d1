//! The results of windows that overlap, without merging every pane of each window again.
//!
//! What is already merged is kept from one window to the next:
//!
//! - Where all aggregates can take back what was added (`count`, and `sum` of whole numbers and decimals), groups run on: panes
//!   that come are added, panes that go are subtracted ([`Running`]).
//! - Otherwise two stacks hold merges ([`Stacks`]).
//!
//! None of it is stored: it is made anew from the panes after a restore.

mod running;
mod stacks;

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_operator::OperatorError;

use self::running::Running;
use self::stacks::Stacks;
use super::pane::Pane;
use crate::operators::aggregate::{AggregatePlan, GroupRows};

/// See the module's documentation.
pub(super) struct Sliding {
    how: How,
    /// Which pieces of which panes are merged.
    merged: BTreeMap<i64, Merged>,
}

enum How {
    Running(Running),
    Stacks(Stacks),
}

/// How much of a pane is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Merged {
    pieces: usize,
    /// Of the pane: its pieces are others when this has changed.
    compactions: u64,
}

impl Sliding {
    /// For windows whose panes go one by one, or, if they `grow`, all at once.
    pub(super) fn new(plan: &Arc<AggregatePlan>, grow: bool) -> Self {
        let subtracts = plan.aggregates.iter().all(|aggregate| aggregate.can_subtract());
        let how = if subtracts { How::Running(Running::new(plan)) } else { How::Stacks(Stacks::new(plan, grow)) };
        Self { how, merged: BTreeMap::new() }
    }

    /// The results of the window that consists of `window`, ascending; each of them is among `panes`.
    pub(super) fn results(
        &mut self,
        panes: &mut BTreeMap<i64, Pane>,
        window: &[i64],
    ) -> Result<Option<GroupRows>, OperatorError> {
        let mut is_stale = false;
        for pane in window {
            let Some(held) = panes.get_mut(pane) else { continue };
            held.settle()?;
            is_stale |= self.merged.get(pane).is_some_and(|merged| merged.compactions != held.compactions());
        }
        if is_stale {
            self.clear();
        }
        let panes = window.iter().filter_map(|pane| panes.get(pane).map(|held| (*pane, held)));
        let panes: Vec<(i64, &Pane)> = panes.collect();
        let merged = &self.merged;
        let fresh =
            |pane: i64, held: &Pane| merged.get(&pane).map_or(0, |merged| merged.pieces.min(held.pieces().len()));
        let fresh: Vec<(i64, &[GroupRows])> = panes
            .iter()
            .map(|(pane, held)| (*pane, held.pieces().get(fresh(*pane, held)..).unwrap_or_default()))
            .collect();
        let (results, all_merged) = match &mut self.how {
            How::Running(running) => {
                for rows in fresh.iter().flat_map(|(_, rows)| *rows) {
                    running.add(rows)?;
                }
                (running.results()?, true)
            }
            How::Stacks(stacks) => stacks.results(&panes, &fresh)?,
        };
        self.merged.clear();
        if all_merged {
            self.merged.extend(
                panes.iter().map(|(pane, held)| {
                    (*pane, Merged { pieces: held.pieces().len(), compactions: held.compactions() })
                }),
            );
        }
        Ok(results)
    }

    /// Forgets `panes`, ascending, which no later window has.
    pub(super) fn leave(&mut self, panes: &[(i64, Pane)]) -> Result<(), OperatorError> {
        if panes.len() >= self.merged.len() {
            self.clear();
            return Ok(());
        }
        for (pane, held) in panes {
            let Some(merged) = self.merged.remove(pane) else { continue };
            match &mut self.how {
                How::Running(running) => {
                    for rows in held.pieces().iter().take(merged.pieces) {
                        running.subtract(rows)?;
                    }
                }
                How::Stacks(stacks) => stacks.leave(*pane),
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.merged.clear();
        match &mut self.how {
            How::Running(running) => running.clear(),
            How::Stacks(stacks) => stacks.clear(),
        }
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        match &self.how {
            How::Running(running) => running.bytes(),
            How::Stacks(stacks) => stacks.bytes(),
        }
    }
}

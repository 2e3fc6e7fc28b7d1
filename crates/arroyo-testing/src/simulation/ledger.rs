//! The system that sinks write to, which outlives them, and the record of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::ensure;
use arroyo_types::{Epoch, Generation};
use tokio::time::Instant;

use super::points::points;

/// Holds transactions: prepared ones are durable and invisible.
#[derive(Debug)]
pub(super) struct Ledger {
    began: Instant,
    /// Differs from one simulation to the next in a process.
    storage: String,
    state: Mutex<State>,
}

/// A row, and whether it was taken back (−1).
pub(super) type Change = (String, i64);

/// Rows that are durable and invisible: by which start, and for which checkpoint.
#[derive(Debug)]
struct Prepared {
    generation: Generation,
    epoch: Epoch,
    rows: Vec<Change>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    prepared: BTreeMap<u64, Prepared>,
    committed: BTreeMap<u64, Prepared>,
    /// The numbers under which earlier checkpoints became the last ones, and the epochs of those.
    went_back: BTreeMap<Epoch, Epoch>,
    passed: BTreeSet<&'static str>,
    died_at: BTreeSet<String>,
    checkpoints: u64,
    counts: BTreeMap<&'static str, u64>,
    /// Which process started which generation.
    owners: BTreeMap<Generation, u64>,
    wrongs: Vec<String>,
    trace: Vec<String>,
    digest: DefaultHasher,
    /// Sources wait behind a part of their rows until this is set: the checkpoints that there were.
    calm_from: Option<u64>,
}

impl Ledger {
    pub(super) fn new(began: Instant, storage: String) -> Self {
        Self { began, storage, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a transaction durable; answers its number.
    pub(super) fn prepare(&self, generation: Generation, epoch: Epoch, rows: Vec<Change>) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.prepared.insert(number, Prepared { generation, epoch, rows });
        number
    }

    /// The number of the last transaction.
    pub(super) fn last_transaction(&self) -> u64 {
        self.state().next
    }

    /// A process starts a worker under a generation, which is no other process's.
    pub(super) fn started(&self, generation: Generation, process: u64) {
        let mut state = self.state();
        let owner = *state.owners.entry(generation).or_insert(process);
        if owner != process {
            state.wrongs.push(format!("processes {owner} and {process} both started generation {generation}"));
        }
    }

    /// Makes a transaction visible. Doing so again changes nothing.
    pub(super) fn commit(&self, number: u64) {
        let mut state = self.state();
        if state.committed.contains_key(&number) {
            *state.counts.entry("repeated commits").or_default() += 1;
            return;
        }
        match state.prepared.remove(&number) {
            Some(prepared) => {
                let event = format!("{:?} {number}: {:?}", self.began.elapsed(), prepared.rows);
                state.digest.write(event.as_bytes());
                state.committed.insert(number, prepared);
            }
            None => state.wrongs.push(format!("transaction {number} is committed, but was never prepared")),
        }
    }

    /// What a mistake would do: everything that this start has prepared becomes visible.
    pub(super) fn commit_prepared(&self, generation: Generation) {
        let state = self.state();
        let own = state.prepared.iter().filter(|(_, prepared)| prepared.generation == generation);
        let own: Vec<u64> = own.map(|(number, _)| *number).collect();
        drop(state);
        own.into_iter().for_each(|number| self.commit(number));
    }

    /// The checkpoint of `epoch` is the last one now, under the number `now`.
    pub(super) fn went_back(&self, now: Epoch, epoch: Epoch) {
        self.state().went_back.insert(now, epoch);
    }

    /// A process comes to a step.
    pub(super) fn passed(&self, step: &'static str) {
        self.count_in(step);
        let mut state = self.state();
        if state.passed.insert(step) && !points().contains(&step) {
            state.wrongs.push(format!("`{step}` is passed, but is none of the points that something happens at"));
        }
    }

    /// A process has died at a step.
    pub(super) fn died_at(&self, step: &str) {
        self.state().died_at.insert(step.to_string());
    }

    /// The steps that were passed, and those that somebody died at.
    pub(super) fn points(&self) -> (BTreeSet<&'static str>, BTreeSet<String>) {
        let state = self.state();
        (state.passed.clone(), state.died_at.clone())
    }

    pub(super) fn published(&self) {
        self.state().checkpoints += 1;
    }

    pub(super) fn note(&self, what: &str) {
        let what = what.replace(&self.storage, "storage");
        self.count_in(&what);
        let micros = self.began.elapsed().as_micros();
        self.state().trace.push(format!("{:>5}.{:03} ms: {what}", micros / 1_000, micros % 1_000));
    }

    /// An event for [`Ledger::digest`] alone.
    pub(super) fn count_in(&self, what: &str) {
        let event = format!("{:?} {what}", self.began.elapsed());
        self.state().digest.write(event.as_bytes());
    }

    /// A hash of all events in their order.
    pub(super) fn digest(&self) -> u64 {
        self.state().digest.finish()
    }

    /// From now on sources give all their rows, and come to their end after some more checkpoints.
    pub(super) fn calm_down(&self) {
        let mut state = self.state();
        state.calm_from = Some(state.checkpoints);
    }

    pub(super) fn is_calm(&self) -> bool {
        self.state().calm_from.is_some()
    }

    /// Whether sources may come to their end: so many checkpoints were made when nothing went wrong any more.
    pub(super) fn may_end(&self, quiet_checkpoints: u64) -> bool {
        let state = self.state();
        state.calm_from.is_some_and(|from| state.checkpoints >= from + quiet_checkpoints)
    }

    pub(super) fn add(&self, what: &'static str) {
        *self.state().counts.entry(what).or_default() += 1;
    }

    pub(super) fn count(&self, what: &str) -> u64 {
        self.state().counts.get(what).copied().unwrap_or(0)
    }

    pub(super) fn checkpoints(&self) -> u64 {
        self.state().checkpoints
    }

    pub(super) fn commits(&self) -> u64 {
        self.state().committed.len() as u64
    }

    /// Transactions whose rows were written again, because the job went back before them.
    pub(super) fn written_again(&self) -> u64 {
        let state = self.state();
        state.committed.values().filter(|prepared| !state.is_on_the_way(prepared.epoch)).count() as u64
    }

    /// A promise is broken.
    pub(super) fn wrong(&self, what: String) {
        self.state().wrongs.push(what);
    }

    pub(super) fn wrongs(&self) -> Vec<String> {
        self.state().wrongs.clone()
    }

    pub(super) fn trace(&self) -> Vec<String> {
        self.state().trace.clone()
    }

    /// What is left when all committed changes are applied, sorted.
    ///
    /// A sink cannot take back what it has committed: what was committed after a checkpoint that the job then went back to stays,
    /// and is written again. It is not counted here: exactly-once is meant of the checkpoints that lead to the last one.
    pub(super) fn rows(&self) -> anyhow::Result<Vec<String>> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        let state = self.state();
        let counted = state.committed.values().filter(|prepared| state.is_on_the_way(prepared.epoch));
        for (row, sign) in counted.flat_map(|prepared| &prepared.rows) {
            *counts.entry(row.clone()).or_default() += sign;
        }
        drop(state);
        let mut rows = Vec::new();
        for (row, count) in counts {
            ensure!(count >= 0, "`{row}` was taken back more often than it was inserted");
            rows.extend(std::iter::repeat_n(row, usize::try_from(count)?));
        }
        Ok(rows)
    }
}

impl State {
    /// Whether the checkpoint is one of those that lead to the last one.
    fn is_on_the_way(&self, epoch: Epoch) -> bool {
        let mut last = Epoch(u64::MAX);
        while let Some((now, back_to)) = self.went_back.range(..=last).next_back() {
            if epoch > *now {
                return epoch <= last;
            }
            last = *back_to;
        }
        epoch <= last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_gone_back_from_is_not_on_the_way() {
        let way = |went_back: &[(u64, u64)]| -> Vec<u64> {
            let went_back = went_back.iter().map(|(now, back_to)| (Epoch(*now), Epoch(*back_to))).collect();
            let state = State { went_back, ..State::default() };
            (1..=12).filter(|epoch| state.is_on_the_way(Epoch(*epoch))).collect()
        };
        assert_eq!(way(&[]), (1..=12).collect::<Vec<_>>());
        assert_eq!(way(&[(6, 2)]), [1, 2, 7, 8, 9, 10, 11, 12]);
        assert_eq!(way(&[(6, 2), (9, 2)]), [1, 2, 10, 11, 12]);
        assert_eq!(way(&[(6, 2), (9, 7)]), [1, 2, 7, 10, 11, 12]);
        // Back on the way that was left before.
        assert_eq!(way(&[(6, 2), (9, 4)]), [1, 2, 3, 4, 10, 11, 12]);
    }
}

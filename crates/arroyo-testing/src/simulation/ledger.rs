//! The system that sinks write to, which outlives them, and the record of what happened.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::ensure;
use arroyo_types::Generation;
use tokio::time::Instant;

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

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// Who prepared them, and what.
    prepared: BTreeMap<u64, (Generation, Vec<Change>)>,
    committed: BTreeMap<u64, Vec<Change>>,
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
    pub(super) fn prepare(&self, generation: Generation, rows: Vec<Change>) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.prepared.insert(number, (generation, rows));
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
            Some((_, rows)) => {
                let event = format!("{:?} {number}: {rows:?}", self.began.elapsed());
                state.digest.write(event.as_bytes());
                state.committed.insert(number, rows);
            }
            None => state.wrongs.push(format!("transaction {number} is committed, but was never prepared")),
        }
    }

    /// What a mistake would do: everything that this start has prepared becomes visible.
    pub(super) fn commit_prepared(&self, generation: Generation) {
        let state = self.state();
        let own = state.prepared.iter().filter(|(_, (by, _))| *by == generation);
        let own: Vec<u64> = own.map(|(number, _)| *number).collect();
        drop(state);
        own.into_iter().for_each(|number| self.commit(number));
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

    pub(super) fn wrongs(&self) -> Vec<String> {
        self.state().wrongs.clone()
    }

    pub(super) fn trace(&self) -> Vec<String> {
        self.state().trace.clone()
    }

    /// What is left when all committed changes are applied, sorted.
    pub(super) fn rows(&self) -> anyhow::Result<Vec<String>> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for (row, sign) in self.state().committed.values().flatten() {
            *counts.entry(row.clone()).or_default() += sign;
        }
        let mut rows = Vec::new();
        for (row, count) in counts {
            ensure!(count >= 0, "`{row}` was taken back more often than it was inserted");
            rows.extend(std::iter::repeat_n(row, usize::try_from(count)?));
        }
        Ok(rows)
    }
}

//! The system that sinks write to, which outlives them, and the record of what happened.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::ensure;

/// Holds transactions: prepared ones are durable and invisible.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<State>);

/// A row, and whether it was taken back (−1).
pub(super) type Change = (String, i64);

#[derive(Debug, Default)]
struct State {
    next: u64,
    prepared: BTreeMap<u64, Vec<Change>>,
    committed: BTreeMap<u64, Vec<Change>>,
    checkpoints: u64,
    counts: BTreeMap<&'static str, u64>,
    wrongs: Vec<String>,
    trace: Vec<String>,
    /// Sources wait behind a part of their rows until this is set: the checkpoints that there were.
    calm_from: Option<u64>,
}

impl Ledger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a transaction durable; answers its number.
    pub(super) fn prepare(&self, rows: Vec<Change>) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.prepared.insert(number, rows);
        number
    }

    /// Makes a transaction visible. Doing so again changes nothing.
    pub(super) fn commit(&self, number: u64) {
        let mut state = self.state();
        if state.committed.contains_key(&number) {
            *state.counts.entry("repeated commits").or_default() += 1;
            return;
        }
        match state.prepared.remove(&number) {
            Some(rows) => {
                state.committed.insert(number, rows);
            }
            None => state.wrongs.push(format!("transaction {number} is committed, but was never prepared")),
        }
    }

    pub(super) fn published(&self) {
        self.state().checkpoints += 1;
    }

    pub(super) fn note(&self, turn: u64, what: &str) {
        self.state().trace.push(format!("{turn}: {what}"));
    }

    /// From now on sources give all their rows.
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

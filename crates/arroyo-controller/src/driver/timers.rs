//! A job's timers.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::machine::Timer;

/// Named timers; setting one again replaces it.
#[derive(Debug, Default)]
pub(super) struct Timers(BTreeMap<Timer, Instant>);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, after: Duration) {
        match Instant::now().checked_add(after) {
            Some(deadline) => self.0.insert(timer, deadline),
            // So far away that it never comes.
            None => self.0.remove(&timer),
        };
    }

    pub(super) fn cancel(&mut self, timer: Timer) {
        self.0.remove(&timer);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// When the next one runs out.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().min().copied()
    }

    /// Takes one that has run out.
    pub(super) fn take_due(&mut self) -> Option<Timer> {
        let now = Instant::now();
        let due = self.0.iter().filter(|(_, deadline)| **deadline <= now).min_by_key(|(_, deadline)| **deadline);
        let timer = due.map(|(timer, _)| *timer)?;
        self.0.remove(&timer);
        Some(timer)
    }
}

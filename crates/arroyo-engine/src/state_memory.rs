//! How much memory all state of an engine takes, and its limit.
//!
//! Tasks measure their operators ten times a second at most, so that the cost of measuring does not depend on the rows; a
//! limit is therefore exceeded by what a tenth of a second adds before the job is told to fail.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use arroyo_operator::OperatorError;
use arroyo_types::TaskId;
use tokio::time::Instant;

/// The shortest time between two measurements of a task.
const INTERVAL: Duration = Duration::from_millis(100);

/// A measurement takes at most this part of the time between two.
const SHARE: u32 = 20;

/// What an operator of a task holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// Its place in the task's chain.
    pub(crate) place: usize,
    pub(crate) description: String,
    pub(crate) bytes: u64,
}

/// The memory of the state of all tasks of an engine.
#[derive(Debug)]
pub(crate) struct StateMemory {
    /// `None`: without a limit.
    limit: Option<u64>,
    /// The bytes of each task, and its largest operator.
    tasks: Mutex<BTreeMap<TaskId, (u64, Option<Held>)>>,
}

impl StateMemory {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Self { limit, tasks: Mutex::default() }
    }

    /// Takes note of what a task's operators hold; fails when all tasks together hold more than the limit.
    pub(crate) fn note(&self, task: TaskId, held: Vec<Held>) -> Result<(), OperatorError> {
        let Some(limit) = self.limit else { return Ok(()) };
        let bytes = held.iter().map(|held| held.bytes).sum();
        let largest = held.into_iter().max_by_key(|held| held.bytes);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.insert(task, (bytes, largest));
        let total: u64 = tasks.values().map(|(bytes, _)| bytes).sum();
        if total <= limit {
            return Ok(());
        }
        let parts = tasks.iter().filter_map(|(task, (_, largest))| Some((task, largest.as_ref()?)));
        let largest = parts.max_by_key(|(_, held)| held.bytes).map_or_else(String::new, |(task, held)| {
            format!(
                "; the largest part is `{}` in subtask {} with {}",
                held.description,
                task.subtask,
                mebibytes(held.bytes)
            )
        });
        Err(OperatorError::user(format!(
            "the state of this worker's operators takes {} of memory, more than the limit of {}{largest}",
            mebibytes(total),
            mebibytes(limit)
        ))
        .with_hint(
            "raise `worker.state-memory-limit`, spread the job over more workers, or keep less state: shorter windows, \
             fewer groups, a shorter `updating_ttl`",
        ))
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// When a task measures next.
#[derive(Debug)]
pub(crate) struct Measuring {
    next: Instant,
}

impl Measuring {
    pub(crate) fn new() -> Self {
        Self { next: Instant::now() }
    }

    /// Whether a measurement is due.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        now >= self.next
    }

    /// A measurement was made from `started` until `now`.
    pub(crate) fn done(&mut self, started: Instant, now: Instant) {
        self.next = now + INTERVAL.max((now - started) * SHARE);
    }
}

#[cfg(test)]
mod tests {
    use arroyo_types::NodeId;

    use super::*;

    fn held(description: &str, mebibytes: u64) -> Vec<Held> {
        vec![Held { place: 0, description: description.to_string(), bytes: mebibytes << 20 }]
    }

    #[test]
    fn the_error_names_the_largest_operator_size_and_limit() {
        let memory = StateMemory::new(Some(100 << 20));
        let task = |node, subtask| TaskId { node: NodeId(node), subtask };
        assert_eq!(memory.note(task(1, 0), held("Join", 60)), Ok(()));
        assert_eq!(memory.note(task(2, 1), held("Aggregate", 40)), Ok(()));
        let error = memory.note(task(2, 1), held("Aggregate", 41)).unwrap_err();
        assert_eq!(
            error.message,
            "the state of this worker's operators takes 101.0 MiB of memory, more than the limit of 100.0 MiB; \
             the largest part is `Join` in subtask 0 with 60.0 MiB"
        );
        assert!(error.hint.unwrap().contains("worker.state-memory-limit"));
        assert_eq!(memory.note(task(1, 0), held("Join", 1)), Ok(()), "what is given back counts no more");
        assert_eq!(StateMemory::new(None).note(task(1, 0), held("Join", 1 << 30)), Ok(()));
    }

    #[test]
    fn measuring_takes_a_small_part_of_the_time() {
        let mut measuring = Measuring::new();
        let started = Instant::now();
        assert!(measuring.is_due(started));
        measuring.done(started, started);
        assert!(!measuring.is_due(started + INTERVAL / 2));
        let later = started + INTERVAL;
        assert!(measuring.is_due(later));
        measuring.done(later, later + INTERVAL);
        assert!(!measuring.is_due(later + INTERVAL * SHARE));
        assert!(measuring.is_due(later + INTERVAL * (SHARE + 1)));
    }
}

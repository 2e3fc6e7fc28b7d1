//! What a seed stands for.

use arroyo_storage::testing::Delay;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::faults::POINTS;
use super::queries::QUERIES;

/// One start of the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Its parallelism.
    pub parallelism: u32,
    /// It is killed after so many turns, if it has not ended before.
    pub life: Option<u64>,
    /// It is not killed: it goes on, and does not know that it was replaced.
    pub zombie: bool,
    /// It is killed at this step, the so-manieth time.
    pub point: Option<(&'static str, u64)>,
}

/// A planted mistake, to see that simulations find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// The restored checkpoint is not committed again.
    NoRecommit,
    /// What a checkpoint that was given up has written is not part of the next.
    DropGivenUpParts,
}

/// A simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Decides everything.
    pub seed: u64,
    /// The name of one of [`QUERIES`].
    pub query: &'static str,
    /// Starts with faults, before the last one without.
    pub starts: Vec<Start>,
    /// The parallelism of the last start.
    pub last_parallelism: u32,
    /// Turns between two checkpoints.
    pub checkpoint_interval: u64,
    /// A checkpoint that takes more turns is given up.
    pub checkpoint_timeout: u64,
    /// Rows that a source gives at once.
    pub batch_rows: usize,
    /// Turns between two batches of a source.
    pub pace: u64,
    /// Rows in a queue between two tasks.
    pub queue_rows: u32,
    /// Checkpoints that are kept.
    pub keep: usize,
    /// Tables with more files are compacted.
    pub compact_files: usize,
    /// The share of calls to the storage that fail before, and after, they had an effect.
    pub store_faults: (f64, f64),
    /// The share of slow calls, and the turns they take.
    pub slow: (f64, u32),
    /// The share of a sink's steps that fail.
    pub sink_faults: f64,
    /// What is done wrong.
    pub planted: Option<Planted>,
}

impl Settings {
    /// The simulation of a seed.
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let query = QUERIES.get(seed as usize % QUERIES.len()).map_or("project", |(name, _)| name);
        let parallelism = |dice: &mut StdRng| dice.random_range(1..=3);
        let starts = (0..dice.random_range(2..=5)).map(|_| {
            let point =
                POINTS.get(dice.random_range(0..POINTS.len() * 2)).map(|name| (*name, dice.random_range(1..=3)));
            Start {
                parallelism: parallelism(&mut dice),
                life: Some(dice.random_range(1..=1500)),
                zombie: point.is_none() && dice.random_bool(0.25),
                point,
            }
        });
        let starts = starts.collect();
        let severity = [0.0, 0.01, 0.04].get(dice.random_range(0..3)).copied().unwrap_or(0.0);
        Self {
            seed,
            query,
            starts,
            last_parallelism: parallelism(&mut dice),
            checkpoint_interval: dice.random_range(5..=200),
            checkpoint_timeout: dice.random_range(20..=400),
            batch_rows: dice.random_range(1..=20),
            pace: dice.random_range(1..=20),
            queue_rows: dice.random_range(1..=64),
            keep: dice.random_range(1..=3),
            compact_files: dice.random_range(2..=6),
            store_faults: (severity, severity),
            slow: (dice.random_range(0.0..0.4), dice.random_range(1..=100)),
            sink_faults: severity,
            planted: None,
        }
    }

    /// The same query and data without any disturbance.
    pub fn undisturbed(query: &'static str) -> Self {
        Self {
            seed: 0,
            query,
            starts: Vec::new(),
            last_parallelism: 1,
            checkpoint_interval: 50,
            checkpoint_timeout: 10_000,
            batch_rows: 10,
            pace: 10,
            queue_rows: 64,
            keep: 2,
            compact_files: 4,
            store_faults: (0.0, 0.0),
            slow: (0.0, 0),
            sink_faults: 0.0,
            planted: None,
        }
    }

    pub(super) fn store_faults(&self) -> arroyo_storage::testing::Faults {
        let (before, after) = self.store_faults;
        let (delayed, turns) = self.slow;
        arroyo_storage::testing::Faults {
            seed: self.seed,
            before,
            after,
            torn: 0.5,
            delayed,
            delay: Delay::Turns(turns),
        }
    }
}

//! What a seed stands for.

use std::time::Duration;

use arroyo_storage::testing::{Delay, Faults};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::mutants::Mutant;
use super::points::points;
use super::queries::QUERIES;

/// Something that happens to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Disturbance {
    /// The machine dies: controller and workers.
    KillAll,
    /// The controller dies; its workers go on until they notice.
    KillController,
    /// One of the workers dies.
    KillWorker,
    /// A second controller starts while the first one goes on.
    SecondController,
    /// The process stands still for so long, while another one takes over; then it goes on as if nothing had happened.
    Freeze {
        /// How long.
        for_ms: u64,
    },
    /// All connections of a worker break.
    CutWorker,
    /// Nothing that a worker sends or is sent arrives for so long.
    IsolateWorker {
        /// How long.
        for_ms: u64,
    },
    /// The store does not answer for so long.
    Outage {
        /// How long.
        for_ms: u64,
    },
    /// Nothing can be written for so long.
    FullDisk {
        /// How long.
        for_ms: u64,
    },
    /// Another parallelism is asked for.
    Rescale {
        /// Which.
        parallelism: u32,
    },
    /// The job is asked to stop with a checkpoint, and to run again so much later.
    StopAndStart {
        /// How long it is to stay stopped.
        for_ms: u64,
    },
    /// The job is asked to start again.
    Restart,
    /// The clock jumps.
    TurnClock {
        /// By so much.
        by_ms: i64,
    },
    /// Somebody takes a savepoint.
    Savepoint,
    /// Somebody takes a savepoint, lets the job run on for so long, stops it, and lets it go on from the savepoint.
    GoBack {
        /// How long it runs on.
        after_ms: u64,
    },
}

/// When something happens, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// So long after the step before.
    pub after_ms: u64,
    /// And then at this point of a controller or a worker, the so-manieth time; or, if that is not reached, five seconds later.
    pub point: Option<(String, u64)>,
    /// What happens.
    pub what: Disturbance,
}

/// A simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Decides everything that is not said here.
    pub seed: u64,
    /// The name of one of [`QUERIES`].
    pub query: String,
    /// The parallelism that is asked for first.
    pub parallelism: u32,
    /// Subtasks of each node that a worker runs.
    pub slots_per_worker: u32,
    /// Between two checkpoints.
    pub checkpoint_interval_ms: u64,
    /// A checkpoint that takes longer is given up.
    pub checkpoint_timeout_ms: u64,
    /// A worker that was not heard of for longer is lost.
    pub heartbeat_timeout_ms: u64,
    /// Rows that a source gives at once.
    pub batch_rows: usize,
    /// Between two batches of a source.
    pub pace_ms: u64,
    /// Rows in a queue between two tasks.
    pub queue_rows: u32,
    /// Checkpoints that are kept.
    pub keep: u32,
    /// Tables with more files are compacted.
    pub compact_files: u32,
    /// The share of calls to the storage that fail before, and after, they had an effect.
    pub store_faults: (f64, f64),
    /// The share of lists that are out of date.
    pub stale: f64,
    /// The share of slow calls, and the time they take.
    pub slow: (f64, u64),
    /// How long a message takes.
    pub network_delay_ms: u64,
    /// The share of a sink's steps, and of calls to the metadata database, that fail.
    pub other_faults: f64,
    /// The first of two sources reads its rows without regard to the second one, and ends before it.
    pub early_end: bool,
    /// What is done wrong.
    pub mutant: Option<Mutant>,
    /// What happens.
    pub steps: Vec<Step>,
}

impl Settings {
    /// The simulation of a seed.
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let query = QUERIES.get(seed as usize % QUERIES.len()).map_or("project", |(name, _)| *name).to_string();
        let count = dice.random_range(2..=5);
        let mut steps: Vec<Step> = (0..count).map(|_| step(&mut dice)).collect();
        // Without a death there is nothing to survive.
        let last = steps.len().saturating_sub(1);
        if let Some(step) = steps.get_mut(dice.random_range(0..=last)) {
            step.what = deadly(&mut dice);
        }
        let severity = [0.002, 0.01, 0.03].get(dice.random_range(0..3)).copied().unwrap_or(0.0);
        Self {
            seed,
            query,
            parallelism: dice.random_range(1..=3),
            slots_per_worker: dice.random_range(1..=3),
            steps,
            checkpoint_interval_ms: dice.random_range(50..=1_500),
            checkpoint_timeout_ms: dice.random_range(200..=3_000),
            heartbeat_timeout_ms: dice.random_range(500..=5_000),
            batch_rows: dice.random_range(1..=20),
            pace_ms: dice.random_range(5..=200),
            queue_rows: dice.random_range(1..=64),
            keep: dice.random_range(1..=3),
            compact_files: dice.random_range(2..=6),
            store_faults: (severity, severity),
            stale: [0.0, 0.1, 0.3].get(dice.random_range(0..3)).copied().unwrap_or(0.0),
            slow: (dice.random_range(0.0..0.4), dice.random_range(1..=150)),
            network_delay_ms: [0, 0, 1, 10].get(dice.random_range(0..4)).copied().unwrap_or(0),
            other_faults: severity,
            early_end: dice.random_bool(0.3),
            mutant: None,
        }
    }

    /// The same query and data without any disturbance.
    pub fn undisturbed(query: &str) -> Self {
        Self {
            seed: 0,
            query: query.to_string(),
            parallelism: 1,
            slots_per_worker: 1,
            steps: Vec::new(),
            checkpoint_interval_ms: 200,
            checkpoint_timeout_ms: 60_000,
            heartbeat_timeout_ms: 30_000,
            batch_rows: 10,
            pace_ms: 10,
            queue_rows: 64,
            keep: 2,
            compact_files: 4,
            store_faults: (0.0, 0.0),
            stale: 0.0,
            slow: (0.0, 0),
            network_delay_ms: 0,
            other_faults: 0.0,
            early_end: false,
            mutant: None,
        }
    }

    pub(super) fn store_faults(&self, process: u64) -> Faults {
        let (before, after) = self.store_faults;
        let (delayed, millis) = self.slow;
        let delay = Delay::Time(Duration::from_millis(millis));
        Faults { seed: self.seed ^ (process << 32), before, after, torn: 0.5, stale: self.stale, delayed, delay }
    }

    pub(super) fn network_delay(&self) -> Duration {
        Duration::from_millis(self.network_delay_ms)
    }
}

fn step(dice: &mut StdRng) -> Step {
    let points = points();
    let point =
        points.get(dice.random_range(0..points.len() * 2)).map(|name| (name.to_string(), dice.random_range(1..=3)));
    let what = match dice.random_range(0..21) {
        0..8 => deadly(dice),
        8 => Disturbance::CutWorker,
        9 => Disturbance::IsolateWorker { for_ms: dice.random_range(50..=6_000) },
        10 => Disturbance::Outage { for_ms: dice.random_range(50..=6_000) },
        11 => Disturbance::FullDisk { for_ms: dice.random_range(50..=6_000) },
        12..15 => Disturbance::Rescale { parallelism: dice.random_range(1..=3) },
        15 | 16 => Disturbance::StopAndStart { for_ms: dice.random_range(1..=2_000) },
        17 => Disturbance::Restart,
        18 => Disturbance::TurnClock { by_ms: dice.random_range(-3_600_000..=3_600_000) },
        19 => Disturbance::GoBack { after_ms: dice.random_range(1..=3_000) },
        _ => Disturbance::Savepoint,
    };
    Step { after_ms: dice.random_range(1..=1_500), point, what }
}

fn deadly(dice: &mut StdRng) -> Disturbance {
    match dice.random_range(0..10) {
        0..4 => Disturbance::KillAll,
        4 => Disturbance::KillController,
        5 | 6 => Disturbance::KillWorker,
        7 => Disturbance::SecondController,
        _ => Disturbance::Freeze { for_ms: dice.random_range(100..=10_000) },
    }
}

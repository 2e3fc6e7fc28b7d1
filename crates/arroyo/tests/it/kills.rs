//! Thirty kills at random moments: whatever they hit, the output is the one of an undisturbed run, each row once.
//!
//! `ARROYO_SEED=n` chooses other moments.

use std::time::Duration;

use crate::files::read_back;
use crate::process::{Finished, Running, lines_of};
use crate::resume::{Pipeline, SINGLE_FILE, undisturbed};

/// Kills of each scheduler.
const KILLS: u32 = 15;

/// Of those, what one pipeline may get, so that there are several.
const KILLS_OF_A_PIPELINE: u32 = 8;

/// At the most so many kills may hit a process that has not published a checkpoint yet.
const EARLY_KILLS_MAX: u32 = KILLS * 2 / 3;

/// Files of a few rows, so that many are begun, finished and committed.
const FILES: &str = "connector = 'filesystem', format = 'json', rolling_policy.file_size = 20000,
                     partitioning.time_pattern = 'second=%S'";

#[test]
fn fifteen_kills_leave_no_trace_embedded() {
    kill_often("embedded");
}

#[test]
fn fifteen_kills_leave_no_trace_process() {
    kill_often("process");
}

/// Pipelines of 3 s of input, one after the other, each resumed after every kill until it has finished, until there were
/// enough kills.
fn kill_often(scheduler: &'static str) {
    let seed = std::env::var("ARROYO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut killer = Killer { random: Random(seed), ..Killer::default() };
    let mut pipelines = 0;
    while killer.kills() < KILLS {
        let sink = [SINGLE_FILE, FILES][pipelines % 2];
        let pipeline = Pipeline::new(scheduler, 20_000, sink);
        let most = KILLS.min(killer.kills() + KILLS_OF_A_PIPELINE);
        let finished = killer.run_to_the_end(&pipeline, most);
        assert_eq!(finished.code, Some(0), "seed {seed}, {killer:?}: {}", finished.stderr);
        let rows = if sink == FILES {
            assert!(!pipeline.output().join("__in_progress").exists(), "what the killed runs left is gone");
            read_back(pipeline.home(), &pipeline.output(), "json")
        } else {
            lines_of(&pipeline.output())
        };
        assert!(rows == undisturbed(), "seed {seed}, {killer:?}: other rows; {}", finished.stderr);
        pipelines += 1;
        assert!(pipelines < 12, "seed {seed}: the pipelines end before anybody kills them: {killer:?}");
    }
    assert!(killer.early <= EARLY_KILLS_MAX, "seed {seed}: hardly any checkpoints were taken: {killer:?}");
    assert!(scheduler == "embedded" || (killer.workers > 0 && killer.runners > 0), "seed {seed}: {killer:?}");
}

/// Numbers of a seed.
#[derive(Debug, Default)]
struct Random(u64);

impl Random {
    /// Below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        // The generator "splitmix64".
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn millis(&mut self, bound: u64) -> Duration {
        Duration::from_millis(self.below(bound))
    }
}

/// Kills, and what it has killed.
#[derive(Debug, Default)]
struct Killer {
    random: Random,
    /// Whole runs.
    runners: u32,
    /// Single workers.
    workers: u32,
    /// Of those, when the process had not published a checkpoint.
    early: u32,
}

impl Killer {
    fn kills(&self) -> u32 {
        self.runners + self.workers
    }

    /// Runs the pipeline, and kills and resumes it until there were `most` kills in all, or it ends by itself.
    fn run_to_the_end(&mut self, pipeline: &Pipeline, most: u32) -> Finished {
        loop {
            let parallelism = u32::try_from(1 + self.random.below(3)).unwrap();
            let mut running = pipeline.start(parallelism);
            let before = pipeline.newest();
            loop {
                if self.kills() >= most || !self.wait_for_a_moment(pipeline, &mut running) {
                    return running.wait();
                }
                let early = u32::from(pipeline.newest() <= before);
                let workers = running.workers();
                if workers.is_empty() || self.random.below(2) == 0 {
                    if running.kill() {
                        self.runners += 1;
                        self.early += early;
                    }
                    break;
                }
                let victim = self.random.below(workers.len() as u64);
                let told = running.times_said("Recovering from a failure");
                if workers[usize::try_from(victim).unwrap()].kill() {
                    let recovers = |running: &mut Running| running.times_said("Recovering from a failure") > told;
                    // It may have been about to end anyway.
                    if running.runs_until(recovers) {
                        self.workers += 1;
                        self.early += early;
                    }
                }
            }
        }
    }

    /// Waits until the process starts, works, or has published a checkpoint, and a little longer; answers whether it still runs.
    fn wait_for_a_moment(&mut self, pipeline: &Pipeline, running: &mut Running) -> bool {
        match self.random.below(6) {
            // Somewhere in its start.
            0 => {}
            // While it works.
            1 => {
                if !running.runs_until(|running| running.times_said("Running") > 0) {
                    return false;
                }
            }
            // Around a checkpoint, its commit, and the compaction and collection that follow.
            _ => {
                let before = pipeline.newest();
                if !running.runs_until(|_| pipeline.newest() > before) {
                    return false;
                }
            }
        }
        running.runs_for(self.random.millis(250))
    }
}

//! A windowed pipeline into a file: whatever happens to the process, the file is the one of an undisturbed run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::process::{Finished, Running, arroyo, first_to_end, sorted_lines};

/// The options of a table in one file.
pub(crate) const SINGLE_FILE: &str = "connector = 'single_file', format = 'json'";

/// One query, one state directory, one output table.
pub(crate) struct Pipeline {
    home: tempfile::TempDir,
    scheduler: &'static str,
    rate: u32,
    /// The output table's options but its path.
    sink: &'static str,
}

impl Pipeline {
    pub(crate) fn new(scheduler: &'static str, rate: u32, sink: &'static str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), scheduler, rate, sink }
    }

    /// The home directory of its processes.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The path of the output table.
    pub(crate) fn output(&self) -> PathBuf {
        self.home.path().join("out")
    }

    /// Its state directory.
    pub(crate) fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    fn sql(&self) -> String {
        format!(
            "CREATE TABLE bids WITH (connector = 'nexmark', event_rate = {}, event_count = 60000,
                                     start_time = '2024-01-01T00:00:00Z');
             CREATE TABLE out WITH (path = '{}', type = 'sink', {});
             INSERT INTO out
             SELECT tumble(INTERVAL '100 milliseconds') AS window, bid.channel AS channel, count(*) AS bids,
                    sum(bid.price) AS total, count(DISTINCT bid.bidder) AS bidders
             FROM bids WHERE bid IS NOT NULL GROUP BY 1, 2;",
            self.rate,
            self.output().display(),
            self.sink
        )
    }

    fn command(&self, parallelism: u32) -> Command {
        let state = self.state();
        arroyo(
            self.home.path(),
            &[
                "run",
                "--execute",
                &self.sql(),
                "--state-dir",
                &state.to_string_lossy(),
                "--scheduler",
                self.scheduler,
                "--parallelism",
                &parallelism.to_string(),
                "--set",
                "default-checkpoint-interval=200ms",
                "--set",
                "pipeline.compaction.checkpoints-to-compact=2",
                "--set",
                "process-scheduler.slots-per-process=2",
                "--set",
                "pipeline.state-initial-backoff=20ms",
                "--set",
                "pipeline.state-max-backoff=200ms",
            ],
        )
    }

    pub(crate) fn start(&self, parallelism: u32) -> Running {
        Running::start(self.command(parallelism))
    }

    /// As [`Pipeline::start`], from an earlier checkpoint.
    pub(crate) fn start_at(&self, parallelism: u32, checkpoint: usize) -> Running {
        let mut command = self.command(parallelism);
        command.args(["--from-checkpoint", &checkpoint.to_string()]);
        Running::start(command)
    }

    pub(crate) fn finish(&self, parallelism: u32) -> Finished {
        let finished = self.start(parallelism).wait();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        finished
    }

    fn rows(&self) -> Vec<String> {
        sorted_lines(&std::fs::read_to_string(self.output()).unwrap())
    }

    /// Waits until the run has published `more` checkpoints.
    pub(crate) fn wait_for_checkpoints(&self, running: &mut Running, more: usize) {
        let before = self.newest();
        running.wait_until("a checkpoint", || self.newest() >= before + more);
    }

    /// The number of the last checkpoint; 0 before the first.
    pub(crate) fn newest(&self) -> usize {
        manifest_epochs(&self.state()).into_iter().max().unwrap_or(0)
    }
}

fn manifest_epochs(state: &Path) -> Vec<usize> {
    let jobs = std::fs::read_dir(state).into_iter().flatten().flatten();
    jobs.flat_map(|job| std::fs::read_dir(job.path().join("manifests")).into_iter().flatten().flatten())
        // Smaller ones are claims: the marks of new owners.
        .filter(|file| file.metadata().is_ok_and(|metadata| metadata.len() > 64))
        .filter_map(|file| file.path().file_stem()?.to_str()?.parse().ok())
        .collect()
}

pub(crate) fn undisturbed() -> Vec<String> {
    static ROWS: OnceLock<Vec<String>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let pipeline = Pipeline::new("embedded", 20_000, SINGLE_FILE);
        pipeline.finish(1);
        pipeline.rows()
    });
    assert!(rows.len() > 50, "{} rows", rows.len());
    rows.clone()
}

#[test]
fn kill_and_resume_with_another_parallelism_embedded() {
    kill_and_resume("embedded");
}

#[test]
fn kill_and_resume_with_another_parallelism_process() {
    kill_and_resume("process");
}

fn kill_and_resume(scheduler: &'static str) {
    let pipeline = Pipeline::new(scheduler, 20_000, SINGLE_FILE);
    for parallelism in [1, 3] {
        let mut running = pipeline.start(parallelism);
        pipeline.wait_for_checkpoints(&mut running, 2);
        running.kill();
    }
    pipeline.finish(2);
    assert_eq!(pipeline.rows(), undisturbed());
}

#[test]
fn stop_and_resume_embedded() {
    stop_and_resume("embedded");
}

#[test]
fn stop_and_resume_process() {
    stop_and_resume("process");
}

fn stop_and_resume(scheduler: &'static str) {
    let pipeline = Pipeline::new(scheduler, 20_000, SINGLE_FILE);
    for (parallelism, signal) in [(1, "INT"), (3, "TERM")] {
        let mut running = pipeline.start(parallelism);
        pipeline.wait_for_checkpoints(&mut running, 1);
        running.signal(signal);
        let finished = running.wait();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        assert!(finished.stderr.contains("--state-dir"), "says how to resume: {}", finished.stderr);
    }
    pipeline.finish(2);
    assert_eq!(pipeline.rows(), undisturbed());
}

/// In each round from where the last one got to.
#[test]
fn of_two_runners_that_start_at_once_one_is_refused() {
    for scheduler in ["embedded", "process"] {
        let pipeline = Pipeline::new(scheduler, 20_000, SINGLE_FILE);
        for parallelism in [1, 2, 3] {
            let (refused, mut running) = first_to_end([pipeline.start(1), pipeline.start(parallelism)]);
            assert_eq!(refused.code, Some(1), "{}", refused.stderr);
            assert!(refused.stderr.contains(" is in use by "), "{}", refused.stderr);
            pipeline.wait_for_checkpoints(&mut running, 1);
            running.kill();
        }
        pipeline.finish(2);
        assert_eq!(pipeline.rows(), undisturbed(), "{scheduler}");
    }
}

#[test]
fn a_damaged_metadata_database_is_replaced_by_its_backup() {
    let pipeline = Pipeline::new("embedded", 20_000, SINGLE_FILE);
    let mut running = pipeline.start(1);
    pipeline.wait_for_checkpoints(&mut running, 1);
    running.signal("INT");
    assert_eq!(running.wait().code, Some(0));
    // The write-ahead log alone would mend the database: it goes, too.
    for log in ["state.sqlite-wal", "state.sqlite-shm"] {
        let _ = std::fs::remove_file(pipeline.state().join(log));
    }
    std::fs::write(pipeline.state().join("state.sqlite"), "no database at all").unwrap();
    let finished = pipeline.finish(1);
    assert!(finished.stderr.contains("its last backup is used"), "{}", finished.stderr);
    assert_eq!(pipeline.rows(), undisturbed());
}

#[test]
fn a_second_signal_stops_at_once_embedded() {
    a_second_signal_stops_at_once("embedded");
}

#[test]
fn a_second_signal_stops_at_once_process() {
    a_second_signal_stops_at_once("process");
}

fn a_second_signal_stops_at_once(scheduler: &str) {
    let home = tempfile::tempdir().unwrap();
    // A sink that nobody reads from holds the final checkpoint up for ever.
    let sql = "CREATE TABLE n WITH (connector = 'nexmark'); SELECT * FROM n";
    let mut running = Running::start_unread(arroyo(home.path(), &["run", "--execute", sql, "--scheduler", scheduler]));
    running.wait_for_stderr("Running.");
    running.signal("INT");
    running.wait_for_stderr("Stopping with a final checkpoint");
    assert_eq!(running.signal_until_end("INT"), Some(128));
}

#[test]
fn signals_that_come_together_are_one() {
    let pipeline = Pipeline::new("embedded", 20_000, SINGLE_FILE);
    let mut running = pipeline.start(1);
    pipeline.wait_for_checkpoints(&mut running, 1);
    running.signal_twice("INT");
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(!finished.stderr.contains("at once after"), "{}", finished.stderr);
}

#[test]
fn every_step_of_the_start_is_logged_in_order() {
    let home = tempfile::tempdir().unwrap();
    let sql =
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 1); SELECT counter FROM t";
    let mut command = arroyo(home.path(), &["run", "--execute", sql]);
    command.env("RUST_LOG", "arroyo=debug");
    let finished = Running::start(command).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let logged = finished.stderr.lines().filter(|line| line.contains("step of the local cluster"));
    let steps: Vec<&str> = logged
        .map(|line| {
            assert!(line.contains("elapsed_ms="), "{line}");
            line.split("step=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or(line)
        })
        .collect();
    let expected = [
        "resolve_state_dir",
        "maybe_local_db",
        "override_configuration",
        "init_connection",
        "start_controller",
        "start_api",
        "api_client",
        "start_backups",
        "submit",
    ];
    assert_eq!(steps, expected);
}

#[test]
fn an_earlier_checkpoint_is_gone_back_to_and_kept() {
    let pipeline = Pipeline::new("embedded", 20_000, SINGLE_FILE);
    let mut running = pipeline.start(2);
    pipeline.wait_for_checkpoints(&mut running, 3);
    running.kill();
    let kept = manifest_epochs(&pipeline.state()).into_iter().min().unwrap();
    let finished = pipeline.start_at(1, kept).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(pipeline.rows(), undisturbed());
    let savepoint = format!("savepoints/{kept}.json");
    let jobs = std::fs::read_dir(pipeline.state()).unwrap().flatten();
    assert_eq!(jobs.filter(|job| job.path().join(&savepoint).is_file()).count(), 1);

    let refused = pipeline.start_at(1, 99999).wait();
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains("there is no checkpoint of epoch 99999"), "{}", refused.stderr);
}

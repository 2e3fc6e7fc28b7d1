//! A windowed pipeline into a directory of files: whatever happens to the process, the files hold the rows of an undisturbed
//! run, and none is ever seen half.

use std::path::{Path, PathBuf};

use crate::process::{Running, run};
use crate::resume::{Pipeline, undisturbed};

/// The visible files below a directory.
pub(crate) fn visible(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name() == "__in_progress" {
            continue;
        } else if path.is_dir() {
            files.extend(visible(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Every visible file is whole.
fn check_visible(directory: &Path) {
    for file in visible(directory) {
        let content = std::fs::read(&file).unwrap();
        let whole = match file.extension().and_then(|extension| extension.to_str()) {
            Some("parquet") => content.len() > 12 && content.starts_with(b"PAR1") && content.ends_with(b"PAR1"),
            _ => {
                let text = String::from_utf8(content).unwrap();
                text.ends_with('\n') && text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
            }
        };
        assert!(whole, "{} is not whole", file.display());
    }
}

/// The rows of all files as the source of the same connector reads them, as JSON.
pub(crate) fn read_back(home: &Path, directory: &Path, format: &str) -> Vec<String> {
    let sql = format!(
        "CREATE TABLE written (\"window\" STRUCT<\"start\" TIMESTAMP, \"end\" TIMESTAMP>, channel TEXT, bids BIGINT,
                               total BIGINT, bidders BIGINT)
         WITH (connector = 'filesystem', type = 'source', path = '{}/**/*.{format}', format = '{format}');
         SELECT * FROM written;",
        directory.display()
    );
    let finished = run(home, &["run", "--execute", &sql]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    finished.rows()
}

fn killed_at_random(scheduler: &'static str, format: &'static str, sink: &'static str) {
    let pipeline = Pipeline::new(scheduler, 20_000, sink);
    let output = pipeline.output();
    for (parallelism, checkpoints, rows) in [(1, 1, 0), (3, 2, 1), (2, 1, 2)] {
        let mut running: Running = pipeline.start(parallelism);
        pipeline.wait_for_checkpoints(&mut running, checkpoints);
        // Not always at the same distance from a barrier.
        let more = visible(&output).len() + rows;
        running.wait_until("files", || {
            check_visible(&output);
            visible(&output).len() >= more
        });
        running.kill();
        check_visible(&output);
    }
    pipeline.finish(2);
    check_visible(&output);
    assert!(visible(&output).len() > 3, "{:?}", visible(&output));
    assert!(!output.join("__in_progress").exists(), "what the killed runs left is gone");
    assert_eq!(read_back(pipeline.home(), &output, format), undisturbed());
}

#[test]
fn json_files_survive_kills_embedded() {
    let sink = "connector = 'filesystem', format = 'json', rolling_policy.file_size = 200000,
                partitioning.time_pattern = 'second=%S'";
    killed_at_random("embedded", "json", sink);
}

#[test]
fn parquet_files_survive_kills_process() {
    let sink = "connector = 'filesystem', format = 'parquet', rolling_policy.interval = INTERVAL '300 milliseconds',
                partitioning.time_pattern = '%H/%M/second=%S'";
    killed_at_random("process", "parquet", sink);
}

#[test]
fn files_that_are_never_rolled_go_on_through_kills_and_appear_at_the_end() {
    let pipeline = Pipeline::new("embedded", 20_000, "connector = 'filesystem', format = 'parquet'");
    for parallelism in [1, 3, 2] {
        let mut running = pipeline.start(parallelism);
        pipeline.wait_for_checkpoints(&mut running, 1);
        running.kill();
        assert!(visible(&pipeline.output()).is_empty());
    }
    pipeline.finish(1);
    assert_eq!(read_back(pipeline.home(), &pipeline.output(), "parquet"), undisturbed());
}

#[test]
fn an_earlier_checkpoint_is_gone_back_to_although_its_open_files_are_complete() {
    let sink = "connector = 'filesystem', format = 'json', rolling_policy.file_size = 20000";
    let pipeline = Pipeline::new("embedded", 20_000, sink);
    let output = pipeline.output();
    let mut running = pipeline.start(2);
    pipeline.wait_for_checkpoints(&mut running, 1);
    let first = pipeline.newest();
    // Kept by going back to it; the files that are open then are completed after it.
    running.kill();
    let mut running = pipeline.start_at(1, first);
    let more = visible(&output).len() + 3;
    running.wait_until("files", || visible(&output).len() >= more);
    running.kill();
    let before = visible(&output).len();
    let finished = pipeline.start_at(2, first).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    check_visible(&output);
    assert!(visible(&output).len() > before);
    let rows = read_back(pipeline.home(), &output, "json");
    let mut once = rows.clone();
    once.dedup();
    assert_eq!(once, undisturbed(), "every row is there");
    let repeated = rows.len() - once.len();
    assert!(repeated > 0 && rows.chunk_by(|a, b| a == b).all(|same| same.len() <= 2), "{repeated} rows are repeated");
    assert!(!output.join("__in_progress").exists());
}

//! Every case in `sql/`: run whole, then with checkpoints, kills and restores at other parallelisms; the same rows each time.
//!
//! A case is `sql/AREA/NAME.sql` with its answer in `sql/AREA/NAME.ndjson`. Before it come the tables that all cases share
//! (`sql/tables.sql`) and those of its area (`sql/AREA/tables.sql`, if it has some). It writes to `out`, which takes rows, or to
//! `changes`, which takes a changelog: then the answer is what is left when all changes are applied.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arroyo_testing::{Ending, Stage, run_sql};
use serde_json::Value;

/// The tests of an area: one for each case, and one that finds cases which are not listed.
macro_rules! cases {
    ($area:literal: $($name:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::golden_sql::check($area, stringify!($name)).await;
            }
        )*

        #[test]
        fn every_file_is_a_case() {
            crate::golden_sql::check_listed($area, &[$(stringify!($name)),*]);
        }
    };
}

mod basics;
mod changelogs;
mod changelogs_batch;
mod emit;
mod grouping;
mod joins;
mod joins_batch;
mod lookups;
mod lookups_batch;
mod matches;
mod over;
mod sessions;
mod windows;
mod windows_batch;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sql")
}

fn check_listed(area: &str, listed: &[&str]) {
    for entry in std::fs::read_dir(folder().join(area)).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|extension| extension == "sql") && stem != "tables" {
            assert!(listed.contains(&stem), "{stem}.sql is not listed");
        }
    }
}

/// The case's SQL with the tables before it, reading the shipped data and writing to `out`.
fn script(area: &str, name: &str, out: &Path, one_row_per_checkpoint: bool) -> String {
    let control = if one_row_per_checkpoint { ", wait_for_control = true" } else { "" };
    let of_area = std::fs::read_to_string(folder().join(area).join("tables.sql")).unwrap_or_default();
    let read = |file: PathBuf| std::fs::read_to_string(folder().join(file)).unwrap();
    (read("tables.sql".into()) + &of_area + &read(Path::new(area).join(format!("{name}.sql"))))
        .replace("$data", &folder().to_string_lossy())
        .replace("$out", &out.to_string_lossy())
        .replace("$control", control)
}

/// The rows that were written, in order of their text; those that are left where changes were written.
fn rows(out: &Path) -> String {
    let text = std::fs::read_to_string(out).unwrap_or_default();
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for line in text.lines() {
        let change: Option<BTreeMap<String, Value>> = serde_json::from_str(line).ok();
        match change.filter(|change| change.contains_key("op") && change.contains_key("after")) {
            Some(change) => {
                for (side, sign) in [("before", -1), ("after", 1)] {
                    if let Some(row) = change.get(side).filter(|row| !row.is_null()) {
                        *counts.entry(row.to_string()).or_default() += sign;
                    }
                }
            }
            None => *counts.entry(line.to_string()).or_default() += 1,
        }
    }
    let lines = counts.into_iter().flat_map(|(row, count)| {
        assert!(count >= 0, "{row} was retracted more often than inserted");
        std::iter::repeat_n(row + "\n", usize::try_from(count).unwrap())
    });
    lines.collect()
}

async fn check(area: &str, name: &str) {
    let temp = tempfile::tempdir().unwrap();
    let stage = |parallelism, ending| Stage { parallelism, ending };

    let whole = temp.path().join("whole");
    run_sql(&script(area, name, &whole, false), &[stage(1, Ending::EndOfInput)]).await.unwrap();
    let actual = rows(&whole);
    let golden = folder().join(area).join(format!("{name}.ndjson"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(actual, expected, "{name} differs from {}", golden.display());

    let parallel = temp.path().join("parallel");
    run_sql(&script(area, name, &parallel, false), &[stage(3, Ending::EndOfInput)]).await.unwrap();
    assert_eq!(rows(&parallel), expected, "{name} at parallelism 3");

    let resumed = temp.path().join("resumed");
    let stages = [
        stage(1, Ending::Kill(9)),
        stage(3, Ending::StopWithCheckpoint(11)),
        stage(2, Ending::Kill(5)),
        stage(2, Ending::EndOfInputWithCheckpoints),
    ];
    let report = run_sql(&script(area, name, &resumed, true), &stages).await.unwrap();
    assert!(report.checkpoints > 25 && report.restores == 3, "{name}: {report:?}");
    assert_eq!(rows(&resumed), expected, "{name} with checkpoints and restores");
}

//! Every case in `sql/`: run whole, then with checkpoints, kills and restores at other parallelisms; the same rows each time.

use std::path::{Path, PathBuf};

use arroyo_testing::{Ending, Stage, run_sql};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sql")
}

/// The case's SQL with the tables before it, reading the shipped data and writing to `out`.
fn script(name: &str, out: &Path, one_row_per_checkpoint: bool) -> String {
    let read = |file: String| std::fs::read_to_string(folder().join(file)).unwrap();
    let control = if one_row_per_checkpoint { ", wait_for_control = true" } else { "" };
    (read("tables.sql".into()) + &read(format!("{name}.sql")))
        .replace("$data", &folder().to_string_lossy())
        .replace("$out", &out.to_string_lossy())
        .replace("$control", control)
}

fn rows(out: &Path) -> String {
    let text = std::fs::read_to_string(out).unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

async fn check(name: &str) {
    let temp = tempfile::tempdir().unwrap();
    let stage = |parallelism, ending| Stage { parallelism, ending };

    let whole = temp.path().join("whole");
    run_sql(&script(name, &whole, false), &[stage(1, Ending::EndOfInput)]).await.unwrap();
    let actual = rows(&whole);
    let golden = folder().join(format!("{name}.ndjson"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(actual, expected, "{name} differs from {}", golden.display());

    let parallel = temp.path().join("parallel");
    run_sql(&script(name, &parallel, false), &[stage(3, Ending::EndOfInput)]).await.unwrap();
    assert_eq!(rows(&parallel), expected, "{name} at parallelism 3");

    let resumed = temp.path().join("resumed");
    let stages = [
        stage(1, Ending::Kill(9)),
        stage(3, Ending::StopWithCheckpoint(11)),
        stage(2, Ending::Kill(5)),
        stage(2, Ending::EndOfInputWithCheckpoints),
    ];
    let report = run_sql(&script(name, &resumed, true), &stages).await.unwrap();
    assert!(report.checkpoints > 25 && report.restores == 3, "{name}: {report:?}");
    assert_eq!(rows(&resumed), expected, "{name} with checkpoints and restores");
}

macro_rules! cases {
    ($($name:ident)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                check(stringify!($name)).await;
            }
        )+

        #[test]
        fn every_file_is_a_case() {
            let listed = [$(stringify!($name)),+];
            for entry in std::fs::read_dir(folder()).unwrap() {
                let path = entry.unwrap().path();
                let stem = path.file_stem().unwrap().to_str().unwrap();
                if path.extension().is_some_and(|extension| extension == "sql") && stem != "tables" {
                    assert!(listed.contains(&stem), "{stem}.sql is not listed");
                }
            }
        }
    };
}

cases! {
    booleans
    case_when
    casts
    create_table_as
    cte
    decimals
    filter
    filter_in_source
    filter_null_is_not_true
    generated_column
    hashes
    hop_distinct
    hop_global
    hop_keyed
    hop_width_not_a_multiple
    inserts_merge
    is_null
    json_column_passes_through
    json_get
    json_path
    lists
    math
    memory_table
    project
    regex
    regroup_by_window_column
    row_time
    session_averages
    session_global
    session_keyed
    strings
    struct_fields
    subquery
    time_functions
    tumble_approximate
    tumble_averages
    tumble_bounds
    tumble_correlation
    tumble_decimal
    tumble_distinct
    tumble_expressions
    tumble_filter_clause
    tumble_first_last
    tumble_global
    tumble_having
    tumble_keyed
    tumble_logic
    tumble_min_max_text
    tumble_ordered_arrays
    tumble_two_keys_one_nullable
    tumble_without_window_column
    union_all
    union_of_two_sources
    unnest
    unnest_then_window
    view
    view_read_twice
    window_nothing_matches
    window_of_a_view
    window_over_window
    windows_of_a_union
}

//! `LIMIT` over sources that never end.

use crate::process::run;

/// Runs the query at parallelism 3 until it ends by itself; the number of its rows.
fn rows_of(scheduler: &str, more: &[&str], query: &str) -> usize {
    let home = tempfile::tempdir().unwrap();
    let sql = format!("CREATE TABLE t WITH (connector = 'impulse', event_rate = 3000);\n{query}");
    let args = [&["run", "-p", "3", "--scheduler", scheduler, "-e", &sql], more].concat();
    let ran = run(home.path(), &args);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("Finished in "), "{}", ran.stderr);
    ran.stdout.lines().count()
}

#[test]
fn an_endless_query_ends_when_it_has_its_rows() {
    let query = "SELECT counter, subtask_index FROM t WHERE counter % 2 = 0 LIMIT 7;";
    assert_eq!(rows_of("embedded", &[], query), 7);
    assert_eq!(rows_of("process", &[], query), 7);
}

#[test]
fn workers_elsewhere_end_as_well() {
    let slots = ["--set", "process-scheduler.slots-per-process=1"];
    assert_eq!(rows_of("process", &slots, "SELECT counter FROM t LIMIT 7 OFFSET 2;"), 7);
    let windows = "SELECT n FROM (
        SELECT tumble(INTERVAL '50 milliseconds') AS w, counter % 5 AS k, count(*) AS n FROM t GROUP BY 1, 2
    ) AS c LIMIT 4;";
    assert_eq!(rows_of("process", &slots, windows), 4);
}

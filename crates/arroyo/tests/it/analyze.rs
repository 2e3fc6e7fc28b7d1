//! `EXPLAIN ANALYZE`.

use crate::cluster::{Cluster, Database};
use crate::process::{Running, arroyo, run};

const TABLE: &str = "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000000, message_count = 5000,
    event_time_interval = INTERVAL '1 millisecond');
";

const FILTER: &str = "EXPLAIN ANALYZE SELECT counter + 1 AS n FROM t WHERE counter % 4 = 0;";

const WINDOWS: &str = "EXPLAIN ANALYZE
SELECT tumble(INTERVAL '1 second') AS w, counter % 4 AS k, count(*) AS n FROM t GROUP BY 1, 2;";

/// The table without what differs from run to run: rates, work, memory, and how long tasks were blocked.
fn steady(table: &str) -> String {
    let Some((header, rest)) = table.split_once('\n') else { panic!("no table: {table}") };
    let (rate, skew) = (header.find("rows/s").unwrap(), header.find("skew").unwrap());
    let lines = rest.lines().map(|line| {
        let letters: Vec<char> = line.chars().collect();
        let part = |from: usize, to: usize| letters.iter().skip(from).take(to - from).collect::<String>();
        let tree = part(skew, letters.len());
        let tree = tree.split(" · ").next().unwrap_or_default();
        format!("{}| {tree}", part(0, rate - 2)).trim_end().to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn analyzed(scheduler: &str, query: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let sql = format!("{TABLE}{query}");
    let ran = run(home.path(), &["run", "-p", "2", "--scheduler", scheduler, "-e", &sql]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("Finished in") && ran.stderr.contains("10000 rows in, "), "{}", ran.stderr);
    assert!(!home.path().join("checkpoints").exists(), "it leaves a state directory behind");
    ran.stdout
}

#[test]
fn figures_of_a_finished_query_are_exact() {
    let embedded = steady(&analyzed("embedded", FILTER));
    insta::assert_snapshot!(embedded);
    assert_eq!(steady(&analyzed("process", FILTER)), embedded);
}

#[test]
fn work_memory_and_skew_are_shown() {
    let table = analyzed("embedded", WINDOWS);
    let line = |text: &str| table.lines().find(|line| line.contains(text)).unwrap_or_default();
    assert!(line("window_aggregate: ").contains("B  1.0×") && line("window_aggregate: ").contains('%'), "{table}");
    assert!(line("source: ").trim().starts_with("10000     10000"), "{table}");
    assert!(table.contains("◀ shuffle by counter % 4"), "{table}");
}

#[test]
fn an_endless_query_is_analyzed_until_ctrl_c() {
    let home = tempfile::tempdir().unwrap();
    let sql = format!("{TABLE}{WINDOWS}").replace("message_count = 5000,", "").replace("1000000", "1000");
    let mut running = Running::start(arroyo(home.path(), &["run", "-e", &sql]));
    running.wait_for_stderr("Running.");
    running.signal("INT");
    let stopped = running.wait();
    assert_eq!(stopped.code, Some(0), "{}", stopped.stderr);
    assert!(stopped.stdout.starts_with("rows in") && stopped.stdout.contains("source: "), "{}", stopped.stdout);
    assert!(stopped.stderr.contains("Stopped after") && !stopped.stderr.contains("Resume with"), "{}", stopped.stderr);
}

#[test]
fn a_query_is_analyzed_in_another_cluster() {
    let home = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(home.path(), Database::Sqlite);
    let ran = run(home.path(), &["run", "--endpoint", cluster.endpoint(), "-e", &format!("{TABLE}{WINDOWS}")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let source = ran.stdout.lines().find(|line| line.contains("source: ")).unwrap_or_default();
    assert!(source.split_whitespace().next() == Some("5000"), "{}", ran.stdout);
}

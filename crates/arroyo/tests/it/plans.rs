//! `check`, `explain`, `visualize`.

use crate::process::{run, run_with_stdin};

const QUERY: &str = "CREATE TABLE ticks (counter BIGINT) WITH (connector = 'impulse', event_rate = 10);
SELECT counter * 2 AS twice FROM ticks WHERE counter > 3;";

#[test]
fn check_accepts_and_rejects() {
    let home = tempfile::tempdir().unwrap();
    let good = run(home.path(), &["check", "examples/earthquakes.sql"]);
    assert_eq!((good.code, good.stdout.as_str()), (Some(0), ""), "{}", good.stderr);
    let bad = run_with_stdin(home.path(), &["check", "-"], "SELECT * FROM nowhere");
    assert_eq!(bad.code, Some(1));
    assert!(bad.stderr.contains("nowhere") && bad.stderr.contains("<stdin>:1:15"), "{}", bad.stderr);
}

#[test]
fn explain_shows_three_plans_and_drawings() {
    let home = tempfile::tempdir().unwrap();
    let tree = run(home.path(), &["explain", "-e", QUERY]);
    assert_eq!(tree.code, Some(0), "{}", tree.stderr);
    for part in ["Logical plan", "Streaming plan", "Physical plan"] {
        assert!(tree.stdout.contains(part), "{}", tree.stdout);
    }
    let dot = run(home.path(), &["explain", "-e", QUERY, "--format", "dot"]);
    assert!(dot.stdout.starts_with("digraph"), "{}", dot.stdout);
    let mermaid = run(home.path(), &["explain", "-e", QUERY, "--format", "mermaid"]);
    assert!(mermaid.stdout.starts_with("flowchart"), "{}", mermaid.stdout);
    let visualized = run_with_stdin(home.path(), &["visualize"], QUERY);
    assert!(visualized.stdout.starts_with("digraph"), "{}", visualized.stdout);
}

#[test]
fn questions_are_answered_and_the_rest_runs() {
    let home = tempfile::tempdir().unwrap();
    let table = "CREATE TABLE t (n BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'filesystem', path = :path, type = 'source', format = 'json');";
    let sql = format!("{table} SHOW TABLES; DESCRIBE t; EXPLAIN SELECT n FROM t;");
    let asked = run(home.path(), &["check", "-e", &sql, "--param", "path=/nowhere"]);
    assert_eq!(asked.code, Some(0), "{}", asked.stderr);
    for part in ["t      source  filesystem", "WATERMARK FOR at", "Physical plan"] {
        assert!(asked.stdout.contains(part), "{}", asked.stdout);
    }
    std::fs::write(home.path().join("t.json"), "{\"n\": 7, \"at\": \"2024-01-01T00:00:00Z\"}\n").unwrap();
    let sql = format!("{table} DESCRIBE t; SELECT n FROM t WHERE n > :least;");
    let path = format!("path={}", home.path().join("t.json").display());
    let ran = run(home.path(), &["run", "-e", &sql, "--param", &path, "--param", "least=3"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("t: source, filesystem\n") && ran.stdout.contains("{\"n\":7}"), "{}", ran.stdout);
    let missing = run(home.path(), &["check", "-e", &sql]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("the parameter `:least` has no value"), "{}", missing.stderr);
}

#[test]
fn state_that_is_never_forgotten_is_warned_of_wherever_a_query_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let sql = "SET updating_ttl = INTERVAL '0 seconds';
CREATE TABLE t WITH (connector = 'impulse', event_rate = 1000, message_count = 3);
SELECT counter, count(*) AS n FROM t GROUP BY counter;";
    for command in [["check", "-e", sql], ["explain", "-e", sql], ["run", "-e", sql]] {
        let shown = run(home.path(), &command);
        assert_eq!(shown.code, Some(0), "{}", shown.stderr);
        for part in ["warning[SQL252]: the aggregate by counter: count(*) never forgets a group", "SET updating_ttl"] {
            assert!(shown.stderr.contains(part), "{}: {}", command[0], shown.stderr);
        }
    }
}

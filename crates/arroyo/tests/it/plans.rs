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

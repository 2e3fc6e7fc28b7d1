//! Every example that ends runs as the README shows it, with the answer that was checked by hand and kept.

use std::path::Path;

use crate::process::{Running, arroyo, repository, run};

fn check(name: &str) {
    let home = tempfile::tempdir().unwrap();
    let path = format!("examples/{name}.sql");
    for parallelism in ["1", "3"] {
        let finished = run(home.path(), &["run", &path, "--parallelism", parallelism]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let golden = repository().join("crates/arroyo/tests/it/examples").join(format!("{name}.ndjson"));
        compare(&golden, &finished.rows());
        assert!(finished.stderr.trim_end().ends_with(" rows out."), "{}", finished.stderr);
    }
}

fn compare(golden: &Path, rows: &[String]) {
    let actual = rows.join("\n") + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(actual, expected, "differs from {}", golden.display());
}

#[test]
fn earthquakes() {
    check("earthquakes");
}

#[test]
fn flight_delays() {
    check("flight-delays");
}

#[test]
fn flight_bursts() {
    check("flight-bursts");
}

#[test]
fn weather() {
    check("weather");
}

#[test]
fn the_endless_example_gives_rows_and_stops_when_asked_to() {
    let home = tempfile::tempdir().unwrap();
    let mut running = Running::start(arroyo(home.path(), &["run", "examples/nexmark-q5.sql"]));
    assert!(running.next_row().contains("\"auction\""));
    running.signal("INT");
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let home = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE events WITH (connector = 'nexmark', event_rate = 1000);
               SELECT bid.price AS price FROM events WHERE bid IS NOT NULL;";
    let mut running =
        Running::start(arroyo(home.path(), &["run", "--execute", sql, "--set", "default-checkpoint-interval=1s"]));
    running.next_row();
    running.close_stdout();
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let after: Vec<&str> = finished.stderr.lines().skip_while(|line| *line != "Running.").skip(1).collect();
    assert!(after.is_empty(), "{}", finished.stderr);
    assert!(!finished.stderr.contains("WARN"), "{}", finished.stderr);
}

//! Every example that ends runs as the README shows it, with the answer that was checked by hand and kept.

use std::path::Path;

use crate::process::{repository, run};

fn check(name: &str) {
    let home = tempfile::tempdir().unwrap();
    let path = format!("examples/{name}.sql");
    for parallelism in ["1", "3"] {
        let finished = run(home.path(), &["run", &path, "--parallelism", parallelism]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let golden = repository().join("crates/arroyo/tests/it/examples").join(format!("{name}.ndjson"));
        compare(&golden, &finished.rows());
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
fn the_endless_example_gives_rows_and_stops_quietly_when_its_reader_goes_away() {
    let home = tempfile::tempdir().unwrap();
    let mut running =
        crate::process::Running::start(crate::process::arroyo(home.path(), &["run", "examples/nexmark-q5.sql"]));
    assert!(running.next_row().contains("\"auction\""));
    running.signal("INT");
    let finished = running.wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

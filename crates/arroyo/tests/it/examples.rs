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
fn flight_destinations() {
    check("flight-destinations");
}

#[test]
fn weather() {
    check("weather");
}

/// The files of the archive, read back, hold every earthquake of the data in the directory of its day and network.
#[test]
fn earthquake_archive() {
    let home = tempfile::tempdir().unwrap();
    let archive = home.path().join("archive").display().to_string();
    let path = repository().join("examples/earthquake-archive.sql");
    let written = std::fs::read_to_string(path).unwrap().replace("target/earthquakes", &archive);
    let query = home.path().join("archive.sql");
    std::fs::write(&query, written).unwrap();
    let finished = run(home.path(), &["run", &query.to_string_lossy(), "--parallelism", "2"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let read = format!(
        "CREATE TABLE archive (happened_at TIMESTAMP, network TEXT, id TEXT, file TEXT METADATA FROM 'filename')
         WITH (connector = 'filesystem', type = 'source', path = '{archive}', format = 'parquet');
         SELECT id, arrow_cast(happened_at, 'Utf8') AS at, network, file FROM archive;"
    );
    let rows = run(home.path(), &["run", "--execute", &read]).rows();
    let data = std::fs::read_to_string(repository().join("examples/data/earthquakes.ndjson")).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let mut expected: Vec<String> = data
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|record| record["properties"]["type"] == "earthquake")
        .map(|record| text(&record["id"]))
        .collect();
    expected.sort();
    let mut found = Vec::new();
    for row in rows {
        let row: serde_json::Value = serde_json::from_str(&row).unwrap();
        let day = text(&row["at"]);
        let directory = format!("day={}/network={}/", day.get(..10).unwrap(), text(&row["network"]));
        assert!(text(&row["file"]).starts_with(&directory), "{row}");
        found.push(text(&row["id"]));
    }
    found.sort();
    assert_eq!(found, expected);
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

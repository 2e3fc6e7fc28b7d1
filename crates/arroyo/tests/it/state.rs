//! `arroyo state`: looking at state, and taking it to a cluster and back.

use std::path::{Path, PathBuf};

use arroyo_storage::testing::S3Server;

use crate::cluster::{Cluster, Database};
use crate::process::{Finished, Running, arroyo, run, sorted_lines};

/// A windowed pipeline into one file.
fn sql(home: &Path) -> String {
    format!(
        "CREATE TABLE bids WITH (connector = 'nexmark', event_rate = 20000, event_count = 80000,
                                 start_time = '2024-01-01T00:00:00Z');
         CREATE TABLE out WITH (connector = 'single_file', path = '{}', format = 'json', type = 'sink');
         INSERT INTO out
         SELECT tumble(INTERVAL '100 milliseconds') AS window, bid.channel AS channel, count(*) AS n
         FROM bids WHERE bid IS NOT NULL GROUP BY 1, 2;",
        home.join("out.ndjson").display()
    )
}

fn start(home: &Path, state: &Path) -> Running {
    start_in(home, &state.to_string_lossy(), None)
}

/// With a state directory that may be in a bucket of `server`.
fn start_in(home: &Path, state: &str, server: Option<&S3Server>) -> Running {
    let sql = sql(home);
    let args = ["run", "-e", &sql, "--state-dir", state, "--set", "default-checkpoint-interval=100ms"];
    let mut command = arroyo(home, &args);
    command.envs(server.map(S3Server::environment).into_iter().flatten());
    Running::start(command)
}

/// A state directory of a run that was stopped midway.
fn stopped_midway(home: &Path) -> PathBuf {
    let state = home.join("state");
    stop_midway(home, start(home, &state));
    state
}

fn stop_midway(home: &Path, mut running: Running) {
    let output = home.join("out.ndjson");
    running.wait_until("some output", || std::fs::metadata(&output).is_ok_and(|output| output.len() > 0));
    running.signal("INT");
    let stopped = running.wait();
    assert!(stopped.code == Some(0) && stopped.stderr.contains("Stopped after"), "{}", stopped.stderr);
}

fn state_command(home: &Path, args: &[&str]) -> Finished {
    let mut all = vec!["state"];
    all.extend(args);
    run(home, &all)
}

fn files_below(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn what_a_directory_holds_is_listed_inspected_and_queried() {
    let home = tempfile::tempdir().unwrap();
    let dir = stopped_midway(home.path());
    let dir = dir.to_string_lossy();
    let text = state_command(home.path(), &["list", &dir]);
    assert!(text.code == Some(0) && text.stdout.contains(" · final · "), "{}{}", text.stdout, text.stderr);
    let listed: serde_json::Value =
        serde_json::from_str(&state_command(home.path(), &["list", &dir, "--output", "json"]).stdout).unwrap();
    let newest = listed[0]["checkpoints"].as_array().unwrap().last().unwrap();
    assert_eq!((&newest["final"], newest["operators"].as_u64().unwrap() > 3), (&true.into(), true), "{listed:#}");

    let inspected: serde_json::Value =
        serde_json::from_str(&state_command(home.path(), &["inspect", &dir, "--output", "json"]).stdout).unwrap();
    let operators = inspected[0]["operators"].as_array().unwrap();
    let aggregate = operators.iter().find(|operator| operator["name"] == "window_aggregate").unwrap();
    let panes = &aggregate["tables"][0];
    assert!(panes["rows"].as_u64().unwrap() > 0 && panes["keys"][0].is_string(), "{aggregate:#}");
    let text = state_command(home.path(), &["inspect", &dir]).stdout;
    assert!(text.contains("window_aggregate") || text.contains("count(*)"), "{text}");

    let table = format!("{}.{}", aggregate["operator_id"].as_str().unwrap(), panes["table"].as_str().unwrap());
    let counted = state_command(home.path(), &["query", &dir, &table, "SELECT count(*) > 0 AS some FROM state"]);
    insta::assert_snapshot!(counted.stdout + &counted.stderr, @"
    +------+
    | some |
    +------+
    | true |
    +------+
    ");
    let by_description =
        state_command(home.path(), &["query", &dir, "count(*).panes", "SELECT count(*) > 0 AS some FROM state"]);
    assert_eq!(by_description.code, Some(0), "{}", by_description.stderr);
    let wrong = state_command(home.path(), &["query", &dir, "nothing.like.this"]);
    assert_eq!(wrong.code, Some(1));
    assert!(
        wrong.stderr.contains("there is no table `nothing.like.this`") && wrong.stderr.contains(&table),
        "{}",
        wrong.stderr
    );
    let wrong = state_command(home.path(), &["query", &dir, &table, "SELECT nope FROM state"]);
    assert!(wrong.code == Some(1) && wrong.stderr.contains("nope"), "{}", wrong.stderr);
    let wrong = state_command(home.path(), &["query", &dir, &table, "SELEC 1"]);
    insta::assert_snapshot!(wrong.stderr, @"error: the query cannot be planned: sql parser error: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1");
}

#[test]
fn every_damaged_file_is_found() {
    let home = tempfile::tempdir().unwrap();
    let dir = stopped_midway(home.path());
    let shown = dir.to_string_lossy();
    let good = state_command(home.path(), &["verify", &shown]);
    assert!(good.code == Some(0) && good.stdout.contains(": good ("), "{}{}", good.stdout, good.stderr);
    let newest = files_below(&dir, "parquet").pop().unwrap();
    let mut bytes = std::fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&newest, bytes).unwrap();
    let bad = state_command(home.path(), &["verify", &shown]);
    assert_eq!(bad.code, Some(1), "{}", bad.stdout);
    assert!(bad.stdout.contains(&format!("{}: its checksum is ", newest.display())), "{}", bad.stdout);
    std::fs::remove_file(&newest).unwrap();
    let bad = state_command(home.path(), &["verify", &shown]);
    assert!(bad.code == Some(1) && bad.stdout.contains("it does not exist"), "{}", bad.stdout);
    let mut manifests = files_below(&dir, "json").into_iter().filter(|file| {
        file.ends_with("manifests") || file.parent().is_some_and(|parent| parent.ends_with("manifests"))
    });
    std::fs::write(manifests.next().unwrap(), "{").unwrap();
    let bad = state_command(home.path(), &["verify", &shown]);
    assert!(bad.code == Some(1) && bad.stdout.matches(": damaged").count() >= 1, "{}", bad.stdout);
}

#[test]
fn a_directory_without_state_is_told_so() {
    let home = tempfile::tempdir().unwrap();
    let told = |args: &[&str]| state_command(home.path(), args).snapshot(&[(&home.path().to_string_lossy(), "<home>")]);
    let empty = home.path().to_string_lossy().to_string();
    let missing = home.path().join("missing").to_string_lossy().to_string();
    insta::assert_snapshot!(told(&["list", &empty]), @"
    exit code Some(1)
    error: there is no checkpoint in <home>: it is no state directory, or nothing ran there for long enough
    ");
    insta::assert_snapshot!(told(&["verify", &missing]), @"
    exit code Some(1)
    error: cannot read the state in <home>/missing: <home>/missing does not exist
    ");
    insta::assert_snapshot!(told(&["import", &missing]), @"
    exit code Some(1)
    error: cannot read <home>/missing: <home>/missing does not exist
    ");
    insta::assert_snapshot!(told(&["import", &empty]), @"
    exit code Some(1)
    error: <home> is no state directory of `arroyo run`: it has no state.sqlite
    ");
}

#[test]
fn a_directory_in_use_is_not_imported() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let mut running = start(home.path(), &state);
    running.wait_for_stderr("Running.");
    let refused = state_command(home.path(), &["import", &state.to_string_lossy()]);
    assert!(refused.code == Some(1) && refused.stderr.contains("is in use by process"), "{}", refused.stderr);
}

#[test]
fn a_run_goes_on_in_a_cluster_and_ends_where_it_began_sqlite() {
    let home = tempfile::tempdir().unwrap();
    let (from, back) = (home.path().join("state"), home.path().join("back"));
    let cluster = Cluster::start(home.path(), Database::Sqlite);
    there_and_back(home.path(), None, &from.to_string_lossy(), &cluster, &back.to_string_lossy());
}

#[test]
fn a_local_run_goes_on_in_a_cluster_on_postgres_and_a_bucket_and_ends_where_it_began() {
    let home = tempfile::tempdir().unwrap();
    let (from, back) = (home.path().join("state"), home.path().join("back"));
    let server = S3Server::shared().unwrap();
    let cluster = Cluster::start_on(home.path(), Database::Postgres, server, "moved/cluster");
    there_and_back(home.path(), Some(server), &from.to_string_lossy(), &cluster, &back.to_string_lossy());
}

#[test]
fn a_run_in_a_bucket_goes_on_in_a_cluster_and_ends_in_the_bucket() {
    let home = tempfile::tempdir().unwrap();
    let server = S3Server::shared().unwrap();
    let cluster = Cluster::start_on(home.path(), Database::Sqlite, server, "bucket/cluster");
    there_and_back(home.path(), Some(server), &server.url("bucket/from"), &cluster, &server.url("bucket/back"));
}

/// A run that is stopped midway, on a cluster at another parallelism and stopped midway, again as a run to its end.
fn there_and_back(home: &Path, server: Option<&S3Server>, from: &str, cluster: &Cluster, back: &str) {
    let undisturbed = tempfile::tempdir().unwrap();
    let undisturbed_run = start(undisturbed.path(), &undisturbed.path().join("state"));
    stop_midway(home, start_in(home, from, server));
    let rows = || std::fs::read_to_string(home.join("out.ndjson")).map_or(0, |text| text.lines().count());
    let imported = cluster.state(&["import", from]);
    assert!(imported.code == Some(0) && imported.stderr.contains("to go on from checkpoint"), "{}", imported.stderr);
    let again = cluster.state(&["import", from]);
    assert!(again.code == Some(1) && again.stderr.contains("is there already"), "{}", again.stderr);

    let pipeline = cluster.only_pipeline();
    let before = rows();
    cluster.patch(&pipeline, serde_json::json!({"stop": "none", "parallelism": 3}));
    cluster.wait_until("more rows", || rows() > before);
    cluster.patch(&pipeline, serde_json::json!({"stop": "checkpoint"}));
    cluster.wait_until("it stopped", || cluster.state_of(&pipeline) == "Stopped");

    let exported = cluster.state(&["export", "query", back]);
    assert!(exported.code == Some(0) && exported.stderr.contains("Exported pipeline"), "{}", exported.stderr);
    let before = rows();
    let finished = start_in(home, back, server).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stderr.contains("Running, from where it was.") && rows() > before, "{}", finished.stderr);
    let result = sorted_lines(&std::fs::read_to_string(home.join("out.ndjson")).unwrap());

    assert_eq!(undisturbed_run.wait().code, Some(0));
    let expected = sorted_lines(&std::fs::read_to_string(undisturbed.path().join("out.ndjson")).unwrap());
    assert_eq!(result, expected);
}

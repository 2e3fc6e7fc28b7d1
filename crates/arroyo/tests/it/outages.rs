//! What a cluster rests on goes away and comes back: nothing acknowledged is lost, and each row is there once.

use std::path::Path;
use std::time::{Duration, Instant};

use arroyo_storage::testing::S3Server;
use reqwest::Method;
use serde_json::json;

use crate::cluster::{Cluster, Database};
use crate::process::{Running, arroyo, lines_of};

/// A windowed pipeline into one file, 4 s long.
fn sql(home: &Path) -> String {
    sql_of(home, 20_000)
}

/// As [`sql`], 50 s long.
pub(crate) fn long_sql(home: &Path) -> String {
    sql_of(home, 1_600)
}

fn sql_of(home: &Path, rate: u32) -> String {
    format!(
        "CREATE TABLE bids WITH (connector = 'nexmark', event_rate = {rate}, event_count = 80000,
                                 start_time = '2024-01-01T00:00:00Z');
         CREATE TABLE out WITH (connector = 'single_file', path = '{}', format = 'json', type = 'sink');
         INSERT INTO out
         SELECT tumble(INTERVAL '100 milliseconds') AS window, bid.channel AS channel, count(*) AS n
         FROM bids WHERE bid IS NOT NULL GROUP BY 1, 2;",
        home.join("out.ndjson").display()
    )
}

pub(crate) fn rows(home: &Path) -> usize {
    std::fs::read_to_string(home.join("out.ndjson")).map_or(0, |text| text.lines().count())
}

/// What the pipeline writes when nothing happens. Started before the test's own part, so that both run at the same time.
pub(crate) struct Undisturbed(tempfile::TempDir, Running);

impl Undisturbed {
    pub(crate) fn start(sql: fn(&Path) -> String) -> Self {
        let home = tempfile::tempdir().unwrap();
        let running = Running::start(arroyo(home.path(), &["run", "-e", &sql(home.path())]));
        Self(home, running)
    }

    pub(crate) fn rows(self) -> Vec<String> {
        let finished = self.1.wait();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let rows = lines_of(&self.0.path().join("out.ndjson"));
        assert!(rows.len() > 50);
        rows
    }
}

#[test]
fn a_database_that_is_killed_stops_no_pipeline_and_loses_nothing_acknowledged() {
    let undisturbed = Undisturbed::start(sql);
    let home = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(home.path(), Database::Postgres);
    let pipeline = cluster.create(&sql(home.path()), 2);
    cluster.wait_until("some rows", || rows(home.path()) > 0);
    cluster.patch(&pipeline, json!({"checkpoint_interval_micros": 1_234_567}));
    cluster.postgres().kill();
    let before = rows(home.path());
    let path = format!("/pipelines/{pipeline}");
    for (method, body) in [(Method::GET, None), (Method::PATCH, Some(json!({"checkpoint_interval_micros": 2_000_000})))]
    {
        let (status, body) = cluster.answer(method, &path, body);
        assert!(status == 503 && body.contains("metadata database not available"), "{status} {body}");
    }
    cluster.wait_until("more rows without the database", || rows(home.path()) > before);
    cluster.postgres().start_again();
    cluster.wait_until("an answer", || cluster.answer(Method::GET, &path, None).0 == 200);
    assert_eq!(cluster.pipeline(&pipeline)["checkpoint_interval_micros"], 1_234_567);
    cluster.wait_until("the end", || cluster.state_of(&pipeline) == "Finished");
    assert!(lines_of(&home.path().join("out.ndjson")) == undisturbed.rows());
}

/// What happens to the way to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outage {
    Swallowed,
    Cut,
    Slow,
}

#[test]
fn a_database_of_which_nothing_is_heard_stops_no_pipeline() {
    outlasts(Outage::Swallowed);
}

#[test]
fn a_database_that_is_cut_off_stops_no_pipeline() {
    outlasts(Outage::Cut);
}

#[test]
fn a_database_that_is_slow_stops_no_pipeline() {
    outlasts(Outage::Slow);
}

/// The outage is longer than workers wait for a controller.
fn outlasts(outage: Outage) {
    let undisturbed = Undisturbed::start(long_sql);
    let home = tempfile::tempdir().unwrap();
    let patience = "pipeline.worker-heartbeat-timeout=8s";
    let cluster = Cluster::start_with_settings(home.path(), Database::DistantPostgres, &[patience]);
    let pipeline = cluster.create(&long_sql(home.path()), 2);
    let path = format!("/pipelines/{pipeline}");
    let newest = || newest_manifest(&home.path().join("cluster/checkpoints"));
    cluster.wait_until("some rows", || rows(home.path()) > 0 && newest() > 0);
    cluster.patch(&pipeline, json!({"checkpoint_interval_micros": 1_100_000}));
    match outage {
        Outage::Swallowed => cluster.way().blackhole(true),
        Outage::Cut => {
            cluster.way().refuse(true);
            cluster.way().cut();
        }
        Outage::Slow => cluster.way().delay(Duration::from_millis(300)),
    }
    let (before, began) = ((newest(), rows(home.path())), Instant::now());
    let (status, body) = cluster.answer(Method::PATCH, &path, Some(json!({"checkpoint_interval_micros": 1_200_000})));
    assert!(began.elapsed() < Duration::from_secs(30), "the answer took {:?}", began.elapsed());
    match outage {
        Outage::Slow => assert_eq!(status, 200, "{body}"),
        _ => assert!(status == 503 && body.contains("metadata database not available"), "{status} {body}"),
    }
    // One a second.
    cluster.wait_until("ten checkpoints without the database", || newest() >= before.0 + 10);
    assert!(rows(home.path()) > before.1);
    cluster.way().heal();
    cluster.wait_until("an answer", || cluster.answer(Method::GET, &path, None).0 == 200);
    // An answer that did not come says nothing of the change.
    let interval = cluster.pipeline(&pipeline)["checkpoint_interval_micros"].as_u64().unwrap();
    let possible: &[u64] = if outage == Outage::Slow { &[1_200_000] } else { &[1_200_000, 1_100_000] };
    assert!(possible.contains(&interval), "{interval}");
    cluster.wait_until("the end", || cluster.state_of(&pipeline) == "Finished");
    assert_eq!(cluster.generation(&pipeline), 1, "no worker was lost");
    assert!(lines_of(&home.path().join("out.ndjson")) == undisturbed.rows());
}

/// The highest epoch of a manifest; 0 before the first.
fn newest_manifest(checkpoints: &Path) -> u64 {
    let jobs = std::fs::read_dir(checkpoints).into_iter().flatten().flatten();
    let manifests =
        jobs.flat_map(|job| std::fs::read_dir(job.path().join("manifests")).into_iter().flatten().flatten());
    manifests.filter_map(|file| file.path().file_stem()?.to_str()?.parse().ok()).max().unwrap_or(0)
}

#[test]
fn a_cluster_that_is_killed_goes_on_from_a_bucket_when_it_is_started_again() {
    let undisturbed = Undisturbed::start(sql);
    let home = tempfile::tempdir().unwrap();
    let server = S3Server::shared().unwrap();
    let mut cluster = Cluster::start_on(home.path(), Database::Sqlite, server, "cluster/killed");
    let pipeline = cluster.create(&sql(home.path()), 3);
    for _ in 0..2 {
        let before = rows(home.path());
        cluster.wait_until("more rows", || rows(home.path()) > before);
        cluster.kill();
        cluster.start_again();
    }
    cluster.wait_until("the end", || cluster.state_of(&pipeline) == "Finished");
    assert!(lines_of(&home.path().join("out.ndjson")) == undisturbed.rows());
}

#[test]
fn a_deleted_pipeline_leaves_no_files_even_if_the_cluster_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let mut cluster = Cluster::start(home.path(), Database::Sqlite);
    let pipeline = cluster.create(&sql(home.path()), 1);
    let job = cluster.job(&pipeline);
    let path = format!("/pipelines/{pipeline}");
    cluster.wait_until("some rows", || rows(home.path()) > 0);
    let (status, body) = cluster.answer(Method::POST, &format!("{path}/jobs/{job}/savepoints"), Some(json!({})));
    assert_eq!(status, 200, "{body}");
    cluster.patch(&pipeline, json!({"stop": "checkpoint"}));
    cluster.wait_until("it stopped", || cluster.state_of(&pipeline) == "Stopped");
    let (status, body) = cluster.answer(Method::DELETE, &path, None);
    assert!(status == 409 && body.contains("has savepoints"), "{status} {body}");
    let files = home.path().join("cluster/checkpoints").join(job);
    assert!(files.join("savepoints").is_dir());
    assert_eq!(cluster.answer(Method::DELETE, &format!("{path}?delete_savepoints=true"), None).0, 200);
    cluster.kill();
    cluster.start_again();
    cluster.wait_until("no files", || !files.exists());
    assert_eq!(cluster.answer(Method::GET, &path, None).0, 404);
}

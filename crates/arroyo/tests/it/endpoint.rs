//! `arroyo run --endpoint`: the same file in a cluster that runs elsewhere.

use std::io::{Read, Write};
use std::path::Path;

use crate::cluster::{Cluster, Database};
use crate::process::{Running, arroyo, run};

const ENDLESS: &str = "CREATE TABLE t WITH (connector = 'impulse', event_rate = 100);\nSELECT counter FROM t";

fn start(home: &Path, cluster: &Cluster, sql: &str, more: &[&str]) -> Running {
    let file = home.join("q.sql");
    std::fs::write(&file, sql).unwrap();
    let file = file.to_string_lossy();
    let mut args = vec!["run", "--endpoint", cluster.endpoint(), &file];
    args.extend(more);
    Running::start(arroyo(home, &args))
}

#[test]
fn rows_are_printed_and_ctrl_c_leaves_the_pipeline_running() {
    let home = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(home.path(), Database::Sqlite);
    let mut running = start(home.path(), &cluster, ENDLESS, &[]);
    let rows: Vec<String> = (0..3).map(|_| running.next_row()).collect();
    assert_eq!(rows, [r#"{"counter":0}"#, r#"{"counter":1}"#, r#"{"counter":2}"#]);
    running.signal("INT");
    let left = running.wait();
    let pipeline = cluster.only_pipeline();
    let told = left.snapshot(&[(cluster.endpoint(), "<endpoint>"), (&pipeline, "<pipeline>")]);
    insta::assert_snapshot!(told, @r#"
    exit code Some(0)
    Left it running. Stop it with:
      curl -X PATCH <endpoint>/api/v1/pipelines/<pipeline> -H 'content-type: application/json' -d '{"stop": "checkpoint"}'
    "#);
    assert_eq!(cluster.state_of(&pipeline), "Running");
}

#[test]
fn ctrl_c_stops_the_pipeline_if_that_was_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(home.path(), Database::Sqlite);
    let mut running = start(home.path(), &cluster, ENDLESS, &["--on-interrupt", "stop", "--name", "endless"]);
    running.next_row();
    running.signal("INT");
    let stopped = running.wait();
    let pipeline = cluster.only_pipeline();
    assert_eq!((stopped.code, cluster.state_of(&pipeline).as_str()), (Some(0), "Stopped"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("Resume with:\n  curl -X PATCH"), "{}", stopped.stderr);
}

#[test]
fn a_bounded_query_is_followed_to_its_end() {
    let home = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(home.path(), Database::Sqlite);
    let bounded = ENDLESS.replace("100)", "1000, message_count = 5)");
    let finished = start(home.path(), &cluster, &bounded, &[]).wait();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(finished.rows().len(), 5, "{}", finished.stderr);
    assert!(finished.stderr.contains("Finished in"), "{}", finished.stderr);

    let wrong = start(home.path(), &cluster, "SELECT *\nFROM nothing", &[]).wait();
    insta::assert_snapshot!(wrong.snapshot(&[(&home.path().to_string_lossy(), "<home>")]), @"
    exit code Some(1)
    error[SQL101]: there is no table `nothing`
      at <home>/q.sql:2:6
      = help: create it with CREATE TABLE before this statement
    ");
}

#[test]
fn options_of_a_local_cluster_are_refused() {
    let home = tempfile::tempdir().unwrap();
    for option in [["--state-dir", "x"], ["--scheduler", "process"], ["--output", "csv"]] {
        let mut args = vec!["run", "-e", "SELECT 1", "--endpoint", "http://127.0.0.1:1"];
        args.extend(option);
        let refused = run(home.path(), &args);
        assert!(refused.code == Some(2) && refused.stderr.contains("cannot be used with"), "{}", refused.stderr);
    }
    let refused = run(home.path(), &["run", "-e", "SELECT 1", "--on-interrupt", "stop"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("--endpoint <URL>"), "{}", refused.stderr);
    let unreachable = run(home.path(), &["run", "-e", "SELECT 1", "--endpoint", "http://127.0.0.1:1"]);
    insta::assert_snapshot!(unreachable.snapshot(&[]), @"
    exit code Some(1)
    error: the API at http://127.0.0.1:1 cannot be reached: Connection refused (os error 111)
    ");
    let no_url = run(home.path(), &["run", "-e", "SELECT 1", "--endpoint", "localhost:5115"]);
    insta::assert_snapshot!(no_url.snapshot(&[]), @"
    exit code Some(1)
    error: make the API's client: `localhost:5115` is no URL of an API, such as http://localhost:5115
    ");
}

/// A server that answers everything with a page.
fn foreign_server() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The request is read up to its body's end, so that the answer is not lost with the connection.
            let mut request = Vec::new();
            let mut part = [0; 1024];
            while !request.ends_with(b"}") {
                match stream.read(&mut part) {
                    Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
                    _ => break,
                }
            }
            let page = "<html><body>It works!</body></html>";
            let answer = format!("HTTP/1.1 404 Not Found\r\ncontent-length: {}\r\n\r\n{page}", page.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_server_of_something_else_is_told_by_its_url() {
    let home = tempfile::tempdir().unwrap();
    let url = foreign_server();
    let refused = run(home.path(), &["run", "-e", "SELECT 1", "--endpoint", &url]);
    insta::assert_snapshot!(refused.snapshot(&[(&url, "<url>")]), @"
    exit code Some(1)
    error: <url>: the answer is not one of Arroyo's API, is its URL the right one? (expected value at line 1 column 1)
    ");
}

//! The admin server, and the settings of logs, metrics and tasks as they are seen from outside.

use serde_json::Value;

use crate::process::{Finished, Running, arroyo, run};

const ENDLESS: &str = "CREATE TABLE ticks WITH (connector = 'impulse', event_rate = 1000); \
                       SELECT count(*) AS n FROM ticks GROUP BY tumble(INTERVAL '1 second')";

/// A run that goes on until it is told to stop, and its admin server.
struct Endless {
    process: Running,
    /// Where its web console is.
    console: String,
    admin: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Endless {
    fn start(home: &std::path::Path, settings: &[&str]) -> Self {
        let mut args = vec!["run", "-e", ENDLESS, "--state-dir", "state"];
        args.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        let mut command = arroyo(home, &args);
        command.current_dir(home);
        let mut process = Running::start(command);
        let line = process.wait_for_stderr(" · admin ");
        let admin = line.rsplit(' ').next().unwrap().to_string();
        let console = line.split(" · UI ").nth(1).unwrap().split(' ').next().unwrap().to_string();
        process.wait_for_stderr("Running.");
        // The first window has passed: everything has been counted at least once.
        process.next_row();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { process, console, admin, http: reqwest::Client::new(), runtime }
    }

    /// Status, content type and body.
    fn get(&self, path: &str, key: Option<&str>) -> (u16, String, Vec<u8>) {
        let mut request = self.http.get(format!("{}{path}", self.admin));
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let content_type = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_string());
            (answer.status().as_u16(), content_type.unwrap_or_default(), answer.bytes().await.unwrap().to_vec())
        })
    }

    fn text(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.get(path, None);
        (status, String::from_utf8(body).unwrap())
    }

    fn stop(self) -> Finished {
        self.process.signal("INT");
        self.process.wait()
    }
}

#[test]
fn the_first_line_names_the_console_of_this_run() {
    let home = tempfile::tempdir().unwrap();
    let run = Endless::start(home.path(), &["api-endpoint=http://cluster:5115"]);
    let page = run.runtime.block_on(async { run.http.get(&run.console).send().await.unwrap().text().await.unwrap() });
    assert!(page.contains("<title>Arroyo Console</title>") && page.contains("content=\"api/v1\""), "{page}");
    assert_eq!(run.stop().code, Some(0));
}

#[test]
fn it_tells_of_the_process() {
    let home = tempfile::tempdir().unwrap();
    let run = Endless::start(home.path(), &["database.postgres.password=hush"]);
    assert_eq!(run.text("/status"), (200, "ok".into()));
    assert_eq!(run.text("/name"), (200, "arroyo-run\n".into()));
    let details: Value = serde_json::from_str(&run.text("/details").1).unwrap();
    for fact in ["service", "version", "git_sha", "build_timestamp"] {
        assert!(details[fact].as_str().is_some_and(|fact| !fact.is_empty()), "{details}");
    }
    let (_, config) = run.text("/config");
    assert!(config.contains("password = \"*********\"") && !config.contains("hush"), "{config}");
    for path in ["/debug/pprof/heap", "/debug/pprof/profile?frequency=3000&duration=30"] {
        let (status, text) = run.text(path);
        assert!(status == 501 && text.contains("this build takes no"), "{status} {text}");
    }
    assert_eq!(run.text("/nope").0, 404);
    let (_, metrics) = run.text("/metrics");
    for line in [
        "arroyo_worker_messages_sent{node_id=\"0\",subtask_idx=\"0\",operator_name=\"",
        "arroyo_worker_tx_queue_size{node_id=\"0\",subtask_idx=\"0\",node_description=\"",
        ",next_node=\"1\",next_node_idx=\"0\"} ",
        "arroyo_worker_tx_queue_rem{",
        "arroyo_worker_tx_bytes{",
        "arroyo_controller_jobs{state=\"Running\"} 1",
        "arroyo_controller_registered_slots 16",
        "arroyo_controller_free_slots 15",
    ] {
        assert!(metrics.contains(line), "no `{line}` in\n{metrics}");
    }
    let (status, content_type, bytes) = run.get("/metrics.pb", None);
    assert!(status == 200 && content_type.contains("io.prometheus.client.MetricFamily"), "{status} {content_type}");
    assert!(String::from_utf8_lossy(&bytes).contains("arroyo_worker_messages_sent"));
    assert_eq!(run.stop().code, Some(0));
}

#[test]
fn a_key_is_asked_for_but_not_for_health_and_open_metrics() {
    let home = tempfile::tempdir().unwrap();
    let mode = "admin.auth-mode={type=\"static-api-key\", api-key=\"k1\"}";
    let run = Endless::start(home.path(), &[mode, "admin.allow-unauthenticated-metrics=true"]);
    for path in ["/status", "/metrics", "/metrics.pb"] {
        assert_eq!(run.get(path, None).0, 200, "{path}");
    }
    for path in ["/name", "/details", "/config", "/debug/pprof/heap"] {
        assert_eq!(run.get(path, None).0, 401, "{path}");
        assert_eq!(run.get(path, Some("k2")).0, 401, "{path}");
        assert_ne!(run.get(path, Some("k1")).0, 401, "{path}");
    }
    assert!(!String::from_utf8(run.get("/config", Some("k1")).2).unwrap().contains("k1"));
}

#[test]
fn log_lines_have_the_fields_that_are_configured() {
    let home = tempfile::tempdir().unwrap();
    let args = [
        "--set",
        "logging.format=json",
        "--set",
        "logging.static-fields={zone=\"b\"}",
        "--set",
        "logging.nonblocking=true",
        "run",
        "-e",
        "SELECT 1 AS one",
    ];
    let mut command = arroyo(home.path(), &args);
    command.env("SCHEDULER", "embedded");
    let finished = Running::start(command).wait();
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(0), "{\"one\":1}\n"), "{}", finished.stderr);
    let line = finished.stderr.lines().find(|line| line.starts_with('{')).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["level"], &line["arroyo_service"], &line["zone"]), (&"WARN".into(), &"run".into(), &"b".into()));
    assert_eq!(
        line["fields"]["message"],
        "the environment variable SCHEDULER is deprecated; use ARROYO__CONTROLLER__SCHEDULER"
    );
}

#[test]
fn operators_get_tasks_of_their_own_without_chaining() {
    let home = tempfile::tempdir().unwrap();
    let nodes = |settings: &[&str]| {
        let query = "CREATE TABLE v AS SELECT 1 AS a; SELECT a + 1 AS b FROM v WHERE a < 5";
        let args = [&["check", "-e", query], settings].concat();
        run(home.path(), &args).stderr.lines().last().unwrap_or_default().to_string()
    };
    assert_eq!(nodes(&[]), "ok: 4 operators in 1 nodes");
    assert_eq!(nodes(&["--set", "pipeline.chaining.enabled=false"]), "ok: 4 operators in 4 nodes");
    let args = ["run", "examples/earthquakes.sql", "--parallelism", "2", "--set", "pipeline.chaining.enabled=false"];
    let split = run(home.path(), &args);
    let chained = run(home.path(), &["run", "examples/earthquakes.sql"]);
    assert_eq!((split.code, split.rows()), (Some(0), chained.rows()), "{}", split.stderr);
}

#[test]
fn every_command_reads_the_configuration() {
    let home = tempfile::tempdir().unwrap();
    for args in [
        &["check", "-e", "SELECT 1"] as &[&str],
        &["explain", "-e", "SELECT 1"],
        &["visualize", "-e", "SELECT 1"],
        &["test", "examples/tests"],
        &["state", "list", "."],
    ] {
        let finished = run(home.path(), &[&["--config", "/no/such.toml"], args].concat());
        assert_eq!(finished.code, Some(1), "{args:?}");
        assert!(finished.stderr.contains("Cannot load configuration from /no/such.toml"), "{}", finished.stderr);
    }
}

#[test]
fn dropped_records_are_reported_if_wanted() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("in.json"), "{\"a\":1}\n{\"a\":\"x\"}\n").unwrap();
    let sql = "CREATE TABLE t (a BIGINT) WITH (connector = 'single_file', path = 'in.json', type = 'source', \
               format = 'json', bad_data = 'drop'); SELECT a FROM t";
    let reported = |wanted: &str| {
        let state = home.path().join(wanted);
        let setting = format!("pipeline.store-deserialization-errors={wanted}");
        let args = ["run", "-e", sql, "--state-dir", state.to_str().unwrap(), "--set", &setting];
        let mut command = arroyo(home.path(), &args);
        command.current_dir(home.path());
        let finished = Running::start(command).wait();
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(0), "{\"a\":1}\n"), "{}", finished.stderr);
        finished.stderr.contains("warning: Dropping invalid data (1): `in.json`, line 2: column `a`")
    };
    assert_eq!((reported("true"), reported("false")), (true, false));
}

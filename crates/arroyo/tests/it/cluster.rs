//! `arroyo cluster` as a process, on SQLite or on a PostgreSQL server of the test's own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::process::{Finished, Running, arroyo, repository};

/// Where a cluster keeps its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A cluster whose workers are processes, with a directory of its own.
pub(crate) struct Cluster {
    process: std::cell::RefCell<Running>,
    home: PathBuf,
    settings: Vec<String>,
    api: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    /// Ends when its standard input is closed, so with the test's process at the latest.
    _postgres: Option<Child>,
}

impl Cluster {
    pub(crate) fn start(home: &Path, database: Database) -> Self {
        let directory = home.join("cluster");
        let mut settings = vec![
            format!("checkpoint-url={}", directory.join("checkpoints").display()),
            "controller.scheduler=process".to_string(),
            "default-checkpoint-interval=1s".to_string(),
        ];
        let postgres = match database {
            Database::Sqlite => {
                settings.push("database.type=sqlite".to_string());
                settings.push(format!("database.sqlite.path={}", directory.join("cluster.sqlite").display()));
                None
            }
            Database::Postgres => {
                let (server, options) = postgres();
                settings.push("database.type=postgres".to_string());
                settings.extend(options);
                Some(server)
            }
        };
        let mut args = vec!["cluster"];
        let ports = ["api.http-port=0", "controller.rpc-port=0", "admin.http-port=0"];
        let all = ports.into_iter().chain(settings.iter().map(String::as_str));
        args.extend(all.flat_map(|setting| ["--set", setting]));
        let mut process = Running::start(arroyo(home, &args));
        let line = process.wait_for_stderr("the cluster is up");
        let api = line.split_whitespace().find_map(|word| word.strip_prefix("api=")).unwrap().to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let http = reqwest::Client::new();
        let home = home.to_path_buf();
        Self {
            process: process.into(),
            home,
            settings,
            api: format!("http://{api}"),
            http,
            runtime,
            _postgres: postgres,
        }
    }

    /// The API's root.
    pub(crate) fn endpoint(&self) -> &str {
        &self.api
    }

    /// Runs `arroyo state` with the cluster's configuration.
    pub(crate) fn state(&self, args: &[&str]) -> Finished {
        let mut all = vec!["state"];
        all.extend(args);
        all.extend(self.settings.iter().flat_map(|setting| ["--set", setting.as_str()]));
        Running::start(arroyo(&self.home, &all)).wait()
    }

    fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.api));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let (status, body) = (answer.status(), answer.text().await.unwrap());
            assert!(status.is_success(), "{path}: {status} {body}");
            serde_json::from_str(&body).unwrap_or(Value::Null)
        })
    }

    /// The id of the one pipeline.
    pub(crate) fn only_pipeline(&self) -> String {
        let listed = self.call(reqwest::Method::GET, "/pipelines", None);
        let pipelines = listed["data"].as_array().unwrap();
        assert_eq!(pipelines.len(), 1, "{listed:#}");
        pipelines[0]["id"].as_str().unwrap().to_string()
    }

    pub(crate) fn patch(&self, pipeline: &str, patch: Value) {
        self.call(reqwest::Method::PATCH, &format!("/pipelines/{pipeline}"), Some(patch));
    }

    /// The state of the pipeline's job.
    pub(crate) fn state_of(&self, pipeline: &str) -> String {
        let pipeline = self.call(reqwest::Method::GET, &format!("/pipelines/{pipeline}"), None);
        pipeline["state"].as_str().unwrap().to_string()
    }

    pub(crate) fn wait_until(&self, what: &str, condition: impl Fn() -> bool) {
        self.process.borrow_mut().wait_until(what, condition);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its workers end with it.
        self.process.borrow().signal("TERM");
    }
}

/// Starts a server; answers the settings that name it.
fn postgres() -> (Child, Vec<String>) {
    let mut server = Command::new(repository().join("scripts/services/postgres"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let keys =
        [("host", "host"), ("port", "port"), ("user", "user"), ("password", "password"), ("dbname", "database-name")];
    let settings = lines.take(keys.len()).filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        let (_, setting) = keys.iter().find(|(known, _)| *known == key)?;
        Some(format!("database.postgres.{setting}={value}"))
    });
    let settings: Vec<String> = settings.collect();
    assert_eq!(settings.len(), keys.len(), "PostgreSQL does not start: {settings:?}");
    (server, settings)
}

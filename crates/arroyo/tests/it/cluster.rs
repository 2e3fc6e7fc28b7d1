//! `arroyo cluster` as a process, on SQLite or on a PostgreSQL server of the test's own.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;

use arroyo_runtime::Shutdown;
use arroyo_storage::testing::S3Server;
use arroyo_testing::{LinkControl, TcpProxy};
use serde_json::Value;

use crate::process::{Finished, Running, arroyo, repository};

/// Where a cluster keeps its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    /// Through a proxy: [`Cluster::way`].
    DistantPostgres,
}

/// A cluster whose workers are processes, with a directory of its own.
pub(crate) struct Cluster {
    process: RefCell<Option<Running>>,
    home: PathBuf,
    settings: Vec<String>,
    environment: Vec<(&'static str, String)>,
    api: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    postgres: Option<Postgres>,
    way: Option<Way>,
}

/// The network between a cluster and its database.
struct Way {
    proxy: TcpProxy,
    _shutdown: Shutdown,
}

impl Way {
    /// Puts a proxy in front of the server of `settings`; answers the settings that lead through it.
    fn put_between(settings: &[String], runtime: &tokio::runtime::Runtime) -> (Self, Vec<String>) {
        const PORT: &str = "database.postgres.port=";
        let port = settings.iter().find_map(|setting| setting.strip_prefix(PORT)).unwrap();
        let shutdown = Shutdown::new("proxy");
        let (server, guard) = (format!("127.0.0.1:{port}"), shutdown.guard());
        let proxy = runtime.block_on(TcpProxy::start(&server, &guard)).unwrap();
        let through = format!("{PORT}{}", proxy.address().port());
        let others = settings.iter().filter(|setting| !setting.starts_with(PORT)).cloned();
        let settings = others.chain([through]).collect();
        (Self { proxy, _shutdown: shutdown }, settings)
    }
}

impl Cluster {
    /// With checkpoints in a directory of this machine.
    pub(crate) fn start(home: &Path, database: Database) -> Self {
        Self::start_with_settings(home, database, &[])
    }

    /// As [`Cluster::start`], with more settings.
    pub(crate) fn start_with_settings(home: &Path, database: Database, settings: &[&str]) -> Self {
        let checkpoints = home.join("cluster/checkpoints").display().to_string();
        Self::start_with(home, database, &checkpoints, settings, Vec::new())
    }

    /// With checkpoints in a bucket.
    pub(crate) fn start_on(home: &Path, database: Database, server: &S3Server, place: &str) -> Self {
        Self::start_with(home, database, &server.url(place), &[], server.environment().to_vec())
    }

    fn start_with(
        home: &Path,
        database: Database,
        checkpoints: &str,
        more: &[&str],
        environment: Vec<(&'static str, String)>,
    ) -> Self {
        let mut settings = vec![
            format!("checkpoint-url={checkpoints}"),
            "controller.scheduler=process".to_string(),
            "default-checkpoint-interval=1s".to_string(),
        ];
        settings.extend(more.iter().map(|setting| (*setting).to_string()));
        // Proxies work while nobody waits for anything.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut way = None;
        let postgres = match database {
            Database::Sqlite => {
                settings.push("database.type=sqlite".to_string());
                settings.push(format!("database.sqlite.path={}", home.join("cluster/cluster.sqlite").display()));
                None
            }
            Database::Postgres | Database::DistantPostgres => {
                let server = Postgres::start();
                settings.push("database.type=postgres".to_string());
                let mut options = server.settings.clone();
                if database == Database::DistantPostgres {
                    let (between, through) = Way::put_between(&options, &runtime);
                    (way, options) = (Some(between), through);
                }
                settings.extend(options);
                Some(server)
            }
        };
        let mut cluster = Self {
            process: RefCell::new(None),
            home: home.to_path_buf(),
            settings,
            environment,
            api: String::new(),
            http: reqwest::Client::new(),
            runtime,
            postgres,
            way,
        };
        cluster.start_again();
        cluster
    }

    /// Another process with the same state and database, which it reaches directly.
    pub(crate) fn another(&self) -> Self {
        let mut settings: Vec<String> =
            self.settings.iter().filter(|setting| !setting.starts_with("database.postgres.")).cloned().collect();
        settings.extend(self.postgres().settings.iter().cloned());
        let mut cluster = Self {
            process: RefCell::new(None),
            home: self.home.clone(),
            settings,
            environment: self.environment.clone(),
            api: String::new(),
            http: reqwest::Client::new(),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            postgres: None,
            way: None,
        };
        cluster.start_again();
        cluster
    }

    /// Waits until this cluster's process says something.
    pub(crate) fn wait_for(&self, text: &str) {
        self.process.borrow_mut().as_mut().unwrap().wait_for_stderr(text);
    }

    /// What happens on the way to the database of [`Database::DistantPostgres`].
    pub(crate) fn way(&self) -> &LinkControl {
        self.way.as_ref().unwrap().proxy.control()
    }

    /// Starts the process, again after [`Cluster::kill`].
    pub(crate) fn start_again(&mut self) {
        let mut args = vec!["cluster"];
        let ports = ["api.http-port=0", "controller.rpc-port=0", "admin.http-port=0"];
        let all = ports.into_iter().chain(self.settings.iter().map(String::as_str));
        args.extend(all.flat_map(|setting| ["--set", setting]));
        let mut command = arroyo(&self.home, &args);
        command.envs(self.environment.clone());
        let mut process = Running::start(command);
        let line = process.wait_for_stderr("the cluster is up");
        let api = line.split_whitespace().find_map(|word| word.strip_prefix("api=")).unwrap();
        self.api = format!("http://{api}");
        self.process = RefCell::new(Some(process));
    }

    /// Kills the process as `kill -9` does; its workers see it and end.
    pub(crate) fn kill(&mut self) {
        assert!(self.process.take().unwrap().kill(), "it ended by itself");
    }

    /// Its PostgreSQL server.
    pub(crate) fn postgres(&self) -> &Postgres {
        self.postgres.as_ref().unwrap()
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
        let mut command = arroyo(&self.home, &all);
        command.envs(self.environment.clone());
        Running::start(command).wait()
    }

    /// Status and body of an answer.
    pub(crate) fn answer(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> (u16, String) {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.api));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }

    fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let (status, body) = self.answer(method, path, body);
        assert!((200..300).contains(&status), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }

    /// Creates a pipeline and answers its id.
    pub(crate) fn create(&self, sql: &str, parallelism: u32) -> String {
        let post = serde_json::json!({"name": "p", "query": sql, "parallelism": parallelism});
        self.call(reqwest::Method::POST, "/pipelines", Some(post))["id"].as_str().unwrap().to_string()
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

    /// A pipeline.
    pub(crate) fn pipeline(&self, pipeline: &str) -> Value {
        self.call(reqwest::Method::GET, &format!("/pipelines/{pipeline}"), None)
    }

    /// The pipeline's job.
    pub(crate) fn job(&self, pipeline: &str) -> String {
        let jobs = self.call(reqwest::Method::GET, &format!("/pipelines/{pipeline}/jobs"), None);
        jobs["data"][0]["id"].as_str().unwrap().to_string()
    }

    /// How often the pipeline's job was started.
    pub(crate) fn generation(&self, pipeline: &str) -> u64 {
        let jobs = self.call(reqwest::Method::GET, &format!("/pipelines/{pipeline}/jobs"), None);
        jobs["data"][0]["generation"].as_u64().unwrap()
    }

    /// The state of the pipeline's job.
    pub(crate) fn state_of(&self, pipeline: &str) -> String {
        self.pipeline(pipeline)["state"].as_str().unwrap().to_string()
    }

    pub(crate) fn wait_until(&self, what: &str, condition: impl Fn() -> bool) {
        self.process.borrow_mut().as_mut().unwrap().wait_until(what, condition);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its workers end with it.
        if let Some(process) = &*self.process.borrow() {
            process.signal("TERM");
        }
    }
}

/// A PostgreSQL server of a test.
pub(crate) struct Postgres {
    directory: tempfile::TempDir,
    /// Those that name it.
    settings: Vec<String>,
}

impl Postgres {
    fn start() -> Self {
        let mut server = Self { directory: tempfile::tempdir().unwrap(), settings: Vec::new() };
        // The server runs as another user.
        let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(server.directory.path(), everybody).unwrap();
        let facts = server.script("start");
        let keys = [
            ("host", "host"),
            ("port", "port"),
            ("user", "user"),
            ("password", "password"),
            ("dbname", "database-name"),
        ];
        let settings = facts.lines().filter_map(|line| {
            let (key, value) = line.split_once('=')?;
            let (_, setting) = keys.iter().find(|(known, _)| *known == key)?;
            Some(format!("database.postgres.{setting}={value}"))
        });
        server.settings = settings.collect();
        assert_eq!(server.settings.len(), keys.len(), "PostgreSQL does not start: {:?}", server.settings);
        server
    }

    fn script(&self, command: &str) -> String {
        let mut script = Command::new(repository().join("scripts/services/postgres"));
        let output = script.arg(command).arg(self.directory.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Kills all its processes as `kill -9` does.
    pub(crate) fn kill(&self) {
        self.script("kill");
    }

    /// Starts it at its address.
    pub(crate) fn start_again(&self) {
        self.script("start");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.script("stop");
    }
}

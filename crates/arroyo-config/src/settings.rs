//! Every setting, as `default.toml` names them.

mod api;
mod database;
mod pipeline;
mod schedulers;
mod services;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use api::{Api, AuthMode, Cors, OriginPolicy, Tls};
pub use database::{Database, DatabaseType, Postgres, PostgresTls, PostgresTlsMode, Sqlite};
pub use pipeline::{Chaining, CheckpointSettings, Compaction, DefaultSink, OutputFormat, Pipeline};
pub use schedulers::{KubernetesScheduler, KubernetesWorker, ManualScheduler, ProcessScheduler, ResourceMode};
pub use services::{Admin, Compiler, Controller, ControllerMetrics, Node, SchedulerKind, Worker};

use crate::{HumanDuration, secret};

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Where checkpoints go: a path or a storage URL.
    pub checkpoint_url: String,
    /// Between two checkpoints, when a request does not say.
    pub default_checkpoint_interval: HumanDuration,
    /// Which process runs a job's controller.
    pub job_controller: JobController,
    /// Where workers find the controller; by default `http://<hostname>:<controller.rpc-port>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller_endpoint: Option<String>,
    /// Where the API finds the compiler of user functions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiler_endpoint: Option<String>,
    /// Where the web UI finds the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_endpoint: Option<String>,
    /// The host name that workers and nodes tell others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Accepted for compatibility: no telemetry is ever sent.
    pub disable_telemetry: bool,
    /// `--config`, for child processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_path: Option<PathBuf>,
    /// `--config-dir`, for child processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_dir: Option<PathBuf>,
    /// `--set`, for child processes: keys and values as loose TOML.
    #[serde(skip)]
    pub overrides: Vec<(String, String)>,
    /// What is to be said about where settings came from, once there is a log.
    #[serde(skip)]
    pub warnings: Vec<String>,
    /// TLS of every service that does not say otherwise.
    #[serde(default)]
    pub tls: Tls,
    /// The REST API.
    pub api: Api,
    /// The controller.
    pub controller: Controller,
    /// The compiler of user functions.
    pub compiler: Compiler,
    /// Workers.
    pub worker: Worker,
    /// Node agents.
    pub node: Node,
    /// The admin server of each process.
    pub admin: Admin,
    /// How pipelines run.
    pub pipeline: Pipeline,
    /// The `process` scheduler.
    pub process_scheduler: ProcessScheduler,
    /// The `manual` scheduler.
    pub manual_scheduler: ManualScheduler,
    /// The `kubernetes` scheduler.
    pub kubernetes_scheduler: KubernetesScheduler,
    /// The metadata database.
    pub database: Database,
    /// Logs.
    pub logging: Logging,
    /// `arroyo run`.
    pub run: Run,
}

impl Config {
    /// The effective configuration as TOML, secrets masked.
    pub fn to_masked_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_else(|error| format!("# the configuration cannot be printed: {error}\n"))
    }

    /// Whether the setting `key`, such as `database.postgres.password`, is secret or holds a secret. So is what is not found.
    pub fn is_secret(&self, key: &str) -> bool {
        let settings = toml::Value::try_from(self).ok();
        let found = settings.and_then(|all| key.split('.').try_fold(all, |value, part| value.get(part).cloned()));
        found.is_none_or(|value| secret::is_in(&value))
    }
}

/// Which process runs a job's controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobController {
    /// The controller service.
    Controller,
    /// One of the job's workers.
    Worker,
}

/// How logs are written; always to stderr.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Logging {
    /// The form of a line.
    pub format: LogFormat,
    /// Write from a thread of their own and drop lines when it cannot keep up.
    pub nonblocking: bool,
    /// Lines kept for that thread.
    pub buffered_lines_limit: usize,
    /// Show the line in the source code.
    pub enable_file_line: bool,
    /// Show the file in the source code.
    pub enable_file_name: bool,
    /// Fields added to every line of format `json`.
    #[serde(default)]
    pub static_fields: BTreeMap<String, String>,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Plaintext,
    /// One JSON object a line.
    Json,
    /// `key=value`.
    Logfmt,
}

/// `arroyo run`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Run {
    /// The query to run when the command line names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The state directory when the command line names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_dir: Option<String>,
    /// Between two backups of the metadata database to a remote state directory.
    pub backup_interval: HumanDuration,
    /// A runner that has not been heard of for this long may be replaced by another one on the same state directory.
    pub lease_ttl: HumanDuration,
    /// How rows of a bare SELECT are printed.
    pub output: OutputFormat,
}

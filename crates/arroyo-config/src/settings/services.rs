//! The services besides the REST API.

use serde::{Deserialize, Serialize};

use super::{AuthMode, Tls};
use crate::{HumanDuration, HumanSize};

/// The controller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Controller {
    /// The address it listens on.
    pub bind_address: String,
    /// Its gRPC port; 0: any free one.
    pub rpc_port: u16,
    /// What starts workers.
    pub scheduler: SchedulerKind,
    /// Between two looks at a job's leader (only with `job-controller = "worker"`).
    pub leader_poll_interval: HumanDuration,
    /// How long a connection may take to come up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_timeout: Option<HumanDuration>,
    /// Metrics of jobs.
    pub metrics: ControllerMetrics,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// Metrics of jobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ControllerMetrics {
    /// Whether they are gathered.
    pub enabled: bool,
}

/// What starts workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchedulerKind {
    /// They run inside the controller's process.
    Embedded,
    /// They are child processes.
    Process,
    /// Somebody starts them by hand.
    Manual,
    /// Node agents start them.
    Node,
    /// They are pods.
    Kubernetes,
}

impl std::fmt::Display for SchedulerKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Embedded => "embedded",
            Self::Process => "process",
            Self::Manual => "manual",
            Self::Node => "node",
            Self::Kubernetes => "kubernetes",
        })
    }
}

/// The compiler of user functions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Compiler {
    /// The address it listens on.
    pub bind_address: String,
    /// Its gRPC port.
    pub rpc_port: u16,
    /// Whether a missing clang is installed.
    pub install_clang: bool,
    /// Whether a missing rustc is installed.
    pub install_rustc: bool,
    /// Where compiled functions go.
    pub artifact_url: String,
    /// Where they are built.
    pub build_dir: String,
    /// Whether the crate for functions is taken from the working copy.
    pub use_local_udf_crate: bool,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// Workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Worker {
    /// The address they listen on.
    pub bind_address: String,
    /// Their gRPC port; 0: any free one.
    pub rpc_port: u16,
    /// Their port for the exchange of rows; 0: any free one.
    pub data_port: u16,
    /// How many subtasks of each node one worker runs.
    pub task_slots: u32,
    /// The worker's id; random if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The machine it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Rows that a queue between two subtasks holds.
    pub queue_size: usize,
    /// Bytes that a queue between two subtasks holds.
    pub queue_bytes: usize,
    /// Memory that the state of a worker's operators may take; the job fails when it takes more. No limit if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_memory_limit: Option<HumanSize>,
    /// How many checkpoints' details are kept (only with `job-controller = "worker"`).
    pub checkpoint_details_to_keep: u32,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// Node agents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Node {
    /// The node's id; random if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The address it listens on.
    pub bind_address: String,
    /// Its gRPC port.
    pub rpc_port: u16,
    /// How many subtasks it runs.
    pub task_slots: u32,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// The admin server of each process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Admin {
    /// The address it listens on.
    pub bind_address: String,
    /// Its port; 0: any free one.
    pub http_port: u16,
    /// Who may call it.
    pub auth_mode: AuthMode,
    /// Whether metrics are open to everybody even so.
    pub allow_unauthenticated_metrics: bool,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

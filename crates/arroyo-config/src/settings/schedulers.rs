//! Settings of single schedulers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The `process` scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProcessScheduler {
    /// How many subtasks of each node one worker process runs.
    pub slots_per_process: u32,
    /// Whether workers end with the controller.
    pub shutdown_with_controller: bool,
}

/// The `manual` scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ManualScheduler {
    /// How many subtasks of each node one worker process runs.
    pub slots_per_process: u32,
}

/// The `kubernetes` scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KubernetesScheduler {
    /// Where pods are made.
    pub namespace: String,
    /// The object that owns them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<Value>,
    /// Whether resources are those of a slot or of a pod.
    pub resource_mode: ResourceMode,
    /// The workers' pods.
    pub worker: KubernetesWorker,
}

/// Whether resources are those of a slot or of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceMode {
    /// Of a slot.
    PerSlot,
    /// Of a pod.
    PerPod,
}

/// The workers' pods; objects are those of Kubernetes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KubernetesWorker {
    /// The first part of their names.
    pub name_prefix: String,
    /// Their name; `<prefix>-worker` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The image.
    pub image: String,
    /// When the image is pulled.
    pub image_pull_policy: String,
    /// Secrets for pulling it.
    #[serde(default)]
    pub image_pull_secrets: Vec<Value>,
    /// Their service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Their labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Their annotations.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// Their environment.
    #[serde(default)]
    pub env: Vec<Value>,
    /// Their resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Value>,
    /// How many subtasks of each node one pod runs.
    pub task_slots: u32,
    /// Their volumes.
    #[serde(default)]
    pub volumes: Vec<Value>,
    /// Where volumes are mounted.
    #[serde(default)]
    pub volume_mounts: Vec<Value>,
    /// What they run.
    pub command: String,
    /// Which nodes they run on.
    #[serde(default)]
    pub node_selector: BTreeMap<String, String>,
    /// Which taints they tolerate.
    #[serde(default)]
    pub tolerations: Vec<Value>,
}

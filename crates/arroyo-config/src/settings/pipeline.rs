//! How pipelines run.

use serde::{Deserialize, Serialize};

use crate::HumanDuration;

/// How pipelines run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pipeline {
    /// Rows that a source gathers into a batch.
    pub source_batch_size: usize,
    /// How long a source gathers them.
    pub source_batch_linger: HumanDuration,
    /// Between two emissions of an updating aggregate.
    pub update_aggregate_flush_interval: HumanDuration,
    /// Restarts after failures before a job is given up; −1: no limit.
    pub allowed_restarts: i32,
    /// A worker that was not heard of for so long is lost.
    pub worker_heartbeat_timeout: HumanDuration,
    /// A job that ran for so long has all its restarts again.
    pub healthy_duration: HumanDuration,
    /// How long workers may take to come up.
    pub worker_startup_time: HumanDuration,
    /// How long tasks may take to come up.
    pub task_startup_time: HumanDuration,
    /// The first wait before something is tried again.
    pub state_initial_backoff: HumanDuration,
    /// The longest wait before something is tried again.
    pub state_max_backoff: HumanDuration,
    /// Where the rows of a bare SELECT go.
    pub default_sink: DefaultSink,
    /// Whether dropped records are reported to the job's log.
    pub store_deserialization_errors: bool,
    /// Fusing operators into one task.
    pub chaining: Chaining,
    /// Merging checkpoint files.
    pub compaction: Compaction,
    /// Checkpoints.
    pub checkpoint: CheckpointSettings,
}

/// Where the rows of a bare SELECT go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefaultSink {
    /// To whoever watches the job through the API.
    Preview,
    /// To the worker's stdout.
    Stdout,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputFormat {
    /// One JSON object a line.
    Json,
    /// Aligned columns with a header.
    Table,
    /// Comma-separated values with a header.
    Csv,
}

/// Fusing operators into one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Chaining {
    /// Whether it is done.
    pub enabled: bool,
}

/// Merging checkpoint files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Compaction {
    /// Whether it is done.
    pub enabled: bool,
    /// A table is merged when more checkpoints than this have left files for the same keys.
    pub checkpoints_to_compact: u32,
}

/// Checkpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CheckpointSettings {
    /// A checkpoint that takes longer is given up, and the next one tried.
    pub timeout: HumanDuration,
    /// How many checkpoints in a row may be given up before the job is started again; −1: any number.
    pub tolerated_failures: i32,
    /// How many finished checkpoints are kept, savepoints aside.
    pub keep: u32,
}

//! Checkpoints.

use arroyo_metastore as store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{collection, micros};

collection!(
    /// A job's checkpoints by ascending epoch.
    CheckpointCollection of Checkpoint
);

collection!(
    /// The operators' parts of a checkpoint.
    OperatorCheckpointGroupCollection of OperatorCheckpointGroup
);

collection!(
    /// A job's savepoints by ascending epoch.
    SavepointCollection of Savepoint
);

/// A checkpoint that is kept until it is let go of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Savepoint {
    /// The checkpoint's number within the job.
    pub(crate) epoch: u64,
    /// When the checkpoint became durable.
    pub(crate) created_at: u64,
    /// Bytes of the files that it needs.
    pub(crate) bytes: u64,
}

impl From<arroyo_rpc::proto::Savepoint> for Savepoint {
    fn from(savepoint: arroyo_rpc::proto::Savepoint) -> Self {
        let arroyo_rpc::proto::Savepoint { epoch, created_at_micros, bytes } = savepoint;
        Self { epoch, created_at: micros(created_at_micros), bytes }
    }
}

/// An earlier checkpoint has become the last one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WentBack {
    /// Its new number: what the next start goes on from.
    pub(crate) epoch: u64,
}

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checkpoint {
    /// Its number within the job.
    pub(crate) epoch: u64,
    /// The format of its files: `parquet`.
    pub(crate) backend: String,
    /// `scheduled`, or `stopping` for the final one.
    pub(crate) checkpoint_type: String,
    /// When it started.
    pub(crate) start_time: u64,
    /// When it became durable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish_time: Option<u64>,
    /// Bytes written for it.
    pub(crate) bytes: u64,
    /// Its steps.
    pub(crate) events: Vec<CheckpointSpan>,
}

/// A step of a checkpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CheckpointSpan {
    /// When it started.
    pub(crate) start_time: u64,
    /// When it ended; 0 while it lasts.
    #[serde(default)]
    pub(crate) finish_time: u64,
    /// Its name.
    pub(crate) event: String,
    /// What it does.
    #[serde(default)]
    pub(crate) description: String,
}

/// An operator's part of a checkpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct OperatorCheckpointGroup {
    /// The operator.
    pub(crate) operator_id: String,
    /// Bytes written by all subtasks.
    pub(crate) bytes: u64,
    /// When its metadata was begun to be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) started_metadata_write: Option<u64>,
    /// When its part was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) finish_time: Option<u64>,
    /// The subtasks' parts.
    pub(crate) subtasks: Vec<SubtaskCheckpointGroup>,
}

/// A subtask's part of a checkpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SubtaskCheckpointGroup {
    /// The subtask, from 0.
    pub(crate) index: u32,
    /// Bytes written.
    pub(crate) bytes: u64,
    /// Its steps: `Alignment`, `Sync`, `Async`, `Committing`.
    pub(crate) event_spans: Vec<CheckpointSpan>,
}

impl From<&store::Checkpoint> for Checkpoint {
    fn from(checkpoint: &store::Checkpoint) -> Self {
        Self {
            epoch: checkpoint.epoch.0,
            backend: "parquet".into(),
            checkpoint_type: if checkpoint.stopping { "stopping" } else { "scheduled" }.into(),
            start_time: micros(checkpoint.start_time),
            finish_time: checkpoint.finish_time.map(micros),
            bytes: checkpoint.bytes,
            // Of another version's making: the rest of the checkpoint is still worth showing.
            events: serde_json::from_value(checkpoint.events.clone()).unwrap_or_default(),
        }
    }
}

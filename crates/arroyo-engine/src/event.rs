//! What tasks tell the controller.

use arroyo_operator::{OperatorError, ReportedError};
use arroyo_state::TableCheckpoint;
use arroyo_types::{Epoch, OperatorId, TaskId};

use crate::TaskMetrics;

/// Something happened in a task. Events of one task arrive in order.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEvent {
    /// When, in microseconds since the Unix epoch.
    pub time_micros: i64,
    /// In which task.
    pub task: TaskId,
    /// What.
    pub kind: TaskEventKind,
}

/// See [`TaskEvent`].
#[derive(Debug, Clone, PartialEq)]
pub enum TaskEventKind {
    /// The task's operators are built, their state is restored, and rows flow.
    Started,
    /// All data has passed, or the task carried out a barrier with `then_stop`. Reported once, with
    /// what it counted.
    ///
    /// A task whose data ended still answers barriers, so that a checkpoint after the end of data is complete; it is gone
    /// when the engine is stopped.
    Finished(TaskMetrics),
    /// The task failed; the engine stops its other tasks.
    Failed {
        /// The operator that failed.
        operator: OperatorId,
        /// Its description.
        description: String,
        /// Why.
        error: OperatorError,
    },
    /// A step towards a checkpoint.
    CheckpointProgress {
        /// The checkpoint.
        epoch: Epoch,
        /// The step.
        step: CheckpointStep,
    },
    /// The task's part of a checkpoint is durable.
    Checkpointed(TaskCheckpoint),
    /// The task's sink made what it pre-committed in `epoch` visible.
    Committed {
        /// The checkpoint.
        epoch: Epoch,
    },
    /// An error that does not end the task.
    Reported(ReportedError),
}

/// Steps of a task towards a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointStep {
    /// The first input's barrier arrived.
    StartedAlignment,
    /// All inputs' barriers arrived.
    StartedCheckpointing,
    /// The changes were taken; they are written while rows flow again.
    FinishedSync,
}

/// A task's part of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCheckpoint {
    /// The checkpoint.
    pub epoch: Epoch,
    /// The parts of the task's operators, in chain order.
    pub operators: Vec<OperatorCheckpoint>,
    /// When the first barrier arrived, in microseconds since the Unix epoch.
    pub alignment_micros: i64,
    /// When the changes were taken.
    pub sync_micros: i64,
    /// When everything was durable.
    pub finish_micros: i64,
}

/// An operator's part of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorCheckpoint {
    /// The operator.
    pub operator: OperatorId,
    /// What was written for its tables.
    pub tables: Vec<TableCheckpoint>,
    /// What a two-phase sink needs for its commit.
    pub commit_data: Option<Vec<u8>>,
    /// Bytes written for this checkpoint.
    pub bytes: u64,
}

//! Writes a task's state behind its barriers.

use std::sync::Arc;

use arroyo_operator::OperatorError;
use arroyo_runtime::TaskKind;
use arroyo_state::PendingTables;
use arroyo_types::{Epoch, OperatorId, TaskId};
use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};

use super::{TaskEnvironment, TaskError};
use crate::event::{OperatorCheckpoint, TaskCheckpoint, TaskEventKind};

/// Checkpoints that may wait for their files; a task whose storage is slower than its barriers waits at the next barrier.
const WAITING_MAX: usize = 4;

/// What a task took at a barrier.
#[derive(Debug)]
pub(super) struct PendingCheckpoint {
    pub(super) epoch: Epoch,
    pub(super) alignment_micros: i64,
    pub(super) sync_micros: i64,
    pub(super) operators: Vec<PendingOperator>,
}

/// What an operator handed over at a barrier.
#[derive(Debug)]
pub(super) struct PendingOperator {
    pub(super) operator: OperatorId,
    pub(super) description: String,
    pub(super) tables: PendingTables,
    pub(super) commit_data: Option<Vec<u8>>,
}

/// The task's end of its writer.
#[derive(Debug)]
pub(super) struct CheckpointWriter {
    pending: mpsc::Sender<PendingCheckpoint>,
    durable: watch::Receiver<Option<Epoch>>,
}

impl CheckpointWriter {
    /// A writer that reports to the controller, in order.
    pub(super) fn spawn(task: TaskId, environment: Arc<TaskEnvironment>) -> Self {
        let (pending, queue) = mpsc::channel(WAITING_MAX);
        let (written, durable) = watch::channel(None);
        let guard = environment.guard.clone();
        guard.spawn(&format!("checkpoint-writer-{task}"), TaskKind::BACKGROUND, async move {
            write_all(task, queue, written, environment).await;
            Ok::<_, std::convert::Infallible>(())
        });
        Self { pending, durable }
    }

    /// Hands over what was taken at a barrier.
    pub(super) fn write(&self, checkpoint: PendingCheckpoint) -> BoxFuture<'_, Result<(), TaskError>> {
        Box::pin(async move { self.pending.send(checkpoint).await.map_err(|_| TaskError::QueueClosed) })
    }

    /// Waits until everything up to `epoch` is durable.
    pub(super) async fn durable(&mut self, epoch: Epoch) -> Result<(), TaskError> {
        let reached = self.durable.wait_for(|durable| durable.is_some_and(|durable| durable >= epoch)).await;
        reached.map(drop).map_err(|_| TaskError::QueueClosed)
    }
}

async fn write_all(
    task: TaskId,
    mut queue: mpsc::Receiver<PendingCheckpoint>,
    written: watch::Sender<Option<Epoch>>,
    environment: Arc<TaskEnvironment>,
) {
    while let Some(checkpoint) = queue.recv().await {
        let mut operators = Vec::with_capacity(checkpoint.operators.len());
        for pending in checkpoint.operators {
            match write_operator(checkpoint.epoch, pending, &environment).await {
                Ok(operator) => operators.push(operator),
                Err(failed) => return environment.fail(task, failed).await,
            }
        }
        let done = TaskCheckpoint {
            epoch: checkpoint.epoch,
            operators,
            alignment_micros: checkpoint.alignment_micros,
            sync_micros: checkpoint.sync_micros,
            finish_micros: environment.clock.now_micros(),
        };
        environment.failpoints.pass("before part").await;
        environment.report(task, TaskEventKind::Checkpointed(done)).await;
        written.send_replace(Some(checkpoint.epoch));
    }
}

async fn write_operator(
    epoch: Epoch,
    pending: PendingOperator,
    environment: &TaskEnvironment,
) -> Result<OperatorCheckpoint, TaskEventKind> {
    let PendingOperator { operator, description, tables, commit_data } = pending;
    let writer = arroyo_state::CheckpointWriter::new(environment.storage.clone(), epoch, environment.generation)
        .watched(environment.failpoints.clone());
    match tables.write(&writer).await {
        Ok(tables) => {
            let bytes = tables.iter().map(arroyo_state::TableCheckpoint::bytes).sum();
            Ok(OperatorCheckpoint { operator, tables, commit_data, bytes })
        }
        Err(error) => Err(TaskEventKind::Failed { operator, description, error: OperatorError::from(error) }),
    }
}

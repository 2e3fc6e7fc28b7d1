//! One chain for one subtask.
//!
//! A task builds its operators, restores their state, and then reads its source or its inputs until they end.
//! Whatever comes out of the chain is sent on before the next thing happens, so that a full queue stops the task.
//!
//! A task whose data ended, or that stopped behind a barrier, stays until the engine is stopped: it still answers barriers
//! (so that a checkpoint after the end of data is complete) and commits.

mod build;
mod checkpoint_writer;
mod in_flight;
mod inputs;
mod lookups;
mod runner;
mod source;

use std::sync::Arc;
use std::time::Duration;

use arroyo_dataflow::Node;
use arroyo_operator::OperatorError;
use arroyo_types::{Epoch, TaskId};
use futures::FutureExt;
use tokio::sync::mpsc;

pub(crate) use build::TaskEnvironment;
pub(crate) use lookups::Lookups;

use crate::chain::Position;
use crate::event::TaskEventKind;
use crate::inbox::Inbox;
use crate::message::Barrier;
use crate::metrics::TaskMeter;
use crate::outputs::Outputs;
use crate::queue::QueueClosed;
use crate::request::OperatorCommit;

/// How long a failed task may take to report why, once its queues are closed.
const NEIGHBOUR_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a task cannot go on.
#[derive(Debug)]
pub(crate) enum TaskError {
    /// An operator failed.
    Operator(OperatorError),
    /// The task or connection at the other end of a queue is gone: that one has reported why.
    QueueClosed,
}

impl From<OperatorError> for TaskError {
    fn from(error: OperatorError) -> Self {
        Self::Operator(error)
    }
}

impl From<QueueClosed> for TaskError {
    fn from(_: QueueClosed) -> Self {
        Self::QueueClosed
    }
}

/// What the engine tells a task.
#[derive(Debug, Clone)]
pub(crate) enum Control {
    /// Sources: inject this barrier. Others: this barrier is on its way, or has to be answered if all inputs have ended.
    Checkpoint(Barrier),
    /// The epoch's manifest is durable.
    Commit { epoch: Epoch, commits: Arc<Vec<OperatorCommit>> },
    /// Sources: end. A task whose data has ended: leave.
    Stop,
}

/// What a task is made of.
pub(crate) struct TaskParts {
    pub(crate) task: TaskId,
    pub(crate) node: Node,
    /// The schemas of the first operator's inputs.
    pub(crate) input_schemas: Vec<arrow::datatypes::SchemaRef>,
    pub(crate) inbox: Inbox,
    pub(crate) outputs: Outputs,
    pub(crate) control: mpsc::Receiver<Control>,
    pub(crate) meter: Arc<TaskMeter>,
}

/// Runs a task to its end. A failure is reported, and stops the engine's other tasks.
pub(crate) async fn run(parts: TaskParts, environment: Arc<TaskEnvironment>) {
    let task = parts.task;
    let operators: Vec<_> =
        parts.node.chain.iter().map(|operator| (operator.id.clone(), operator.description.clone())).collect();
    let position = Position::default();
    let work = std::panic::AssertUnwindSafe(build_and_run(parts, environment.clone(), position.clone())).catch_unwind();
    let error = tokio::select! {
        biased;
        () = environment.guard.cancelled() => return,
        outcome = work => match outcome {
            Ok(Ok(())) => return,
            Ok(Err(TaskError::Operator(error))) => error,
            Ok(Err(TaskError::QueueClosed)) => {
                // The one at the other end is about to say why.
                if tokio::time::timeout(NEIGHBOUR_TIMEOUT, environment.guard.cancelled()).await.is_ok() {
                    return;
                }
                OperatorError::bug("the other end of a queue is gone")
            }
            Err(panic) => OperatorError::bug(format!("it panicked: {}", panic_message(panic.as_ref()))),
        },
    };
    let (operator, description) = operators.get(position.get()).cloned().unwrap_or_else(|| ("".into(), String::new()));
    environment.fail(task, TaskEventKind::Failed { operator, description, error }).await;
}

async fn build_and_run(
    parts: TaskParts,
    environment: Arc<TaskEnvironment>,
    position: Position,
) -> Result<(), TaskError> {
    let mut runner = build::build(parts, environment.clone(), position).await?;
    if environment.restore.is_some() {
        environment.failpoints.pass("after restore").await;
    }
    runner.open().await?;
    if runner.is_source() { runner.run_source().await } else { runner.run_inputs().await }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

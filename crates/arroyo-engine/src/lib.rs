//! Runs dataflow programs: tasks, queues, the exchange of rows within and between processes, barriers, and the operators.
//!
//! [`Engine::start`] wires the tasks that one worker was assigned and starts each as a named task. Tasks are joined by queues
//! that are bounded in messages, rows and bytes; a full queue is back-pressure all the way to the source. Barriers are
//! aligned; the state that operators hand over at a barrier is written behind it.

mod alignment;
mod chain;
mod engine;
mod error;
mod event;
mod inbox;
mod message;
mod metrics;
mod network;
pub mod operators;
mod outputs;
mod partition;
mod queue;
mod request;
mod state_memory;
mod task;
mod watermarks;
mod wiring;

pub use engine::{Engine, EngineHandle};
pub use error::{EngineError, NetworkError};
pub use event::{CheckpointStep, OperatorCheckpoint, TaskCheckpoint, TaskEvent, TaskEventKind};
pub use metrics::{MetricsHub, OperatorMetrics, TaskMetrics};
pub use network::DataListener;
pub use request::{Components, EngineRequest, OperatorCommit, QueueLimits, SourceBatching, StopMode, TaskAssignment};

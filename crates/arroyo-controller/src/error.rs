//! What can go wrong with the controller.

use arroyo_config::SchedulerKind;
use arroyo_dataflow::ProgramError;
use arroyo_metastore::MetastoreError;
use arroyo_state::StateError;
use arroyo_types::ErrorKind;
use thiserror::Error;

/// The controller could not be started, or an operation on a job failed.
#[derive(Debug, Error)]
pub enum ControllerError {
    /// The address is taken, or not one of this machine's.
    #[error("cannot listen on {address} (controller.bind-address, controller.rpc-port): {source}")]
    Bind {
        /// Host and port.
        address: String,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// The configuration asks for what this build cannot do.
    #[error("`{key}`: {reason}")]
    Config {
        /// The setting.
        key: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The metastore failed.
    #[error(transparent)]
    Metastore(#[from] MetastoreError),
    /// A job's checkpoints cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// A job's program cannot be read.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// Workers could not be started.
    #[error("the {scheduler} scheduler could not start a worker: {reason}")]
    Start {
        /// The scheduler.
        scheduler: SchedulerKind,
        /// Why.
        reason: String,
    },
    /// A worker could not be called.
    #[error("worker {worker} at {address} did not take the {call} call: {reason}")]
    Worker {
        /// The worker's id.
        worker: u64,
        /// Its gRPC address.
        address: String,
        /// The name of the call.
        call: &'static str,
        /// Why.
        reason: String,
        /// What to do.
        kind: ErrorKind,
    },
    /// A worker sent something that makes no sense.
    #[error("a worker reported a checkpoint of `{operator}` that cannot be read: {reason}")]
    Report {
        /// The operator.
        operator: String,
        /// What is wrong.
        reason: String,
    },
}

impl ControllerError {
    /// What people can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::State(error) => error.hint(),
            _ => None,
        }
    }

    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Bind { .. } | Self::Config { .. } => ErrorKind::User,
            Self::Metastore(error) => error.kind(),
            Self::State(error) => error.kind(),
            Self::Program(error) => error.kind(),
            Self::Start { .. } => ErrorKind::Retry,
            Self::Worker { kind, .. } => *kind,
            Self::Report { .. } => ErrorKind::Bug,
        }
    }
}

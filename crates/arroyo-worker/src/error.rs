//! Why a worker cannot start, or ended by itself.

use arroyo_engine::NetworkError;
use arroyo_types::{ErrorKind, Generation, JobId};
use thiserror::Error;

/// A worker could not start, or ended by itself.
#[derive(Debug, Error)]
pub enum WorkerError {
    /// An environment variable is missing.
    #[error("{variable} is not set; workers are started by a scheduler, which sets it")]
    MissingVariable {
        /// Its name.
        variable: &'static str,
    },
    /// An environment variable has a value that makes no sense.
    #[error("{variable} is `{value}`, which is not {expected}")]
    BadVariable {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The gRPC port could not be bound.
    #[error("cannot listen on {address} for calls of the controller: {source}")]
    Bind {
        /// The address that was asked for.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The port for rows could not be bound.
    #[error(transparent)]
    DataPort(#[from] NetworkError),
    /// The controller's URL makes no sense.
    #[error("`controller-endpoint` is `{endpoint}`, which is not a URL of a gRPC service: {reason}")]
    BadEndpoint {
        /// The URL.
        endpoint: String,
        /// Why.
        reason: String,
    },
    /// The controller could not be reached for too long.
    #[error("the controller at {endpoint} was not reached for {seconds} s: {reason}")]
    ControllerLost {
        /// Its URL.
        endpoint: String,
        /// For how long.
        seconds: u64,
        /// What the last call failed with.
        reason: String,
    },
    /// The controller has given this worker up.
    #[error("the controller refuses this worker of generation {generation} of {job}: {reason}")]
    Fenced {
        /// The job.
        job: JobId,
        /// This worker's generation.
        generation: Generation,
        /// What it said.
        reason: String,
    },
    /// The gRPC server failed.
    #[error("the gRPC server failed: {reason}")]
    Serve {
        /// Why.
        reason: String,
    },
    /// The worker was killed, or panicked.
    #[error("the worker was ended before it could end by itself")]
    Killed,
}

impl WorkerError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::MissingVariable { .. } | Self::BadVariable { .. } | Self::BadEndpoint { .. } => ErrorKind::User,
            Self::Bind { .. } | Self::ControllerLost { .. } | Self::Serve { .. } | Self::Killed => ErrorKind::Retry,
            Self::DataPort(error) => error.kind(),
            Self::Fenced { .. } => ErrorKind::Fenced,
        }
    }
}

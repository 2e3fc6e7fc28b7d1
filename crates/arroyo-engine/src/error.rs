//! What can go wrong before tasks run, and between workers.

use arroyo_types::{ErrorKind, Generation, NodeId, TaskId, WorkerId};
use thiserror::Error;

/// The engine could not start, or was asked for something while its tasks were gone.
#[derive(Debug, Error)]
pub enum EngineError {
    /// A task of the program has no worker, so that its neighbours cannot send to it.
    #[error("task {task} of the program was assigned to no worker")]
    Unassigned {
        /// The task.
        task: TaskId,
    },
    /// An edge names a node that the program does not have.
    #[error("an edge of the program names node {node}, which the program does not have")]
    NoSuchNode {
        /// The node.
        node: NodeId,
    },
    /// A forward edge between nodes of different parallelism.
    #[error("the forward edge from node {src} to node {dst} joins {src_parallelism} subtasks with {dst_parallelism}")]
    UnevenForward {
        /// Where rows come from.
        src: NodeId,
        /// Where rows go to.
        dst: NodeId,
        /// Subtasks of `src`.
        src_parallelism: u32,
        /// Subtasks of `dst`.
        dst_parallelism: u32,
    },
    /// Tasks run on several workers, but this engine was given no listener for rows of other workers.
    #[error("tasks are spread over several workers, but worker {worker} has no data port")]
    NoDataPort {
        /// This worker.
        worker: WorkerId,
    },
    /// The tasks have ended, or are ending.
    #[error("the tasks of this worker have ended")]
    Ended,
}

impl EngineError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Unassigned { .. }
            | Self::NoSuchNode { .. }
            | Self::UnevenForward { .. }
            | Self::NoDataPort { .. } => ErrorKind::Bug,
            Self::Ended => ErrorKind::Retry,
        }
    }
}

/// The exchange between two workers broke.
#[derive(Debug, Error)]
pub enum NetworkError {
    /// The data port could not be bound.
    #[error("cannot listen for rows of other workers on {address}: {source}")]
    Bind {
        /// The address that was asked for.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The other worker could not be reached.
    #[error("cannot connect to worker {worker} at {address}: {source}")]
    Connect {
        /// The other worker.
        worker: WorkerId,
        /// Its data address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// Reading or writing failed in the middle.
    #[error("the connection with worker {worker} broke: {source}")]
    Broken {
        /// The other worker.
        worker: WorkerId,
        /// Why.
        source: std::io::Error,
    },
    /// The other side closed before all rows had passed.
    #[error("worker {worker} closed the connection before its tasks had ended")]
    Closed {
        /// The other worker.
        worker: WorkerId,
    },
    /// The other side did not answer the handshake in time.
    #[error("worker {worker} at {address} did not answer the handshake within {seconds} s")]
    NoAnswer {
        /// The other worker.
        worker: WorkerId,
        /// Its data address.
        address: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The other side runs another job or generation, so one of both is a zombie.
    #[error("worker {worker} refused the connection of generation {generation}: {reason}")]
    Refused {
        /// The other worker.
        worker: WorkerId,
        /// Our generation.
        generation: Generation,
        /// What it said.
        reason: String,
    },
    /// What arrived is not what the protocol allows.
    #[error("worker {worker} sent what cannot be understood: {what}")]
    Protocol {
        /// The other worker.
        worker: WorkerId,
        /// What is wrong with it.
        what: String,
    },
    /// Rows could not be put on the wire.
    #[error("rows for worker {worker} cannot be encoded: {source}")]
    Encode {
        /// The other worker.
        worker: WorkerId,
        /// Why.
        source: arrow::error::ArrowError,
    },
    /// One message is larger than a frame may be.
    #[error(
        "a batch of {bytes} bytes for worker {worker} exceeds the largest frame of {limit} bytes; it holds a very large row"
    )]
    FrameTooLarge {
        /// The other worker.
        worker: WorkerId,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl NetworkError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Bind { .. }
            | Self::Connect { .. }
            | Self::Broken { .. }
            | Self::Closed { .. }
            | Self::NoAnswer { .. } => ErrorKind::Retry,
            Self::Refused { .. } => ErrorKind::Fenced,
            Self::Protocol { .. } | Self::Encode { .. } => ErrorKind::Bug,
            Self::FrameTooLarge { .. } => ErrorKind::User,
        }
    }
}

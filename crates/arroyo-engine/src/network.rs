//! The exchange of rows between workers.
//!
//! Each worker with rows for another one opens one TCP connection to it. Rows flow in the direction in which the connection
//! was opened, as Arrow IPC; credit flows back. A *channel* is one subtask's queue to another's: the sender's
//! [`crate::queue::Budget`] counts what is under way on it, and the receiver returns credit as its task takes messages.
//! So one slow task stalls only those who send to it, not its neighbours on the connection: what is on the wire always has
//! room at the other side.
//!
//! The first frame names job, generation and workers; a worker of another generation is refused, so that a zombie cannot
//! inject rows. A broken connection is not mended: the tasks fail, and the job recovers from its last checkpoint.

mod codec;
mod frame;
mod receiver;
mod sender;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::datatypes::SchemaRef;
use arroyo_runtime::{Guard, Listener, Network, Tcp};
use arroyo_types::{Generation, JobId, TaskId, WorkerId};
use tokio::sync::mpsc;

pub(crate) use receiver::receive_rows;
pub(crate) use sender::send_rows;

use crate::error::NetworkError;
use crate::queue::{Budget, Envelope, Refusal};

/// The version of the frames; both sides must speak the same.
const PROTOCOL_VERSION: u16 = 2;

/// A queue from one subtask to another, within a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ChannelId {
    /// The edge's index in the program.
    pub(crate) edge: u32,
    /// The sending subtask.
    pub(crate) src: u32,
    /// The receiving subtask.
    pub(crate) dst: u32,
}

/// The sending side of a channel.
#[derive(Debug)]
pub(crate) struct OutgoingChannel {
    pub(crate) id: ChannelId,
    pub(crate) schema: SchemaRef,
    pub(crate) budget: Arc<Budget>,
    /// The task that sends.
    pub(crate) source: TaskId,
}

/// The receiving side of a channel.
#[derive(Debug)]
pub(crate) struct IncomingChannel {
    pub(crate) id: ChannelId,
    pub(crate) schema: SchemaRef,
    pub(crate) inbox: mpsc::Sender<Envelope>,
    /// The task that receives.
    pub(crate) destination: TaskId,
    /// Said by the task when it wants no more rows.
    pub(crate) refusal: Refusal,
}

/// What all connections of an engine share.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionContext {
    pub(crate) job: JobId,
    pub(crate) generation: Generation,
    pub(crate) worker: WorkerId,
    network: Arc<dyn Network>,
    /// Cancelled when the engine is stopped at once, or fails.
    pub(crate) guard: Guard,
    /// Whether a cancellation is a stop, which peers are told about, and not a failure.
    stopping: Arc<AtomicBool>,
}

impl ConnectionContext {
    /// Other workers are reached through the network that `listener` listens on.
    pub(crate) fn new(
        job: JobId,
        generation: Generation,
        worker: WorkerId,
        listener: Option<&DataListener>,
        guard: Guard,
    ) -> Self {
        let network = listener.map_or_else(|| Arc::new(Tcp) as Arc<dyn Network>, |listener| listener.network.clone());
        Self { job, generation, worker, network, guard, stopping: Arc::default() }
    }

    /// Ends all connections; peers are told that it is not a failure.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.guard.cancel();
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// Where rows of other workers arrive. Bound before the worker registers; read once the engine runs.
#[derive(Debug)]
pub struct DataListener {
    listener: Box<dyn Listener>,
    network: Arc<dyn Network>,
}

impl DataListener {
    /// Listens on `address` (`host:port`; port 0: any free one) of `network`.
    ///
    /// # Errors
    /// [`NetworkError::Bind`].
    pub async fn bind(network: Arc<dyn Network>, address: &str) -> Result<Self, NetworkError> {
        let error = |source| NetworkError::Bind { address: address.to_string(), source };
        let listener = network.listen(address).await.map_err(error)?;
        Ok(Self { listener, network })
    }

    /// The address it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }
}

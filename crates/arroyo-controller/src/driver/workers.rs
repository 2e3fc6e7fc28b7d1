//! The registered workers of a start, and calls to them.
//!
//! Calls to one worker are made one after the other, so that a commit arrives before the next barrier.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_client::WorkerClient;
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{ErrorKind, WorkerId};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use super::{Context, Internal};
use crate::ControllerError;
use crate::machine::{Event, Fault};
use crate::service::MAX_MESSAGE_BYTES;

/// Calls that may wait for a worker.
const CALL_QUEUE: usize = 64;
/// A worker answers a call within this time, or is taken for lost.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A call to a worker.
#[derive(Debug, Clone)]
pub(super) enum Call {
    Start(Box<proto::StartExecutionRequest>),
    Checkpoint(proto::CheckpointRequest),
    Commit(proto::CommitRequest),
    Stop(proto::StopExecutionRequest),
}

/// A registered worker.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) client: WorkerClient<Channel>,
    pub(super) data_address: String,
    pub(super) slots: u32,
    pub(super) last_seen: Instant,
    calls: mpsc::Sender<Call>,
}

/// The registered workers of a start.
#[derive(Debug, Default)]
pub(super) struct Workers(BTreeMap<WorkerId, Worker>);

impl Workers {
    /// Takes a worker in; a repeated registration changes nothing.
    pub(super) fn register(
        &mut self,
        request: &proto::RegisterWorkerRequest,
        context: &Context,
        internal: mpsc::Sender<Internal>,
        guard: &Guard,
    ) -> Result<(), Status> {
        let id = WorkerId(request.worker_id);
        if self.0.contains_key(&id) {
            return Ok(());
        }
        let endpoint = Endpoint::from_shared(request.rpc_address.clone())
            .map_err(|error| Status::invalid_argument(format!("rpc_address `{}`: {error}", request.rpc_address)))?;
        let endpoint = endpoint.connect_timeout(context.options.connect_timeout);
        let channel = arroyo_rpc::channel(&endpoint, context.network.clone());
        let client = WorkerClient::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES);
        let (calls, inbox) = mpsc::channel(CALL_QUEUE);
        let caller = Caller { id, address: request.rpc_address.clone(), client: client.clone() };
        let kind = TaskKind::BACKGROUND;
        guard.spawn(&format!("calls-{id}"), kind, async move {
            caller.run(inbox, internal).await;
            Ok::<_, Infallible>(())
        });
        let worker = Worker {
            client,
            data_address: request.data_address.clone(),
            slots: request.slots,
            last_seen: Instant::now(),
            calls,
        };
        self.0.insert(id, worker);
        Ok(())
    }

    pub(super) fn get(&self, id: WorkerId) -> Option<&Worker> {
        self.0.get(&id)
    }

    pub(super) fn slots(&self) -> BTreeMap<WorkerId, u32> {
        self.0.iter().map(|(id, worker)| (*id, worker.slots)).collect()
    }

    pub(super) fn clients(&self) -> Vec<WorkerClient<Channel>> {
        self.0.values().map(|worker| worker.client.clone()).collect()
    }

    pub(super) fn ids(&self) -> Vec<WorkerId> {
        self.0.keys().copied().collect()
    }

    pub(super) fn seen(&mut self, id: WorkerId) -> bool {
        let worker = self.0.get_mut(&id);
        worker.map(|worker| worker.last_seen = Instant::now()).is_some()
    }

    /// When the first worker will be lost if it is not heard of.
    pub(super) fn next_loss(&self, timeout: Duration) -> Option<Instant> {
        self.0.values().filter_map(|worker| worker.last_seen.checked_add(timeout)).min()
    }

    /// A worker that was not heard of for `timeout`.
    pub(super) fn lost(&self, timeout: Duration) -> Option<WorkerId> {
        self.0.iter().find(|(_, worker)| worker.last_seen.elapsed() >= timeout).map(|(id, _)| *id)
    }

    pub(super) fn remove(&mut self, id: WorkerId) {
        self.0.remove(&id);
    }

    /// Queues a call; an error if the worker is too far behind to take it.
    pub(super) fn call(&self, id: WorkerId, call: Call) -> Result<(), Fault> {
        let queued = self.0.get(&id).is_some_and(|worker| worker.calls.try_send(call).is_ok());
        if queued { Ok(()) } else { Err(Fault::new(ErrorKind::Retry, format!("worker {id} takes no more calls"))) }
    }
}

struct Caller {
    id: WorkerId,
    address: String,
    client: WorkerClient<Channel>,
}

impl Caller {
    async fn run(mut self, mut inbox: mpsc::Receiver<Call>, internal: mpsc::Sender<Internal>) {
        while let Some(call) = inbox.recv().await {
            if let Err(error) = self.make(call).await {
                let fault = Fault::new(error.kind(), error.to_string());
                // The driver may have gone on to another start.
                let _ = internal.send(Internal::Event(Event::Failed(fault))).await;
                return;
            }
        }
    }

    async fn make(&mut self, call: Call) -> Result<(), ControllerError> {
        let client = &mut self.client;
        let (name, answer) = match call {
            Call::Start(request) => ("StartExecution", timed(client.start_execution(*request)).await),
            Call::Checkpoint(request) => ("Checkpoint", timed(client.checkpoint(request)).await),
            Call::Commit(request) => ("Commit", timed(client.commit(request)).await),
            Call::Stop(request) => ("StopExecution", timed(client.stop_execution(request)).await),
        };
        answer.map_err(|status| ControllerError::Worker {
            worker: self.id.0,
            address: self.address.clone(),
            call: name,
            kind: kind_of(&status),
            reason: status.message().to_string(),
        })
    }
}

async fn timed<T>(call: impl Future<Output = Result<tonic::Response<T>, Status>>) -> Result<(), Status> {
    match tokio::time::timeout(CALL_TIMEOUT, call).await {
        Ok(answer) => answer.map(|_| ()),
        Err(_) => Err(Status::deadline_exceeded(format!("no answer within {} s", CALL_TIMEOUT.as_secs()))),
    }
}

fn kind_of(status: &Status) -> ErrorKind {
    match status.code() {
        Code::InvalidArgument | Code::Unimplemented | Code::Internal => ErrorKind::Bug,
        Code::DataLoss => ErrorKind::Corrupt,
        _ => ErrorKind::Retry,
    }
}

//! The jobs that have a driver, and how to reach them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_client::WorkerClient;
use arroyo_types::{Epoch, Generation, JobId, PipelineId};
use tokio::sync::{Notify, mpsc, oneshot};
use tonic::Status;
use tonic::transport::Channel;

use crate::metrics::JobFigures;
use crate::output::OutputHub;

/// What a driver is asked by the gRPC service.
#[derive(Debug)]
pub(crate) enum Request {
    /// A worker is up; the answer is the interval of heartbeats.
    Register(proto::RegisterWorkerRequest, oneshot::Sender<Result<Duration, Status>>),
    /// Things happened in a worker.
    Events(proto::WorkerEventsRequest, oneshot::Sender<Result<(), Status>>),
    /// Which workers run the job now?
    Workers(oneshot::Sender<(Generation, Vec<WorkerClient<Channel>>)>),
    /// What have tasks of the last start counted that have ended?
    Ended(oneshot::Sender<Vec<proto::TaskMetrics>>),
    /// Is this the current generation?
    Check(u64, oneshot::Sender<Result<(), Status>>),
    /// Take a checkpoint and keep it.
    TakeSavepoint(oneshot::Sender<Result<proto::Savepoint, Status>>),
    /// Which checkpoints are kept?
    ListSavepoints(oneshot::Sender<Result<Vec<proto::Savepoint>, Status>>),
    /// Let go of one.
    ReleaseSavepoint(Epoch, oneshot::Sender<Result<(), Status>>),
    /// Make an earlier checkpoint the last one; the answer is its new number.
    GoBack(Epoch, oneshot::Sender<Result<Epoch, Status>>),
}

/// A job's driver.
#[derive(Debug, Clone)]
pub(crate) struct JobHandle {
    pub(crate) pipeline: PipelineId,
    pub(crate) requests: mpsc::Sender<Request>,
    /// Notified when what is wanted may have changed.
    pub(crate) changed: Arc<Notify>,
    /// Notified by the driver when it meets a newer owner.
    pub(crate) overtaken: Arc<Notify>,
    pub(crate) outputs: Arc<OutputHub>,
    /// What the driver tells of its job.
    pub(crate) figures: Arc<JobFigures>,
}

/// All drivers.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    handles: Mutex<BTreeMap<JobId, JobHandle>>,
    removed: Notify,
}

impl Jobs {
    pub(crate) fn get(&self, job: &JobId) -> Option<JobHandle> {
        self.lock().get(job).cloned()
    }

    /// Adds a job unless it is there; answers whether it was added.
    pub(crate) fn add(&self, job: JobId, handle: JobHandle) -> bool {
        use std::collections::btree_map::Entry;
        match self.lock().entry(job) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(handle);
                true
            }
        }
    }

    pub(crate) fn remove(&self, job: &JobId) {
        self.lock().remove(job);
        self.removed.notify_waiters();
    }

    /// Whose drivers there are.
    pub(crate) fn ids(&self) -> Vec<JobId> {
        self.lock().keys().cloned().collect()
    }

    /// Waits until there is no driver any more.
    pub(crate) async fn emptied(&self) {
        loop {
            let removed = self.removed.notified();
            if self.lock().is_empty() {
                return;
            }
            removed.await;
        }
    }

    /// Wakes the drivers of a pipeline's jobs; answers whether there are any.
    pub(crate) fn notify(&self, pipeline: &PipelineId) -> bool {
        let handles = self.lock();
        let mut found = false;
        for handle in handles.values().filter(|handle| handle.pipeline == *pipeline) {
            handle.changed.notify_one();
            found = true;
        }
        found
    }

    /// Wakes all drivers.
    pub(crate) fn notify_all(&self) {
        for handle in self.lock().values() {
            handle.changed.notify_one();
        }
    }

    /// Ends the streams of preview rows of all jobs.
    pub(crate) fn close_outputs(&self) {
        for handle in self.lock().values() {
            handle.outputs.close();
        }
    }

    pub(crate) fn figures(&self) -> Vec<Arc<JobFigures>> {
        self.lock().values().map(|handle| handle.figures.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, JobHandle>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

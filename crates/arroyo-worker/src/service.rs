//! The `Worker` gRPC service.

use std::sync::Arc;

use arroyo_dataflow::Program;
use arroyo_engine::{
    DataListener, Engine, EngineError, EngineHandle, EngineRequest, QueueLimits, SourceBatching, StopMode,
    TaskAssignment, TaskEvent,
};
use arroyo_operator::OutputSender;
use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_server::Worker;
use arroyo_runtime::Guard;
use arroyo_state::{Manifest, Manifests};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, ErrorKind, WorkerId};
use tokio::sync::{Mutex, mpsc};
use tonic::{Request, Response, Status};

use crate::{WorkerOptions, messages};

/// What the service and the worker's own task share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: WorkerOptions,
    pub(crate) execution: Mutex<Execution>,
    pub(crate) events: mpsc::Sender<TaskEvent>,
    pub(crate) output: OutputSender,
    pub(crate) guard: Guard,
    /// Cancelled when the worker is told to end.
    pub(crate) stop: Guard,
}

/// Whether tasks run.
#[derive(Debug)]
pub(crate) enum Execution {
    /// Waits for tasks; rows of other workers will arrive at the listener.
    Waiting(Option<DataListener>),
    /// Tasks run, or have ended.
    Started(Arc<EngineHandle>),
}

/// Serves the controller.
#[derive(Debug, Clone)]
pub(crate) struct WorkerService(pub(crate) Arc<Shared>);

fn status(kind: ErrorKind, message: impl Into<String>) -> Status {
    match kind {
        ErrorKind::Retry => Status::unavailable(message),
        ErrorKind::User | ErrorKind::OutputClosed => Status::invalid_argument(message),
        ErrorKind::Corrupt => Status::data_loss(message),
        ErrorKind::Fenced => Status::failed_precondition(message),
        ErrorKind::Bug => Status::internal(message),
    }
}

/// Tasks that have ended take no orders. That is not the call's failure: their events say how they ended, and this answer may
/// be faster than they are.
fn told(outcome: Result<(), EngineError>) -> Result<(), Status> {
    match outcome {
        Ok(()) | Err(EngineError::Ended) => Ok(()),
        Err(error) => Err(status(error.kind(), error.to_string())),
    }
}

impl WorkerService {
    /// Refuses calls for other jobs and generations.
    fn check(&self, job: &str, generation: u64) -> Result<(), Status> {
        let options = &self.0.options;
        if job == options.job.as_str() && generation == options.generation.0 {
            return Ok(());
        }
        Err(Status::failed_precondition(format!(
            "worker {} works for generation {} of {}, not for generation {generation} of {job}",
            options.worker, options.generation, options.job
        )))
    }

    async fn engine(&self) -> Result<Arc<EngineHandle>, Status> {
        match &*self.0.execution.lock().await {
            Execution::Started(engine) => Ok(engine.clone()),
            Execution::Waiting(_) => Err(Status::failed_precondition("this worker has no tasks yet")),
        }
    }

    async fn start(&self, request: proto::StartExecutionRequest) -> Result<(), Status> {
        let mut execution = self.0.execution.lock().await;
        let Execution::Waiting(listener) = &mut *execution else {
            // The controller did not hear our first answer.
            return Ok(());
        };
        let program = Program::decode(&request.program).map_err(|error| status(error.kind(), error.to_string()))?;
        let storage = job_storage(&request)?;
        let options = &self.0.options;
        let restore = match request.restore_epoch {
            Some(epoch) => {
                options.failpoints.pass("before restore").await;
                Some(Arc::new(read_manifest(&storage, Epoch(epoch)).await?))
            }
            None => None,
        };
        let settings = &options.config;
        let assignments = request.assignments.into_iter().map(|place| TaskAssignment {
            task: place.task.unwrap_or_default().into(),
            worker: WorkerId(place.worker_id),
            data_address: place.data_address,
        });
        let limit = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
        let engine_request = EngineRequest {
            job: options.job.clone(),
            generation: options.generation,
            program: Arc::new(program),
            worker: options.worker,
            assignments: assignments.collect(),
            components: options.components.clone(),
            storage,
            restore,
            network: listener.take(),
            events: self.0.events.clone(),
            output: self.0.output.clone(),
            clock: options.clock.clone(),
            limits: QueueLimits {
                rows: limit(settings.worker.queue_size),
                bytes: limit(settings.worker.queue_bytes),
                ..QueueLimits::default()
            },
            state_bytes_max: settings.worker.state_memory_limit.map(|limit| limit.0),
            batching: SourceBatching {
                size: settings.pipeline.source_batch_size,
                linger: settings.pipeline.source_batch_linger.0,
            },
            report_bad_records: settings.pipeline.store_deserialization_errors,
            flush_interval: settings.pipeline.update_aggregate_flush_interval.0,
            metrics: options.metrics.clone(),
            failpoints: options.failpoints.clone(),
        };
        let engine = Engine::start(engine_request, &self.0.guard);
        let engine = engine.map_err(|error| status(error.kind(), error.to_string()))?;
        *execution = Execution::Started(Arc::new(engine));
        Ok(())
    }
}

/// The job's directory. Files of state are written again and again through an outage; the job goes on meanwhile.
fn job_storage(request: &proto::StartExecutionRequest) -> Result<Storage, Status> {
    Storage::open(&request.checkpoint_url)
        .and_then(|storage| storage.patient().child(&request.job_id))
        .map_err(|error| status(error.kind(), error.to_string()))
}

async fn read_manifest(storage: &Storage, epoch: Epoch) -> Result<Manifest, Status> {
    Manifests::new(storage.clone()).read(epoch).await.map_err(|error| status(error.kind(), error.to_string()))
}

#[tonic::async_trait]
impl Worker for WorkerService {
    async fn start_execution(
        &self,
        request: Request<proto::StartExecutionRequest>,
    ) -> Result<Response<proto::StartExecutionResponse>, Status> {
        let request = request.into_inner();
        self.check(&request.job_id, request.generation)?;
        self.start(request).await?;
        Ok(Response::new(proto::StartExecutionResponse {}))
    }

    async fn checkpoint(
        &self,
        request: Request<proto::CheckpointRequest>,
    ) -> Result<Response<proto::CheckpointResponse>, Status> {
        let request = request.into_inner();
        self.check(&request.job_id, request.generation)?;
        told(self.engine().await?.checkpoint(Epoch(request.epoch), request.then_stop).await)?;
        Ok(Response::new(proto::CheckpointResponse {}))
    }

    async fn commit(&self, request: Request<proto::CommitRequest>) -> Result<Response<proto::CommitResponse>, Status> {
        let request = request.into_inner();
        self.check(&request.job_id, request.generation)?;
        let commits = request.commits.into_iter().map(messages::commit).collect();
        told(self.engine().await?.commit(Epoch(request.epoch), commits).await)?;
        Ok(Response::new(proto::CommitResponse {}))
    }

    async fn stop_execution(
        &self,
        request: Request<proto::StopExecutionRequest>,
    ) -> Result<Response<proto::StopExecutionResponse>, Status> {
        let request = request.into_inner();
        self.check(&request.job_id, request.generation)?;
        match request.mode() {
            proto::StopMode::Graceful => {
                if let Ok(engine) = self.engine().await {
                    engine.stop(StopMode::Graceful).await;
                }
            }
            proto::StopMode::Immediate => self.0.stop.cancel(),
        }
        Ok(Response::new(proto::StopExecutionResponse {}))
    }

    async fn get_metrics(
        &self,
        request: Request<proto::GetMetricsRequest>,
    ) -> Result<Response<proto::GetMetricsResponse>, Status> {
        let request = request.into_inner();
        self.check(&request.job_id, request.generation)?;
        let tasks = match self.engine().await {
            Ok(engine) => engine.metrics().into_iter().map(messages::metrics).collect(),
            Err(_) => Vec::new(),
        };
        Ok(Response::new(proto::GetMetricsResponse { tasks }))
    }
}

#[cfg(test)]
mod tests {
    use arroyo_types::NodeId;

    use super::*;

    #[test]
    fn that_tasks_have_ended_is_not_the_failure_of_an_order() {
        told(Err(EngineError::Ended)).unwrap();
        let refused = told(Err(EngineError::NoSuchNode { node: NodeId(3) })).unwrap_err();
        assert!(refused.message().contains("names node 3"), "{refused}");
    }
}

//! The `Controller` gRPC service: finds the job's driver and passes requests on.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Metastore, MetastoreError};
use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_server::Controller;
use arroyo_types::{Epoch, JobId};
use futures::future::join_all;
use futures::{Stream, StreamExt};
use tokio::sync::oneshot;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::jobs::{self, JobHandle, Jobs};
use crate::supervisor::Supervisor;

/// A worker that does not answer within this time is left out of a job's metrics.
const METRICS_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves workers and the API.
#[derive(Debug)]
pub(crate) struct ControllerService {
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) metastore: Arc<dyn Metastore>,
    pub(crate) supervisor: Arc<Supervisor>,
}

impl ControllerService {
    fn job(&self, id: String) -> Result<JobHandle, Status> {
        let id = JobId(id);
        self.jobs.get(&id).ok_or_else(|| Status::failed_precondition(format!("this controller does not run job {id}")))
    }

    /// The handle of a job that may just have been created.
    async fn known_job(&self, id: String) -> Result<JobHandle, Status> {
        let id = JobId(id);
        if let Some(handle) = self.jobs.get(&id) {
            return Ok(handle);
        }
        let job = self.metastore.job(&id).await.map_err(|error| match error {
            MetastoreError::NotFound { .. } => Status::not_found(format!("job {id} does not exist")),
            other => Status::unavailable(other.to_string()),
        })?;
        if !self.supervisor.leads() {
            return Err(Status::unavailable("another controller runs the jobs of this cluster, this one stands by"));
        }
        self.supervisor.adopt(job).await;
        self.jobs.get(&id).ok_or_else(|| Status::not_found(format!("job {id} does not exist")))
    }
}

/// Node and subtask.
fn place(metrics: &proto::TaskMetrics) -> Option<(u32, u32)> {
    metrics.task.map(|task| (task.node, task.subtask))
}

async fn ask<T>(job: &JobHandle, request: impl FnOnce(oneshot::Sender<T>) -> jobs::Request) -> Result<T, Status> {
    let gone = || Status::unavailable("the job's controller is shutting down");
    let (reply, answer) = oneshot::channel();
    job.requests.send(request(reply)).await.map_err(|_| gone())?;
    answer.await.map_err(|_| gone())
}

#[tonic::async_trait]
impl Controller for ControllerService {
    async fn register_worker(
        &self,
        request: Request<proto::RegisterWorkerRequest>,
    ) -> Result<Response<proto::RegisterWorkerResponse>, Status> {
        let request = request.into_inner();
        let job = self.job(request.job_id.clone())?;
        let interval = ask(&job, |reply| jobs::Request::Register(request, reply)).await??;
        let heartbeat_interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        Ok(Response::new(proto::RegisterWorkerResponse { heartbeat_interval_ms }))
    }

    async fn worker_events(
        &self,
        request: Request<proto::WorkerEventsRequest>,
    ) -> Result<Response<proto::WorkerEventsResponse>, Status> {
        let request = request.into_inner();
        let job = self.job(request.job_id.clone())?;
        ask(&job, |reply| jobs::Request::Events(request, reply)).await??;
        Ok(Response::new(proto::WorkerEventsResponse {}))
    }

    async fn send_output(
        &self,
        request: Request<proto::SendOutputRequest>,
    ) -> Result<Response<proto::SendOutputResponse>, Status> {
        let request = request.into_inner();
        let job = self.job(request.job_id)?;
        ask(&job, |reply| jobs::Request::Check(request.generation, reply)).await??;
        for rows in request.rows {
            job.outputs.publish(rows).await;
        }
        Ok(Response::new(proto::SendOutputResponse {}))
    }

    type SubscribeOutputStream = Pin<Box<dyn Stream<Item = Result<proto::OutputRows, Status>> + Send>>;

    async fn subscribe_output(
        &self,
        request: Request<proto::SubscribeOutputRequest>,
    ) -> Result<Response<Self::SubscribeOutputStream>, Status> {
        let job = self.known_job(request.into_inner().job_id).await?;
        let rows = ReceiverStream::new(job.outputs.subscribe());
        Ok(Response::new(Box::pin(rows.map(|rows| Ok(Arc::unwrap_or_clone(rows))))))
    }

    async fn take_savepoint(
        &self,
        request: Request<proto::TakeSavepointRequest>,
    ) -> Result<Response<proto::TakeSavepointResponse>, Status> {
        let job = self.known_job(request.into_inner().job_id).await?;
        let savepoint = ask(&job, jobs::Request::TakeSavepoint).await??;
        Ok(Response::new(proto::TakeSavepointResponse { savepoint: Some(savepoint) }))
    }

    async fn list_savepoints(
        &self,
        request: Request<proto::ListSavepointsRequest>,
    ) -> Result<Response<proto::ListSavepointsResponse>, Status> {
        let job = self.known_job(request.into_inner().job_id).await?;
        let savepoints = ask(&job, jobs::Request::ListSavepoints).await??;
        Ok(Response::new(proto::ListSavepointsResponse { savepoints }))
    }

    async fn release_savepoint(
        &self,
        request: Request<proto::ReleaseSavepointRequest>,
    ) -> Result<Response<proto::ReleaseSavepointResponse>, Status> {
        let proto::ReleaseSavepointRequest { job_id, epoch } = request.into_inner();
        let job = self.known_job(job_id).await?;
        ask(&job, |reply| jobs::Request::ReleaseSavepoint(Epoch(epoch), reply)).await??;
        Ok(Response::new(proto::ReleaseSavepointResponse {}))
    }

    async fn go_back(&self, request: Request<proto::GoBackRequest>) -> Result<Response<proto::GoBackResponse>, Status> {
        let proto::GoBackRequest { job_id, epoch } = request.into_inner();
        let job = self.known_job(job_id).await?;
        let Epoch(epoch) = ask(&job, |reply| jobs::Request::GoBack(Epoch(epoch), reply)).await??;
        Ok(Response::new(proto::GoBackResponse { epoch }))
    }

    async fn get_job_metrics(
        &self,
        request: Request<proto::GetJobMetricsRequest>,
    ) -> Result<Response<proto::GetJobMetricsResponse>, Status> {
        let proto::GetJobMetricsRequest { job_id, with_ended } = request.into_inner();
        let Some(job) = self.jobs.get(&JobId(job_id.clone())) else {
            return Ok(Response::new(proto::GetJobMetricsResponse::default()));
        };
        let (generation, workers) = ask(&job, jobs::Request::Workers).await?;
        let calls = workers.into_iter().map(|mut worker| {
            let request = proto::GetMetricsRequest { job_id: job_id.clone(), generation: generation.0 };
            async move { tokio::time::timeout(METRICS_TIMEOUT, worker.get_metrics(request)).await }
        });
        let answers = join_all(calls).await.into_iter().filter_map(|answer| answer.ok()?.ok());
        let mut tasks: BTreeMap<_, _> = BTreeMap::new();
        if with_ended {
            let ended = ask(&job, jobs::Request::Ended).await?;
            tasks.extend(ended.into_iter().map(|metrics| (place(&metrics), metrics)));
        }
        let running = answers.flat_map(|answer| answer.into_inner().tasks);
        tasks.extend(running.map(|metrics| (place(&metrics), metrics)));
        Ok(Response::new(proto::GetJobMetricsResponse { tasks: tasks.into_values().collect() }))
    }
}

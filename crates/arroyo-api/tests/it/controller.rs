//! A controller that answers with what a test gives it.

use std::sync::Mutex;

use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_server::{Controller, ControllerServer};
use arroyo_runtime::{Guard, TaskKind};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status};

/// Rows for the one subscriber, and a job's metrics.
pub(crate) struct MockController {
    pub(crate) rows: Mutex<Option<tokio::sync::mpsc::Receiver<Result<proto::OutputRows, Status>>>>,
    pub(crate) tasks: Vec<proto::TaskMetrics>,
}

impl MockController {
    /// Serves it and returns its endpoint.
    pub(crate) async fn start(self, guard: &Guard) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tonic::transport::Server::builder()
            .add_service(ControllerServer::new(self))
            .serve_with_incoming(TcpListenerStream::new(listener));
        guard.spawn("controller", TaskKind::BACKGROUND, served);
        format!("http://{address}")
    }
}

#[tonic::async_trait]
impl Controller for MockController {
    type SubscribeOutputStream = ReceiverStream<Result<proto::OutputRows, Status>>;

    async fn subscribe_output(
        &self,
        _: Request<proto::SubscribeOutputRequest>,
    ) -> Result<Response<Self::SubscribeOutputStream>, Status> {
        let rows = self.rows.lock().unwrap().take().ok_or_else(|| Status::not_found("no such job"))?;
        Ok(Response::new(ReceiverStream::new(rows)))
    }

    async fn get_job_metrics(
        &self,
        _: Request<proto::GetJobMetricsRequest>,
    ) -> Result<Response<proto::GetJobMetricsResponse>, Status> {
        Ok(Response::new(proto::GetJobMetricsResponse { tasks: self.tasks.clone() }))
    }

    async fn take_savepoint(
        &self,
        request: Request<proto::TakeSavepointRequest>,
    ) -> Result<Response<proto::TakeSavepointResponse>, Status> {
        if self.tasks.is_empty() {
            let job = request.into_inner().job_id;
            return Err(Status::failed_precondition(format!("job {job} is Created")));
        }
        let savepoint = proto::Savepoint { epoch: 7, created_at_micros: 1_000, bytes: 30 };
        Ok(Response::new(proto::TakeSavepointResponse { savepoint: Some(savepoint) }))
    }

    async fn list_savepoints(
        &self,
        _: Request<proto::ListSavepointsRequest>,
    ) -> Result<Response<proto::ListSavepointsResponse>, Status> {
        let savepoints = vec![proto::Savepoint { epoch: 7, created_at_micros: 1_000, bytes: 30 }];
        Ok(Response::new(proto::ListSavepointsResponse { savepoints }))
    }

    async fn release_savepoint(
        &self,
        request: Request<proto::ReleaseSavepointRequest>,
    ) -> Result<Response<proto::ReleaseSavepointResponse>, Status> {
        match request.into_inner().epoch {
            7 => Ok(Response::new(proto::ReleaseSavepointResponse {})),
            epoch => Err(Status::not_found(format!("there is no savepoint of epoch {epoch}"))),
        }
    }

    async fn go_back(&self, request: Request<proto::GoBackRequest>) -> Result<Response<proto::GoBackResponse>, Status> {
        match request.into_inner().epoch {
            7 => Ok(Response::new(proto::GoBackResponse { epoch: 12 })),
            epoch => Err(Status::not_found(format!("there is no checkpoint {epoch}"))),
        }
    }

    async fn register_worker(
        &self,
        _: Request<proto::RegisterWorkerRequest>,
    ) -> Result<Response<proto::RegisterWorkerResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    async fn worker_events(
        &self,
        _: Request<proto::WorkerEventsRequest>,
    ) -> Result<Response<proto::WorkerEventsResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    async fn send_output(
        &self,
        _: Request<proto::SendOutputRequest>,
    ) -> Result<Response<proto::SendOutputResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
}

//! A controller that writes down what it hears.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_server::{Controller, ControllerServer};
use arroyo_runtime::{Guard, TaskKind};
use futures::Stream;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// What the controller heard.
#[derive(Debug)]
pub(crate) enum Heard {
    Registered(proto::RegisterWorkerRequest),
    Event(proto::worker_event::Event),
    Heartbeat,
    Output(proto::OutputRows),
}

pub(crate) struct MockController {
    heard: mpsc::Sender<Heard>,
    /// Calls that fail before one succeeds.
    pub(crate) failures: Arc<AtomicU64>,
    /// Refuse events.
    pub(crate) fence: Arc<AtomicBool>,
}

/// Starts a controller; returns its URL, what it hears, and its switches.
pub(crate) async fn start(guard: &Guard) -> (String, mpsc::Receiver<Heard>, Arc<AtomicU64>, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (heard, hears) = mpsc::channel(1000);
    let controller = MockController { heard, failures: Arc::default(), fence: Arc::default() };
    let (failures, fence) = (controller.failures.clone(), controller.fence.clone());
    let serve = tonic::transport::Server::builder()
        .add_service(ControllerServer::new(controller))
        .serve_with_incoming(TcpListenerStream::new(listener));
    guard.spawn("controller", TaskKind::BACKGROUND, serve);
    (url, hears, failures, fence)
}

#[tonic::async_trait]
impl Controller for MockController {
    async fn register_worker(
        &self,
        request: Request<proto::RegisterWorkerRequest>,
    ) -> Result<Response<proto::RegisterWorkerResponse>, Status> {
        let failing = |left: u64| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, failing).is_ok() {
            return Err(Status::unavailable("starting"));
        }
        self.heard.send(Heard::Registered(request.into_inner())).await.unwrap();
        Ok(Response::new(proto::RegisterWorkerResponse { heartbeat_interval_ms: 20 }))
    }

    async fn worker_events(
        &self,
        request: Request<proto::WorkerEventsRequest>,
    ) -> Result<Response<proto::WorkerEventsResponse>, Status> {
        if self.fence.load(Ordering::SeqCst) {
            return Err(Status::failed_precondition("generation 2 has begun"));
        }
        let events = request.into_inner().events;
        if events.is_empty() {
            let _ = self.heard.try_send(Heard::Heartbeat);
        }
        for event in events {
            self.heard.send(Heard::Event(event.event.unwrap())).await.unwrap();
        }
        Ok(Response::new(proto::WorkerEventsResponse {}))
    }

    async fn send_output(
        &self,
        request: Request<proto::SendOutputRequest>,
    ) -> Result<Response<proto::SendOutputResponse>, Status> {
        for rows in request.into_inner().rows {
            self.heard.send(Heard::Output(rows)).await.unwrap();
        }
        Ok(Response::new(proto::SendOutputResponse {}))
    }

    type SubscribeOutputStream = Pin<Box<dyn Stream<Item = Result<proto::OutputRows, Status>> + Send>>;

    async fn subscribe_output(
        &self,
        _: Request<proto::SubscribeOutputRequest>,
    ) -> Result<Response<Self::SubscribeOutputStream>, Status> {
        Err(Status::unimplemented("not for workers"))
    }

    async fn get_job_metrics(
        &self,
        _: Request<proto::GetJobMetricsRequest>,
    ) -> Result<Response<proto::GetJobMetricsResponse>, Status> {
        Err(Status::unimplemented("not for workers"))
    }

    async fn take_savepoint(
        &self,
        _: Request<proto::TakeSavepointRequest>,
    ) -> Result<Response<proto::TakeSavepointResponse>, Status> {
        Err(Status::unimplemented("not for workers"))
    }

    async fn list_savepoints(
        &self,
        _: Request<proto::ListSavepointsRequest>,
    ) -> Result<Response<proto::ListSavepointsResponse>, Status> {
        Err(Status::unimplemented("not for workers"))
    }

    async fn go_back(&self, _: Request<proto::GoBackRequest>) -> Result<Response<proto::GoBackResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    async fn release_savepoint(
        &self,
        _: Request<proto::ReleaseSavepointRequest>,
    ) -> Result<Response<proto::ReleaseSavepointResponse>, Status> {
        Err(Status::unimplemented("not for workers"))
    }
}

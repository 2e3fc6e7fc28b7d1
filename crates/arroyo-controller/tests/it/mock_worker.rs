//! Workers that do what a test wants.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use arroyo_controller::{EmbeddedWorkers, WorkerHandle, WorkerOptions};
use arroyo_dataflow::Program;
use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_client::ControllerClient;
use arroyo_rpc::proto::worker_event::Event;
use arroyo_rpc::proto::worker_server::{Worker, WorkerServer};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::TaskId;
use async_trait::async_trait;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// All workers of a test's cluster.
#[derive(Debug)]
pub(crate) struct MockWorkers {
    guard: Guard,
    workers: watch::Sender<Vec<Arc<MockWorker>>>,
}

/// One worker: what it was told, and how to have it tell things.
#[derive(Debug)]
pub(crate) struct MockWorker {
    pub(crate) options: WorkerOptions,
    pub(crate) start: Mutex<Option<proto::StartExecutionRequest>>,
    pub(crate) commits: Mutex<Vec<proto::CommitRequest>>,
    program: Mutex<Program>,
    tasks: Mutex<BTreeSet<TaskId>>,
    stopping: Mutex<Option<u64>>,
    events: mpsc::Sender<Event>,
    pub(crate) ended: watch::Sender<bool>,
}

impl MockWorkers {
    pub(crate) fn new(guard: Guard) -> Arc<Self> {
        Arc::new(Self { guard, workers: watch::Sender::new(Vec::new()) })
    }

    /// The workers of a generation, once there are `count` of them that were given tasks.
    pub(crate) async fn of_generation(&self, generation: u64, count: usize) -> Vec<Arc<MockWorker>> {
        let mut workers = self.workers.subscribe();
        let started = |workers: &Vec<Arc<MockWorker>>| -> Vec<Arc<MockWorker>> {
            let given = |worker: &&Arc<MockWorker>| worker.start.lock().unwrap().is_some();
            let of_generation = workers.iter().filter(|worker| worker.options.generation.0 == generation);
            of_generation.filter(given).cloned().collect()
        };
        let found = workers.wait_for(|workers| started(workers).len() >= count);
        let found = tokio::time::timeout(crate::cluster::PATIENCE, found).await.expect("workers are not started");
        started(&found.unwrap())
    }
}

#[async_trait]
impl EmbeddedWorkers for MockWorkers {
    async fn start(&self, options: WorkerOptions) -> Result<Box<dyn WorkerHandle>, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, mut outbox) = mpsc::channel(64);
        let worker = Arc::new(MockWorker {
            options: options.clone(),
            start: Mutex::default(),
            commits: Mutex::default(),
            program: Mutex::default(),
            tasks: Mutex::default(),
            stopping: Mutex::default(),
            events,
            ended: watch::Sender::new(false),
        });
        let service = Service { worker: worker.clone(), changed: self.workers.clone() };
        let server = Server::builder().add_service(WorkerServer::new(service));
        let mut end = worker.ended.subscribe();
        let ended = async move {
            let _ = end.wait_for(|ended| *ended).await;
        };
        self.guard.spawn("mock-server", TaskKind::BACKGROUND, async move {
            server.serve_with_incoming_shutdown(TcpIncoming::from(listener), ended).await
        });
        let registration = proto::RegisterWorkerRequest {
            worker_id: options.worker.0,
            job_id: options.job.0.clone(),
            generation: options.generation.0,
            rpc_address: format!("http://{address}"),
            data_address: address.to_string(),
            slots: options.slots,
        };
        self.guard.spawn("mock-events", TaskKind::BACKGROUND, async move {
            let mut controller = ControllerClient::connect(options.controller_endpoint.clone()).await.unwrap();
            controller.register_worker(registration).await?;
            while let Some(event) = outbox.recv().await {
                let events = vec![proto::WorkerEvent { time_micros: 1, event: Some(event) }];
                let (worker_id, job_id) = (options.worker.0, options.job.0.clone());
                let request =
                    proto::WorkerEventsRequest { worker_id, job_id, generation: options.generation.0, events };
                controller.worker_events(request).await?;
            }
            Ok::<_, Status>(())
        });
        self.workers.send_modify(|workers| workers.push(worker.clone()));
        Ok(Box::new(Handle { end: worker.ended.subscribe(), worker }))
    }
}

struct Handle {
    worker: Arc<MockWorker>,
    end: watch::Receiver<bool>,
}

#[async_trait]
impl WorkerHandle for Handle {
    fn stop(&mut self) {
        self.worker.ended.send_replace(true);
    }

    fn kill(&mut self) {
        self.worker.ended.send_replace(true);
    }

    async fn wait(&mut self) -> Result<(), String> {
        let _ = self.end.wait_for(|ended| *ended).await;
        Ok(())
    }
}

/// A task has ended: sources read 30 rows and send 10, sinks receive 5 and write 4.
fn finished(task: TaskId) -> Event {
    let (rows_received, rows_sent) = if task.node.0 == 0 { (30, 10) } else { (5, 4) };
    let task = Some(task.into());
    let metrics = proto::TaskMetrics { task, rows_received, rows_sent, ..proto::TaskMetrics::default() };
    Event::TaskFinished(proto::TaskFinished { task, metrics: Some(metrics) })
}

impl MockWorker {
    /// Tells the controller.
    pub(crate) async fn tell(&self, event: Event) {
        self.events.send(event).await.unwrap();
    }

    pub(crate) fn tasks(&self) -> BTreeSet<TaskId> {
        self.tasks.lock().unwrap().clone()
    }

    /// All its sources have read everything.
    pub(crate) async fn finish_sources(&self) {
        for task in self.tasks().into_iter().filter(|task| task.node.0 == 0) {
            self.tell(finished(task)).await;
        }
    }

    pub(crate) async fn fail(&self, kind: proto::ErrorKind) {
        let task = self.tasks().into_iter().next().map(proto::Task::from);
        let failed = proto::TaskFailed {
            task,
            operator_id: "sink".to_string(),
            operator: "sink orders".to_string(),
            kind: kind.into(),
            message: "planted".to_string(),
            hint: "pull it out".to_string(),
        };
        self.tell(Event::TaskFailed(failed)).await;
    }
}

struct Service {
    worker: Arc<MockWorker>,
    changed: watch::Sender<Vec<Arc<MockWorker>>>,
}

#[tonic::async_trait]
impl Worker for Service {
    async fn start_execution(
        &self,
        request: Request<proto::StartExecutionRequest>,
    ) -> Result<Response<proto::StartExecutionResponse>, Status> {
        let request = request.into_inner();
        let worker = &self.worker;
        let own = request.assignments.iter().filter(|assignment| assignment.worker_id == worker.options.worker.0);
        let tasks: BTreeSet<TaskId> = own.map(|assignment| assignment.task.unwrap().into()).collect();
        *worker.program.lock().unwrap() = Program::decode(&request.program).unwrap();
        worker.tasks.lock().unwrap().clone_from(&tasks);
        *worker.start.lock().unwrap() = Some(request);
        self.changed.send_modify(|_| ());
        for task in tasks {
            worker.tell(Event::TaskStarted(proto::TaskStarted { task: Some(task.into()) })).await;
        }
        Ok(Response::new(proto::StartExecutionResponse {}))
    }

    async fn checkpoint(
        &self,
        request: Request<proto::CheckpointRequest>,
    ) -> Result<Response<proto::CheckpointResponse>, Status> {
        let request = request.into_inner();
        if request.then_stop {
            *self.worker.stopping.lock().unwrap() = Some(request.epoch);
        }
        for task in self.worker.tasks() {
            let operators = self.worker.program.lock().unwrap().node(task.node).unwrap().chain.clone();
            let operators = operators.into_iter().map(|operator| proto::OperatorCheckpoint {
                commit_data: (operator.id.as_str() == "sink")
                    .then(|| format!("{}/{}", request.epoch, task.subtask).into()),
                operator_id: operator.id.0,
                tables_json: "[]".to_string(),
                bytes: 10,
            });
            let checkpoint = proto::TaskCheckpoint {
                task: Some(task.into()),
                epoch: request.epoch,
                operators: operators.collect(),
                alignment_micros: 1,
                sync_micros: 2,
                finish_micros: 3,
            };
            self.worker.tell(Event::TaskCheckpoint(checkpoint)).await;
        }
        Ok(Response::new(proto::CheckpointResponse {}))
    }

    async fn commit(&self, request: Request<proto::CommitRequest>) -> Result<Response<proto::CommitResponse>, Status> {
        let request = request.into_inner();
        let epoch = request.epoch;
        self.worker.commits.lock().unwrap().push(request.clone());
        for commit in request.commits {
            let task = Some(proto::Task { node: 1, subtask: commit.subtask });
            self.worker.tell(Event::TaskCommitted(proto::TaskCommitted { task, epoch })).await;
        }
        let stopping = *self.worker.stopping.lock().unwrap() == Some(epoch);
        for task in self.worker.tasks().into_iter().filter(|_| stopping) {
            self.worker.tell(finished(task)).await;
        }
        Ok(Response::new(proto::CommitResponse {}))
    }

    async fn stop_execution(
        &self,
        _request: Request<proto::StopExecutionRequest>,
    ) -> Result<Response<proto::StopExecutionResponse>, Status> {
        self.worker.ended.send_replace(true);
        Ok(Response::new(proto::StopExecutionResponse {}))
    }

    async fn get_metrics(
        &self,
        _request: Request<proto::GetMetricsRequest>,
    ) -> Result<Response<proto::GetMetricsResponse>, Status> {
        let tasks = self.worker.tasks().into_iter();
        let tasks = tasks.map(|task| proto::TaskMetrics {
            task: Some(task.into()),
            rows_sent: 7,
            ..proto::TaskMetrics::default()
        });
        Ok(Response::new(proto::GetMetricsResponse { tasks: tasks.collect() }))
    }
}

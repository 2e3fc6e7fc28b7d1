//! From registration to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use arroyo_dataflow::{Node, Operator, Program, encode_schema, operators as configs};
use arroyo_engine::MetricsHub;
use arroyo_rpc::proto;
use arroyo_rpc::proto::worker_client::WorkerClient;
use arroyo_runtime::{Failpoints, Shutdown, Tcp};
use arroyo_types::{Generation, JobId, NodeId, SystemClock, WorkerId};
use arroyo_worker::{WorkerError, WorkerHandle, WorkerOptions, WorkerServer};
use prost::Message;
use proto::worker_event::Event;
use tokio::sync::mpsc;
use tonic::Code;
use tonic::transport::Channel;

use crate::components::{TestComponents, schema};
use crate::controller::{self, Heard};

const PATIENCE: Duration = Duration::from_secs(30);

struct Cluster {
    shutdown: Shutdown,
    heard: mpsc::Receiver<Heard>,
    failures: Arc<AtomicU64>,
    fence: Arc<AtomicBool>,
    options: WorkerOptions,
}

impl Cluster {
    async fn new() -> Self {
        let shutdown = Shutdown::new("test");
        let (url, heard, failures, fence) = controller::start(&shutdown.guard()).await;
        let sources = arroyo_config::Sources { user_dir: Some("/nowhere".into()), ..Default::default() };
        let mut config = arroyo_config::load(&sources).unwrap();
        config.worker.bind_address = "127.0.0.1".to_string();
        let options = WorkerOptions {
            worker: WorkerId(7),
            job: "job_test".into(),
            generation: Generation(1),
            pipeline: "pl_test".into(),
            controller_endpoint: url,
            slots: 4,
            config: Arc::new(config),
            components: Arc::new(TestComponents),
            clock: Arc::new(SystemClock),
            network: Arc::new(Tcp),
            metrics: MetricsHub::default(),
            failpoints: Failpoints::default(),
        };
        Self { shutdown, heard, failures, fence, options }
    }

    async fn start(&self) -> WorkerHandle {
        WorkerServer::start(self.options.clone(), &self.shutdown.guard()).await.unwrap()
    }

    /// The first thing heard, from now on, for which `pick` gives something.
    async fn hear<T>(&mut self, mut pick: impl FnMut(Heard) -> Option<T>) -> T {
        let hear = async {
            loop {
                if let Some(picked) = pick(self.heard.recv().await.unwrap()) {
                    return picked;
                }
            }
        };
        tokio::time::timeout(PATIENCE, hear).await.expect("the controller hears nothing of it")
    }

    async fn client(&mut self) -> (WorkerClient<Channel>, proto::RegisterWorkerRequest) {
        let registered = self
            .hear(|heard| match heard {
                Heard::Registered(request) => Some(request),
                _ => None,
            })
            .await;
        (WorkerClient::connect(registered.rpc_address.clone()).await.unwrap(), registered)
    }

    fn start_request(&self, data_address: String) -> proto::StartExecutionRequest {
        let operator = |name: &str| Operator {
            id: name.into(),
            name: name.to_string(),
            description: name.to_string(),
            config: configs::Connector { schema: encode_schema(&schema()).unwrap(), ..Default::default() }
                .encode_to_vec(),
        };
        let node = Node {
            id: NodeId(0),
            description: "all".to_string(),
            parallelism: 1,
            max_parallelism: None,
            chain: vec![operator("source"), operator("sink")],
        };
        proto::StartExecutionRequest {
            job_id: self.options.job.0.clone(),
            generation: 1,
            program: Program { nodes: vec![node], edges: Vec::new() }.encode().unwrap(),
            assignments: vec![proto::TaskAssignment {
                task: Some(proto::Task { node: 0, subtask: 0 }),
                worker_id: 7,
                data_address,
            }],
            checkpoint_url: format!("memory://{}", JobId::random()),
            restore_epoch: None,
        }
    }
}

async fn ended(worker: &mut WorkerHandle) -> Result<(), WorkerError> {
    tokio::time::timeout(PATIENCE, worker.wait()).await.expect("the worker does not end")
}

#[tokio::test]
async fn a_worker_registers_runs_checkpoints_commits_and_stops() {
    let mut cluster = Cluster::new().await;
    cluster.failures.store(2, Ordering::SeqCst);
    let mut worker = cluster.start().await;
    let (mut client, registered) = cluster.client().await;
    assert_eq!((registered.worker_id, registered.slots), (7, 4));
    client.start_execution(cluster.start_request(registered.data_address)).await.unwrap();
    cluster.hear(|heard| matches!(heard, Heard::Event(Event::TaskStarted(_))).then_some(())).await;
    let rows = cluster
        .hear(|heard| match heard {
            Heard::Output(rows) => Some(rows),
            _ => None,
        })
        .await;
    assert_eq!(rows.batch, "3 rows");
    cluster.hear(|heard| matches!(heard, Heard::Heartbeat).then_some(())).await;

    let (job_id, generation) = ("job_test".to_string(), 1);
    let metrics = client.get_metrics(proto::GetMetricsRequest { job_id: job_id.clone(), generation }).await.unwrap();
    assert_eq!(metrics.into_inner().tasks[0].rows_sent, 3);

    let checkpoint = proto::CheckpointRequest { job_id: job_id.clone(), generation, epoch: 1, then_stop: true };
    client.checkpoint(checkpoint).await.unwrap();
    let part = cluster
        .hear(|heard| match heard {
            Heard::Event(Event::TaskCheckpoint(part)) => Some(part),
            _ => None,
        })
        .await;
    assert!(part.operators[0].tables_json.contains("\"table\":\"t\""), "{}", part.operators[0].tables_json);
    assert_eq!(part.operators[1].commit_data.as_deref(), Some(&b"transaction"[..]));

    let commits = vec![proto::OperatorCommit { operator_id: "sink".to_string(), subtask: 0, data: vec![Vec::new()] }];
    client.commit(proto::CommitRequest { job_id: job_id.clone(), generation, epoch: 1, commits }).await.unwrap();
    cluster.hear(|heard| matches!(heard, Heard::Event(Event::TaskCommitted(_))).then_some(())).await;
    cluster.hear(|heard| matches!(heard, Heard::Event(Event::TaskFinished(_))).then_some(())).await;

    let mode = proto::StopMode::Immediate.into();
    client.stop_execution(proto::StopExecutionRequest { job_id, generation, mode }).await.unwrap();
    ended(&mut worker).await.unwrap();
    assert!(cluster.shutdown.drain(PATIENCE).await, "tasks are left");
}

#[tokio::test]
async fn calls_for_another_generation_are_refused() {
    let mut cluster = Cluster::new().await;
    let mut worker = cluster.start().await;
    let (mut client, registered) = cluster.client().await;
    let mut request = cluster.start_request(registered.data_address);
    request.generation = 2;
    let refused = client.start_execution(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(refused.message(), "worker 7 works for generation 1 of job_test, not for generation 2 of job_test");
    worker.stop();
    ended(&mut worker).await.unwrap();
}

#[tokio::test]
async fn a_fenced_worker_ends_its_tasks_and_itself() {
    let mut cluster = Cluster::new().await;
    let mut worker = cluster.start().await;
    let (mut client, registered) = cluster.client().await;
    client.start_execution(cluster.start_request(registered.data_address)).await.unwrap();
    cluster.hear(|heard| matches!(heard, Heard::Event(Event::TaskStarted(_))).then_some(())).await;
    cluster.fence.store(true, Ordering::SeqCst);
    let error = ended(&mut worker).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the controller refuses this worker of generation 1 of job_test: generation 2 has begun"
    );
    assert!(cluster.shutdown.drain(PATIENCE).await, "tasks are left");
}

#[tokio::test]
async fn a_worker_without_a_controller_gives_up() {
    let mut cluster = Cluster::new().await;
    let mut config = (*cluster.options.config).clone();
    config.pipeline.worker_heartbeat_timeout.0 = Duration::from_millis(100);
    cluster.options.config = Arc::new(config);
    cluster.failures.store(u64::MAX, Ordering::SeqCst);
    let mut worker = cluster.start().await;
    let error = ended(&mut worker).await.unwrap_err();
    assert!(matches!(error, WorkerError::ControllerLost { .. }), "{error}");
}

//! A controller with a metastore, a state directory and mock workers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arroyo_config::{Config, Sources};
use arroyo_controller::{ControllerServer, ControllerServices};
use arroyo_dataflow::{Node, Operator, Program, names};
use arroyo_metastore::{Checkpoint, CheckpointStatus, Job, Metastore, Pipeline, PipelineUpdate, SqliteMetastore};
use arroyo_rpc::proto::controller_client::ControllerClient;
use arroyo_runtime::{Failpoints, Shutdown, Tcp};
use arroyo_state::Manifests;
use arroyo_storage::Storage;
use arroyo_types::{Clock, JobId, JobState, NodeId, OperatorId, PipelineId, Random, StopMode, SystemClock};
use tempfile::TempDir;
use tonic::transport::Channel;

use crate::fencing::TestFence;
use crate::mock_worker::MockWorkers;

const DATABASE: &str = "cluster.sqlite";

/// Nothing takes longer, unless it never happens.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Cluster {
    pub(crate) workers: Arc<MockWorkers>,
    pub(crate) metastore: Arc<dyn Metastore>,
    pub(crate) client: ControllerClient<Channel>,
    pub(crate) job: JobId,
    pub(crate) pipeline: PipelineId,
    pub(crate) fence: Arc<TestFence>,
    settings: Vec<(&'static str, &'static str)>,
    state: TempDir,
    shutdown: Shutdown,
}

/// A source and a sink of two phases.
fn program() -> Program {
    let node = |id: u32, name: &str| Node {
        id: NodeId(id),
        description: name.to_string(),
        parallelism: 1,
        max_parallelism: None,
        chain: vec![Operator {
            id: OperatorId::from(name),
            name: name.to_string(),
            description: format!("{name} orders"),
            config: Vec::new(),
        }],
    };
    Program { nodes: vec![node(0, names::SOURCE), node(1, names::SINK)], edges: Vec::new() }
}

impl Cluster {
    /// A controller without jobs.
    pub(crate) async fn start(settings: &[(&'static str, &'static str)]) -> Self {
        let metastore = Arc::new(SqliteMetastore::in_memory().await.unwrap());
        Self::over(metastore, TempDir::new().unwrap(), settings.to_vec()).await
    }

    /// A controller without jobs whose metadata is in the file `cluster.sqlite` of its state directory.
    pub(crate) async fn start_on_file(settings: &[(&'static str, &'static str)]) -> Self {
        let state = TempDir::new().unwrap();
        let metastore = Arc::new(SqliteMetastore::open(state.path().join(DATABASE)).await.unwrap());
        Self::over(metastore, state, settings.to_vec()).await
    }

    /// The file of [`Cluster::start_on_file`].
    pub(crate) fn database(&self) -> PathBuf {
        self.state.path().join(DATABASE)
    }

    async fn over(metastore: Arc<dyn Metastore>, state: TempDir, settings: Vec<(&'static str, &'static str)>) -> Self {
        let shutdown = Shutdown::new("test");
        let guard = shutdown.guard();
        let workers = MockWorkers::new(guard.child("workers"));
        let fence = Arc::new(TestFence::default());
        let services = ControllerServices {
            config: Arc::new(config(&state, &settings)),
            metastore: metastore.clone(),
            embedded: Some(workers.clone()),
            clock: Arc::new(SystemClock),
            network: Arc::new(Tcp),
            random: Random::default(),
            failpoints: Failpoints::default(),
            fence: fence.clone(),
        };
        let address = ControllerServer::new(services).start(&guard).await.unwrap();
        let client = ControllerClient::connect(format!("http://{address}")).await.unwrap();
        let (job, pipeline) = (JobId::from("job_test"), PipelineId::from("pl_test"));
        Self { workers, metastore, client, job, pipeline, fence, settings, state, shutdown }
    }

    /// Ends the controller.
    pub(crate) async fn stopped(self) -> Self {
        assert!(self.shutdown.drain(PATIENCE).await, "the controller does not end");
        self
    }

    /// Another controller over the same metastore and state directory.
    pub(crate) async fn restarted(self) -> Self {
        drop(self.client);
        assert!(self.shutdown.drain(PATIENCE).await, "the controller does not end");
        Self::over(self.metastore, self.state, self.settings).await
    }

    /// Creates the pipeline.
    pub(crate) async fn submit(&self, change: impl FnOnce(&mut Pipeline)) {
        let now = SystemClock.now_micros();
        let mut pipeline = Pipeline {
            checkpoint_interval_micros: 3_600_000_000,
            ..Pipeline::new(self.pipeline.clone(), "test", "SELECT 1", program().encode().unwrap(), now)
        };
        change(&mut pipeline);
        let job = Job::created(self.job.clone(), &pipeline);
        self.metastore.create_pipeline(&pipeline, &job).await.unwrap();
    }

    pub(crate) async fn update(&self, update: PipelineUpdate) {
        self.metastore.update_pipeline(&self.pipeline, &update, SystemClock.now_micros()).await.unwrap();
    }

    pub(crate) async fn stop(&self, stop: StopMode) {
        self.update(PipelineUpdate { stop: Some(stop), ..PipelineUpdate::default() }).await;
    }

    /// Waits until the job is as wanted.
    pub(crate) async fn job_when(&self, what: &str, wanted: impl Fn(&Job) -> bool) -> Job {
        let mut changes = self.metastore.subscribe().await.unwrap();
        let found = async {
            loop {
                let job = self.metastore.job(&self.job).await.unwrap();
                if wanted(&job) {
                    return job;
                }
                changes.next().await.unwrap();
            }
        };
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(job) => job,
            Err(_) => panic!("the job does not become {what}: {:?}", self.metastore.job(&self.job).await),
        }
    }

    pub(crate) async fn reaches(&self, state: JobState) -> Job {
        self.job_when(state.as_str(), |job| job.state == state).await
    }

    /// Waits for a finished checkpoint of at least this epoch.
    pub(crate) async fn checkpointed(&self, epoch: u64) -> Checkpoint {
        let mut changes = self.metastore.subscribe().await.unwrap();
        let found = async {
            loop {
                let checkpoints = self.metastore.checkpoints(&self.job).await.unwrap();
                let ready = |row: &Checkpoint| row.epoch.0 >= epoch && row.status == CheckpointStatus::Ready;
                if let Some(row) = checkpoints.into_iter().find(ready) {
                    return row;
                }
                changes.next().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("no checkpoint is made")
    }

    /// The files of the job.
    pub(crate) async fn files(&self) -> Vec<String> {
        let storage = Storage::open(&self.state.path().to_string_lossy()).unwrap();
        storage.list(self.job.as_str()).await.unwrap().into_iter().map(|object| object.path).collect()
    }

    /// Waits until the files of the deleted job are gone, and nobody needs to know of them any more.
    pub(crate) async fn files_are_gone(&self) {
        let gone = async {
            while !self.metastore.removals().await.unwrap().is_empty() {
                // Nobody announces it: the job is not known any more.
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.expect("the files are not deleted");
        assert_eq!(self.files().await, Vec::<String>::new());
    }

    pub(crate) fn manifests(&self) -> Manifests {
        let storage = Storage::open(&self.state.path().to_string_lossy()).unwrap();
        Manifests::new(storage.child(self.job.as_str()).unwrap())
    }
}

fn config(state: &TempDir, settings: &[(&'static str, &'static str)]) -> Config {
    let place = state.path().to_string_lossy().into_owned();
    let mut set = vec![
        ("checkpoint-url", place.as_str()),
        ("controller.rpc-port", "0"),
        ("controller.scheduler", "embedded"),
        ("pipeline.state-initial-backoff", "1ms"),
    ];
    set.extend_from_slice(settings);
    let set = set.into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    arroyo_config::load(&Sources { set, user_dir: Some(state.path().into()), ..Sources::default() }).unwrap()
}

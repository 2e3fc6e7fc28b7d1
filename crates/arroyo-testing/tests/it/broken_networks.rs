//! Controller and workers over real sockets, through proxies that cut and swallow: the job recovers, and its output is exact.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arroyo_config::{Config, Sources};
use arroyo_controller::{
    ControllerServer, ControllerServices, EmbeddedWorkers, NoFence, WorkerHandle, WorkerOptions as Wanted,
};
use arroyo_metastore::{CheckpointStatus, Job, Metastore, Pipeline, SqliteMetastore};
use arroyo_runtime::{Connection, Failpoints, Guard, Listener, Network, Shutdown, TaskKind, Tcp};
use arroyo_testing::{LinkControl, TcpProxy, plan};
use arroyo_types::{Generation, JobId, JobState, PipelineId, Random, SystemClock};
use arroyo_worker::{ConnectorComponents, WorkerOptions, WorkerServer};
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::watch;

/// Nothing takes longer, unless it never happens.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows of each of two sources.
const ROWS: usize = 3_000;

/// The machine's network, where every connection goes through a proxy.
#[derive(Debug)]
struct ThroughProxies {
    guard: Guard,
    /// The controller's address, once it is known.
    controller: Mutex<Option<String>>,
    proxies: Mutex<Vec<(bool, TcpProxy)>>,
}

impl ThroughProxies {
    /// What happens to connections to the controller, or to workers.
    fn ways(&self, to_controller: bool) -> Vec<LinkControl> {
        let proxies = self.proxies.lock().unwrap();
        proxies.iter().filter(|(to, _)| *to == to_controller).map(|(_, proxy)| proxy.control().clone()).collect()
    }
}

#[async_trait]
impl Network for ThroughProxies {
    async fn listen(&self, address: &str) -> std::io::Result<Box<dyn Listener>> {
        Tcp.listen(address).await
    }

    async fn connect(&self, address: &str) -> std::io::Result<Connection> {
        let proxy = TcpProxy::start(address, &self.guard).await?;
        let near = proxy.address().to_string();
        let to_controller = self.controller.lock().unwrap().as_deref() == Some(address);
        self.proxies.lock().unwrap().push((to_controller, proxy));
        Tcp.connect(&near).await
    }
}

#[derive(Debug)]
struct Workers {
    config: Arc<Config>,
    network: Arc<ThroughProxies>,
    guard: Guard,
    /// How workers have ended.
    ends: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl EmbeddedWorkers for Workers {
    async fn start(&self, wanted: Wanted) -> Result<Box<dyn WorkerHandle>, String> {
        let options = WorkerOptions {
            worker: wanted.worker,
            job: wanted.job,
            generation: wanted.generation,
            pipeline: wanted.pipeline,
            controller_endpoint: wanted.controller_endpoint,
            slots: wanted.slots,
            config: self.config.clone(),
            components: Arc::new(ConnectorComponents),
            clock: Arc::new(SystemClock),
            network: self.network.clone(),
            metrics: Default::default(),
            failpoints: Default::default(),
        };
        let worker = WorkerServer::start(options, &self.guard).await.map_err(|error| error.to_string())?;
        let ended = Arc::new(watch::Sender::new(None));
        self.guard.spawn("worker", TaskKind::FINISHING, live(worker, ended.clone(), self.ends.clone()));
        Ok(Box::new(Worker { ended }))
    }
}

async fn live(
    mut worker: arroyo_worker::WorkerHandle,
    outcome: Arc<watch::Sender<Option<Result<(), String>>>>,
    ends: Arc<Mutex<Vec<String>>>,
) -> Result<(), std::convert::Infallible> {
    let ended = worker.wait().await.map_err(|error| error.to_string());
    ends.lock().unwrap().extend(ended.clone().err());
    outcome.send_replace(Some(ended));
    Ok(())
}

struct Worker {
    ended: Arc<watch::Sender<Option<Result<(), String>>>>,
}

#[async_trait]
impl WorkerHandle for Worker {
    fn stop(&mut self) {
        // Asked over the network alone.
    }

    fn kill(&mut self) {
        // The machine is taken for dead, and is not: it has to find out by itself.
        self.ended.send_replace(Some(Err("its machine is gone".to_string())));
    }

    async fn wait(&mut self) -> Result<(), String> {
        let mut ended = self.ended.subscribe();
        let outcome = ended.wait_for(Option::is_some).await.map_err(|error| error.to_string())?;
        outcome.clone().unwrap_or(Ok(()))
    }
}

struct Cluster {
    metastore: Arc<SqliteMetastore>,
    network: Arc<ThroughProxies>,
    ends: Arc<Mutex<Vec<String>>>,
    directory: TempDir,
    shutdown: Shutdown,
}

fn config(directory: &Path) -> Config {
    let sources = Sources { user_dir: Some("/nowhere".into()), ..Sources::default() };
    let mut config = arroyo_config::load(&sources).unwrap();
    config.checkpoint_url = directory.join("state").to_string_lossy().into_owned();
    config.controller.rpc_port = 0;
    config.controller.bind_address = "127.0.0.1".to_string();
    config.controller.scheduler = arroyo_config::SchedulerKind::Embedded;
    config.worker.bind_address = "127.0.0.1".to_string();
    config.worker.task_slots = 1;
    config.pipeline.worker_heartbeat_timeout.0 = Duration::from_secs(1);
    config.pipeline.state_initial_backoff.0 = Duration::from_millis(10);
    config.pipeline.allowed_restarts = -1;
    config
}

impl Cluster {
    /// Runs two sources in two workers, whose rows go to the sinks of both.
    async fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let shutdown = Shutdown::new("test");
        let guard = shutdown.guard();
        let (controller, proxies) = (Mutex::default(), Mutex::default());
        let network = Arc::new(ThroughProxies { guard: guard.clone(), controller, proxies });
        let metastore = Arc::new(SqliteMetastore::in_memory().await.unwrap());
        let config = Arc::new(config(directory.path()));
        let ends = Arc::<Mutex<Vec<String>>>::default();
        let workers =
            Workers { config: config.clone(), network: network.clone(), guard: guard.clone(), ends: ends.clone() };
        let services = ControllerServices {
            config,
            metastore: metastore.clone(),
            embedded: Some(Arc::new(workers)),
            clock: Arc::new(SystemClock),
            network: network.clone(),
            random: Random::default(),
            failpoints: Failpoints::default(),
            fence: Arc::new(NoFence),
        };
        let address = ControllerServer::new(services).start(&guard).await.unwrap();
        *network.controller.lock().unwrap() = Some(address.to_string());
        let cluster = Self { metastore, network, ends, directory, shutdown };
        cluster.submit().await;
        cluster
    }

    async fn submit(&self) {
        // What a worker that was replaced still writes must not be seen: the files of this sink appear with a commit.
        let out = self.directory.path().join("out");
        let sql = format!(
            "CREATE TABLE events WITH (connector = 'impulse', event_rate = 2000, message_count = {ROWS});
             CREATE TABLE out (source BIGINT, counter BIGINT, k BIGINT) PARTITIONED BY (k) WITH (
                 connector = 'filesystem', path = '{}', type = 'sink', format = 'json',
                 shuffle_by_partition.enabled = true
             );
             INSERT INTO out SELECT CAST(subtask_index AS BIGINT), CAST(counter AS BIGINT), CAST(counter AS BIGINT) % 7
             FROM events;",
            out.display()
        );
        let program = plan(&sql, 2).unwrap().encode().unwrap();
        let pipeline = Pipeline {
            parallelism: 2,
            checkpoint_interval_micros: 100_000,
            ..Pipeline::new(PipelineId::from("pl_test"), "test", sql, program, 0)
        };
        let job = Job::created(JobId::from("job_test"), &pipeline);
        self.metastore.create_pipeline(&pipeline, &job).await.unwrap();
    }

    async fn job_when(&self, what: &str, wanted: impl Fn(&Job) -> bool) -> Job {
        let mut changes = self.metastore.subscribe().await.unwrap();
        let id = JobId::from("job_test");
        let found = async {
            loop {
                let job = self.metastore.job(&id).await.unwrap();
                if wanted(&job) {
                    return job;
                }
                changes.next().await.unwrap();
            }
        };
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(job) => job,
            Err(_) => panic!("the job does not become {what}: {:?}", self.metastore.job(&id).await),
        }
    }

    /// Waits for a checkpoint: from now on there is something to recover from.
    async fn checkpointed(&self) {
        let mut changes = self.metastore.subscribe().await.unwrap();
        let found = async {
            loop {
                let rows = self.metastore.checkpoints(&JobId::from("job_test")).await.unwrap();
                if rows.iter().any(|row| row.status == CheckpointStatus::Ready) {
                    return;
                }
                changes.next().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("no checkpoint is made");
    }

    /// Waits for the end; every row was written exactly once.
    async fn finishes_exactly(self) {
        let job = self.job_when("finished", |job| job.state == JobState::Finished).await;
        assert!(job.generation > Generation(1), "it was not started again");
        let list = |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let partitions = list(&self.directory.path().join("out")).filter(|path| path.to_string_lossy().contains("/k="));
        let files = partitions.flat_map(|partition| list(&partition).collect::<Vec<_>>());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let text: String = files.map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let rows: BTreeSet<&str> = text.lines().collect();
        assert_eq!((text.lines().count(), rows.len()), (2 * ROWS, 2 * ROWS));
        assert!(self.shutdown.drain(PATIENCE).await, "tasks are left");
    }
}

#[tokio::test]
async fn rows_that_are_cut_off_are_sent_again() {
    let cluster = Cluster::start().await;
    cluster.checkpointed().await;
    let carry_rows = async {
        while !cluster.network.ways(false).iter().any(|way| way.bytes() > 10_000) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, carry_rows).await.expect("rows go from worker to worker");
    cluster.network.ways(false).iter().for_each(LinkControl::cut);
    cluster.finishes_exactly().await;
}

#[tokio::test]
async fn a_worker_that_is_not_heard_of_is_replaced_and_refused_when_it_comes_back() {
    let cluster = Cluster::start().await;
    cluster.checkpointed().await;
    let ways: Vec<LinkControl> = [true, false].into_iter().flat_map(|to| cluster.network.ways(to)).collect();
    assert!(ways.len() > 4, "two workers talk to the controller and to one another, and it talks to them");
    ways.iter().for_each(|way| way.blackhole(true));
    cluster.job_when("started again", |job| job.generation > Generation(1)).await;
    ways.iter().for_each(|way| way.blackhole(false));
    let ends = cluster.ends.clone();
    let found_out = async {
        let replaced = |end: &String| end.contains("refuses this worker") || end.contains("was not reached");
        while !ends.lock().unwrap().iter().any(replaced) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, found_out).await.expect("nobody finds out that they were replaced");
    cluster.finishes_exactly().await;
}

#[tokio::test]
async fn calls_that_are_cut_off_are_made_again() {
    let cluster = Cluster::start().await;
    cluster.checkpointed().await;
    // Reports come again over a new connection; what a call to a worker was cut off from has failed.
    cluster.network.ways(true).iter().for_each(LinkControl::cut);
    cluster.network.ways(false).iter().for_each(LinkControl::cut);
    cluster.finishes_exactly().await;
}

//! A process of the simulated cluster: production's controller, and the workers that its scheduler starts.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::Context;
use arroyo_config::{Config, HumanDuration, SchedulerKind};
use arroyo_controller::{ControllerServer, ControllerServices, NoFence};
use arroyo_rpc::proto;
use arroyo_rpc::proto::controller_client::ControllerClient;
use arroyo_runtime::{Failpoints, Shutdown};
use arroyo_storage::testing::{FaultControl, Mounted, mount, with_faults};
use arroyo_types::{Clock, Epoch, EventTime, JobId, Random};
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};

use super::World;
use super::life::Life;
use super::metastore::SimulatedMetastore;
use super::mutants::Mutant;
use super::network::Host;
use super::points::Steps;
use super::workers::SimulatedWorkers;

/// A controller with its workers, and everything through which they reach the world.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) store: FaultControl,
    pub(super) workers: Arc<SimulatedWorkers>,
    pub(super) life: Life,
    pub(super) host: Host,
    skew: Arc<AtomicI64>,
    endpoint: String,
    shutdown: Shutdown,
    _mounted: Mounted,
}

impl Process {
    pub(super) async fn start(world: &Arc<World>, number: u64) -> anyhow::Result<Self> {
        let settings = &world.settings;
        let life = Life::new();
        let host = Host::new(world.network.clone(), life.clone());
        let (storage, store) = with_faults(&world.storage, settings.store_faults(number));
        let mounted = mount(&format!("{}-{number}", world.name), &storage);
        let config = Arc::new(config(world, mounted.url()));
        let skew = Arc::new(AtomicI64::new(0));
        let clock = Arc::new(SimulatedClock { began: world.began, skew: skew.clone() });
        let shutdown = Shutdown::new("simulated");
        let guard = shutdown.guard();
        let workers = SimulatedWorkers::new(
            world.clone(),
            config.clone(),
            clock.clone(),
            (number, life.clone()),
            // They may live longer than the controller.
            world.guard.child("workers"),
        );
        let workers = Arc::new(workers);
        let steps = Steps {
            life: life.clone(),
            worker: None,
            trap: world.trap.clone(),
            ledger: world.ledger.clone(),
            hasty: (settings.mutant == Some(Mutant::CommitBeforeManifest)).then(|| world.database.clone()),
        };
        store.ignore_conditions(settings.mutant == Some(Mutant::OverwriteManifest));
        let services = ControllerServices {
            config,
            metastore: Arc::new(SimulatedMetastore { database: world.database.clone(), life: life.clone() }),
            embedded: Some(workers.clone()),
            clock,
            network: Arc::new(host.clone()),
            random: Random::seeded(settings.seed ^ (number << 32)),
            failpoints: Failpoints::watched_by(Arc::new(steps)),
            fence: Arc::new(NoFence),
        };
        let address = ControllerServer::new(services).start(&guard).await.context("start a controller")?;
        let endpoint = format!("http://{address}");
        Ok(Self { store, workers, life, host, skew, endpoint, shutdown, _mounted: mounted })
    }

    /// The controller dies, its workers go on.
    pub(super) fn kill_controller(&self) {
        self.life.end();
        self.host.way.refuse(true);
        self.host.way.cut();
        self.shutdown.cancel();
    }

    /// The machine dies.
    pub(super) fn kill(&self) {
        self.store.go_down();
        self.kill_controller();
        for worker in self.workers.alive() {
            worker.kill();
        }
    }

    /// As by SIGSTOP: nothing that it does has an effect.
    pub(super) fn pause(&self) {
        self.store.pause(true);
        self.life.pause();
        self.host.way.blackhole(true);
        for worker in self.workers.alive() {
            worker.life.pause();
            worker.host.way.blackhole(true);
        }
    }

    /// As by SIGCONT: it goes on, and does not know that time has passed.
    pub(super) fn resume(&self) {
        self.store.pause(false);
        self.life.resume();
        self.host.way.blackhole(false);
        for worker in self.workers.alive() {
            worker.life.resume();
            worker.host.way.blackhole(false);
        }
    }

    pub(super) fn turn_clock(&self, millis: i64) {
        self.skew.fetch_add(millis.saturating_mul(1_000_000), Ordering::Relaxed);
    }

    fn client(&self) -> anyhow::Result<ControllerClient<Channel>> {
        let endpoint = Endpoint::from_shared(self.endpoint.clone())?;
        Ok(ControllerClient::new(arroyo_rpc::channel(&endpoint, Arc::new(self.host.clone()))))
    }

    /// As somebody with the REST API would; answers its epoch.
    pub(super) async fn take_savepoint(&self, job: JobId) -> anyhow::Result<Epoch> {
        let answer = self.client()?.take_savepoint(proto::TakeSavepointRequest { job_id: job.0 }).await?;
        let savepoint = answer.into_inner().savepoint.context("an answer without a savepoint")?;
        Ok(Epoch(savepoint.epoch))
    }

    /// As somebody with the REST API would; answers the number under which the checkpoint is the last one now.
    pub(super) async fn go_back(&self, job: JobId, epoch: Epoch) -> anyhow::Result<Epoch> {
        let request = proto::GoBackRequest { job_id: job.0, epoch: epoch.0 };
        Ok(Epoch(self.client()?.go_back(request).await?.into_inner().epoch))
    }
}

fn config(world: &World, checkpoint_url: String) -> Config {
    // Without files and environment there is nothing that could be wrong.
    static DEFAULTS: LazyLock<Option<Config>> = LazyLock::new(|| {
        let sources = arroyo_config::Sources { user_dir: Some("/nowhere".into()), ..Default::default() };
        arroyo_config::load(&sources).ok()
    });
    #[expect(clippy::expect_used, reason = "a test")]
    let mut config = DEFAULTS.clone().expect("the default configuration is valid");
    let settings = &world.settings;
    let millis = |millis: u64| HumanDuration(Duration::from_millis(millis));
    config.checkpoint_url = checkpoint_url;
    config.controller.scheduler = SchedulerKind::Embedded;
    config.controller.bind_address = "127.0.0.1".to_string();
    config.worker.bind_address = "127.0.0.1".to_string();
    config.worker.task_slots = settings.slots_per_worker;
    config.worker.queue_size = settings.queue_rows as usize;
    let pipeline = &mut config.pipeline;
    pipeline.allowed_restarts = -1;
    pipeline.source_batch_size = settings.batch_rows;
    pipeline.source_batch_linger = millis(settings.pace_ms);
    pipeline.state_initial_backoff = millis(50);
    pipeline.state_max_backoff = millis(1_000);
    pipeline.worker_heartbeat_timeout = millis(settings.heartbeat_timeout_ms);
    pipeline.checkpoint.timeout = millis(settings.checkpoint_timeout_ms);
    pipeline.checkpoint.keep = settings.keep;
    pipeline.compaction.checkpoints_to_compact = settings.compact_files;
    config
}

/// The time since the simulation began, and what a process believes besides.
#[derive(Debug)]
struct SimulatedClock {
    began: Instant,
    skew: Arc<AtomicI64>,
}

impl Clock for SimulatedClock {
    fn now(&self) -> EventTime {
        let elapsed = i64::try_from(self.began.elapsed().as_nanos()).unwrap_or(i64::MAX);
        EventTime::from_nanos(elapsed.saturating_add(self.skew.load(Ordering::Relaxed)))
    }
}

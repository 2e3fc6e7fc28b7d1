//! A job with everything that can go wrong, on one thread, repeatable by its seed.
//!
//! Production's controller, with its state machine, driver, scheduler and gRPC, and production's workers, with the real engine,
//! operators, state and manifests, run over a storage that loses answers, tears writes and is slow, full, down or out of date, over
//! a network of pipes that delays, cuts and swallows, with a metadata database and sinks that fail. Processes are killed at random
//! moments and at named steps of controllers and workers, stand still while others take over, or lose only their controller; people
//! rescale, stop, start and restart the job, take savepoints, go back to them and turn clocks. In a second phase nothing goes wrong
//! any more: the job must read on, finish, and make at least three checkpoints on the way, and whoever was replaced must end. What
//! its sinks have committed in the end must be what an undisturbed run commits; of a job that went back to a savepoint, what they
//! have committed up to it and since it went back.
//!
//! The clock is Tokio's, paused: it moves when nothing else can happen. The same seed gives the same events in the same order.

mod data;
mod faults;
mod going_back;
mod ledger;
mod life;
mod metastore;
mod mutants;
mod nemesis;
mod network;
mod points;
mod process;
mod queries;
mod settings;
mod sink;
mod source;
mod workers;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{anyhow, bail, ensure};
use arroyo_metastore::{Job, Pipeline};
use arroyo_runtime::{Failpoints, Guard, Shutdown};
use arroyo_state::{Manifests, Savepoints, collect_garbage};
use arroyo_storage::Storage;
use arroyo_storage::testing::{Audit, audited};
use arroyo_types::{JobId, JobState, PipelineId};
use tokio::time::Instant;

use self::faults::Faults;
use self::ledger::Ledger;
use self::metastore::Database;
pub use self::mutants::Mutant;
use self::nemesis::Cluster;
use self::network::SimulatedNetwork;
use self::points::Trap;
pub use self::points::{POINTS_OF_CONTROLLERS, POINTS_OF_WORKERS, points};
pub use self::queries::QUERIES;
pub use self::settings::{Disturbance, Settings, Step};

/// Everything that processes share.
#[derive(Debug)]
struct World {
    settings: Settings,
    name: String,
    began: Instant,
    storage: Storage,
    audit: Audit,
    database: Arc<Database>,
    network: Arc<SimulatedNetwork>,
    sink_faults: Faults,
    ledger: Arc<Ledger>,
    trap: Arc<Trap>,
    guard: Guard,
}

/// What happened in a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rows that were committed, sorted.
    pub rows: Vec<String>,
    /// Important events in order, each with its time.
    pub trace: Vec<String>,
    /// A hash of all events, those too small for the trace included.
    pub digest: u64,
    /// Processes and workers that were killed, or replaced while they stood still or went on.
    pub deaths: u64,
    /// Calls to the metadata database that were refused because of a newer start.
    pub fenced: u64,
    /// Faults of the storage, the network, the metadata database and the sinks.
    pub faults: u64,
    /// Lists of the storage that were out of date.
    pub stale_lists: u64,
    /// Starts of the job.
    pub starts: u64,
    /// Checkpoints that were published.
    pub checkpoints: u64,
    /// Savepoints that were taken.
    pub savepoints: u64,
    /// Transactions that were committed with effect.
    pub commits: u64,
    /// Those of them that were committed after a savepoint that the job then went back to.
    pub written_again: u64,
    /// The steps that processes came to.
    pub passed: BTreeSet<&'static str>,
    /// The steps that processes died at.
    pub died_at: BTreeSet<String>,
}

/// Runs a simulation on this thread.
///
/// # Errors
/// Whatever breaks a promise: a row lost or doubled, no progress without faults, an error that no fault explains.
pub fn simulate(settings: Settings) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(run(settings))
}

/// The part of a simulation with faults is not longer.
const STORMY: Duration = Duration::from_secs(60);
/// When nothing goes wrong any more, the job ends within this time.
const PATIENCE: Duration = Duration::from_secs(600);
/// And those that were replaced within this.
const ZOMBIES: Duration = Duration::from_secs(120);
/// Checkpoints that must be made when nothing goes wrong any more, the last one included.
const QUIET_CHECKPOINTS: u64 = 3;

async fn run(settings: Settings) -> anyhow::Result<Outcome> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = format!("simulation-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let (storage, audit) = audited(&Storage::open(&format!("memory://{name}"))?);
    let shutdown = Shutdown::new("simulation");
    let began = Instant::now();
    let ledger = Arc::new(Ledger::new(began, name.clone()));
    let world = Arc::new(World {
        name,
        began,
        storage: storage.clone(),
        audit,
        database: Arc::new(Database::new(&settings, ledger.clone())),
        network: Arc::new(SimulatedNetwork::new(shutdown.guard())),
        sink_faults: Faults::new(settings.seed ^ 0x5157, settings.other_faults),
        ledger,
        trap: Arc::new(Trap::default()),
        guard: shutdown.guard(),
        settings,
    });
    let mut cluster = Cluster::new(world.clone());
    let outcome = live_through(&mut cluster).await;
    let outcome = outcome.map_err(|error| anyhow!("{error:#}\n{}", world.ledger.trace().join("\n")));
    cluster.processes.iter().for_each(|process| process.kill());
    shutdown.cancel();
    // Stores in memory live as long as the process.
    for object in storage.list("").await? {
        storage.delete(&object.path).await?;
    }
    outcome
}

async fn live_through(cluster: &mut Cluster) -> anyhow::Result<Outcome> {
    let world = cluster.world.clone();
    world.submit()?;
    cluster.start().await?;
    for step in &world.settings.steps {
        if world.began.elapsed() > STORMY {
            break;
        }
        cluster.carry_out(step).await?;
    }
    cluster.make_sure().await?;
    let (before, faults) = (world.ledger.checkpoints(), cluster.faults());
    cluster.calm_down().await?;
    world.finish().await?;
    let quiet = world.ledger.checkpoints() - before;
    ensure!(quiet >= QUIET_CHECKPOINTS, "only {quiet} checkpoints were made when nothing went wrong any more");
    ensure!(world.ledger.wrongs().is_empty(), "{}", world.ledger.wrongs().join("; "));
    tokio::time::sleep(ZOMBIES).await;
    ensure!(cluster.workers() == 0, "{} workers go on when the job has ended", cluster.workers());
    world.check_directory().await?;
    let (passed, died_at) = world.ledger.points();
    let replaced = world.audit.replaced();
    ensure!(replaced.is_empty(), "files were written over: {}", replaced.join(", "));
    Ok(Outcome {
        rows: world.ledger.rows()?,
        deaths: cluster.deaths,
        fenced: world.ledger.count("fenced"),
        faults,
        stale_lists: cluster.processes.iter().map(|process| process.store.stale_lists()).sum(),
        starts: world.database.job()?.generation.0,
        checkpoints: world.ledger.checkpoints(),
        savepoints: world.ledger.count("savepoints"),
        commits: world.ledger.commits(),
        written_again: world.ledger.written_again(),
        passed,
        died_at,
        trace: world.ledger.trace(),
        digest: world.ledger.digest(),
    })
}

impl World {
    fn job(&self) -> JobId {
        JobId("job_simulation".to_string())
    }

    fn submit(&self) -> anyhow::Result<()> {
        let settings = &self.settings;
        let pipeline = Pipeline {
            parallelism: settings.parallelism,
            checkpoint_interval_micros: settings.checkpoint_interval_ms * 1_000,
            ..Pipeline::new(
                PipelineId("pl_simulation".to_string()),
                &settings.query,
                "",
                queries::program(&settings.query)?,
                0,
            )
        };
        let job = Job::created(self.job(), &pipeline);
        self.database.create(pipeline, job);
        Ok(())
    }

    /// Waits for the job's end.
    async fn finish(&self) -> anyhow::Result<()> {
        let mut changes = self.database.subscribe();
        let finished = async {
            loop {
                let job = self.database.job()?;
                match job.state {
                    JobState::Finished => return Ok(()),
                    JobState::Failed => bail!("the job failed: {:?}", job.failure),
                    // Falling behind is no matter: the job is read again.
                    _ => drop(changes.recv().await),
                }
            }
        };
        match tokio::time::timeout(PATIENCE, finished).await {
            Ok(finished) => finished,
            Err(_) => bail!("without faults, the job does not end: it is {}", self.database.job()?.state),
        }
    }

    /// Waits until nothing of the job runs.
    async fn rests(&self) -> anyhow::Result<()> {
        let mut changes = self.database.subscribe();
        while !self.database.job()?.state.is_terminal() {
            // Falling behind is no matter: the job is read again.
            drop(changes.recv().await);
        }
        Ok(())
    }

    /// Every file that the kept manifests and the savepoints name is there.
    async fn check_directory(&self) -> anyhow::Result<()> {
        let directory = self.storage.child(self.job().as_str())?;
        collect_garbage(&directory, self.settings.keep as usize, &Failpoints::default()).await?;
        let (manifests, savepoints) = (Manifests::new(directory.clone()), Savepoints::new(directory.clone()));
        let mut kept = Vec::new();
        for epoch in manifests.list().await? {
            kept.push(manifests.read(epoch).await?);
        }
        for epoch in savepoints.list().await? {
            kept.push(savepoints.read(epoch).await?);
        }
        for manifest in kept {
            for file in manifest.files() {
                let found = directory.head(&file.path).await?;
                ensure!(found.is_some(), "{} of epoch {} does not exist", file.path, manifest.epoch);
            }
        }
        Ok(())
    }
}

//! A job with everything that can go wrong, on one thread, repeatable by its seed.
//!
//! The real planner, engine, operators, state and manifests run over a storage that loses answers and is slow, with sinks that fail,
//! and a small controller around the protocol of [`arroyo_state::protocol`]. The job is killed at random moments and at named points,
//! or left alive as a zombie while the next start takes over; each start may have another parallelism. In a second phase nothing goes
//! wrong any more: the job must read on, finish, and make at least three checkpoints on the way. What its sink has committed in the
//! end must be what an undisturbed run commits.
//!
//! Time is counted in turns of the scheduler of a runtime of one thread, where nothing waits for anything outside: the same seed
//! gives the same events in the same order.

mod data;
mod faults;
mod job;
mod ledger;
mod queries;
mod settings;
mod sink;
mod source;
mod turns;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use arroyo_runtime::{Shutdown, TaskKind};
use arroyo_state::{Manifests, collect_garbage};
use arroyo_storage::Storage;
use arroyo_storage::testing::{FaultControl, with_faults};
use arroyo_types::{Generation, JobId};

use self::faults::Faults;
use self::job::{Ended, Job};
use self::ledger::Ledger;
pub use self::queries::QUERIES;
pub use self::settings::{Planted, Settings, Start};
use self::turns::Turns;

/// Everything that starts of a job share.
#[derive(Debug)]
struct World {
    settings: Settings,
    storage: Storage,
    store_faults: FaultControl,
    faults: Faults,
    ledger: Ledger,
    turns: Turns,
}

/// What happened in a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rows that were committed, sorted.
    pub rows: Vec<String>,
    /// Events in order, each with its turn.
    pub trace: Vec<String>,
    /// Starts of the job.
    pub starts: u64,
    /// Starts that were killed, failed, or left as zombies.
    pub disturbed: u64,
    /// Zombies that met their successor.
    pub fenced: u64,
    /// Faults of the storage and the sinks.
    pub faults: u64,
    /// Checkpoints that were published.
    pub checkpoints: u64,
    /// Checkpoints that were given up.
    pub given_up: u64,
    /// Tables that were compacted.
    pub compactions: u64,
    /// Transactions that were committed with effect.
    pub commits: u64,
}

/// Runs a simulation on this thread.
///
/// # Errors
/// Whatever breaks a promise: a row lost or doubled, no progress without faults, an error that no fault explains.
pub fn simulate(settings: Settings) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(run(settings))
}

/// No start takes so many turns.
const PATIENCE: u64 = 200_000;
/// The part of a simulation with faults ends after so many.
const STORMY: u64 = 20_000;
/// For tasks that are told to end: they do at once.
const DRAIN: Duration = Duration::from_secs(60);
/// Checkpoints that must be made when nothing goes wrong any more, the last one included.
const QUIET_CHECKPOINTS: u64 = 3;

async fn run(settings: Settings) -> anyhow::Result<Outcome> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let plain = Storage::open(&format!("memory://simulation-{}", NUMBER.fetch_add(1, Ordering::Relaxed)))?;
    let (storage, store_faults) = with_faults(&plain, settings.store_faults());
    let world = Arc::new(World {
        faults: Faults::new(settings.seed, settings.sink_faults),
        storage,
        store_faults,
        ledger: Ledger::default(),
        turns: Turns::default(),
        settings,
    });
    // It counts as long as the simulation lasts.
    let counting = Shutdown::new("turns");
    counting.guard().spawn("turns", TaskKind::BACKGROUND, world.turns.clone().count());
    let outcome = live_through(&world).await;
    counting.drain(DRAIN).await;
    // Stores in memory live as long as the process.
    for object in plain.list("").await? {
        plain.delete(&object.path).await?;
    }
    outcome
}

async fn live_through(world: &Arc<World>) -> anyhow::Result<Outcome> {
    let starts = world.settings.starts.clone();
    let mut zombies = Vec::new();
    let mut generation = Generation(0);
    let mut disturbed = 0;
    for start in &starts {
        if world.turns.now() > STORMY {
            break;
        }
        generation = generation.next();
        let shutdown = Shutdown::new("simulation");
        let mut job = Job::new(world.clone(), generation, *start, shutdown.guard())?;
        let life = start.life.unwrap_or(PATIENCE);
        if start.zombie {
            // It goes on while the next one starts.
            shutdown.guard().spawn("zombie", TaskKind::BACKGROUND, async move {
                let ended = job.run().await;
                job.note(&format!("zombie ended: {ended:?}"));
                Ok::<_, std::convert::Infallible>(())
            });
            world.turns.pass(life).await;
            world.note(generation, "left alone");
            zombies.push(shutdown);
            disturbed += 1;
            continue;
        }
        let ended = within(world, life, job.run()).await;
        drop(job);
        shutdown.drain(DRAIN).await;
        match ended {
            Some(Ended::Finished) => world.note(generation, "finished"),
            Some(Ended::Failed(error)) => world.note(generation, &format!("failed: {error}")),
            Some(Ended::Wrong(error)) => return Err(error.context(format!("generation {generation}"))),
            Some(Ended::Killed { at }) => world.note(generation, &format!("killed {at}")),
            Some(Ended::Fenced) => world.note(generation, "fenced"),
            None => world.note(generation, "killed"),
        }
        disturbed += 1;
    }
    let before = world.ledger.checkpoints();
    calm_down(world, generation).await?;
    for zombie in zombies {
        zombie.drain(DRAIN).await;
    }
    let quiet = world.ledger.checkpoints() - before;
    ensure!(quiet >= QUIET_CHECKPOINTS, "only {quiet} checkpoints were made when nothing went wrong any more");
    ensure!(world.ledger.wrongs().is_empty(), "{}", world.ledger.wrongs().join("; "));
    Ok(Outcome {
        rows: world.ledger.rows()?,
        starts: starts.len() as u64 + 1,
        disturbed,
        fenced: world.ledger.count("fenced"),
        faults: world.faults.struck() + world.store_faults.struck(),
        checkpoints: world.ledger.checkpoints(),
        given_up: world.ledger.count("given up"),
        compactions: world.ledger.count("compactions"),
        commits: world.ledger.commits(),
        trace: world.ledger.trace(),
    })
}

/// The future's output, unless so many turns pass before.
async fn within<T>(world: &World, turns: u64, future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        output = future => Some(output),
        () = world.turns.pass(turns) => None,
    }
}

/// Nothing goes wrong any more: the job must finish.
async fn calm_down(world: &Arc<World>, last: Generation) -> anyhow::Result<()> {
    world.store_faults.heal();
    world.faults.heal();
    world.ledger.calm_down();
    world.ledger.note(world.turns.now(), "nothing goes wrong any more");
    let shutdown = Shutdown::new("simulation");
    let start = Start { life: None, zombie: false, point: None, parallelism: world.settings.last_parallelism };
    let mut generation = last.next();
    // A zombie may be in the middle of a step: it can get in the way once.
    for _ in 0..3 {
        let mut job = Job::new(world.clone(), generation, start, shutdown.guard())?;
        let ended = within(world, PATIENCE, job.run()).await.context("the job does not end")?;
        drop(job);
        match ended {
            Ended::Finished => {
                shutdown.drain(DRAIN).await;
                return check_directory(world).await;
            }
            Ended::Fenced => generation = generation.next(),
            other => bail!("without faults, the job ended as {other:?}"),
        }
    }
    bail!("an old owner gets in the way again and again")
}

/// Every file that the kept manifests name is there, and little else.
async fn check_directory(world: &World) -> anyhow::Result<()> {
    collect_garbage(&world.storage, world.settings.keep).await?;
    let manifests = Manifests::new(world.storage.clone());
    for epoch in manifests.list().await? {
        for file in manifests.read(epoch).await?.files() {
            let found = world.storage.head(&file.path).await?;
            ensure!(found.is_some(), "{} of epoch {epoch} does not exist", file.path);
        }
    }
    Ok(())
}

impl World {
    fn note(&self, generation: Generation, what: &str) {
        // Which of many stores in memory it is does not matter.
        let what = what.replace(&self.storage.url(), "");
        self.ledger.note(self.turns.now(), &format!("{generation}: {what}"));
    }

    fn job(&self) -> JobId {
        JobId("job_simulation".to_string())
    }
}

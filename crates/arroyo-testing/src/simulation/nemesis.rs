//! What happens to the cluster, step by step.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arroyo_metastore::PipelineUpdate;
use arroyo_runtime::TaskKind;
use arroyo_storage::testing::FaultControl;
use arroyo_types::StopMode;
use tokio::task::JoinHandle;

use super::going_back::{self, Known};
use super::points::Held;
use super::process::Process;
use super::settings::{Disturbance, Step};
use super::workers::StartedWorker;
use super::{PATIENCE, World};

/// A step that waits for a point does not wait for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// A controller that cannot start is tried again.
const START_PAUSE: Duration = Duration::from_millis(200);

/// The cluster: the last process is the one that people mean.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) world: Arc<World>,
    pub(super) processes: Vec<Arc<Process>>,
    pub(super) deaths: u64,
    known: Known,
    going_back: Option<JoinHandle<Option<()>>>,
}

impl Cluster {
    pub(super) fn new(world: Arc<World>) -> Self {
        Self { world, processes: Vec::new(), deaths: 0, known: Known::default(), going_back: None }
    }

    /// Starts a process.
    pub(super) async fn start(&mut self) -> anyhow::Result<()> {
        let number = self.processes.len() as u64 + 1;
        let mut tries = 0;
        loop {
            match Process::start(&self.world, number).await {
                Ok(process) => {
                    self.world.ledger.note(&format!("process {number} starts"));
                    let process = Arc::new(process);
                    self.known.add(process.clone());
                    self.processes.push(process);
                    return Ok(());
                }
                Err(error) if tries < 100 => {
                    self.world.ledger.note(&format!("process {number} cannot start: {error:#}"));
                    tokio::time::sleep(START_PAUSE).await;
                    tries += 1;
                }
                Err(error) => return Err(error.context("no controller starts")),
            }
        }
    }

    fn current(&self) -> anyhow::Result<&Arc<Process>> {
        self.processes.last().context("no process was started")
    }

    /// Waits for the step's time and point, and does it.
    pub(super) async fn carry_out(&mut self, step: &Step) -> anyhow::Result<()> {
        if self.current()?.life.is_dead() {
            self.start().await?;
        }
        tokio::time::sleep(Duration::from_millis(step.after_ms)).await;
        // Whoever has come to the point waits there until this is dropped.
        let held = match &step.point {
            Some((point, nth)) => {
                let reached = tokio::time::timeout(LONGEST_WAIT, self.world.trap.set(point, *nth)).await;
                self.world.trap.disarm();
                let held = reached.ok().and_then(Result::ok);
                let how = if held.is_some() { "at" } else { "without coming to" };
                self.world.ledger.note(&format!("{how} `{point}`: {:?}", step.what));
                held
            }
            None => {
                self.world.ledger.note(&format!("{:?}", step.what));
                None
            }
        };
        self.disturb(step.what, held.as_ref()).await?;
        if let (Some((point, _)), Some(true)) = (&step.point, held.map(|held| held.life.is_dead())) {
            self.world.ledger.died_at(point);
        }
        Ok(())
    }

    /// What chance has spared us comes now: a simulation without a death, or without a fault, proves nothing.
    pub(super) async fn make_sure(&mut self) -> anyhow::Result<()> {
        if self.world.settings.store_faults == (0.0, 0.0) {
            return Ok(());
        }
        if self.deaths == 0 {
            self.carry_out(&Step { after_ms: 100, point: None, what: Disturbance::KillAll }).await?;
        }
        // Every checkpoint writes: an outage that is longer than an interval is met.
        let for_ms = self.world.settings.checkpoint_interval_ms * 2;
        for _ in 0..10 {
            if self.faults() > 0 {
                break;
            }
            if self.current()?.life.is_dead() {
                self.start().await?;
            }
            self.world.ledger.note("an outage, as nothing has failed so far");
            self.disturb(Disturbance::Outage { for_ms }, None).await?;
            tokio::time::sleep(Duration::from_millis(for_ms + 100)).await;
        }
        Ok(())
    }

    /// Does it, to the worker that is held at a step if it is one.
    async fn disturb(&mut self, what: Disturbance, held: Option<&Held>) -> anyhow::Result<()> {
        let process = self.current()?.clone();
        match what {
            Disturbance::KillAll => {
                self.processes.iter().for_each(|process| process.kill());
                self.deaths += 1;
            }
            Disturbance::KillController => {
                process.kill_controller();
                self.deaths += 1;
            }
            Disturbance::KillWorker => {
                if let Some(worker) = self.worker(held)? {
                    worker.kill();
                    self.deaths += 1;
                }
            }
            Disturbance::SecondController => {
                self.start().await?;
                self.deaths += 1;
            }
            Disturbance::Freeze { for_ms } => {
                process.pause();
                self.later(for_ms, "goes on", move || process.resume());
                self.start().await?;
                self.deaths += 1;
            }
            Disturbance::CutWorker => {
                if let Some(worker) = self.worker(held)? {
                    worker.host.way.cut();
                    self.world.ledger.add("network faults");
                }
            }
            Disturbance::IsolateWorker { for_ms } => {
                if let Some(worker) = self.worker(held)? {
                    worker.host.way.blackhole(true);
                    self.world.ledger.add("network faults");
                    self.later(for_ms, "a worker is reached again", move || worker.host.way.blackhole(false));
                }
            }
            Disturbance::Outage { for_ms } => {
                let stores = self.stores();
                stores.iter().for_each(|store| store.interrupt(true));
                let over = move || stores.iter().for_each(|store| store.interrupt(false));
                self.later(for_ms, "the store answers again", over);
            }
            Disturbance::FullDisk { for_ms } => {
                let stores = self.stores();
                stores.iter().for_each(|store| store.fill_up(true));
                self.later(for_ms, "there is room again", move || stores.iter().for_each(|store| store.fill_up(false)));
            }
            Disturbance::Rescale { parallelism } => {
                self.want(PipelineUpdate { parallelism: Some(parallelism), ..PipelineUpdate::default() })?;
            }
            Disturbance::StopAndStart { for_ms } => {
                self.world.database.stop(StopMode::Checkpoint);
                let database = self.world.database.clone();
                self.later(for_ms, "the job may run again", move || database.stop(StopMode::None));
            }
            Disturbance::Restart => {
                self.want(PipelineUpdate { restart: Some(false), ..PipelineUpdate::default() })?;
            }
            Disturbance::TurnClock { by_ms } => process.turn_clock(by_ms),
            Disturbance::Savepoint => self.take_savepoint(process),
            Disturbance::GoBack { after_ms } => self.go_back(after_ms),
        }
        Ok(())
    }

    fn want(&self, update: PipelineUpdate) -> anyhow::Result<()> {
        self.world.database.update(&update)?;
        Ok(())
    }

    /// The store, as all processes see it.
    fn stores(&self) -> Vec<FaultControl> {
        self.processes.iter().map(|process| process.store.clone()).collect()
    }

    /// The one that is held, or the first one that runs.
    fn worker(&self, held: Option<&Held>) -> anyhow::Result<Option<Arc<StartedWorker>>> {
        let held = held.and_then(|held| held.worker);
        let mut all = self.processes.iter().flat_map(|process| process.workers.alive());
        let found = held.and_then(|held| all.find(|worker| worker.id == held));
        Ok(found.or(self.current()?.workers.alive().into_iter().next()))
    }

    /// It may take long, or be refused.
    fn take_savepoint(&self, process: Arc<Process>) {
        let world = self.world.clone();
        self.world.guard.spawn("savepoint", TaskKind::BACKGROUND, async move {
            match process.take_savepoint(world.job()).await {
                Ok(_) => {
                    world.ledger.add("savepoints");
                    world.ledger.note("a savepoint is taken");
                }
                Err(_) => world.ledger.note("a savepoint is refused"),
            }
            Ok::<_, Infallible>(())
        });
    }

    /// One at a time: what was committed after the savepoint is told from the number of the one before.
    fn go_back(&mut self, after_ms: u64) {
        if self.going_back.as_ref().is_some_and(|going| !going.is_finished()) {
            return self.world.ledger.note("somebody goes back already");
        }
        let (world, known) = (self.world.clone(), self.known.clone());
        let going = self.world.guard.spawn("go-back", TaskKind::BACKGROUND, async move {
            going_back::go_back(&world, &known, after_ms).await;
            Ok::<_, Infallible>(())
        });
        self.going_back = Some(going);
    }

    fn later(&self, after_ms: u64, what: &'static str, work: impl FnOnce() + Send + 'static) {
        let world = self.world.clone();
        self.world.guard.spawn("later", TaskKind::BACKGROUND, async move {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            world.ledger.note(what);
            work();
            Ok::<_, Infallible>(())
        });
    }

    /// Nothing goes wrong any more; what is dead stays so.
    pub(super) async fn calm_down(&mut self) -> anyhow::Result<()> {
        self.world.ledger.note("nothing goes wrong any more");
        self.world.database.faults().heal();
        self.world.sink_faults.heal();
        for process in self.processes.iter().filter(|process| !process.life.is_dead()) {
            process.store.heal();
            process.resume();
        }
        if self.current()?.life.is_dead() {
            self.start().await?;
        }
        // Those of processes that start now have no faults, either.
        self.current()?.store.heal();
        // Whoever goes back to a savepoint has got there before the job may end.
        if let Some(going) = self.going_back.take() {
            tokio::time::timeout(PATIENCE, going).await.context("nobody gets back to the savepoint")??;
        }
        self.world.database.stop(StopMode::None);
        self.world.ledger.calm_down();
        Ok(())
    }

    /// Workers that run.
    pub(super) fn workers(&self) -> usize {
        self.processes.iter().map(|process| process.workers.alive().len()).sum()
    }

    /// Injected faults of all kinds.
    pub(super) fn faults(&self) -> u64 {
        let stores = self.processes.iter().map(|process| process.store.struck()).sum::<u64>();
        let network = self.world.ledger.count("network faults");
        stores + network + self.world.database.faults().struck() + self.world.sink_faults.struck()
    }
}

//! One start of the job: the engine with all tasks, and a controller around the protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Operator as OperatorSpec, Program};
use arroyo_engine::{
    Components, Engine, EngineHandle, EngineRequest, MetricsHub, OperatorCommit, QueueLimits, SourceBatching,
    TaskAssignment, TaskCheckpoint, TaskEvent, TaskEventKind,
};
use arroyo_operator::{Operator, OperatorError, Sink, SinkConfig, Source, SourceConfig};
use arroyo_runtime::Guard;
use arroyo_state::protocol::{Coordinator, Late, Publication, Ready};
use arroyo_state::{
    Manifest, Manifests, Replacement, Resumption, StateError, collect_garbage, compact, next_manifest,
    tables_to_compact,
};
use arroyo_types::{Clock, Epoch, ErrorKind, EventTime, Generation, TaskId, WorkerId};
use tokio::sync::mpsc;

use super::settings::{Planted, Start};
use super::sink::SimulatedSink;
use super::source::SimulatedSource;
use super::turns::Turns;
use super::{World, queries};
use crate::sql_run::{drain_output, finished_checkpoint, tasks};

/// How a start ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// All input was read, and everything is committed.
    Finished,
    /// It was killed at its point.
    Killed { at: &'static str },
    /// A newer start was met.
    Fenced,
    /// A fault that a new start may mend.
    Failed(String),
    /// Something that no fault explains.
    Wrong(anyhow::Error),
}

/// Why a step was not taken.
enum Stop {
    Ended(Ended),
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::Ended(match error.kind() {
            ErrorKind::Fenced => Ended::Fenced,
            ErrorKind::Retry => Ended::Failed(error.to_string()),
            _ => Ended::Wrong(error.into()),
        })
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Ended(Ended::Wrong(error))
    }
}

pub(super) struct Job {
    world: Arc<World>,
    generation: Generation,
    start: Start,
    guard: Guard,
    program: Arc<Program>,
    manifests: Manifests,
    base: Option<Manifest>,
    coordinator: Coordinator,
    /// Durable, and not in a manifest.
    parts: Vec<(TaskId, TaskCheckpoint)>,
    replacements: Vec<Replacement>,
    unfinished: BTreeSet<TaskId>,
    sources: BTreeSet<TaskId>,
    final_done: bool,
    timeout_at: Option<u64>,
    passed: BTreeMap<&'static str, u64>,
}

impl Job {
    pub(super) fn new(world: Arc<World>, generation: Generation, start: Start, guard: Guard) -> anyhow::Result<Self> {
        let program = queries::program(world.settings.query, start.parallelism)?;
        let manifests = Manifests::new(world.storage.clone());
        let all: BTreeSet<TaskId> = tasks(&program).into_iter().collect();
        let is_source = |task: &&TaskId| program.node(task.node).is_some_and(|node| node.is_source());
        Ok(Self {
            sources: all.iter().filter(is_source).copied().collect(),
            coordinator: Coordinator::new(all.clone(), Epoch(0), Epoch(0)),
            unfinished: all,
            world,
            generation,
            start,
            guard,
            program,
            manifests,
            base: None,
            parts: Vec::new(),
            replacements: Vec::new(),
            final_done: false,
            timeout_at: None,
            passed: BTreeMap::new(),
        })
    }

    pub(super) fn note(&self, what: &str) {
        self.world.note(self.generation, what);
    }

    pub(super) async fn run(&mut self) -> Ended {
        let Err(Stop::Ended(ended)) = self.live().await else { return Ended::Finished };
        if matches!(ended, Ended::Fenced) {
            self.world.ledger.add("fenced");
        }
        ended
    }

    /// A named step is reached: is the job killed here?
    fn point(&mut self, name: &'static str) -> Result<(), Stop> {
        let times = self.passed.entry(name).or_default();
        *times += 1;
        if self.start.point == Some((name, *times)) { Err(Stop::Ended(Ended::Killed { at: name })) } else { Ok(()) }
    }

    async fn live(&mut self) -> Result<(), Stop> {
        self.point("before takeover")?;
        let Resumption { sealed, manifest } = self.manifests.take_over(self.generation, None).await?;
        self.point("after takeover, before restore")?;
        let resumed = manifest.as_ref().map_or(0, |manifest| manifest.epoch.0);
        self.note(&format!("takes over at {sealed}, resumes from {resumed}"));
        let all = self.unfinished.clone();
        self.coordinator = Coordinator::new(all.clone(), Epoch(0), sealed);
        self.base = manifest;
        let (sender, mut events) = mpsc::channel(1024);
        let engine = self.start_engine(sender)?;
        self.point("after restore, before start")?;
        let mut waiting = all;
        while !waiting.is_empty() {
            let event = events.recv().await.context("the engine ended without a word")?;
            if matches!(event.kind, TaskEventKind::Started) {
                waiting.remove(&event.task);
            }
            self.take_note(event)?;
        }
        self.point("after start, before the commit is repeated")?;
        self.commit_again(&engine).await?;
        self.coordinate(&engine, &mut events).await
    }

    fn start_engine(&self, events: mpsc::Sender<TaskEvent>) -> anyhow::Result<EngineHandle> {
        let (output, outputs) = mpsc::channel(64);
        drain_output(outputs, &self.guard);
        let worker = WorkerId(1);
        let assign = |task| TaskAssignment { task, worker, data_address: String::new() };
        let settings = &self.world.settings;
        let request = EngineRequest {
            job: self.world.job(),
            generation: self.generation,
            program: self.program.clone(),
            worker,
            assignments: tasks(&self.program).into_iter().map(assign).collect(),
            components: Arc::new(SimulatedComponents(self.world.clone())),
            storage: self.world.storage.clone(),
            restore: self.base.clone().map(Arc::new),
            network: None,
            events,
            output,
            clock: Arc::new(SimulatedClock(self.world.turns.clone())),
            limits: QueueLimits { rows: settings.queue_rows, ..QueueLimits::default() },
            flush_interval: std::time::Duration::from_millis(3),
            state_bytes_max: None,
            batching: SourceBatching { size: settings.batch_rows, ..SourceBatching::default() },
            metrics: MetricsHub::default(),
        };
        Ok(Engine::start(request, &self.guard)?)
    }

    async fn commit_again(&mut self, engine: &EngineHandle) -> Result<(), Stop> {
        let Some(base) = self.base.as_ref().filter(|_| self.world.settings.planted != Some(Planted::NoRecommit)) else {
            return Ok(());
        };
        let epoch = base.epoch;
        let commits = commits_of(base, 0);
        let sinks: BTreeSet<TaskId> = commits.iter().filter_map(|commit| self.task_of(commit)).collect();
        if self.coordinator.recommit(epoch, sinks) {
            self.timeout_at = Some(self.now() + self.world.settings.checkpoint_timeout);
            self.tell(engine.commit(epoch, commits).await)?;
        }
        Ok(())
    }

    fn task_of(&self, commit: &OperatorCommit) -> Option<TaskId> {
        let holds = |node: &&arroyo_dataflow::Node| node.chain.iter().any(|operator| operator.id == commit.operator);
        let node = self.program.nodes.iter().find(holds)?.id;
        Some(TaskId { node, subtask: commit.subtask })
    }

    /// A call to the engine; tasks that are gone have said why.
    fn tell(&self, told: Result<(), arroyo_engine::EngineError>) -> Result<(), Stop> {
        told.map_err(|error| Stop::Ended(Ended::Failed(error.to_string())))
    }

    fn now(&self) -> u64 {
        self.world.turns.now()
    }

    async fn coordinate(&mut self, engine: &EngineHandle, events: &mut mpsc::Receiver<TaskEvent>) -> Result<(), Stop> {
        let interval = self.world.settings.checkpoint_interval;
        let mut due = self.now() + interval;
        while !(self.final_done && self.unfinished.is_empty()) {
            let sources_ended = self.sources.is_disjoint(&self.unfinished);
            if self.coordinator.is_idle() && !self.final_done && (sources_ended || self.now() >= due) {
                due = self.now() + interval;
                self.begin(engine, sources_ended).await?;
            }
            let wake = if self.coordinator.is_idle() && !self.final_done { due } else { u64::MAX };
            let wake = wake.min(self.timeout_at.unwrap_or(u64::MAX));
            let world = self.world.clone();
            tokio::select! {
                biased;
                event = events.recv() => {
                    let event = event.context("the engine ended without a word")?;
                    if let Some(ready) = self.take_note(event)? {
                        self.carry_out(engine, ready).await?;
                    }
                }
                () = world.turns.until(wake) => {
                    if self.timeout_at.is_some_and(|at| at <= self.now()) {
                        self.timed_out()?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn begin(&mut self, engine: &EngineHandle, then_stop: bool) -> Result<(), Stop> {
        self.point("before the barrier")?;
        let Some(epoch) = self.coordinator.begin(then_stop) else { return Ok(()) };
        self.note(&format!("barrier {epoch}{}", if then_stop { ", the last" } else { "" }));
        self.timeout_at = Some(self.now() + self.world.settings.checkpoint_timeout);
        self.tell(engine.checkpoint(epoch, then_stop).await)?;
        self.point("after the barrier")
    }

    /// What an event means for the checkpoint in flight.
    fn take_note(&mut self, event: TaskEvent) -> Result<Option<Ready>, Stop> {
        match event.kind {
            TaskEventKind::Finished(_) => {
                self.unfinished.remove(&event.task);
                Ok(None)
            }
            TaskEventKind::Failed { description, error, .. } => {
                let message = format!("{description}: {error}");
                match error.kind {
                    ErrorKind::Retry => Err(Stop::Ended(Ended::Failed(message))),
                    _ => Err(anyhow!(message).into()),
                }
            }
            TaskEventKind::Checkpointed(part) => {
                self.point("after a part")?;
                let epoch = part.epoch;
                self.parts.push((event.task, part));
                Ok(self.coordinator.part(event.task, epoch))
            }
            TaskEventKind::Committed { epoch } => {
                self.point("after the commit, before its acknowledgement")?;
                Ok(self.coordinator.committed(event.task, epoch))
            }
            TaskEventKind::Reported(error) => Err(anyhow!("a task reported: {error:?}").into()),
            TaskEventKind::Started | TaskEventKind::CheckpointProgress { .. } => Ok(None),
        }
    }

    async fn carry_out(&mut self, engine: &EngineHandle, ready: Ready) -> Result<(), Stop> {
        let mut next = Some(ready);
        while let Some(ready) = next.take() {
            match ready {
                Ready::Publish { epoch, sealed } => next = self.publish(epoch, sealed).await?,
                Ready::Commit(epoch) => {
                    let commits = self.base.as_ref().map(own_commits).unwrap_or_default();
                    self.tell(engine.commit(epoch, commits).await)?;
                    self.timeout_at = Some(self.now() + self.world.settings.checkpoint_timeout);
                    next = self.coordinator.told(epoch);
                }
                Ready::Done { epoch, then_stop } => {
                    self.timeout_at = None;
                    self.final_done |= then_stop;
                    self.note(&format!("checkpoint {epoch} done"));
                    self.point("after the checkpoint")?;
                    self.tidy_up().await?;
                }
            }
        }
        Ok(())
    }

    /// Writes the manifest, however often it takes: a kill gives up.
    async fn publish(&mut self, epoch: Epoch, sealed: Epoch) -> Result<Option<Ready>, Stop> {
        self.timeout_at = None;
        self.point("before the manifest")?;
        let manifest = self.manifest(epoch)?;
        let mut publication = Publication::new(self.generation, epoch, sealed);
        while let Err(error) = self.manifests.go_on_publishing(&mut publication, &manifest).await {
            if error.kind() != ErrorKind::Retry {
                return Err(error.into());
            }
            self.note(&format!("manifest {epoch} is tried again"));
            self.world.turns.pass(20).await;
        }
        self.world.ledger.published();
        self.note(&format!("manifest {epoch} published"));
        self.point("after the manifest, before the commit")?;
        self.parts.retain(|(_, part)| part.epoch > epoch);
        let commits = own_commits(&manifest);
        let sinks = commits.iter().filter_map(|commit| self.task_of(commit)).collect();
        self.base = Some(manifest);
        Ok(self.coordinator.published(epoch, sinks))
    }

    /// The parts of checkpoints that were given up are folded in before the last ones, as the controller does it.
    fn manifest(&mut self, epoch: Epoch) -> anyhow::Result<Manifest> {
        if self.world.settings.planted == Some(Planted::DropGivenUpParts) {
            self.parts.retain(|(_, part)| part.epoch >= epoch);
        }
        let mut epochs: BTreeSet<Epoch> = self.parts.iter().map(|(_, part)| part.epoch).collect();
        epochs.insert(epoch);
        let replacements = std::mem::take(&mut self.replacements);
        let mut earlier: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut last = self.base.clone();
        for of in epochs.into_iter().filter(|of| *of <= epoch) {
            let parts = self.parts.iter().filter(|(_, part)| part.epoch == of).cloned().collect();
            let finished = finished_checkpoint(&self.program, &self.world.job(), of, self.generation, false, parts)?;
            let compacted = if of == epoch { replacements.as_slice() } else { &[] };
            let mut manifest = next_manifest(last.as_ref(), finished, compacted)?;
            for (operator, part) in &mut manifest.operators {
                let commits = earlier.entry(operator.clone()).or_default();
                commits.append(&mut part.commits);
                part.commits.clone_from(commits);
            }
            last = Some(manifest);
        }
        last.context("a manifest of nothing")
    }

    /// Compaction and garbage collection, whose failures cost nothing but their work.
    async fn tidy_up(&mut self) -> Result<(), Stop> {
        let (files, keep) = (self.world.settings.compact_files, self.world.settings.keep);
        let Some(base) = self.base.clone() else { return Ok(()) };
        if self.replacements.is_empty() {
            for (operator, table) in tables_to_compact(&base, files) {
                let done = compact(&self.world.storage, &base, &operator, &table, self.generation, files).await;
                match done {
                    Ok(replacement) => self.replacements.extend(replacement),
                    Err(error) if error.kind() == ErrorKind::Retry => break,
                    Err(error) => return Err(error.into()),
                }
                self.world.ledger.add("compactions");
                self.point("after a compaction, before its manifest")?;
            }
        }
        self.point("before garbage is collected")?;
        match collect_garbage(&self.world.storage, keep).await {
            Err(error) if error.kind() != ErrorKind::Retry => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn timed_out(&mut self) -> Result<(), Stop> {
        self.timeout_at = None;
        match self.coordinator.timed_out() {
            Some(Late::GivenUp { epoch, then_stop: false, .. }) => {
                self.note(&format!("checkpoint {epoch} given up"));
                self.world.ledger.add("given up");
                Ok(())
            }
            Some(Late::GivenUp { epoch, .. }) => {
                Err(Stop::Ended(Ended::Failed(format!("last checkpoint {epoch} timed out"))))
            }
            Some(Late::Committing { epoch, .. }) => {
                Err(Stop::Ended(Ended::Failed(format!("commit {epoch} timed out"))))
            }
            Some(Late::Publishing) | None => Ok(()),
        }
    }
}

/// What each subtask commits of a checkpoint of its own start.
fn own_commits(manifest: &Manifest) -> Vec<OperatorCommit> {
    let mut commits: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
    for (operator, part) in &manifest.operators {
        for commit in &part.commits {
            commits.entry((operator.clone(), commit.subtask)).or_default().push(commit.data.clone());
        }
    }
    let commits = commits.into_iter();
    commits.map(|((operator, subtask), data)| OperatorCommit { operator, subtask, data }).collect()
}

/// After a restore one subtask commits everything.
fn commits_of(manifest: &Manifest, subtask: u32) -> Vec<OperatorCommit> {
    let with_commits = manifest.operators.iter().filter(|(_, part)| !part.commits.is_empty());
    let commits = with_commits.map(|(operator, part)| OperatorCommit {
        operator: operator.clone(),
        subtask,
        data: part.commits.iter().map(|commit| commit.data.clone()).collect(),
    });
    commits.collect()
}

#[derive(Debug)]
struct SimulatedComponents(Arc<World>);

impl Components for SimulatedComponents {
    fn source(&self, _: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Ok(Box::new(SimulatedSource::new(self.0.clone(), config)))
    }

    fn sink(&self, _: &str, _: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Ok(Box::new(SimulatedSink::new(self.0.clone())))
    }

    fn operator(&self, operator: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        arroyo_engine::operators::build(operator, inputs)
    }
}

/// A turn is a millisecond.
#[derive(Debug)]
struct SimulatedClock(Turns);

impl Clock for SimulatedClock {
    fn now(&self) -> EventTime {
        EventTime::from_nanos(i64::try_from(self.0.now()).unwrap_or(i64::MAX).saturating_mul(1_000_000))
    }
}

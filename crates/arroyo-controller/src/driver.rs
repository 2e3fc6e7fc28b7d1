//! One job's driver: feeds events to the state machine and carries its effects out.
//!
//! Everything that happens to a job passes through one loop, one event at a time. Work that takes long (starting workers,
//! writing a manifest, calling workers, asking the metadata database, tearing down) runs in tasks of its own that report back.

mod compaction;
mod effects;
mod publish;
mod records;
mod requests;
mod savepoints;
mod start;
mod status;
mod timers;
mod totals;
mod workers;

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Checkpoint, Job, Metastore, MetastoreError, Pipeline};
use arroyo_rpc::{RowTotals, proto};
use arroyo_runtime::{Failpoints, Guard, Network, TaskKind};
use arroyo_state::{Manifest, Replacement, StateError};
use arroyo_types::{Clock, Epoch, ErrorKind, Generation, Random, TaskId};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use self::compaction::Compaction;
use self::publish::PublishError;
use self::records::{Records, Written};
use self::savepoints::Waiting;
use self::start::Plan;
use self::status::Writing;
use self::timers::Timers;
use self::workers::Workers;
use crate::Fence;
use crate::checkpoint::{Collector, Commits};
use crate::jobs::{JobHandle, Request};
use crate::machine::{self, Desired, Effect, Event, Fault, JobMachine, Launch};
use crate::metrics::JobFigures;
use crate::options::Options;
use crate::output::OutputHub;
use crate::schedulers::{Scheduler, WorkerExit};

/// What tasks of a driver may have waiting for it.
const INTERNAL_QUEUE: usize = 64;
/// Events that may wait for the metadata database; workers wait with those that are more.
const EVENTS_MAX: usize = 4096;
const LONG: Duration = Duration::from_secs(3600);

/// What all drivers share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) options: Options,
    pub(crate) metastore: Arc<dyn Metastore>,
    pub(crate) scheduler: Arc<dyn Scheduler>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) random: Random,
    pub(crate) failpoints: Failpoints,
    /// The URL of the `Controller` service.
    pub(crate) endpoint: String,
    /// Whether this process still owns the state.
    pub(crate) fence: Arc<dyn Fence>,
}

impl Context {
    /// Writes a row of the checkpoints' index; answers whether it is written. It is for people: a failure is only logged.
    pub(crate) async fn index(&self, checkpoint: &Checkpoint) -> bool {
        let written = self.metastore.put_checkpoint(checkpoint).await;
        if let Err(error) = &written {
            tracing::warn!(job = %checkpoint.job, epoch = %checkpoint.epoch, "cannot index a checkpoint: {error}");
        }
        written.is_ok()
    }
}

/// What a driver's own tasks tell it.
#[derive(Debug)]
enum Internal {
    /// Something that concerns the generation it belongs to.
    Event(Event),
    /// A start is prepared.
    Planned(Box<Plan>),
    /// A manifest is durable.
    Published(Box<Manifest>),
    /// A manifest could not be written.
    NotPublished(Epoch, PublishError),
    /// Tables were compacted.
    Compacted(Vec<Replacement>),
}

/// One start of the job.
#[derive(Debug)]
struct Run {
    generation: Generation,
    /// Cancelled when the start is torn down.
    guard: Guard,
    workers: Workers,
    plan: Option<Plan>,
    collector: Option<Collector>,
    /// Whether workers with enough slots were reported to the machine.
    ready: bool,
    /// The tasks that something is to be committed by, with the last manifest's data.
    commits: Commits,
    publishing: Option<JoinHandle<Option<()>>>,
    compaction: Compaction,
    internal: mpsc::Sender<Internal>,
    reports: mpsc::Receiver<Internal>,
}

/// Drives one job.
#[derive(Debug)]
pub(crate) struct Driver {
    context: Arc<Context>,
    guard: Guard,
    /// As it is stored.
    job: Job,
    pipeline: Pipeline,
    machine: JobMachine,
    timers: Timers,
    outputs: Arc<OutputHub>,
    figures: Arc<JobFigures>,
    changed: Arc<Notify>,
    overtaken: Arc<Notify>,
    inbox: mpsc::Receiver<Request>,
    run: Option<Run>,
    /// What happened and was not looked at yet, because an earlier effect waits for the metadata database.
    events: VecDeque<Event>,
    /// What is to be done.
    effects: VecDeque<Effect>,
    /// The write that all effects wait for.
    writing: Option<Writing>,
    /// What is wanted is being read again.
    reading: Option<oneshot::Receiver<Result<Pipeline, MetastoreError>>>,
    records: Records,
    /// What tasks of the last start counted that have ended.
    ended: BTreeMap<TaskId, proto::TaskMetrics>,
    /// Their sums, when all have ended.
    totals: Option<RowTotals>,
    exits: mpsc::Receiver<WorkerExit>,
    exit_sender: mpsc::Sender<WorkerExit>,
    torn_down: mpsc::Receiver<Generation>,
    torn_down_sender: mpsc::Sender<Generation>,
    cleaning: Option<JoinHandle<Option<()>>>,
    savepoints_wanted: Vec<Waiting>,
}

/// What the loop wakes for.
enum Wake {
    Cancelled,
    Written(Result<Written, MetastoreError>),
    Changed,
    Read(Option<Result<Pipeline, MetastoreError>>),
    TornDown(Generation),
    Internal(Internal),
    Exit(WorkerExit),
    Request(Request),
    Deadline,
}

impl Driver {
    pub(crate) fn new(
        context: Arc<Context>,
        job: Job,
        pipeline: Pipeline,
        handle: JobHandle,
        inbox: mpsc::Receiver<Request>,
        guard: Guard,
    ) -> Self {
        let policy = context.options.policy(pipeline.preview);
        let machine = JobMachine::adopt(&job, desired(&pipeline), policy);
        let (exit_sender, exits) = mpsc::channel(INTERNAL_QUEUE);
        let (torn_down_sender, torn_down) = mpsc::channel(INTERNAL_QUEUE);
        let records = Records::start(context.clone(), job.id.clone(), &guard);
        Self {
            context,
            guard,
            job,
            pipeline,
            machine,
            timers: Timers::default(),
            outputs: handle.outputs,
            figures: handle.figures,
            changed: handle.changed,
            overtaken: handle.overtaken,
            inbox,
            run: None,
            events: VecDeque::new(),
            effects: VecDeque::new(),
            writing: None,
            reading: None,
            records,
            ended: BTreeMap::new(),
            totals: None,
            exits,
            exit_sender,
            torn_down,
            torn_down_sender,
            cleaning: None,
            savepoints_wanted: Vec::new(),
        }
    }

    /// Runs until the guard is cancelled or the pipeline is deleted.
    pub(crate) async fn run(mut self) {
        self.apply(Event::Desired(desired(&self.pipeline))).await;
        loop {
            self.fire_due_timers().await;
            self.show_figures();
            match self.wake().await {
                Wake::Cancelled => break,
                Wake::Written(outcome) => self.written(outcome).await,
                Wake::Changed => self.read_pipeline(),
                Wake::Read(read) => {
                    if !self.pipeline_read(read).await {
                        break;
                    }
                }
                Wake::TornDown(generation) => self.apply(Event::TornDown(generation)).await,
                Wake::Internal(internal) => self.internal(internal).await,
                Wake::Exit(exit) => {
                    if exit.generation == self.machine.generation() {
                        self.forget_worker(exit.worker);
                        self.apply(Event::WorkerLost(exit.worker, exit.reason)).await;
                    }
                }
                Wake::Request(request) => self.request(request).await,
                Wake::Deadline => {}
            }
        }
        self.outputs.close();
    }

    fn show_figures(&self) {
        let run = self.run.as_ref();
        let slots = run.map_or(0, |run| run.workers.slots().values().map(|slots| u64::from(*slots)).sum());
        let plan = run.filter(|run| run.ready).and_then(|run| run.plan.as_ref());
        self.figures.set(&self.job, slots, plan.map_or(0, |plan| u64::from(plan.program.slots())));
    }

    async fn wake(&mut self) -> Wake {
        let deadline = self.next_deadline();
        let (is_reading, is_full) = (self.reading.is_some(), self.events.len() >= EVENTS_MAX);
        tokio::select! {
            biased;
            () = self.guard.cancelled() => Wake::Cancelled,
            // Given up: the controller ends.
            outcome = optional(self.writing.as_mut().map(Writing::outcome)) => outcome.map_or(Wake::Cancelled, Wake::Written),
            read = optional(self.reading.as_mut()) => Wake::Read(read.ok()),
            () = self.changed.notified(), if !is_reading => Wake::Changed,
            Some(generation) = self.torn_down.recv() => Wake::TornDown(generation),
            Some(internal) = optional(self.run.as_mut().map(|run| run.reports.recv())) => Wake::Internal(internal),
            Some(exit) = self.exits.recv() => Wake::Exit(exit),
            request = self.inbox.recv(), if !is_full => request.map_or(Wake::Cancelled, Wake::Request),
            () = tokio::time::sleep_until(deadline) => Wake::Deadline,
        }
    }

    /// Timers wait for effects that have yet to cancel them.
    fn next_deadline(&self) -> Instant {
        if self.writing.is_some() {
            return Instant::now() + LONG;
        }
        let timeout = self.context.options.heartbeat_timeout;
        let loss = self.run.as_ref().and_then(|run| run.workers.next_loss(timeout));
        [self.timers.next(), loss].into_iter().flatten().min().unwrap_or_else(|| Instant::now() + LONG)
    }

    async fn fire_due_timers(&mut self) {
        while self.writing.is_none()
            && let Some(timer) = self.timers.take_due()
        {
            self.apply(Event::Timer(timer)).await;
        }
        let timeout = self.context.options.heartbeat_timeout;
        // What workers have said is heard first.
        while self.writing.is_none()
            && self.inbox.is_empty()
            && let Some(worker) = self.run.as_ref().and_then(|run| run.workers.lost(timeout))
        {
            self.forget_worker(worker);
            let reason = format!("no heartbeat for {} s", timeout.as_secs_f32());
            self.apply(Event::WorkerLost(worker, reason)).await;
        }
    }

    fn forget_worker(&mut self, worker: arroyo_types::WorkerId) {
        if let Some(run) = &mut self.run {
            run.workers.remove(worker);
        }
    }

    /// Begins to read again what is wanted.
    fn read_pipeline(&mut self) {
        let (metastore, id) = (self.context.metastore.clone(), self.pipeline.id.clone());
        let (reply, read) = oneshot::channel();
        self.guard.spawn("read-pipeline", TaskKind::BACKGROUND, async move {
            // The driver may have ended.
            let _ = reply.send(metastore.pipeline(&id).await);
            Ok::<_, Infallible>(())
        });
        self.reading = Some(read);
    }

    /// Answers whether the pipeline still exists.
    async fn pipeline_read(&mut self, read: Option<Result<Pipeline, MetastoreError>>) -> bool {
        self.reading = None;
        match read {
            Some(Ok(pipeline)) => {
                self.pipeline = pipeline;
                self.apply(Event::Desired(desired(&self.pipeline))).await;
                true
            }
            Some(Err(MetastoreError::NotFound { .. })) => {
                tracing::info!(job = %self.job.id, "pipeline was deleted");
                self.kill_workers().await;
                false
            }
            Some(Err(error)) => {
                tracing::warn!(job = %self.job.id, "cannot read the pipeline, keeping to what was wanted before: {error}");
                true
            }
            // Its task was dropped: the controller ends.
            None => true,
        }
    }

    async fn internal(&mut self, internal: Internal) {
        match internal {
            Internal::Event(event) => self.apply(event).await,
            Internal::Planned(plan) => {
                let prepared = plan.prepared.clone();
                if let Some(run) = &mut self.run {
                    run.commits.clone_from(&plan.recommits);
                    run.collector = Some(Collector::new(self.job.id.clone(), run.generation, &plan.program));
                    run.plan = Some(*plan);
                }
                self.apply(Event::Prepared(prepared)).await;
                self.check_ready().await;
            }
            Internal::Published(manifest) => self.published(*manifest).await,
            Internal::Compacted(replacements) => {
                if let Some(run) = &mut self.run {
                    run.compaction.finished(replacements);
                }
            }
            Internal::NotPublished(epoch, error) => {
                let event = match error {
                    PublishError::Lost(_) => Event::Fenced,
                    PublishError::State(StateError::Fenced { by, .. }) if by > self.machine.generation() => {
                        Event::Fenced
                    }
                    // An earlier start of ours, or an owner that we have replaced, was faster: go on from its manifest.
                    PublishError::State(StateError::Fenced { .. }) => {
                        Event::ManifestFailed(epoch, Fault::new(ErrorKind::Retry, error.to_string()))
                    }
                    other => Event::ManifestFailed(epoch, Fault::new(other.kind(), other.to_string())),
                };
                self.apply(event).await;
            }
        }
    }

    /// Tells the machine, once, that workers with enough slots are there.
    async fn check_ready(&mut self) {
        let Some(run) = &mut self.run else { return };
        let Some(plan) = &run.plan else { return };
        let slots: u64 = run.workers.slots().values().map(|slots| u64::from(*slots)).sum();
        if !run.ready && slots >= u64::from(plan.program.slots()) {
            run.ready = true;
            self.apply(Event::WorkersReady).await;
        }
    }

    /// Feeds an event to the machine and carries out what follows, including what follows from that; later, if an earlier effect
    /// still waits for the metadata database.
    async fn apply(&mut self, event: Event) {
        self.events.push_back(event);
        self.go_on().await;
    }

    async fn go_on(&mut self) {
        while self.writing.is_none() {
            if let Some(effect) = self.effects.pop_front() {
                if let Err(event) = self.execute(effect).await {
                    // What should have followed does not: the effects rest on one another.
                    self.effects.clear();
                    self.events.push_back(event);
                }
            } else if let Some(event) = self.events.pop_front() {
                let (machine, effects) = machine::next(&self.machine, event);
                self.machine = machine;
                self.effects.extend(effects);
            } else {
                break;
            }
        }
    }
}

/// Waits for what is there, and for ever if there is nothing.
async fn optional<T>(future: Option<impl Future<Output = T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

fn desired(pipeline: &Pipeline) -> Desired {
    Desired {
        stop: pipeline.stop,
        restart_nonce: pipeline.restart_nonce,
        restart_force: pipeline.restart_force,
        parallelism: pipeline.parallelism,
        launch: Arc::new(Launch {
            program: pipeline.program.clone(),
            env_vars: pipeline.env_vars.clone(),
            scheduler_config: pipeline.scheduler_config.clone(),
        }),
        checkpoint_interval: Duration::from_micros(pipeline.checkpoint_interval_micros),
        ttl: pipeline.ttl_micros.map(Duration::from_micros),
    }
}

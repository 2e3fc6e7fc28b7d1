//! The life of a job as a pure function: `next(machine, event) -> (machine, effects)`.
//!
//! Nothing here does I/O, reads a clock or draws a random number. The driver feeds events and carries effects out.
//!
//! A job has a *phase* (what its workers are doing) and a *goal* (what it is heading for); the state that users see follows
//! from both ([`JobMachine::state`]):
//!
//! | phase | meaning |
//! |---|---|
//! | `Idle` | no workers: created, ended, or interrupted by the end of an earlier controller |
//! | `Backoff` | no workers: waiting after a failure |
//! | `Starting` | workers and tasks are being started |
//! | `Active` | data flows; the goal says whether a final checkpoint is on its way, and why |
//! | `Draining` | sources were told to end, the rest is being drained |
//! | `TearingDown` | workers are being ended; the goal says what follows |
//!
//! Rules that keep results exactly-once:
//! - At most one checkpoint is in flight, and the sink data of one is committed before the next barrier.
//! - A checkpoint whose manifest may or may not exist is never followed by another one in the same generation: the job is
//!   started again from whichever manifest is the latest.
//! - After a restore the restored sink data is committed again before the first barrier.

mod checkpointing;
mod effect;
mod event;
mod policy;
mod recovery;
mod stopping;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use arroyo_metastore::{Failure, Job, LogLevel, StopReason};
use arroyo_state::protocol::Coordinator;
use arroyo_types::{Epoch, ErrorKind, Generation, JobState, StopMode, TaskId};

pub(crate) use effect::Effect;
pub(crate) use event::{Desired, Event, Fault, Launch, Prepared, Timer};
pub(crate) use policy::Policy;

/// What the workers are doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No workers.
    Idle(JobState),
    /// No workers; a timer runs.
    Backoff,
    /// Workers and tasks are being started.
    Starting,
    /// Data flows.
    Active,
    /// Sources were told to end.
    Draining,
    /// Workers are being ended.
    TearingDown,
    /// Someone else owns the job.
    Fenced,
}

/// What the job is heading for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Running.
    Run,
    /// A final checkpoint, and a start at another parallelism.
    Rescale,
    /// A final checkpoint (unless forced), and a new start.
    Restart,
    /// A final checkpoint, and rest.
    CheckpointStop,
    /// Rest.
    Stop,
    /// A final checkpoint, and the end: all input was read.
    Finish,
    /// A new start after a failure.
    Recover,
    /// Rest after a failure.
    Fail,
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JobMachine {
    policy: Policy,
    desired: Desired,
    /// What the last start honoured.
    applied: Desired,
    generation: Generation,
    restarts: u32,
    failure: Option<Failure>,
    stop_reason: Option<StopReason>,
    phase: Phase,
    goal: Goal,
    /// All tasks of this start; empty until it is prepared.
    tasks: BTreeSet<TaskId>,
    sources: BTreeSet<TaskId>,
    started: BTreeSet<TaskId>,
    finished: BTreeSet<TaskId>,
    restore: Option<(Epoch, BTreeSet<TaskId>)>,
    coordinator: Coordinator,
    /// Checkpoints given up since the last one that was complete.
    failed_checkpoints: u32,
    /// The highest generation of another owner that was met.
    met: Generation,
    /// The interval ran out while a checkpoint was in flight.
    checkpoint_due: bool,
    /// The final checkpoint is complete and committed.
    final_done: bool,
    /// A bug was seen since the job was last healthy: the next one is fatal.
    bug_seen: bool,
    /// A stop was asked for since the job failed or finished, so that asking it to run is a wish to start it again.
    rearmed: bool,
}

/// Carries out one transition.
struct Transition {
    job: JobMachine,
    effects: Vec<Effect>,
}

/// What follows when `event` happens to `machine`.
pub(crate) fn next(machine: &JobMachine, event: Event) -> (JobMachine, Vec<Effect>) {
    let mut transition = Transition { job: machine.clone(), effects: Vec::new() };
    if machine.phase != Phase::Fenced {
        transition.dispatch(event);
    }
    let Transition { job, mut effects } = transition;
    if job.phase != Phase::Fenced && job.status() != machine.status() {
        effects.insert(0, Effect::Persist);
    }
    (job, effects)
}

impl JobMachine {
    /// Takes over a job from the metastore, as an earlier controller (or nobody) left it.
    ///
    /// Nothing happens before the first [`Event::Desired`].
    pub(crate) fn adopt(job: &Job, desired: Desired, policy: Policy) -> Self {
        let state = if job.state == JobState::Failing { JobState::Failed } else { job.state };
        let applied = Desired { restart_nonce: job.restart_nonce, ..desired.clone() };
        Self {
            policy,
            rearmed: desired.stop != StopMode::None,
            desired,
            applied,
            generation: job.generation,
            restarts: job.restarts,
            failure: job.failure.clone(),
            stop_reason: job.stop_reason,
            phase: Phase::Idle(state),
            goal: Goal::Run,
            tasks: BTreeSet::new(),
            sources: BTreeSet::new(),
            started: BTreeSet::new(),
            finished: BTreeSet::new(),
            restore: None,
            coordinator: Coordinator::new(BTreeSet::new(), Epoch(0), Epoch(0)),
            failed_checkpoints: 0,
            met: Generation(0),
            checkpoint_due: false,
            final_done: false,
            bug_seen: false,
        }
    }

    /// The state that users see.
    pub(crate) fn state(&self) -> JobState {
        match (self.phase, self.goal) {
            (Phase::Idle(state), _) => state,
            (Phase::Starting, _) => JobState::Scheduling,
            (Phase::Active, Goal::CheckpointStop) => JobState::CheckpointStopping,
            (Phase::Active, Goal::Finish) | (Phase::TearingDown, Goal::Finish) => JobState::Finishing,
            (_, Goal::Rescale) => JobState::Rescaling,
            (_, Goal::Restart) => JobState::Restarting,
            (Phase::Backoff, _) | (_, Goal::Recover) => JobState::Recovering,
            (_, Goal::Fail) => JobState::Failing,
            (Phase::Active, _) => JobState::Running,
            (Phase::Draining | Phase::TearingDown | Phase::Fenced, _) => JobState::Stopping,
        }
    }

    /// The fencing number of the last start.
    pub(crate) fn generation(&self) -> Generation {
        self.generation
    }

    /// The restart nonce that the last start honoured.
    pub(crate) fn restart_nonce(&self) -> u64 {
        self.applied.restart_nonce
    }

    /// Restarts after failures since it was last healthy.
    pub(crate) fn restarts(&self) -> u32 {
        self.restarts
    }

    /// Why it failed, or the last failure that it recovered from.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Why it stopped, or stops, without being asked to.
    pub(crate) fn stop_reason(&self) -> Option<StopReason> {
        self.stop_reason
    }

    /// The number of tasks of the last start, once it is known.
    pub(crate) fn task_count(&self) -> Option<u32> {
        (!self.tasks.is_empty()).then(|| u32::try_from(self.tasks.len()).unwrap_or(u32::MAX))
    }

    /// What the current start was asked to honour.
    pub(crate) fn applied(&self) -> &Desired {
        &self.applied
    }

    /// Whether a checkpoint can be asked for, and data will flow on behind it.
    pub(crate) fn takes_checkpoints(&self) -> bool {
        self.phase == Phase::Active && self.goal == Goal::Run
    }

    /// The highest epoch ever used.
    pub(crate) fn last_epoch(&self) -> Epoch {
        self.coordinator.last_epoch()
    }

    /// What is stored; a change to it is written before the effects that follow from it.
    fn status(&self) -> (JobState, Generation, u64, u32, Option<&Failure>, Option<StopReason>, Option<u32>) {
        let nonce = self.applied.restart_nonce;
        let failure = self.failure.as_ref();
        (self.state(), self.generation, nonce, self.restarts, failure, self.stop_reason, self.task_count())
    }

    fn all_tasks(&self, done: &BTreeSet<TaskId>) -> bool {
        !self.tasks.is_empty() && self.tasks.is_subset(done)
    }

    /// Whether the job stops for a reason that a new start is not part of.
    fn wants_to_run(&self) -> bool {
        self.desired.stop == StopMode::None
    }
}

impl Transition {
    fn dispatch(&mut self, event: Event) {
        match event {
            Event::Desired(desired) => self.desired(desired),
            Event::Prepared(prepared) => self.prepared(prepared),
            Event::WorkersReady => self.workers_ready(),
            Event::Failed(fault) => self.fault(None, fault),
            Event::TaskStarted(task) => self.task_started(task),
            Event::TaskFinished(task) => self.task_finished(task),
            Event::TaskFailed(task, fault) => self.fault(Some(task), fault),
            Event::TaskCheckpointed(task, epoch) => self.task_checkpointed(task, epoch),
            Event::TaskCommitted(task, epoch) => self.task_committed(task, epoch),
            Event::WorkerLost(worker, reason) => self.worker_lost(worker, &reason),
            Event::ManifestPublished(epoch, commits) => self.manifest_published(epoch, commits),
            Event::ManifestFailed(epoch, fault) => self.manifest_failed(epoch, fault),
            Event::TornDown(generation) => self.torn_down(generation),
            Event::Timer(timer) => self.timer(timer),
            Event::SavepointWanted => self.checkpoint_due(),
            Event::Overtaken(by, fault) => self.overtaken(by, fault),
            Event::Fenced => self.fenced(),
        }
    }

    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn set_timer(&mut self, timer: Timer, after: std::time::Duration) {
        self.push(Effect::SetTimer { timer, after, jitter: false });
    }

    fn log(&mut self, level: LogLevel, task: Option<TaskId>, message: impl Into<String>, fault: Option<&Fault>) {
        let domain = fault.map(|fault| fault.failure.domain);
        self.push(Effect::Log { level, task, message: message.into(), domain });
    }

    /// Starts workers under a new generation.
    fn start(&mut self) {
        let job = &mut self.job;
        job.generation = job.generation.max(job.met).next();
        job.applied = job.desired.clone();
        job.phase = Phase::Starting;
        job.goal = Goal::Run;
        job.tasks.clear();
        job.sources.clear();
        job.started.clear();
        job.finished.clear();
        job.restore = None;
        job.coordinator.end();
        job.failed_checkpoints = 0;
        job.checkpoint_due = false;
        job.final_done = false;
        job.rearmed = false;
        job.stop_reason = None;
        let (generation, startup) = (job.generation, job.policy.worker_startup);
        self.push(Effect::StartWorkers(generation));
        self.set_timer(Timer::WorkerStartup, startup);
    }

    /// Starts on somebody's request: the past is forgiven.
    fn start_afresh(&mut self) {
        self.job.restarts = 0;
        self.job.bug_seen = false;
        self.job.failure = None;
        self.start();
    }

    /// No more is done for the checkpoint in flight; one whose manifest is under way may come to exist nevertheless.
    fn drop_checkpoint(&mut self) {
        if let Some(epoch) = self.job.coordinator.end() {
            let reason = "the job's tasks were stopped before it was complete".to_string();
            self.push(Effect::AbandonCheckpoint(epoch, reason));
        }
    }

    fn rest(&mut self, state: JobState) {
        self.job.phase = Phase::Idle(state);
        self.job.goal = Goal::Run;
        self.job.rearmed = !self.job.wants_to_run();
        self.job.coordinator.end();
        self.push(Effect::CancelTimers);
        self.push(Effect::CloseOutput);
    }

    fn prepared(&mut self, prepared: Prepared) {
        let job = &mut self.job;
        if job.phase != Phase::Starting {
            return;
        }
        let restored = prepared.restore.as_ref().map(|(epoch, _)| *epoch);
        let known = [Some(job.coordinator.last_epoch()), prepared.last_epoch, restored];
        let last_epoch = known.into_iter().flatten().max().unwrap_or(Epoch(0));
        job.coordinator = Coordinator::new(prepared.tasks.clone(), last_epoch, prepared.sealed);
        job.tasks = prepared.tasks;
        job.sources = prepared.sources;
        job.restore = prepared.restore;
    }

    fn workers_ready(&mut self) {
        if self.job.phase == Phase::Starting {
            let startup = self.job.policy.task_startup;
            self.push(Effect::CancelTimer(Timer::WorkerStartup));
            self.push(Effect::StartExecution);
            self.set_timer(Timer::TaskStartup, startup);
        }
    }

    fn task_started(&mut self, task: TaskId) {
        if self.job.phase == Phase::Starting {
            self.job.started.insert(task);
            self.run_if_all_started();
        }
    }

    fn run_if_all_started(&mut self) {
        let job = &mut self.job;
        if !job.all_tasks(&job.started) {
            return;
        }
        job.phase = Phase::Active;
        let (interval, healthy, ttl) = (job.applied.checkpoint_interval, job.policy.healthy, job.applied.ttl);
        self.push(Effect::CancelTimer(Timer::TaskStartup));
        self.set_timer(Timer::Checkpoint, interval);
        self.set_timer(Timer::Healthy, healthy);
        if let Some(ttl) = ttl {
            self.set_timer(Timer::Ttl, ttl);
        }
        self.recommit();
        self.finish_if_sources_ended();
    }

    fn task_finished(&mut self, task: TaskId) {
        self.job.finished.insert(task);
        match self.job.phase {
            Phase::Starting => {
                self.job.started.insert(task);
                self.run_if_all_started();
            }
            Phase::Active => {
                self.finish_if_sources_ended();
                self.tear_down_if_done();
            }
            Phase::Draining if self.job.all_tasks(&self.job.finished) => self.tear_down(false),
            _ => {}
        }
    }

    /// All sources have read all their input: one last checkpoint, so that sinks commit, and the end.
    fn finish_if_sources_ended(&mut self) {
        let job = &mut self.job;
        if job.phase == Phase::Active && job.goal == Goal::Run && job.sources.is_subset(&job.finished) {
            job.goal = Goal::Finish;
            self.inject_if_due();
        }
    }

    fn tear_down_if_done(&mut self) {
        if self.job.phase == Phase::Active && self.job.final_done && self.job.all_tasks(&self.job.finished) {
            self.tear_down(false);
        }
    }

    /// Ends the workers; the goal says what follows.
    fn tear_down(&mut self, kill: bool) {
        self.job.phase = Phase::TearingDown;
        self.drop_checkpoint();
        let generation = self.job.generation;
        self.push(Effect::CancelTimers);
        self.push(Effect::StopWorkers { generation, kill });
    }

    fn torn_down(&mut self, generation: Generation) {
        if self.job.phase != Phase::TearingDown || generation != self.job.generation {
            return;
        }
        let run = self.job.wants_to_run();
        match self.job.goal {
            Goal::Fail => self.rest(JobState::Failed),
            Goal::Finish => self.rest(JobState::Finished),
            Goal::Recover if run => self.back_off(),
            _ if run => self.start(),
            _ => self.rest(JobState::Stopped),
        }
    }

    fn timer(&mut self, timer: Timer) {
        let job = &self.job;
        match (timer, job.phase) {
            (Timer::WorkerStartup, Phase::Starting) => {
                let seconds = job.policy.worker_startup.as_secs();
                let message = format!("workers with enough slots did not register within {seconds} s");
                self.fault(None, Fault::new(ErrorKind::Retry, message));
            }
            (Timer::TaskStartup, Phase::Starting) => {
                let missing = job.tasks.difference(&job.started).count();
                let seconds = job.policy.task_startup.as_secs();
                let message = format!("{missing} of {} tasks did not start within {seconds} s", job.tasks.len());
                self.fault(None, Fault::new(ErrorKind::Retry, message));
            }
            (Timer::Checkpoint, Phase::Active) => self.checkpoint_due(),
            (Timer::CheckpointTimeout, Phase::Active) => self.checkpoint_timed_out(),
            (Timer::Healthy, Phase::Active) => {
                self.job.restarts = 0;
                self.job.bug_seen = false;
            }
            (Timer::Stop, Phase::Active) if job.final_done => {
                self.log(
                    LogLevel::Warn,
                    None,
                    "tasks did not end after the final checkpoint; ending their workers",
                    None,
                );
                self.tear_down(false);
            }
            (Timer::Stop, Phase::Draining) => {
                self.log(LogLevel::Warn, None, "tasks did not drain in time; killing their workers", None);
                self.tear_down(true);
            }
            (Timer::Backoff, Phase::Backoff) => self.start(),
            (Timer::Ttl, Phase::Active | Phase::Starting) => self.stop_for_good(StopReason::TtlExpired),
            _ => {}
        }
    }

    /// The job's directory has seen a higher generation than the metadata database knows of, which may be an older backup: the next
    /// start gets a number above it. If the other owner lives, that start is refused by the database.
    fn overtaken(&mut self, by: Generation, fault: Fault) {
        self.job.met = self.job.met.max(by);
        self.fault(None, fault);
    }

    fn fenced(&mut self) {
        self.job.phase = Phase::Fenced;
        self.push(Effect::CancelTimers);
        self.push(Effect::Halt);
    }
}

//! The state machine, told as stories: what happens, which state follows, what is to be done.

mod failures;
mod finishing;
mod life;
mod stops;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Job, Pipeline};
use arroyo_types::{Epoch, ErrorKind, Generation, JobId, JobState, NodeId, PipelineId, StopMode, TaskId, WorkerId};

use super::*;

pub(super) const SOURCE: TaskId = TaskId { node: NodeId(0), subtask: 0 };
pub(super) const SINK: TaskId = TaskId { node: NodeId(1), subtask: 0 };
pub(super) const TASKS: [TaskId; 2] = [SOURCE, SINK];

/// A job and what happened to it so far.
pub(super) struct Story {
    pub(super) job: JobMachine,
    pub(super) wanted: Desired,
    /// What the last event called for.
    pub(super) effects: Vec<Effect>,
}

pub(super) fn policy() -> Policy {
    Policy {
        preview: false,
        allowed_restarts: Some(3),
        initial_backoff: Duration::from_millis(500),
        max_backoff: Duration::from_secs(1),
        healthy: Duration::from_secs(120),
        worker_startup: Duration::from_secs(600),
        task_startup: Duration::from_secs(120),
        checkpoint_timeout: Duration::from_secs(60),
        tolerated_checkpoint_failures: Some(1),
        drain_timeout: Duration::from_secs(60),
        stop_timeout: Duration::from_secs(10),
    }
}

pub(super) fn stored(state: JobState) -> Job {
    Job {
        state,
        generation: Generation(4),
        ..Job::created(JobId::from("job"), &Pipeline::new(PipelineId::from("pl"), "", "", Vec::new(), 0))
    }
}

pub(super) fn wish() -> Desired {
    Desired {
        stop: StopMode::None,
        restart_nonce: 0,
        restart_force: false,
        parallelism: 1,
        launch: Arc::default(),
        checkpoint_interval: Duration::from_secs(10),
        ttl: None,
    }
}

impl Story {
    /// A job as an earlier controller left it.
    pub(super) fn left_in(state: JobState, wanted: Desired, policy: Policy) -> Self {
        let job = JobMachine::adopt(&stored(state), wanted.clone(), policy);
        Self { job, wanted, effects: Vec::new() }
    }

    pub(super) fn created() -> Self {
        Self::left_in(JobState::Created, wish(), policy())
    }

    pub(super) fn scheduling() -> Self {
        let mut story = Self::created();
        story.asked(|_| ());
        story
    }

    pub(super) fn running() -> Self {
        let mut story = Self::scheduling();
        story.started(None);
        story
    }

    /// Running, with a checkpoint in flight.
    pub(super) fn checkpointing() -> Self {
        let mut story = Self::running();
        story.happens(Event::Timer(Timer::Checkpoint));
        story
    }

    /// What is wanted changes.
    pub(super) fn asked(&mut self, change: impl FnOnce(&mut Desired)) -> &mut Self {
        change(&mut self.wanted);
        self.happens(Event::Desired(self.wanted.clone()))
    }

    pub(super) fn stop(&mut self, stop: StopMode) -> &mut Self {
        self.asked(|wanted| wanted.stop = stop)
    }

    pub(super) fn happens(&mut self, event: Event) -> &mut Self {
        let (job, effects) = next(&self.job, event);
        self.job = job;
        self.effects = effects;
        self
    }

    /// From Scheduling to Running; `restore` is the epoch resumed from, and whether the sink must commit it again.
    pub(super) fn started(&mut self, restore: Option<(u64, bool)>) -> &mut Self {
        let restore = restore
            .map(|(epoch, commit)| (Epoch(epoch), if commit { BTreeSet::from([SINK]) } else { BTreeSet::new() }));
        self.happens(Event::Prepared(Prepared {
            tasks: BTreeSet::from(TASKS),
            sources: BTreeSet::from([SOURCE]),
            restore,
            last_epoch: None,
            sealed: Epoch(0),
        }));
        self.happens(Event::WorkersReady);
        self.all(Event::TaskStarted)
    }

    /// The same happens to both tasks.
    pub(super) fn all(&mut self, event: impl Fn(TaskId) -> Event) -> &mut Self {
        let effects: Vec<Effect> =
            TASKS.into_iter().flat_map(|task| self.happens(event(task)).effects.clone()).collect();
        self.effects = effects;
        self
    }

    /// Both tasks write their part, and the manifest with them.
    pub(super) fn checkpointed(&mut self, epoch: u64) -> &mut Self {
        self.all(|task| Event::TaskCheckpointed(task, Epoch(epoch)));
        self.publishes(epoch);
        self.happens(Event::ManifestPublished(Epoch(epoch), BTreeSet::new()))
    }

    /// The last event called for the manifest of this epoch.
    #[track_caller]
    pub(super) fn publishes(&mut self, wanted: u64) -> &mut Self {
        let publishes = |effect: &Effect| matches!(effect, Effect::Publish { epoch, .. } if *epoch == Epoch(wanted));
        assert!(self.effects.iter().any(publishes), "{:#?}", self.effects);
        self
    }

    pub(super) fn torn_down(&mut self) -> &mut Self {
        let generation = self.job.generation();
        self.happens(Event::TornDown(generation))
    }

    pub(super) fn fails(&mut self, kind: ErrorKind) -> &mut Self {
        self.happens(Event::TaskFailed(SINK, Fault::new(kind, "disk full")))
    }

    pub(super) fn lost_worker(&mut self) -> &mut Self {
        self.happens(Event::WorkerLost(WorkerId(1), "gone".to_string()))
    }

    /// The state is now this.
    #[track_caller]
    pub(super) fn is(&mut self, state: JobState) -> &mut Self {
        assert_eq!(self.job.state(), state, "after {:?}", self.effects);
        self
    }

    /// The last event called for these effects, among others, in this order.
    #[track_caller]
    pub(super) fn does(&mut self, wanted: &[Effect]) -> &mut Self {
        let mut rest = self.effects.iter();
        for effect in wanted {
            assert!(rest.any(|other| other == effect), "{effect:?} is not (in order) among {:#?}", self.effects);
        }
        self
    }

    #[track_caller]
    pub(super) fn does_not(&mut self, unwanted: impl Fn(&Effect) -> bool) -> &mut Self {
        assert!(!self.effects.iter().any(unwanted), "{:#?}", self.effects);
        self
    }

    pub(super) fn stops_workers(&mut self, kill: bool) -> &mut Self {
        let generation = self.job.generation();
        self.does(&[Effect::StopWorkers { generation, kill }])
    }

    pub(super) fn failure(&self) -> String {
        self.job.failure().map(|failure| failure.message.clone()).unwrap_or_default()
    }
}

pub(super) fn barrier(epoch: u64, then_stop: bool) -> Effect {
    Effect::InjectBarrier { epoch: Epoch(epoch), then_stop }
}

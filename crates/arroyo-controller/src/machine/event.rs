//! What happens to a job.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::Failure;
use arroyo_types::{Epoch, ErrorKind, Generation, StopMode, TaskId, WorkerId};
use serde_json::Value;

/// What somebody wants of a job: the parts of its pipeline that the machine reacts to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Desired {
    /// How it should stop; `None`: it should run.
    pub(crate) stop: StopMode,
    /// Bumped to ask for a restart.
    pub(crate) restart_nonce: u64,
    /// Whether that restart skips the final checkpoint.
    pub(crate) restart_force: bool,
    /// The wanted parallelism.
    pub(crate) parallelism: u32,
    /// What the workers are started with: a change needs a restart.
    pub(crate) launch: Arc<Launch>,
    /// Between two checkpoints.
    pub(crate) checkpoint_interval: Duration,
    /// Stopped after running for so long.
    pub(crate) ttl: Option<Duration>,
}

/// What workers are started with.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Launch {
    /// The encoded program.
    pub(crate) program: Vec<u8>,
    /// Environment of the workers.
    pub(crate) env_vars: BTreeMap<String, String>,
    /// Settings for the scheduler.
    pub(crate) scheduler_config: Value,
}

/// A failure and what it calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What to do about it.
    pub(crate) kind: ErrorKind,
    /// What to tell people.
    pub(crate) failure: Failure,
}

impl Fault {
    /// A fault outside of any operator.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let failure = Failure { operator: None, message: message.into(), hint: None, domain: kind.domain() };
        Self { kind, failure }
    }
}

/// A start that is ready to be given to workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prepared {
    /// All tasks.
    pub(crate) tasks: BTreeSet<TaskId>,
    /// Those that read from outside.
    pub(crate) sources: BTreeSet<TaskId>,
    /// The epoch to restore from, and the tasks that commit its sinks' data again.
    pub(crate) restore: Option<(Epoch, BTreeSet<TaskId>)>,
    /// The highest epoch ever used.
    pub(crate) last_epoch: Option<Epoch>,
    /// The last slot of the log of manifests.
    pub(crate) sealed: Epoch,
}

/// Something that was waited for long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Timer {
    /// Workers should have registered.
    WorkerStartup,
    /// Tasks should have started.
    TaskStartup,
    /// The next checkpoint is due.
    Checkpoint,
    /// The checkpoint in flight takes too long.
    CheckpointTimeout,
    /// A stop takes too long.
    Stop,
    /// The pause before the next start after a failure is over.
    Backoff,
    /// The job has run for long enough to be called healthy.
    Healthy,
    /// The job has lived for as long as it may.
    Ttl,
}

/// An event.
///
/// Those that stem from workers or from work for a start belong to the current generation: the driver drops others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// What is wanted was read (again).
    Desired(Desired),
    /// The start is prepared: program decoded, checkpoint chosen, workers asked for.
    Prepared(Prepared),
    /// Workers with enough slots have registered.
    WorkersReady,
    /// The start could not be prepared, or a worker did not take a call.
    Failed(Fault),
    /// A task runs.
    TaskStarted(TaskId),
    /// A task ended on its own.
    TaskFinished(TaskId),
    /// A task failed.
    TaskFailed(TaskId, Fault),
    /// A task's part of a checkpoint is durable.
    TaskCheckpointed(TaskId, Epoch),
    /// A task has committed its sinks.
    TaskCommitted(TaskId, Epoch),
    /// A worker ended or was not heard of for too long.
    WorkerLost(WorkerId, String),
    /// The manifest is durable; these tasks have something to commit.
    ManifestPublished(Epoch, BTreeSet<TaskId>),
    /// The manifest could not be written, or it is not known whether it was.
    ManifestFailed(Epoch, Fault),
    /// All workers of the generation are gone.
    TornDown(Generation),
    /// A timer ran out.
    Timer(Timer),
    /// Somebody wants a checkpoint now.
    SavepointWanted,
    /// The job's directory has seen this generation, which is higher than ours.
    Overtaken(Generation, Fault),
    /// A newer owner was met.
    Fenced,
}

//! What the machine wants done.

use std::time::Duration;

use arroyo_metastore::LogLevel;
use arroyo_types::{Epoch, ErrorDomain, Generation, StopMode, TaskId};

use super::event::Timer;

/// Something to be done by the driver, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Write the job's status, durably, before anything that follows.
    Persist,
    /// Write the wanted stop mode back: the job ends for a reason of its own, and is not to be started again.
    RequestStop(StopMode),
    /// Decode the program, choose the checkpoint, start workers; then `Prepared` and `WorkersReady`, or `Failed`.
    StartWorkers(Generation),
    /// Give the program to the registered workers.
    StartExecution,
    /// Commit the restored checkpoint's sink data again.
    Recommit(Epoch),
    /// Inject a barrier into all sources.
    InjectBarrier {
        /// The checkpoint's number.
        epoch: Epoch,
        /// Whether tasks end behind it.
        then_stop: bool,
    },
    /// Write the manifest of the epoch; then `ManifestPublished` or `ManifestFailed`.
    Publish {
        /// The checkpoint's number.
        epoch: Epoch,
        /// The last slot of the log that this start knows of.
        sealed: Epoch,
    },
    /// Tell workers that the manifest is durable.
    Commit(Epoch),
    /// The checkpoint is complete and committed.
    CheckpointDone(Epoch),
    /// The checkpoint is given up; what tasks wrote for it goes into the next one.
    AbandonCheckpoint(Epoch, String),
    /// Sources end, the rest is drained.
    DrainTasks,
    /// End the generation's workers, killing those that do not end; then `TornDown`.
    StopWorkers {
        /// Whose workers.
        generation: Generation,
        /// Kill them at once.
        kill: bool,
    },
    /// Set a timer, replacing one of the same name.
    SetTimer {
        /// Its name.
        timer: Timer,
        /// When.
        after: Duration,
        /// Whether to shorten it by a random part of up to a half, so that jobs do not start in step.
        jitter: bool,
    },
    /// Forget a timer.
    CancelTimer(Timer),
    /// Forget all timers.
    CancelTimers,
    /// End the streams of preview rows.
    CloseOutput,
    /// Add a line to the job's log.
    Log {
        /// How serious.
        level: LogLevel,
        /// Which task.
        task: Option<TaskId>,
        /// What happened.
        message: String,
        /// Whose fault.
        domain: Option<ErrorDomain>,
    },
    /// Someone else owns the job: kill our workers, write nothing any more.
    Halt,
}

//! What the configuration says about the life of a job.

use std::time::Duration;

/// Limits and patience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    /// A preview is not recovered.
    pub(crate) preview: bool,
    /// Restarts after failures until the job fails; `None`: without limit.
    pub(crate) allowed_restarts: Option<u32>,
    /// The pause after the first failure; doubled with each further one.
    pub(crate) initial_backoff: Duration,
    /// The longest pause.
    pub(crate) max_backoff: Duration,
    /// Running for so long gives the budget of restarts back.
    pub(crate) healthy: Duration,
    /// Until workers have registered.
    pub(crate) worker_startup: Duration,
    /// Until tasks have started.
    pub(crate) task_startup: Duration,
    /// Until a checkpoint is complete.
    pub(crate) checkpoint_timeout: Duration,
    /// Checkpoints in a row that may be given up before the job is started again; `None`: any number.
    pub(crate) tolerated_checkpoint_failures: Option<u32>,
    /// Until tasks have drained in a graceful stop.
    pub(crate) drain_timeout: Duration,
    /// Until tasks have ended after a final checkpoint.
    pub(crate) stop_timeout: Duration,
}

impl Policy {
    /// The pause before the start that follows the `restarts`-th failure.
    pub(crate) fn backoff(&self, restarts: u32) -> Duration {
        let doublings = restarts.saturating_sub(1).min(31);
        self.initial_backoff.saturating_mul(1 << doublings).min(self.max_backoff)
    }
}

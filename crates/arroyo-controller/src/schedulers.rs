//! What starts and ends workers.
//!
//! A [`Scheduler`] starts workers for one start of a job, tells when one of them ends, and ends them. All schedulers pass one
//! conformance suite (`conformance.rs`).

#[cfg(test)]
mod conformance;
mod embedded;
mod fleet;
mod process;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use arroyo_config::SchedulerKind;
use arroyo_runtime::Guard;
use arroyo_types::{Generation, JobId, PipelineId, Random, WorkerId};
use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::ControllerError;
use crate::options::Options;

/// What a worker is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerOptions {
    /// Its id.
    pub worker: WorkerId,
    /// The job it works for.
    pub job: JobId,
    /// The job's pipeline.
    pub pipeline: PipelineId,
    /// The start of the job it works for.
    pub generation: Generation,
    /// How many subtasks of each node it runs.
    pub slots: u32,
    /// The URL of the `Controller` service.
    pub controller_endpoint: String,
    /// Where the job's state goes.
    pub checkpoint_url: String,
    /// The pipeline's environment variables. Workers inside a process share its environment instead.
    pub env_vars: BTreeMap<String, String>,
}

/// A running worker.
#[async_trait]
pub trait WorkerHandle: Send {
    /// Asks it to end. Returns at once.
    fn stop(&mut self);

    /// Ends it without its consent. Returns at once.
    fn kill(&mut self);

    /// Completes when it has ended: with an error if it ended by itself and not in good order. Cancel safe.
    async fn wait(&mut self) -> Result<(), String>;
}

/// Starts workers inside this process (for the `embedded` scheduler).
#[async_trait]
pub trait EmbeddedWorkers: Send + Sync + Debug {
    /// Starts a worker. It registers with the controller by itself.
    async fn start(&self, options: WorkerOptions) -> Result<Box<dyn WorkerHandle>, String>;
}

/// What workers of a start need.
#[derive(Debug, Clone)]
pub(crate) struct StartRequest {
    pub(crate) job: JobId,
    pub(crate) pipeline: PipelineId,
    pub(crate) generation: Generation,
    /// How many slots are needed in all.
    pub(crate) slots: u32,
    pub(crate) controller_endpoint: String,
    pub(crate) checkpoint_url: String,
    pub(crate) env_vars: BTreeMap<String, String>,
    /// Told of the end of each worker, however it came.
    pub(crate) exits: mpsc::Sender<WorkerExit>,
}

/// A worker has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkerExit {
    pub(crate) worker: WorkerId,
    pub(crate) generation: Generation,
    /// How, for people.
    pub(crate) reason: String,
}

/// How patiently workers are ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// They are asked, and killed if they do not end in time.
    Ask,
    /// They are killed.
    Kill,
}

/// Starts and ends workers.
#[async_trait]
pub(crate) trait Scheduler: Send + Sync + Debug {
    /// Starts workers with at least `request.slots` slots together.
    async fn start(&self, request: StartRequest) -> Result<Vec<WorkerId>, ControllerError>;

    /// Ends the workers of all generations of the job up to `generation`; returns when they are gone.
    async fn stop(&self, job: &JobId, generation: Generation, patience: Patience);

    /// The job's workers by generation.
    fn workers(&self, job: &JobId) -> BTreeMap<Generation, Vec<WorkerId>>;
}

/// The configured scheduler.
pub(crate) fn scheduler(
    options: &Options,
    cluster_id: String,
    embedded: Option<Arc<dyn EmbeddedWorkers>>,
    random: Random,
    guard: &Guard,
) -> Result<Arc<dyn Scheduler>, ControllerError> {
    let unsupported =
        |reason: &str| ControllerError::Config { key: "controller.scheduler", reason: reason.to_string() };
    match options.scheduler {
        SchedulerKind::Embedded => {
            let workers =
                embedded.ok_or_else(|| unsupported("this process cannot run workers inside of it; use `process`"))?;
            Ok(Arc::new(embedded::EmbeddedScheduler::new(options, workers, random, guard)))
        }
        SchedulerKind::Process => Ok(Arc::new(process::ProcessScheduler::new(options, cluster_id, guard)?)),
        other @ (SchedulerKind::Manual | SchedulerKind::Node | SchedulerKind::Kubernetes) => {
            Err(unsupported(&format!("`{other}` is not supported by this build; use `embedded` or `process`")))
        }
    }
}

/// How many slots each of the workers gets so that all have at least `needed`.
fn split_slots(needed: u32, per_worker: u32) -> impl Iterator<Item = u32> {
    let per_worker = per_worker.max(1);
    (0..needed.max(1).div_ceil(per_worker)).map(move |_| per_worker)
}

//! Gives every job a driver, and wakes drivers when the metastore announces a change.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Change, Changes, Job, MetastoreError};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::JobId;
use tokio::sync::{Notify, mpsc};

use crate::driver::{Context, Driver};
use crate::jobs::{JobHandle, Jobs};
use crate::output::OutputHub;
use crate::removals::Removals;

/// Changes are announced; this is for announcements that were lost.
const FALLBACK_INTERVAL: Duration = Duration::from_secs(120);
/// How long an ended preview is kept.
const PREVIEW_KEPT: Duration = Duration::from_secs(3600);
/// Requests that may wait for a driver.
const DRIVER_QUEUE: usize = 256;

/// Watches the metastore.
#[derive(Debug)]
pub(crate) struct Supervisor {
    context: Arc<Context>,
    jobs: Arc<Jobs>,
    removals: Arc<Removals>,
    guard: Guard,
}

impl Supervisor {
    pub(crate) fn new(context: Arc<Context>, jobs: Arc<Jobs>, guard: Guard) -> Self {
        let removals = Arc::new(Removals::new(context.clone(), jobs.clone()));
        Self { context, jobs, removals, guard }
    }

    /// Adopts all jobs, and follows changes until the guard is cancelled.
    pub(crate) async fn run(self: Arc<Self>, mut changes: Box<dyn Changes>) -> Result<(), MetastoreError> {
        self.guard.spawn("removals", TaskKind::BACKGROUND, self.removals.clone().run());
        self.look_at_everything().await;
        loop {
            let change = tokio::select! {
                () = self.guard.cancelled() => break,
                change = changes.next() => change,
                () = tokio::time::sleep(FALLBACK_INTERVAL) => {
                    self.delete_old_previews().await;
                    Some(Change::Everything)
                }
            };
            match change {
                Some(change) => self.follow(change).await,
                None => break,
            }
        }
        self.jobs.close_outputs();
        Ok(())
    }

    async fn follow(&self, change: Change) {
        match change {
            Change::Pipeline(id) => {
                if !self.jobs.notify(&id) {
                    match self.context.metastore.pipeline_jobs(&id).await {
                        Ok(jobs) if jobs.is_empty() => self.removals.look(),
                        Ok(jobs) => self.adopt_all(jobs).await,
                        Err(error) => tracing::warn!(pipeline = %id, "cannot read the pipeline's jobs: {error}"),
                    }
                }
            }
            Change::Job(id) => {
                if self.jobs.get(&id).is_none()
                    && let Ok(job) = self.context.metastore.job(&id).await
                {
                    self.adopt(job).await;
                }
            }
            Change::Checkpoint(_) => {}
            Change::Everything => self.look_at_everything().await,
        }
    }

    async fn look_at_everything(&self) {
        self.jobs.notify_all();
        match self.context.metastore.jobs(true).await {
            Ok(jobs) => self.adopt_all(jobs).await,
            Err(error) => tracing::warn!("cannot read the jobs: {error}"),
        }
    }

    async fn adopt_all(&self, jobs: Vec<Job>) {
        for job in jobs {
            self.adopt(job).await;
        }
    }

    /// Starts a driver for a job that has none.
    pub(crate) async fn adopt(&self, job: Job) {
        if self.jobs.get(&job.id).is_some() {
            return;
        }
        let pipeline = match self.context.metastore.pipeline(&job.pipeline).await {
            Ok(pipeline) => pipeline,
            Err(error) => {
                tracing::warn!(job = %job.id, "cannot read the job's pipeline: {error}");
                return;
            }
        };
        let (requests, inbox) = mpsc::channel(DRIVER_QUEUE);
        let handle = JobHandle {
            pipeline: job.pipeline.clone(),
            requests,
            changed: Arc::new(Notify::new()),
            outputs: Arc::new(OutputHub::default()),
        };
        let id = job.id.clone();
        if self.jobs.add(id.clone(), handle.clone()) {
            let name = format!("job-{id}");
            let guard = self.guard.child(&name);
            let driver = Driver::new(self.context.clone(), job, pipeline, handle, inbox, guard.clone());
            let (jobs, removals) = (self.jobs.clone(), self.removals.clone());
            guard.spawn("driver", TaskKind::FINISHING, async move {
                // A driver that panicked is forgotten as well: the job is adopted again at the next look.
                let _forget = Forget { jobs, removals, id };
                driver.run().await;
                Ok::<_, Infallible>(())
            });
        }
    }

    async fn delete_old_previews(&self) {
        let Ok(jobs) = self.context.metastore.jobs(true).await else { return };
        let kept = i64::try_from(PREVIEW_KEPT.as_micros()).unwrap_or(i64::MAX);
        let before = self.context.clock.now_micros().saturating_sub(kept);
        for job in jobs.into_iter().filter(|job| job.state.is_terminal() && job.updated_at < before) {
            let preview = self.context.metastore.pipeline(&job.pipeline).await.is_ok_and(|pipeline| pipeline.preview);
            if preview && let Err(error) = self.context.metastore.delete_pipeline(&job.pipeline).await {
                tracing::warn!(pipeline = %job.pipeline, "cannot delete an old preview: {error}");
            }
        }
    }
}

/// Removes a job from the list of those with a driver.
struct Forget {
    jobs: Arc<Jobs>,
    removals: Arc<Removals>,
    id: JobId,
}

impl Drop for Forget {
    fn drop(&mut self) {
        if let Some(handle) = self.jobs.get(&self.id) {
            handle.outputs.close();
        }
        self.jobs.remove(&self.id);
        self.removals.look();
    }
}

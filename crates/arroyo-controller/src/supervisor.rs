//! Gives every job a driver, and wakes drivers when the metastore announces a change.
//!
//! Of several controllers over one database one does so, for a *term*: it ends when another one leads, or when a driver meets a newer
//! owner of its job. Then all drivers end, and the controller stands again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Change, Changes, Job, Leadership, MetastoreError};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{Generation, JobId};
use tokio::sync::{Notify, mpsc, watch};

use crate::driver::{Context, Driver};
use crate::jobs::{JobHandle, Jobs};
use crate::output::OutputHub;
use crate::removals::Removals;
use crate::schedulers::Patience;

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
    /// `None` while another controller runs the jobs.
    term: watch::Sender<Option<Term>>,
}

/// The time for which this controller runs the jobs.
#[derive(Debug, Clone)]
struct Term {
    /// Cancelled at its end.
    guard: Guard,
    /// Notified when a driver meets a newer owner of its job.
    overtaken: Arc<Notify>,
}

impl Supervisor {
    pub(crate) fn new(context: Arc<Context>, jobs: Arc<Jobs>, guard: Guard) -> Self {
        let removals = Arc::new(Removals::new(context.clone(), jobs.clone()));
        Self { context, jobs, removals, guard, term: watch::Sender::new(None) }
    }

    /// Leads, again and again, until the guard is cancelled.
    pub(crate) async fn run(self: Arc<Self>, mut changes: Box<dyn Changes>) -> Result<(), MetastoreError> {
        loop {
            let leadership = tokio::select! {
                () = self.guard.cancelled() => break,
                leadership = self.context.metastore.lead() => leadership,
            };
            let term = Term { guard: self.guard.child("term"), overtaken: Arc::default() };
            self.term.send_replace(Some(term.clone()));
            let goes_on = self.lead(leadership, &mut *changes, &term).await;
            self.term.send_replace(None);
            term.guard.cancel();
            if !goes_on {
                break;
            }
            self.let_go().await;
        }
        self.jobs.close_outputs();
        Ok(())
    }

    /// Adopts all jobs and follows changes; answers whether there may be another term.
    async fn lead(&self, mut leadership: Leadership, changes: &mut dyn Changes, term: &Term) -> bool {
        term.guard.spawn("removals", TaskKind::BACKGROUND, self.removals.clone().run());
        self.look_at_everything().await;
        let has_rivals = leadership.has_rivals();
        let lost = leadership.lost();
        tokio::pin!(lost);
        loop {
            let change = tokio::select! {
                () = self.guard.cancelled() => return false,
                () = &mut lost => {
                    tracing::warn!("another controller runs the jobs of this cluster now; letting go of them");
                    return true;
                }
                () = term.overtaken.notified(), if has_rivals => {
                    tracing::warn!("a job has a newer owner; standing again for who runs the jobs of this cluster");
                    return true;
                }
                change = changes.next() => change,
                () = tokio::time::sleep(FALLBACK_INTERVAL) => {
                    self.delete_old_previews().await;
                    Some(Change::Everything)
                }
            };
            match change {
                Some(change) => self.follow(change).await,
                None => return false,
            }
        }
    }

    /// Waits for the end of all drivers, and kills the workers that they leave.
    async fn let_go(&self) {
        let jobs = self.jobs.ids();
        self.jobs.emptied().await;
        for job in jobs {
            self.context.scheduler.stop(&job, Generation(u64::MAX), Patience::Kill).await;
        }
    }

    /// Whether this controller runs the jobs.
    pub(crate) fn leads(&self) -> bool {
        self.term.borrow().is_some()
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

    /// Starts a driver for a job that has none; not where another controller runs jobs.
    pub(crate) async fn adopt(&self, job: Job) {
        let Some(term) = self.term.borrow().clone() else { return };
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
            overtaken: term.overtaken.clone(),
            outputs: Arc::new(OutputHub::default()),
            figures: Arc::default(),
        };
        let id = job.id.clone();
        if self.jobs.add(id.clone(), handle.clone()) {
            let name = format!("job-{id}");
            let guard = term.guard.child(&name);
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

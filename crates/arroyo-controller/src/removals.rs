//! Deletes the files of jobs whose pipelines were deleted.
//!
//! The metadata database remembers which are to be deleted, so that what a crash has broken off is continued.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::Removal;
use arroyo_state::remove_job;
use arroyo_storage::Storage;
use tokio::sync::Notify;

use crate::driver::Context;
use crate::jobs::Jobs;

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(300);
/// Deletions are announced; this is for announcements that were lost.
const FALLBACK_INTERVAL: Duration = Duration::from_secs(600);

/// Deletes files, one job after the other.
#[derive(Debug)]
pub(crate) struct Removals {
    context: Arc<Context>,
    jobs: Arc<Jobs>,
    wanted: Notify,
}

impl Removals {
    pub(crate) fn new(context: Arc<Context>, jobs: Arc<Jobs>) -> Self {
        Self { context, jobs, wanted: Notify::new() }
    }

    /// Something may be to be deleted.
    pub(crate) fn look(&self) {
        self.wanted.notify_one();
    }

    /// Deletes what there is to be deleted, now and whenever there is more.
    pub(crate) async fn run(self: Arc<Self>) -> Result<(), Infallible> {
        let mut pause = FIRST_RETRY;
        loop {
            let next = match self.remove_all().await {
                Ok(()) => {
                    pause = FIRST_RETRY;
                    FALLBACK_INTERVAL
                }
                Err(error) => {
                    tracing::warn!("files of a deleted pipeline are left, trying again: {error}");
                    let next = pause;
                    pause = (pause * 2).min(LONGEST_RETRY);
                    next
                }
            };
            let _ = tokio::time::timeout(next, self.wanted.notified()).await;
        }
    }

    async fn remove_all(&self) -> Result<(), String> {
        let removals = self.context.metastore.removals().await.map_err(|error| error.to_string())?;
        let mut failed = Ok(());
        // A job that still has a driver is looked at again when the driver has ended.
        for removal in removals.iter().filter(|removal| self.jobs.get(&removal.job).is_none()) {
            if let Err(error) = self.remove(removal).await {
                failed = Err(format!("job {}: {error}", removal.job));
            }
        }
        failed
    }

    async fn remove(&self, removal: &Removal) -> Result<(), String> {
        let Removal { job, state_url } = removal;
        if job.as_str().is_empty() {
            return Err("it has no name".to_string());
        }
        self.context.fence.check().await.map_err(|error| error.to_string())?;
        let url = state_url.as_deref().unwrap_or(&self.context.options.checkpoint_url);
        let state = Storage::open(url).and_then(|storage| storage.child(job.as_str()));
        let files = remove_job(&state.map_err(|error| error.to_string())?).await.map_err(|error| error.to_string())?;
        tracing::info!(%job, files, "deleted the files of a deleted pipeline");
        self.context.metastore.removed(job).await.map_err(|error| error.to_string())
    }
}

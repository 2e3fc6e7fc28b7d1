//! What went wrong without ending the pipeline: records that were dropped, files that could not be read again.

use std::collections::BTreeSet;

use arroyo_openapi::{Client, types};

use super::status_line::StatusLine;
use super::submission::StartedJob;

/// So many are read at a time; what is older is in the job's log.
const READ_MAX: u32 = 10;

/// The errors in a job's log that were told.
pub(crate) struct Reports<'a> {
    client: &'a Client,
    job: &'a StartedJob,
    /// The latest that were told.
    told: BTreeSet<String>,
    /// Why the pipeline failed or recovers: it is said elsewhere.
    failures: BTreeSet<String>,
    dropped: u64,
}

impl<'a> Reports<'a> {
    /// Errors of earlier runs are not told again.
    pub(crate) async fn from_now_on(client: &'a Client, job: &'a StartedJob) -> Self {
        let mut reports = Self { client, job, told: BTreeSet::new(), failures: BTreeSet::new(), dropped: 0 };
        if job.resumed {
            reports.told = reports.read().await.into_iter().map(|line| line.id).collect();
        }
        reports
    }

    /// The log has failures of the pipeline itself, too.
    pub(crate) fn failed(&mut self, job: &types::Job) {
        self.failures.extend(job.failure_reason.as_ref().map(|failure| failure.error.clone()));
    }

    /// Tells of records that were dropped, given how many there are now.
    pub(crate) async fn dropped(&mut self, records: u64, status: &mut StatusLine) {
        if records > self.dropped {
            self.tell(status).await;
        }
        self.dropped = records;
    }

    /// Tells those that are new.
    pub(crate) async fn tell(&mut self, status: &mut StatusLine) {
        let latest = self.read().await;
        if latest.is_empty() {
            return;
        }
        for line in latest.iter().rev().filter(|line| !self.told.contains(&line.id)) {
            if !self.failures.iter().any(|reason| line.message.contains(reason.as_str())) {
                status.message(&format!("warning: {}", line.message));
            }
        }
        // What is older does not come back.
        self.told = latest.into_iter().map(|line| line.id).collect();
    }

    /// The latest, newest first. Without an answer there is nothing to tell: the log keeps them.
    async fn read(&self) -> Vec<types::JobLogMessage> {
        match self.client.list_job_errors(&self.job.pipeline, &self.job.job, Some(READ_MAX), None).await {
            Ok(page) => page.into_inner().data,
            Err(error) => {
                tracing::debug!("no errors to show: {}", arroyo_openapi::explain(&error));
                Vec::new()
            }
        }
    }
}

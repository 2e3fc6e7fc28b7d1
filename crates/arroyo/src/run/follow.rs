//! Follows a job until its end, and passes on what the user wants of it.

use std::fmt;

use arroyo_openapi::{Client, StreamError, types};
use arroyo_types::{Clock, JobState, SystemClock};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::analysis::Analysis;
use super::durability::{Durability, Outage};
use super::progress::Progress;
use super::query_change;
use super::reports::Reports;
use super::rows::Rows;
use super::status_line::StatusLine;
use super::submission::StartedJob;
use crate::signals::StopSignals;

/// How a job ended.
#[derive(Debug)]
pub(crate) enum Followed {
    /// All input was read.
    Finished(Totals),
    /// Stopped as asked, after a final checkpoint.
    Stopped(Totals),
    /// Stopped as asked, but the final checkpoint failed for this reason.
    StoppedWithoutCheckpoint(String),
    /// It could not be asked to stop with a final checkpoint, for this reason.
    Unstoppable(String),
    /// The user does not follow it any more; it runs on.
    Left,
    /// Whoever read stdout has gone away.
    ReaderGone,
    /// The second request to stop came before the final checkpoint.
    StoppedAtOnce,
    /// The pipeline failed.
    Failed(Failure),
    /// Another runner has taken the state directory over.
    Fenced(String),
    /// The API answers no more.
    Lost(String),
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    rows_in: Option<u64>,
    rows_out: Option<u64>,
    late_rows: Option<u64>,
}

impl Totals {
    fn of(job: &types::Job) -> Self {
        Self { rows_in: job.rows_in, rows_out: job.rows_out, late_rows: job.late_rows }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.rows_in, self.rows_out) {
            (Some(rows_in), Some(rows_out)) => write!(f, ": {} in, {} out", rows(rows_in), rows(rows_out))?,
            _ => return Ok(()),
        }
        match self.late_rows {
            Some(late) if late > 0 => write!(f, ", {} too late", rows(late)),
            _ => Ok(()),
        }
    }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_string() } else { format!("{count} rows") }
}

/// Why a pipeline failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The operator.
    pub(crate) operator: Option<String>,
    /// What happened.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) hint: Option<String>,
}

impl Failure {
    fn of(job: &types::Job) -> Self {
        match &job.failure_reason {
            Some(failure) => {
                Self { operator: failure.operator.clone(), reason: failure.error.clone(), hint: failure.hint.clone() }
            }
            None => Self { operator: None, reason: "the pipeline failed".to_string(), hint: None },
        }
    }

    /// Operator and reason.
    pub(crate) fn message(&self) -> String {
        match &self.operator {
            Some(operator) => format!("{operator}: {}", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// What the first signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interrupt {
    /// A final checkpoint and a stop.
    Stop,
    /// The end of the following; the job runs on.
    Leave,
    /// Either, as the user answers; without a terminal the job runs on.
    Ask,
}

impl Interrupt {
    /// Whether the job is to be stopped.
    async fn stops(self, status: &mut StatusLine) -> bool {
        match self {
            Self::Stop => true,
            Self::Leave => false,
            Self::Ask => {
                status.clear();
                query_change::can_ask() && query_change::ask("Stop the pipeline? Otherwise it runs on.").await
            }
        }
    }
}

/// Follows a job.
pub(crate) struct Follower<'a> {
    /// The API.
    pub(crate) client: &'a Client,
    /// The job.
    pub(crate) job: &'a StartedJob,
    /// Whether the state directory can be written, if it is this process's own.
    pub(crate) durability: Option<&'a Durability>,
    /// What the first signal means; the second ends the following.
    pub(crate) interrupt: Interrupt,
    /// Whether rows of preview sinks are printed.
    pub(crate) rows: bool,
}

impl Follower<'_> {
    /// Shows what the job does until it ends.
    pub(crate) async fn follow(
        &self,
        signals: &mut StopSignals,
        status: &mut StatusLine,
        analysis: &mut Option<Analysis>,
    ) -> Followed {
        let Self { client, job, .. } = self;
        let states = arroyo_openapi::job_states(client, &job.pipeline, &job.job);
        tokio::pin!(states);
        let mut progress: ProgressStream = stream::pending().boxed();
        let mut rows = Rows::none();
        let mut seen = None;
        let mut stopping = false;
        let mut is_durable = true;
        let mut failed = 0;
        let mut reports = Reports::from_now_on(client, job).await;
        loop {
            let event = tokio::select! {
                event = states.next() => event,
                update = next_progress(&mut progress) => {
                    failed = self.show(&update, failed, status, analysis).await;
                    reports.dropped(update.bad_records, status).await;
                    continue;
                }
                outage = self.durability_changed(is_durable) => {
                    is_durable = outage.is_none();
                    status.message(&outage.map_or("The state is durable again.".to_string(), |outage| outage.message()));
                    continue;
                }
                printed = rows.print_next(status) => {
                    if !printed {
                        return Followed::Left;
                    }
                    continue;
                }
                () = signals.next() => {
                    if stopping {
                        return Followed::StoppedAtOnce;
                    }
                    let stops = tokio::select! {
                        stops = self.interrupt.stops(status) => stops,
                        () = signals.next() => false,
                    };
                    if !stops {
                        return Followed::Left;
                    }
                    stopping = true;
                    status.message("Stopping with a final checkpoint; Ctrl-C again stops at once.");
                    if let Err(error) = ask_to_stop(client, job).await {
                        return Followed::Unstoppable(error);
                    }
                    continue;
                }
            };
            match event {
                None => return Followed::Lost("the stream of the job's states ended".to_string()),
                Some(Err(error)) => return Followed::Lost(error.to_string()),
                Some(Ok(now)) if now.generation <= job.generation_before && is_terminal(&now.state) => {}
                Some(Ok(now)) => {
                    if seen.is_none() {
                        // Not earlier: the stream ends with a job that rests, as this one did in the past.
                        progress = arroyo_openapi::job_progress(client, &job.pipeline, &job.job).boxed();
                    }
                    if self.rows && rows.are_absent() && has_run(&now.state) {
                        rows = Rows::of(client, job);
                    }
                    reports.failed(&now);
                    if seen.as_ref() != Some(&now.state) {
                        announce(status, &now, job);
                        seen = Some(now.state.clone());
                    }
                    if let Some(end) = end_of(&now) {
                        rows.print_rest(status).await;
                        reports.tell(status).await;
                        return end;
                    }
                }
            }
        }
    }

    /// Shows how far the job is, and says when checkpoints failed besides the `failed` ones that are known. Returns how many are.
    async fn show(
        &self,
        update: &types::JobProgress,
        failed: u32,
        status: &mut StatusLine,
        analysis: &mut Option<Analysis>,
    ) -> u32 {
        let now = Progress::new(update, SystemClock.now_micros());
        if now.failed_checkpoints > failed {
            status.message(&now.failed_checkpoint());
        }
        let mut line = now.line();
        if let (Some(analysis), true) = (analysis, status.is_live())
            && let Some(table) = analysis.live(self.client, self.job).await
        {
            line = format!("{table}\n{line}");
        }
        let outage = self.durability.and_then(Durability::outage);
        let outage = outage.map(|outage| format!(" · {}", outage.short())).unwrap_or_default();
        status.progress(&format!("{line}{outage}"));
        now.failed_checkpoints
    }

    /// The next change of whether the state is durable: the outage, or none any more. Cancel safe.
    async fn durability_changed(&self, is_durable: bool) -> Option<Outage> {
        match self.durability {
            Some(durability) => durability.changed(is_durable).await,
            None => std::future::pending().await,
        }
    }
}

fn has_run(state: &str) -> bool {
    matches!(state.parse(), Ok(JobState::Running | JobState::Finishing | JobState::Finished))
}

type ProgressStream = BoxStream<'static, Result<types::JobProgress, StreamError>>;

/// What the job does now. Pending after the stream's end: the job's state says how that came. Cancel safe.
async fn next_progress(updates: &mut ProgressStream) -> types::JobProgress {
    match updates.next().await {
        Some(Ok(update)) => return update,
        Some(Err(error)) => tracing::debug!("no more progress to show: {error}"),
        None => {}
    }
    *updates = stream::pending().boxed();
    std::future::pending().await
}

async fn ask_to_stop(client: &Client, job: &StartedJob) -> Result<(), String> {
    let patch = types::PipelinePatch { stop: Some(types::StopType::Checkpoint), ..types::PipelinePatch::default() };
    client.patch_pipeline(&job.pipeline, &patch).await.map_err(|error| arroyo_openapi::explain(&error))?;
    Ok(())
}

fn is_terminal(state: &str) -> bool {
    state.parse::<JobState>().is_ok_and(JobState::is_terminal)
}

fn announce(status: &mut StatusLine, now: &types::Job, job: &StartedJob) {
    match now.state.parse() {
        Ok(JobState::Running) if job.resumed => status.message("Running, from where it was."),
        Ok(JobState::Running) => status.message("Running."),
        Ok(JobState::Recovering) => {
            let failure = Failure::of(now);
            status.message(&format!("Recovering from a failure: {}", failure.message()));
        }
        _ => tracing::info!("Job transitioned to {}", now.state),
    }
}

/// How the job ended, if it has.
fn end_of(now: &types::Job) -> Option<Followed> {
    match now.state.parse() {
        Ok(JobState::Finished) => Some(Followed::Finished(Totals::of(now))),
        Ok(JobState::Stopped) if now.stop_reason == Some(types::StopReason::OutputClosed) => Some(Followed::ReaderGone),
        Ok(JobState::Stopped) if now.stop_reason == Some(types::StopReason::NoFinalCheckpoint) => {
            Some(Followed::StoppedWithoutCheckpoint(Failure::of(now).message()))
        }
        Ok(JobState::Stopped) => Some(Followed::Stopped(Totals::of(now))),
        Ok(JobState::Failed) => Some(Followed::Failed(Failure::of(now))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(state: &str) -> types::Job {
        let job = serde_json::json!({
            "id": "job_1", "pipeline_id": "pl_1", "running_desired": true, "state": state, "run_id": 1, "generation": 1,
            "restarts": 0, "created_at": 1, "updated_at": 2, "scheduler_config": {}, "env_vars": {},
        });
        serde_json::from_value(job).unwrap()
    }

    #[test]
    fn the_end_says_what_was_done() {
        let finished = types::Job { rows_in: Some(6099), rows_out: Some(342), ..job("Finished") };
        let Some(Followed::Finished(totals)) = end_of(&finished) else { panic!("it has finished") };
        assert_eq!(totals.to_string(), ": 6099 rows in, 342 rows out");
        let one = types::Job { rows_in: Some(2), rows_out: Some(1), late_rows: Some(1), ..finished.clone() };
        let Some(Followed::Finished(totals)) = end_of(&one) else { panic!("it has finished") };
        assert_eq!(totals.to_string(), ": 2 rows in, 1 row out, 1 row too late");
        let finished = types::Job { late_rows: Some(2), ..finished };
        let Some(Followed::Finished(totals)) = end_of(&finished) else { panic!("it has finished") };
        assert_eq!(totals.to_string(), ": 6099 rows in, 342 rows out, 2 rows too late");
        let Some(Followed::Stopped(totals)) = end_of(&job("Stopped")) else { panic!("it was stopped") };
        assert_eq!(totals.to_string(), "");
    }

    #[test]
    fn a_reader_that_has_gone_away_is_another_end_than_a_stop() {
        let stopped = |reason| types::Job { stop_reason: Some(reason), ..job("Stopped") };
        assert!(matches!(end_of(&stopped(types::StopReason::OutputClosed)), Some(Followed::ReaderGone)));
        assert!(matches!(end_of(&stopped(types::StopReason::TtlExpired)), Some(Followed::Stopped(_))));
        let failed = end_of(&stopped(types::StopReason::NoFinalCheckpoint));
        assert!(matches!(failed, Some(Followed::StoppedWithoutCheckpoint(_))));
        let stopping = types::Job { state: "Stopping".into(), ..stopped(types::StopReason::OutputClosed) };
        assert!(end_of(&stopping).is_none());
    }
}

//! Follows a job until its end, and passes on what the user wants of it.

use std::fmt;

use arroyo_openapi::{Client, StreamError, types};
use arroyo_types::{Clock, JobState, SystemClock};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::durability::Durability;
use super::progress::Progress;
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
}

impl Totals {
    fn of(job: &types::Job) -> Self {
        Self { rows_in: job.rows_in, rows_out: job.rows_out }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.rows_in, self.rows_out) {
            (Some(rows_in), Some(rows_out)) => write!(f, ": {rows_in} rows in, {rows_out} rows out"),
            _ => Ok(()),
        }
    }
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

/// Follows the job; the first signal asks for a final checkpoint and a stop, the second ends the following.
pub(crate) async fn follow(
    client: &Client,
    job: &StartedJob,
    durability: &Durability,
    signals: &mut StopSignals,
    status: &mut StatusLine,
) -> Followed {
    let states = arroyo_openapi::job_states(client, &job.pipeline, &job.job);
    tokio::pin!(states);
    let mut progress: ProgressStream = stream::pending().boxed();
    let mut seen = None;
    let mut stopping = false;
    let mut is_durable = true;
    loop {
        let event = tokio::select! {
            event = states.next() => event,
            update = next_progress(&mut progress) => {
                let line = Progress::new(&update, SystemClock.now_micros()).line();
                let outage = durability.outage().map(|outage| format!(" · {}", outage.short())).unwrap_or_default();
                status.progress(&format!("{line}{outage}"));
                continue;
            }
            outage = durability.changed(is_durable) => {
                is_durable = outage.is_none();
                match outage {
                    Some(outage) => status.message(&outage.message()),
                    None => status.message("The state is durable again."),
                }
                continue;
            }
            () = signals.next() => {
                if stopping {
                    return Followed::StoppedAtOnce;
                }
                stopping = true;
                status.message("Stopping with a final checkpoint; Ctrl-C again stops at once.");
                if let Err(error) = ask_to_stop(client, job).await {
                    return Followed::Lost(error);
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
                if seen.as_ref() != Some(&now.state) {
                    announce(status, &now, job);
                    seen = Some(now.state.clone());
                }
                if let Some(end) = end_of(&now) {
                    return end;
                }
            }
        }
    }
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
        let Some(Followed::Stopped(totals)) = end_of(&job("Stopped")) else { panic!("it was stopped") };
        assert_eq!(totals.to_string(), "");
    }

    #[test]
    fn a_reader_that_has_gone_away_is_another_end_than_a_stop() {
        let stopped = |reason| types::Job { stop_reason: Some(reason), ..job("Stopped") };
        assert!(matches!(end_of(&stopped(types::StopReason::OutputClosed)), Some(Followed::ReaderGone)));
        assert!(matches!(end_of(&stopped(types::StopReason::TtlExpired)), Some(Followed::Stopped(_))));
        let stopping = types::Job { state: "Stopping".into(), ..stopped(types::StopReason::OutputClosed) };
        assert!(end_of(&stopping).is_none());
    }
}

//! What a job does, once a second.

use std::convert::Infallible;
use std::time::Duration;

use arroyo_dataflow::Program;
use arroyo_metastore::Checkpoint;
use arroyo_rpc::proto::{GetJobMetricsRequest, TaskMetrics};
use arroyo_types::{Epoch, Generation, JobId, PipelineId};
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::pipelines::read_job;
use crate::extract::Path;
use crate::metrics::Throughput;
use crate::models::JobProgress;
use crate::refusal::Refusal;
use crate::services::AppState;

const INTERVAL: Duration = Duration::from_secs(1);

/// A controller that does not answer in time is asked again with the next event.
const METRICS_TIMEOUT: Duration = Duration::from_secs(5);

/// Streams what a job does: at once, then every second; ends when the job has ended.
///
/// Events have a `JobProgress` as data and are numbered from 0.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/progress",
    tag = "jobs",
    operation_id = "get_job_progress",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "Events of JobProgress", content_type = "text/event-stream", body = String),
        Refusal
    )
)]
pub(crate) async fn stream(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let (pipeline, job) = (PipelineId(pipeline_id), JobId(job_id));
    read_job(&state, &pipeline, &job).await?;
    let ended = state.ended();
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watch = Watch { state, pipeline, job, ticks, throughput: Throughput::default(), over: false };
    let events = futures::stream::unfold(watch, |mut watch| async move {
        let progress = watch.next().await?;
        Some((progress, watch))
    });
    let events = events
        .enumerate()
        .filter_map(|(number, progress)| async move {
            Event::default().id(number.to_string()).json_data(progress).map(Ok).ok()
        })
        .take_until(ended);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// A subscription to one job.
struct Watch {
    state: AppState,
    pipeline: PipelineId,
    job: JobId,
    ticks: Interval,
    throughput: Throughput,
    /// The job's end was told.
    over: bool,
}

impl Watch {
    /// What the job does at the next tick; `None` after its end, or when it was deleted.
    async fn next(&mut self) -> Option<JobProgress> {
        if self.over {
            return None;
        }
        self.ticks.tick().await;
        let (pipeline, job) = read_job(&self.state, &self.pipeline, &self.job).await.ok()?;
        self.over = job.state.is_terminal();
        if !self.over {
            // A program of another version of Arroyo has no nodes that are known: its rows are not counted.
            let program = Program::decode(&pipeline.program).unwrap_or_default();
            let tasks = self.tasks().await;
            self.throughput.add(Instant::now(), &tasks, &program);
        }
        let checkpoint = self.state.metastore().last_checkpoint(&self.job).await.unwrap_or_else(|error| {
            tracing::debug!(job = %self.job, "the last checkpoint cannot be read: {error}");
            None
        });
        let throughput = &self.throughput;
        let (rows_in_per_second, rows_out_per_second) = if self.over { (0.0, 0.0) } else { throughput.per_second() };
        Some(JobProgress {
            state: job.state.to_string(),
            rows_in: job.rows_in.unwrap_or(throughput.rows.rows_in),
            rows_out: job.rows_out.unwrap_or(throughput.rows.rows_out),
            rows_in_per_second,
            rows_out_per_second,
            watermark_micros: throughput.watermark_micros,
            bad_records: throughput.bad_records,
            late_rows: throughput.late_rows,
            failed_checkpoints: self.failed_checkpoints(checkpoint.as_ref(), job.generation).await,
            checkpoint: checkpoint.map(Into::into),
        })
    }

    /// Checkpoints of this start that were given up after the last complete one.
    async fn failed_checkpoints(&self, last: Option<&Checkpoint>, generation: Generation) -> u32 {
        let after = last.map_or(Epoch(0), |checkpoint| checkpoint.epoch);
        self.state.metastore().failed_checkpoints(&self.job, after, generation).await.unwrap_or_else(|error| {
            tracing::debug!(job = %self.job, "the failed checkpoints cannot be counted: {error}");
            0
        })
    }

    /// What the job's tasks have counted; nothing if the controller is away.
    async fn tasks(&self) -> Vec<TaskMetrics> {
        let mut controller = self.state.controller.clone();
        let request = GetJobMetricsRequest { job_id: self.job.0.clone(), with_ended: false };
        match tokio::time::timeout(METRICS_TIMEOUT, controller.get_job_metrics(request)).await {
            Ok(Ok(answer)) => answer.into_inner().tasks,
            Ok(Err(status)) => {
                tracing::debug!(job = %self.job, "no metrics: {status}");
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }
}

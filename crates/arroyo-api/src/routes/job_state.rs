//! A job's status, now and whenever it changes.

use std::convert::Infallible;

use arroyo_metastore::{Change, Changes, MetastoreError};
use arroyo_types::{JobId, PipelineId};
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt};

use super::pipelines::read_job;
use crate::extract::Path;
use crate::models::Job;
use crate::refusal::Refusal;
use crate::services::AppState;

/// Streams a job's status: first as it is, then each change; ends when the job is deleted.
///
/// Events have a `Job` as data; their id is the time of the change.
/// A client that was away misses nothing by connecting again, because the first event is always the current status.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/state",
    tag = "jobs",
    operation_id = "get_job_state",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "Events of Job", content_type = "text/event-stream", body = String),
        Refusal
    )
)]
pub(crate) async fn stream(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let (pipeline, job) = (PipelineId(pipeline_id), JobId(job_id));
    // Subscribed before the first read, so that no change falls in between.
    let changes = state.metastore().subscribe().await?;
    read_job(&state, &pipeline, &job).await?;
    let ended = state.ended();
    let watch = Watch { state, pipeline, job, changes, sent: None };
    let events = futures::stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    });
    Ok(Sse::new(events.take_until(ended)).keep_alive(KeepAlive::default()))
}

/// A subscription to one job.
struct Watch {
    state: AppState,
    pipeline: PipelineId,
    job: JobId,
    changes: Box<dyn Changes>,
    /// The last event's data.
    sent: Option<String>,
}

impl Watch {
    /// The next status that differs from the last one; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.sent.is_some() {
                self.changed().await?;
            }
            let (data, updated_at) = match read(&self.state, &self.pipeline, &self.job).await {
                Ok(Some(read)) => read,
                Ok(None) => return None,
                Err(error) => {
                    // The client connects again and is told what is wrong.
                    tracing::warn!(job = %self.job, "the job's status cannot be read: {error}");
                    return None;
                }
            };
            if self.sent.as_ref() != Some(&data) {
                self.sent = Some(data.clone());
                return Some(Event::default().id(updated_at.to_string()).data(data));
            }
        }
    }

    /// Waits for a change that may concern the job.
    async fn changed(&mut self) -> Option<()> {
        loop {
            match self.changes.next().await? {
                Change::Job(id) if id == self.job => return Some(()),
                Change::Pipeline(id) if id == self.pipeline => return Some(()),
                Change::Everything => return Some(()),
                Change::Job(_) | Change::Pipeline(_) | Change::Checkpoint(_) => {}
            }
        }
    }
}

/// The status as JSON and when it changed; `None` if the job was deleted.
async fn read(state: &AppState, pipeline: &PipelineId, job: &JobId) -> Result<Option<(String, u64)>, MetastoreError> {
    let metastore = state.metastore();
    let (pipeline, job) = match (metastore.pipeline(pipeline).await, metastore.job(job).await) {
        (Ok(pipeline), Ok(job)) => (pipeline, job),
        (Err(MetastoreError::NotFound { .. }), _) | (_, Err(MetastoreError::NotFound { .. })) => return Ok(None),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let job = Job::new(&job, &pipeline);
    let data = serde_json::to_string(&job)
        .map_err(|error| MetastoreError::Corrupt { what: "job", reason: error.to_string() })?;
    Ok(Some((data, job.updated_at)))
}

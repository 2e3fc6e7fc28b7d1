//! Rows of a job's preview sinks, as they come.

use std::convert::Infallible;

use arroyo_rpc::proto::SubscribeOutputRequest;
use arroyo_types::JobState;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt};

use super::pipelines::read_job;
use crate::extract::Path;
use crate::models::OutputData;
use crate::planning;
use crate::refusal::Refusal;
use crate::services::AppState;

/// Streams the rows of a running job's preview sinks from now on; ends with the job.
///
/// Events have an `OutputData` as data and are numbered from 0.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/output",
    tag = "jobs",
    operation_id = "get_job_output",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "Events of OutputData", content_type = "text/event-stream", body = String),
        Refusal
    )
)]
pub(crate) async fn stream(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let (pipeline, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    if !planning::has_preview(&pipeline) {
        return Err(Refusal::bad_request("Job does not have a preview sink"));
    }
    // A job that was quick has rows for its first reader.
    if !matches!(job.state, JobState::Running | JobState::Finishing | JobState::Finished) {
        return Err(Refusal::bad_request("Job must be running to read output"));
    }
    let mut controller = state.controller.clone();
    let rows = controller
        .subscribe_output(SubscribeOutputRequest { job_id: job.id.0.clone() })
        .await
        .map_err(|status| Refusal::controller(&status))?
        .into_inner();
    let events = rows
        // A lost controller ends the stream; the client connects again.
        .take_while(|rows| std::future::ready(rows.is_ok()))
        .filter_map(|rows| std::future::ready(rows.ok()))
        .enumerate()
        .filter_map(|(number, rows)| async move {
            Event::default().id(number.to_string()).json_data(OutputData::from(rows)).map(Ok).ok()
        })
        .take_until(state.ended());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

//! Jobs and their errors.

use std::collections::HashMap;

use axum::extract::State;

use super::pipelines::{read, read_job};
use crate::extract::{Json, Path, Query};
use crate::models::{Job, JobCollection, JobLogMessage, JobLogMessageCollection, Pagination, map_listing};
use crate::refusal::Refusal;
use crate::services::AppState;

/// Lists the jobs of all pipelines without previews, newest first.
#[utoipa::path(
    get,
    path = "/jobs",
    tag = "jobs",
    operation_id = "list_jobs",
    responses(
        (status = 200, description = "All jobs", body = JobCollection),
        Refusal
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Json<JobCollection>, Refusal> {
    let mut pipelines = HashMap::new();
    let mut data = Vec::new();
    for job in state.metastore().jobs(false).await? {
        if !pipelines.contains_key(&job.pipeline) {
            match state.metastore().pipeline(&job.pipeline).await {
                Ok(pipeline) => pipelines.insert(job.pipeline.clone(), pipeline),
                // Deleted since the jobs were read.
                Err(arroyo_metastore::MetastoreError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
        }
        data.extend(pipelines.get(&job.pipeline).map(|pipeline| Job::new(&job, pipeline)));
    }
    Ok(Json(JobCollection { data }))
}

/// Lists the jobs of a pipeline.
#[utoipa::path(
    get,
    path = "/pipelines/{id}/jobs",
    tag = "jobs",
    operation_id = "list_pipeline_jobs",
    params(("id" = String, Path, description = "The pipeline's id")),
    responses(
        (status = 200, description = "The pipeline's jobs", body = JobCollection),
        Refusal
    )
)]
pub(crate) async fn of_pipeline(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<JobCollection>, Refusal> {
    let (pipeline, job) = read(&state, &id.into()).await?;
    Ok(Json(JobCollection { data: vec![Job::new(&job, &pipeline)] }))
}

/// Lists the errors in a job's log, newest first.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/errors",
    tag = "jobs",
    operation_id = "list_job_errors",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id"),
        Pagination
    ),
    responses(
        (status = 200, description = "A part of the errors", body = JobLogMessageCollection),
        Refusal
    )
)]
pub(crate) async fn errors(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
    Query(pagination): Query<Pagination>,
) -> Result<Json<JobLogMessageCollection>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let listing = state.metastore().job_errors(&job.id, &pagination.page()?).await?;
    let (data, has_more) = map_listing(&listing, JobLogMessage::new);
    Ok(Json(JobLogMessageCollection { data, has_more }))
}

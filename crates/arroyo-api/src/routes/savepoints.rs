//! A job's savepoints.

use arroyo_rpc::proto;
use axum::extract::State;
use axum::http::StatusCode;

use super::pipelines::read_job;
use crate::extract::{Json, Path};
use crate::models::{Savepoint, SavepointCollection, WentBack};
use crate::refusal::Refusal;
use crate::services::AppState;

/// The controller's answer as one of ours.
fn refused(status: &tonic::Status) -> Refusal {
    match status.code() {
        tonic::Code::NotFound => Refusal::new(StatusCode::NOT_FOUND, status.message()),
        tonic::Code::FailedPrecondition => Refusal::new(StatusCode::CONFLICT, status.message()),
        _ => Refusal::controller(status),
    }
}

/// Lists a job's savepoints by ascending epoch.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/savepoints",
    tag = "jobs",
    operation_id = "list_savepoints",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "The savepoints", body = SavepointCollection),
        Refusal
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Json<SavepointCollection>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let request = proto::ListSavepointsRequest { job_id: job.id.0 };
    let answer = state.controller.clone().list_savepoints(request).await.map_err(|status| refused(&status))?;
    let data = answer.into_inner().savepoints.into_iter().map(Savepoint::from).collect();
    Ok(Json(SavepointCollection { data }))
}

/// Takes a checkpoint and keeps it until it is let go of. Of a job that rests, the last checkpoint is kept.
#[utoipa::path(
    post,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/savepoints",
    tag = "jobs",
    operation_id = "take_savepoint",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "The savepoint", body = Savepoint),
        Refusal
    )
)]
pub(crate) async fn take(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Json<Savepoint>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let request = proto::TakeSavepointRequest { job_id: job.id.0 };
    let answer = state.controller.clone().take_savepoint(request).await.map_err(|status| refused(&status))?;
    let savepoint = answer.into_inner().savepoint;
    let missing = || Refusal::internal(&"the controller answered without a savepoint");
    Ok(Json(savepoint.map(Savepoint::from).ok_or_else(missing)?))
}

/// Lets go of a savepoint: it is deleted as any checkpoint.
#[utoipa::path(
    delete,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/savepoints/{epoch}",
    tag = "jobs",
    operation_id = "release_savepoint",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id"),
        ("epoch" = u64, Path, description = "The checkpoint's number")
    ),
    responses(
        (status = 200, description = "Let go of"),
        Refusal
    )
)]
pub(crate) async fn release(
    State(state): State<AppState>,
    Path((pipeline_id, job_id, epoch)): Path<(String, String, u64)>,
) -> Result<(), Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let request = proto::ReleaseSavepointRequest { job_id: job.id.0, epoch };
    state.controller.clone().release_savepoint(request).await.map_err(|status| refused(&status))?;
    Ok(())
}

/// Makes a savepoint, or a checkpoint that is still there, the last one of a job that rests: its next start goes on from there.
///
/// It is kept as a savepoint from then on. Most sinks cannot take back what they have committed since.
#[utoipa::path(
    post,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/checkpoints/{epoch}/restore",
    tag = "jobs",
    operation_id = "restore_checkpoint",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id"),
        ("epoch" = u64, Path, description = "The checkpoint's number")
    ),
    responses(
        (status = 200, description = "Gone back to", body = WentBack),
        Refusal
    )
)]
pub(crate) async fn go_back(
    State(state): State<AppState>,
    Path((pipeline_id, job_id, epoch)): Path<(String, String, u64)>,
) -> Result<Json<WentBack>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let request = proto::GoBackRequest { job_id: job.id.0, epoch };
    let answer = state.controller.clone().go_back(request).await.map_err(|status| refused(&status))?;
    Ok(Json(WentBack { epoch: answer.into_inner().epoch }))
}

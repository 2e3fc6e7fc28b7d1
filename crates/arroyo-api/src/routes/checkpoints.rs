//! A job's checkpoints.

use arroyo_metastore::CheckpointStatus;
use arroyo_types::Epoch;
use axum::extract::State;

use super::pipelines::read_job;
use crate::extract::{Json, Path};
use crate::models::{Checkpoint, CheckpointCollection, OperatorCheckpointGroupCollection};
use crate::refusal::Refusal;
use crate::services::AppState;

/// Lists a job's checkpoints by ascending epoch, without those that failed or whose files are gone.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/checkpoints",
    tag = "jobs",
    operation_id = "list_job_checkpoints",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "The checkpoints", body = CheckpointCollection),
        Refusal
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Json<CheckpointCollection>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let checkpoints = state.metastore().checkpoints(&job.id).await?;
    let gone = |status| matches!(status, CheckpointStatus::Failed | CheckpointStatus::Compacted);
    let data = checkpoints.iter().filter(|checkpoint| !gone(checkpoint.status)).map(Checkpoint::from).collect();
    Ok(Json(CheckpointCollection { data }))
}

/// Lists the operators' parts of a checkpoint.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/checkpoints/{epoch}/operator_checkpoint_groups",
    tag = "jobs",
    operation_id = "get_checkpoint_details",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id"),
        ("epoch" = u64, Path, description = "The checkpoint's number")
    ),
    responses(
        (status = 200, description = "The operators' parts", body = OperatorCheckpointGroupCollection),
        Refusal
    )
)]
pub(crate) async fn operators(
    State(state): State<AppState>,
    Path((pipeline_id, job_id, epoch)): Path<(String, String, u64)>,
) -> Result<Json<OperatorCheckpointGroupCollection>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let checkpoint = state.metastore().checkpoint(&job.id, Epoch(epoch)).await?;
    let data = serde_json::from_value(checkpoint.operators).map_err(|error| Refusal::internal(&error))?;
    Ok(Json(OperatorCheckpointGroupCollection { data }))
}

//! A running job's metrics.

use axum::extract::State;

use super::pipelines::read_job;
use crate::extract::{Json, Path};
use crate::models::OperatorMetricGroupCollection;
use crate::refusal::Refusal;
use crate::services::AppState;

/// Lists a job's metrics of the last five minutes, sampled every two seconds since somebody first asked.
///
/// There are none with `controller.metrics.enabled = false`.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/operator_metric_groups",
    tag = "jobs",
    operation_id = "list_operator_metric_groups",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "The metrics; none if it does not run", body = OperatorMetricGroupCollection),
        Refusal
    )
)]
pub(crate) async fn of_job(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Json<OperatorMetricGroupCollection>, Refusal> {
    let (_, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let is_gathered = state.services.config.controller.metrics.enabled;
    let data = if is_gathered { state.metrics.of(&job.id) } else { Vec::new() };
    Ok(Json(OperatorMetricGroupCollection { data }))
}

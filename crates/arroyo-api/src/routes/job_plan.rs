//! A job's plan with what its operators have done.

use std::time::Duration;

use arroyo_dataflow::Program;
use arroyo_rpc::proto::{GetJobMetricsRequest, TaskMetrics};
use arroyo_types::JobId;
use axum::extract::State;
use axum::http::StatusCode;

use super::pipelines::read_job;
use crate::extract::{Json, Path};
use crate::metrics::plan_nodes;
use crate::models::{JobPlan, micros};
use crate::refusal::Refusal;
use crate::services::AppState;

/// Without the controller's answer in this time the plan is told without figures.
const METRICS_TIMEOUT: Duration = Duration::from_secs(5);

/// Shows a job's plan: rows, work, state and watermark of each operator since the last start.
///
/// Figures of a job that has ended are kept until the controller ends.
#[utoipa::path(
    get,
    path = "/pipelines/{pipeline_id}/jobs/{job_id}/plan",
    tag = "jobs",
    operation_id = "get_job_plan",
    params(
        ("pipeline_id" = String, Path, description = "The pipeline's id"),
        ("job_id" = String, Path, description = "The job's id")
    ),
    responses(
        (status = 200, description = "The plan", body = JobPlan),
        Refusal
    )
)]
pub(crate) async fn of_job(
    State(state): State<AppState>,
    Path((pipeline_id, job_id)): Path<(String, String)>,
) -> Result<Json<JobPlan>, Refusal> {
    let (pipeline, job) = read_job(&state, &pipeline_id.into(), &job_id.into()).await?;
    let mut program = Program::decode(&pipeline.program).map_err(|error| {
        Refusal::new(StatusCode::CONFLICT, format!("the plan was made by another version of Arroyo: {error}"))
    })?;
    program.set_parallelism(pipeline.parallelism);
    let tasks = counted(&state, &job.id).await;
    Ok(Json(JobPlan { state: job.state.to_string(), time: micros(state.now()), nodes: plan_nodes(&program, &tasks) }))
}

/// What the tasks of the job's last start have counted.
async fn counted(state: &AppState, job: &JobId) -> Vec<TaskMetrics> {
    let mut controller = state.controller.clone();
    let request = GetJobMetricsRequest { job_id: job.0.clone(), with_ended: true };
    match tokio::time::timeout(METRICS_TIMEOUT, controller.get_job_metrics(request)).await {
        Ok(Ok(answer)) => answer.into_inner().tasks,
        Ok(Err(status)) => {
            tracing::debug!(%job, "no figures: {status}");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

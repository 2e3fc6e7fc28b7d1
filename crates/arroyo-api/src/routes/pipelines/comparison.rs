//! Comparing a query with that of a pipeline.

use arroyo_types::Epoch;
use axum::extract::State;

use super::read;
use crate::extract::{Json, Path};
use crate::models::{CompareQueryPost, QueryComparison};
use crate::refusal::Refusal;
use crate::services::AppState;
use crate::{planning, state_changes};

/// Says what another query would mean for a pipeline's state; changes nothing.
#[utoipa::path(
    post,
    path = "/pipelines/{id}/compare_query",
    tag = "pipelines",
    operation_id = "compare_query",
    params(("id" = String, Path, description = "Its id")),
    request_body = CompareQueryPost,
    responses(
        (status = 200, description = "What is kept, new and dropped", body = QueryComparison),
        Refusal
    )
)]
pub(crate) async fn compare_query(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Json(post): Json<CompareQueryPost>,
) -> Result<Json<QueryComparison>, Refusal> {
    let (pipeline, job) = read(&state, &id.into()).await?;
    let planned = planning::plan_for(&state, &pipeline, post.query, 1).await?;
    let epoch = post.epoch.map(Epoch);
    let comparison = state_changes::compare(&state, &pipeline, &job, &planned.program, epoch).await?;
    if comparison.same
        && let Some((_, of_stored)) = state_changes::stored_instead(&state, &pipeline, &job, &comparison, epoch).await?
    {
        return Ok(Json(of_stored));
    }
    Ok(Json(comparison))
}

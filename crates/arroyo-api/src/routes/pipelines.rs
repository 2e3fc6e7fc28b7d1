//! Pipelines.

mod changes;
mod checks;
pub(super) mod comparison;

use arroyo_metastore as store;
use arroyo_planner::SinkMode;
use arroyo_rpc::proto::ListSavepointsRequest;
use arroyo_types::{Epoch, JobId, JobState, PipelineId, StopMode};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::extract::{Json, Path, Query};
use crate::models::{
    Pagination, Pipeline, PipelineCollection, PipelinePatch, PipelinePost, PipelineRestart, PreviewPost,
    QueryValidationResult, ValidateQueryPost, map_listing,
};
use crate::planning::{self, Planned, Unplanned};
use crate::refusal::Refusal;
use crate::services::AppState;

/// What may be lost when a pipeline is deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deletion {
    /// Its savepoints, too.
    #[serde(default)]
    #[param(required = false)]
    delete_savepoints: bool,
}

/// A preview is stopped after so long.
const PREVIEW_TTL_MICROS: u64 = 60_000_000;

/// A preview takes no checkpoints in its life.
const PREVIEW_INTERVAL_MICROS: u64 = 24 * 60 * 60 * 1_000_000;

/// Checks a query without storing it; errors of the query are part of the answer.
#[utoipa::path(
    post,
    path = "/pipelines/validate_query",
    tag = "pipelines",
    operation_id = "validate_query",
    request_body = ValidateQueryPost,
    responses(
        (status = 200, description = "The program, or what is wrong", body = QueryValidationResult),
        Refusal
    )
)]
pub(crate) async fn validate_query(
    State(state): State<AppState>,
    Json(post): Json<ValidateQueryPost>,
) -> Result<Json<QueryValidationResult>, Refusal> {
    let planned = match planning::bind(post.query, post.params.as_ref()) {
        Ok(sql) => {
            let query = planning::Query {
                sql,
                udfs: post.udfs.unwrap_or_default(),
                parallelism: 1,
                sinks: SinkMode::AsWritten,
                preview: false,
            };
            planning::plan(&state, query).await
        }
        Err(unplanned) => Err(unplanned),
    };
    let result = match planned {
        Ok(planned) => QueryValidationResult {
            graph: Some(planning::graph(&planned.program)),
            errors: Vec::new(),
            warnings: planned.warnings,
        },
        Err(Unplanned::Query(diagnostics)) => {
            let (errors, warnings) = diagnostics.into_iter().partition(|diagnostic| diagnostic.is_error());
            QueryValidationResult { graph: None, errors, warnings }
        }
        Err(Unplanned::Refused(refusal)) => return Err(refusal),
    };
    Ok(Json(result))
}

/// Creates a pipeline and runs it.
#[utoipa::path(
    post,
    path = "/pipelines",
    tag = "pipelines",
    operation_id = "create_pipeline",
    request_body = PipelinePost,
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Json(post): Json<PipelinePost>,
) -> Result<Json<Pipeline>, Refusal> {
    store_pipeline(&state, PipelineId::random(), post).await.map(Json)
}

/// Creates a pipeline with an id of the caller's choice; a second one with that id is refused.
#[utoipa::path(
    put,
    path = "/pipelines/{id}",
    tag = "pipelines",
    operation_id = "put_pipeline",
    params(("id" = String, Path, description = "Its id")),
    request_body = PipelinePost,
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn put(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Json(post): Json<PipelinePost>,
) -> Result<Json<Pipeline>, Refusal> {
    checks::id(&id)?;
    store_pipeline(&state, id.into(), post).await.map(Json)
}

async fn store_pipeline(state: &AppState, id: PipelineId, post: PipelinePost) -> Result<Pipeline, Refusal> {
    checks::name(&post.name)?;
    checks::parallelism(post.parallelism)?;
    checks::state_url(post.state_url.as_deref())?;
    let interval = match post.checkpoint_interval_micros {
        Some(interval) => {
            checks::interval(interval)?;
            interval
        }
        None => {
            let configured = state.services.config.default_checkpoint_interval.0.as_micros();
            u64::try_from(configured).unwrap_or(PREVIEW_INTERVAL_MICROS)
        }
    };
    let scheduler_config = checks::scheduler_config(post.scheduler_config)?;
    let sql = planning::bind(post.query, post.params.as_ref())?;
    let query = planning::Query {
        sql: sql.clone(),
        udfs: post.udfs.unwrap_or_default(),
        parallelism: post.parallelism,
        sinks: SinkMode::AsWritten,
        preview: false,
    };
    let planned = planning::plan(state, query).await?;
    let pipeline = store::Pipeline {
        id,
        name: post.name,
        query: sql,
        parallelism: post.parallelism,
        checkpoint_interval_micros: interval,
        state_url: post.state_url,
        tags: post.tags.unwrap_or_default(),
        env_vars: post.env_vars.unwrap_or_default(),
        scheduler_config: scheduler_config.unwrap_or_else(|| Value::Object(Map::new())),
        ..new_pipeline(state.now(), planned)?
    };
    create_job(state, &pipeline).await
}

/// Runs a query for a short time; its rows are read from the job's output.
#[utoipa::path(
    post,
    path = "/pipelines/preview",
    tag = "pipelines",
    operation_id = "create_preview_pipeline",
    request_body = PreviewPost,
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn preview(
    State(state): State<AppState>,
    Json(post): Json<PreviewPost>,
) -> Result<Json<Pipeline>, Refusal> {
    let sql = planning::bind(post.query, post.params.as_ref())?;
    let query = planning::Query {
        sql: sql.clone(),
        udfs: post.udfs.unwrap_or_default(),
        parallelism: 1,
        sinks: if post.enable_sinks { SinkMode::PreviewToo } else { SinkMode::PreviewOnly },
        preview: true,
    };
    let planned = planning::plan(&state, query).await?;
    let now = state.now();
    let pipeline = store::Pipeline {
        name: format!("preview_{}", now / 1_000),
        query: sql,
        preview: true,
        ttl_micros: Some(PREVIEW_TTL_MICROS),
        // A preview does not keep tables from being deleted.
        connection_tables: Vec::new(),
        ..new_pipeline(now, planned)?
    };
    create_job(&state, &pipeline).await.map(Json)
}

/// A pipeline without the caller's part.
fn new_pipeline(now: i64, planned: Planned) -> Result<store::Pipeline, Refusal> {
    Ok(store::Pipeline {
        id: PipelineId::random(),
        name: String::new(),
        query: String::new(),
        program: planning::encode(&planned.program)?,
        parallelism: 1,
        checkpoint_interval_micros: PREVIEW_INTERVAL_MICROS,
        stop: StopMode::None,
        restart_nonce: 0,
        restart_force: false,
        ignore_state_before: None,
        preview: false,
        ttl_micros: None,
        state_url: None,
        tags: std::collections::BTreeMap::new(),
        env_vars: std::collections::BTreeMap::new(),
        scheduler_config: Value::Object(Map::new()),
        connection_tables: planned.connection_tables,
        created_at: now,
        updated_at: now,
    })
}

async fn create_job(state: &AppState, pipeline: &store::Pipeline) -> Result<Pipeline, Refusal> {
    let job = store::Job::created(JobId::random(), pipeline);
    state.metastore().create_pipeline(pipeline, &job).await?;
    Ok(Pipeline::new(pipeline, job.state))
}

/// Lists pipelines without previews, newest first.
#[utoipa::path(
    get,
    path = "/pipelines",
    tag = "pipelines",
    operation_id = "list_pipelines",
    params(Pagination),
    responses(
        (status = 200, description = "A part of all pipelines", body = PipelineCollection),
        Refusal
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(pagination): Query<Pagination>,
) -> Result<Json<PipelineCollection>, Refusal> {
    let listing = state.metastore().pipelines(&pagination.page()?).await?;
    let jobs = state.metastore().jobs(false).await?;
    let (data, has_more) = map_listing(&listing, |pipeline| {
        let job = jobs.iter().find(|job| job.pipeline == pipeline.id);
        Pipeline::new(pipeline, job.map_or(JobState::Created, |job| job.state))
    });
    Ok(Json(PipelineCollection { data, has_more }))
}

/// Reads a pipeline.
#[utoipa::path(
    get,
    path = "/pipelines/{id}",
    tag = "pipelines",
    operation_id = "get_pipeline",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn get(State(state): State<AppState>, Path(id): Path<String>) -> Result<Json<Pipeline>, Refusal> {
    let (pipeline, job) = read(&state, &id.into()).await?;
    Ok(Json(Pipeline::new(&pipeline, job.state)))
}

/// Changes what is wanted of a pipeline: stop, start, rescale, another query, its environment.
#[utoipa::path(
    patch,
    path = "/pipelines/{id}",
    tag = "pipelines",
    operation_id = "patch_pipeline",
    params(("id" = String, Path, description = "Its id")),
    request_body = PipelinePatch,
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn patch(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Json(patch): Json<PipelinePatch>,
) -> Result<Json<Pipeline>, Refusal> {
    let id = id.into();
    let (pipeline, job) = read(&state, &id).await?;
    let update = changes::of_patch(&state, &pipeline, &job, patch).await?;
    let updated = state.metastore().update_pipeline(&id, &update, state.now()).await?;
    Ok(Json(Pipeline::new(&updated, job.state)))
}

/// Restarts a pipeline, running or not.
#[utoipa::path(
    post,
    path = "/pipelines/{id}/restart",
    tag = "pipelines",
    operation_id = "restart_pipeline",
    params(("id" = String, Path, description = "Its id")),
    request_body = PipelineRestart,
    responses(
        (status = 200, description = "The pipeline", body = Pipeline),
        Refusal
    )
)]
pub(crate) async fn restart(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Json(restart): Json<PipelineRestart>,
) -> Result<Json<Pipeline>, Refusal> {
    let id = id.into();
    let (_, job) = read(&state, &id).await?;
    let ignore_state_before = match restart.ignore_state {
        Some(true) => {
            let checkpoints = state.metastore().checkpoints(&job.id).await?;
            Some(checkpoints.last().map_or(Epoch(1), |checkpoint| checkpoint.epoch.next()))
        }
        _ => None,
    };
    let update = store::PipelineUpdate {
        stop: Some(StopMode::None),
        restart: Some(restart.force.unwrap_or(false)),
        ignore_state_before,
        ..store::PipelineUpdate::default()
    };
    let updated = state.metastore().update_pipeline(&id, &update, state.now()).await?;
    Ok(Json(Pipeline::new(&updated, job.state)))
}

/// Deletes a pipeline that does not run, with its job, log and state.
///
/// One that has savepoints is deleted only if that is said: they would be lost. Files are deleted behind the answer.
#[utoipa::path(
    delete,
    path = "/pipelines/{id}",
    tag = "pipelines",
    operation_id = "delete_pipeline",
    params(("id" = String, Path, description = "Its id"), Deletion),
    responses(
        (status = 200, description = "Deleted"),
        Refusal
    )
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(deletion): Query<Deletion>,
) -> Result<(), Refusal> {
    let id = id.into();
    let (_, job) = read(&state, &id).await?;
    if !job.state.is_terminal() {
        return Err(Refusal::bad_request(format!(
            "Cannot delete pipeline in state {}: stop it first, so that it is Stopped, Finished or Failed",
            job.state
        )));
    }
    if !deletion.delete_savepoints {
        refuse_to_lose_savepoints(&state, &job.id).await?;
    }
    Ok(state.metastore().delete_pipeline(&id).await?)
}

async fn refuse_to_lose_savepoints(state: &AppState, job: &JobId) -> Result<(), Refusal> {
    if state.metastore().checkpoints(job).await?.is_empty() {
        return Ok(());
    }
    let request = ListSavepointsRequest { job_id: job.0.clone() };
    let answer = state.controller.clone().list_savepoints(request).await.map_err(|status| {
        tracing::warn!(%job, "the savepoints cannot be listed: {status}");
        let message =
            "it cannot be found out whether the pipeline has savepoints; ?delete_savepoints=true deletes it anyway";
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message)
    })?;
    let epochs: Vec<String> = answer.into_inner().savepoints.iter().map(|kept| kept.epoch.to_string()).collect();
    if epochs.is_empty() {
        return Ok(());
    }
    Err(Refusal::conflict(format!(
        "the pipeline has savepoints ({}), which would be lost with it: let go of them first, or agree with ?delete_savepoints=true",
        epochs.join(", ")
    )))
}

/// A pipeline and its job.
pub(super) async fn read(state: &AppState, id: &PipelineId) -> Result<(store::Pipeline, store::Job), Refusal> {
    let pipeline = state.metastore().pipeline(id).await?;
    let jobs = state.metastore().pipeline_jobs(id).await?;
    let job = jobs.into_iter().next().ok_or_else(|| Refusal::not_found("Job"))?;
    Ok((pipeline, job))
}

/// A pipeline and the job of it that is asked for.
pub(super) async fn read_job(
    state: &AppState,
    id: &PipelineId,
    job: &JobId,
) -> Result<(store::Pipeline, store::Job), Refusal> {
    let pipeline = state.metastore().pipeline(id).await?;
    let job = state.metastore().job(job).await?;
    if job.pipeline != *id {
        return Err(Refusal::not_found("Job"));
    }
    Ok((pipeline, job))
}

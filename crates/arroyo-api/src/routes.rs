//! The routes, one file per kind of resource.

mod checkpoints;
mod connection_profiles;
mod connection_tables;
mod connectors;
mod job_plan;
mod job_progress;
mod job_state;
mod jobs;
mod metrics;
mod output;
mod ping;
mod pipelines;
mod savepoints;
mod udfs;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::refusal::Refusal;
use crate::services::AppState;
use crate::{ApiError, auth, console, cors, openapi_document, stored};

/// The largest body that is read: queries are text of people, not data.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Arroyo REST API", version = "1.0.0", description = "Pipelines, jobs and connections."),
    // The data of events, and the body of refusals: no route names them.
    components(schemas(crate::models::OutputData, crate::models::JobProgress, crate::models::ErrorBody))
)]
struct Info;

/// The resources and what describes them.
pub(crate) fn api() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let resources = OpenApiRouter::new()
        .routes(routes!(ping::ping))
        .routes(routes!(connectors::list))
        .routes(routes!(connection_profiles::list, connection_profiles::create))
        .routes(routes!(connection_profiles::test))
        .routes(routes!(connection_profiles::delete))
        .routes(routes!(connection_profiles::autocomplete))
        .routes(routes!(connection_tables::list, connection_tables::create))
        .routes(routes!(connection_tables::test))
        .routes(routes!(connection_tables::test_schema))
        .routes(routes!(connection_tables::delete))
        .routes(routes!(udfs::list))
        .routes(routes!(pipelines::validate_query))
        .routes(routes!(pipelines::preview))
        .routes(routes!(pipelines::list, pipelines::create))
        .routes(routes!(pipelines::get, pipelines::put, pipelines::patch, pipelines::delete))
        .routes(routes!(pipelines::restart))
        .routes(routes!(pipelines::comparison::compare_query))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::of_pipeline))
        .routes(routes!(jobs::errors))
        .routes(routes!(job_state::stream))
        .routes(routes!(job_progress::stream))
        .routes(routes!(job_plan::of_job))
        .routes(routes!(output::stream))
        .routes(routes!(checkpoints::list))
        .routes(routes!(checkpoints::operators))
        .routes(routes!(savepoints::list, savepoints::take))
        .routes(routes!(savepoints::release))
        .routes(routes!(savepoints::go_back))
        .routes(routes!(metrics::of_job));
    OpenApiRouter::with_openapi(Info::openapi()).nest("/api/v1", resources).split_for_parts()
}

/// Everything that is served: the API behind the configured checks, and the console, whose files everybody may read.
pub(crate) fn router(state: AppState) -> Result<Router, ApiError> {
    let (config, stored) = (state.services.config.clone(), state.services.stored.clone());
    let (resources, _) = api();
    let swagger = SwaggerUi::new("/api/v1/swagger-ui")
        .external_url_unchecked("/api/v1/api-docs/openapi.json", openapi_document());
    let router = resources
        .with_state(state)
        .merge(swagger)
        .fallback(|| async { Refusal::not_found("Route") })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let router = stored::await_changes(router, stored);
    // Streams of events are left as they are: each is to arrive when it is sent.
    let router = router.layer(CompressionLayer::new());
    let router = auth::require(router, &config.api.auth_mode)?.merge(console::router(config.api_endpoint.as_deref())?);
    // CORS stands before the check of the key: a browser's preflight carries none.
    Ok(router.layer(cors::layer(&config.api.cors)?))
}

pub(crate) async fn method_not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this route does not have that method")
}

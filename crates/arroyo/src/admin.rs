//! The admin server of each process: health, metrics, configuration.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use arroyo_config::{AuthMode, Config};
use arroyo_runtime::{Guard, TaskKind};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::services::ShownMetrics;

struct Admin {
    service: &'static str,
    config: Arc<Config>,
    metrics: ShownMetrics,
}

/// Starts the admin server and returns where it listens.
pub(crate) async fn start(
    service: &'static str,
    config: Arc<Config>,
    metrics: ShownMetrics,
    guard: &Guard,
) -> anyhow::Result<SocketAddr> {
    let address = format!("{}:{}", config.admin.bind_address, config.admin.http_port);
    let listener = tokio::net::TcpListener::bind(&address)
        .await
        .with_context(|| format!("the admin server cannot listen on {address} (admin.http-port)"))?;
    let bound = listener.local_addr()?;
    let admin = Arc::new(Admin { service, config, metrics });
    let guard = guard.child("admin");
    let stopped = guard.cancelled_owned();
    guard.spawn("server", TaskKind::SERVICE, async move {
        axum::serve(listener, router(admin)).with_graceful_shutdown(stopped).await
    });
    Ok(bound)
}

fn router(admin: Arc<Admin>) -> Router {
    let open = Router::new().route("/status", get(async || "ok"));
    let guarded = Router::new()
        .route("/name", get(async |State(admin): State<Arc<Admin>>| format!("arroyo-{}\n", admin.service)))
        .route("/metrics", get(metrics_text))
        .route("/metrics.pb", get(metrics_protobuf))
        .route("/details", get(async |State(admin): State<Arc<Admin>>| details(&admin)))
        .route("/config", get(async |State(admin): State<Arc<Admin>>| admin.config.to_masked_toml()))
        .route("/debug/pprof/heap", get(async || no_profile("heap")))
        .route("/debug/pprof/profile", get(async || no_profile("CPU")))
        .route_layer(middleware::from_fn_with_state(admin.clone(), authenticate));
    open.merge(guarded).with_state(admin).fallback(async || (StatusCode::NOT_FOUND, "404\n"))
}

async fn metrics_text(State(admin): State<Arc<Admin>>) -> Response {
    encoded(ShownMetrics::TEXT, admin.metrics.text())
}

async fn metrics_protobuf(State(admin): State<Arc<Admin>>) -> Response {
    encoded(ShownMetrics::PROTOBUF, admin.metrics.protobuf())
}

fn encoded<T: IntoResponse>(content_type: &'static str, metrics: Result<T, impl Display>) -> Response {
    match metrics {
        Ok(metrics) => ([(header::CONTENT_TYPE, content_type)], metrics).into_response(),
        Err(error) => {
            tracing::warn!("metrics cannot be written: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written; the log says why\n").into_response()
        }
    }
}

/// What a build does not have is said, not left out: dashboards and scripts ask for it.
fn no_profile(kind: &str) -> (StatusCode, String) {
    let text =
        format!("this build takes no {kind} profiles: attach a profiler such as `perf` or `heaptrack` instead\n");
    (StatusCode::NOT_IMPLEMENTED, text)
}

fn details(admin: &Admin) -> Json<serde_json::Value> {
    Json(json!({
        "service": format!("arroyo-{}", admin.service),
        "version": env!("CARGO_PKG_VERSION"),
        "git_sha": known(env!("VERGEN_GIT_SHA")),
        "build_timestamp": known(env!("VERGEN_BUILD_TIMESTAMP")),
    }))
}

/// Sources without their history are built, too.
fn known(fact: &'static str) -> &'static str {
    if fact == "VERGEN_IDEMPOTENT_OUTPUT" { "unknown" } else { fact }
}

async fn authenticate(State(admin): State<Arc<Admin>>, request: Request, next: Next) -> Response {
    let settings = &admin.config.admin;
    let is_metrics = matches!(request.uri().path(), "/metrics" | "/metrics.pb");
    let open_metrics = settings.allow_unauthenticated_metrics && is_metrics;
    let allowed = match &settings.auth_mode {
        AuthMode::None => true,
        AuthMode::StaticApiKey { api_key } => {
            let expected = format!("Bearer {}", api_key.expose());
            request.headers().get(header::AUTHORIZATION).is_some_and(|given| given.as_bytes() == expected.as_bytes())
        }
        AuthMode::Mtls { .. } => false,
    };
    if allowed || open_metrics {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "send `Authorization: Bearer <admin.auth-mode.api-key>`\n").into_response()
    }
}

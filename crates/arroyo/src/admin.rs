//! The admin server of each process: health, metrics, configuration.

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

/// Writes the process's metrics in Prometheus's text form.
pub(crate) type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

struct Admin {
    service: &'static str,
    config: Arc<Config>,
    metrics: MetricsText,
}

/// Starts the admin server and returns where it listens.
pub(crate) async fn start(
    service: &'static str,
    config: Arc<Config>,
    metrics: MetricsText,
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
        .route("/metrics", get(async |State(admin): State<Arc<Admin>>| metrics(&admin)))
        .route("/details", get(async |State(admin): State<Arc<Admin>>| details(&admin)))
        .route("/config", get(async |State(admin): State<Arc<Admin>>| admin.config.to_masked_toml()))
        .route_layer(middleware::from_fn_with_state(admin.clone(), authenticate));
    open.merge(guarded).with_state(admin)
}

fn metrics(admin: &Admin) -> Response {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], (admin.metrics)()).into_response()
}

fn details(admin: &Admin) -> Json<serde_json::Value> {
    Json(json!({ "service": format!("arroyo-{}", admin.service), "version": env!("CARGO_PKG_VERSION") }))
}

async fn authenticate(State(admin): State<Arc<Admin>>, request: Request, next: Next) -> Response {
    let settings = &admin.config.admin;
    let open_metrics = settings.allow_unauthenticated_metrics && request.uri().path() == "/metrics";
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

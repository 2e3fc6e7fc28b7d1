//! Binds and serves.

use std::net::SocketAddr;

use arroyo_runtime::{Guard, TaskKind};
use tokio::net::TcpListener;

use crate::services::AppState;
use crate::{ApiError, ApiServices, routes};

/// Serves the API until `guard` is cancelled, and returns the address it is connectable at.
pub async fn start_server(services: ApiServices, guard: &Guard) -> Result<SocketAddr, ApiError> {
    let api = &services.config.api;
    let tls = api.tls.as_ref().unwrap_or(&services.config.tls);
    if tls.enabled {
        return Err(ApiError::Config {
            key: "api.tls.enabled",
            reason: "this build serves plain HTTP only: put a proxy in front of it, or set it to false".into(),
        });
    }
    let address = format!("{}:{}", api.bind_address, api.http_port);
    let router = routes::router(AppState::new(services, guard)?)?;
    let bound = async {
        let listener = TcpListener::bind(&address).await?;
        let local = listener.local_addr()?;
        Ok((listener, local))
    };
    let (listener, local) = bound.await.map_err(|source| ApiError::Bind { address, source })?;
    let serving = guard.clone();
    guard.spawn("serve", TaskKind::SERVICE, async move {
        axum::serve(listener, router).with_graceful_shutdown(async move { serving.cancelled().await }).await
    });
    tracing::info!(address = %local, "REST API is listening");
    Ok(local)
}

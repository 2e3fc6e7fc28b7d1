//! Starts the services of the other crates with this process's configuration.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arroyo_api::{ApiServices, Stored};
use arroyo_config::{Config, DatabaseType};
use arroyo_controller::{ControllerServer, ControllerServices, Fence};
use arroyo_metastore::{Metastore, PostgresMetastore, PostgresOptions, SqliteMetastore};
use arroyo_runtime::{Failpoints, Guard, Shutdown, Tcp};
use arroyo_types::{Random, SystemClock};

use crate::signals::StopSignals;
use crate::terminal;

mod embedded;
mod metrics;

use embedded::InProcessWorkers;
pub(crate) use metrics::{Metrics, ShownMetrics};

/// How long services may take to end.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// The exit code after a second request to stop.
pub(crate) const EXIT_IMMEDIATE: u8 = 128;
/// The exit code when services did not end in time.
pub(crate) const EXIT_DRAIN_TIMEOUT: u8 = 129;

/// Opens the metadata database that is configured, making or upgrading its schema.
pub(crate) async fn open_metastore(config: &Config, guard: &Guard) -> anyhow::Result<Arc<dyn Metastore>> {
    match config.database.kind {
        DatabaseType::Sqlite => {
            let path = &config.database.sqlite.path;
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).with_context(|| {
                    format!("cannot make the directory {} of the metadata database", parent.display())
                })?;
            }
            Ok(Arc::new(SqliteMetastore::open(path).await.context("open the metadata database")?))
        }
        DatabaseType::Postgres => {
            let options = PostgresOptions::from_config(&config.database.postgres)?;
            PostgresMetastore::migrate(&options, Duration::ZERO).await?;
            Ok(Arc::new(PostgresMetastore::connect(&options, guard).await.context("open the metadata database")?))
        }
    }
}

/// Starts the controller, whose `embedded` scheduler runs workers in this process; returns where clients of this machine find it.
pub(crate) async fn start_controller(
    config: &Arc<Config>,
    metastore: Arc<dyn Metastore>,
    metrics: Metrics,
    fence: Arc<dyn Fence>,
    guard: &Guard,
) -> anyhow::Result<SocketAddr> {
    let services = ControllerServices {
        config: config.clone(),
        metastore,
        embedded: Some(Arc::new(InProcessWorkers::new(config.clone(), metrics.hub(), guard))),
        clock: Arc::new(SystemClock),
        network: Arc::new(Tcp),
        random: Random::default(),
        failpoints: Failpoints::default(),
        fence,
    };
    let controller = ControllerServer::new(services);
    metrics.show_controller(controller.metrics());
    let bound = controller.start(guard).await.context("start the controller")?;
    Ok(client_address(bound))
}

/// Starts the API; returns where clients of this machine find it.
pub(crate) async fn start_api(
    config: &Arc<Config>,
    metastore: Arc<dyn Metastore>,
    controller_endpoint: String,
    stored: Arc<dyn Stored>,
    guard: &Guard,
) -> anyhow::Result<SocketAddr> {
    let clock = Arc::new(SystemClock);
    let services = ApiServices { config: config.clone(), metastore, controller_endpoint, stored, clock };
    let bound = arroyo_api::start_server(services, guard).await.context("start the API")?;
    Ok(client_address(bound))
}

/// Where the configured controller is.
pub(crate) fn controller_endpoint(config: &Config) -> String {
    config.controller_endpoint.clone().unwrap_or_else(|| {
        let host = config.hostname.as_deref().unwrap_or("localhost");
        format!("http://{host}:{}", config.controller.rpc_port)
    })
}

/// Where a client of this machine finds a server that listens on `bound`.
fn client_address(bound: SocketAddr) -> SocketAddr {
    let loopback = match bound {
        SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
    };
    if bound.ip().is_unspecified() { SocketAddr::new(loopback, bound.port()) } else { bound }
}

/// Waits until the process is asked to stop or a service fails, then ends all services.
pub(crate) async fn serve(name: &str, shutdown: Shutdown, mut signals: StopSignals) -> std::process::ExitCode {
    tokio::select! {
        () = signals.next() => tracing::info!("Received signal, shutting down {name}"),
        () = shutdown.cancelled() => {}
    }
    tokio::select! {
        () = signals.next() => {
            tracing::info!("Received signal, shutting down {name} immediately");
            return EXIT_IMMEDIATE.into();
        }
        drained = shutdown.drain(DRAIN_TIMEOUT) => if !drained {
            tracing::warn!("{name} failed to shutdown after {} seconds", DRAIN_TIMEOUT.as_secs());
            return EXIT_DRAIN_TIMEOUT.into();
        },
    }
    match shutdown.failure() {
        Some(failure) => {
            terminal::error(&failure.to_string());
            std::process::ExitCode::FAILURE
        }
        None => std::process::ExitCode::SUCCESS,
    }
}

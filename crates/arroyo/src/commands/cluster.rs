//! `arroyo cluster`: API and controller in one process.

use std::process::ExitCode;
use std::sync::Arc;

use arroyo_api::AlwaysStored;
use arroyo_config::Config;
use arroyo_controller::NoFence;
use arroyo_runtime::Shutdown;

use crate::services::Metrics;
use crate::{admin, services, signals};

/// Serves until asked to stop.
pub(crate) async fn execute(config: Config) -> anyhow::Result<ExitCode> {
    let config = Arc::new(config);
    let signals = signals::StopSignals::listen()?;
    let shutdown = Shutdown::new("cluster");
    let guard = shutdown.guard();
    let metastore = services::open_metastore(&config, &guard).await?;
    let metrics = Metrics::default();
    let admin = admin::start("cluster", config.clone(), metrics.shown(), &guard).await?;
    let controller = services::start_controller(&config, metastore.clone(), metrics, Arc::new(NoFence), &guard).await?;
    let api =
        services::start_api(&config, metastore, format!("http://{controller}"), Arc::new(AlwaysStored), &guard).await?;
    let ui = format_args!("http://{api}");
    tracing::info!(%ui, %api, %controller, %admin, "the cluster is up");
    Ok(services::serve("cluster", shutdown, signals).await)
}

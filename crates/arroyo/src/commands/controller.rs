//! `arroyo controller`: the controller alone.

use std::process::ExitCode;
use std::sync::Arc;

use arroyo_config::Config;
use arroyo_controller::NoFence;
use arroyo_runtime::Shutdown;

use crate::services::Metrics;
use crate::{admin, services, signals};

/// Serves until asked to stop.
pub(crate) async fn execute(config: Config) -> anyhow::Result<ExitCode> {
    let config = Arc::new(config);
    let signals = signals::StopSignals::listen()?;
    let shutdown = Shutdown::new("controller");
    let guard = shutdown.guard();
    let metastore = services::open_metastore(&config, &guard).await?;
    let metrics = Metrics::default();
    let admin = admin::start("controller", config.clone(), metrics.shown(), &guard).await?;
    let controller = services::start_controller(&config, metastore, metrics, Arc::new(NoFence), &guard).await?;
    tracing::info!(%controller, %admin, "the controller is up");
    Ok(services::serve("controller", shutdown, signals).await)
}

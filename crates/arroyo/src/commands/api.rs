//! `arroyo api`: the REST API alone.

use std::process::ExitCode;
use std::sync::Arc;

use arroyo_api::AlwaysStored;
use arroyo_config::Config;
use arroyo_runtime::Shutdown;

use crate::{admin, services, signals};

/// Serves until asked to stop.
pub(crate) async fn execute(config: Config) -> anyhow::Result<ExitCode> {
    let config = Arc::new(config);
    let signals = signals::StopSignals::listen()?;
    let shutdown = Shutdown::new("api");
    let guard = shutdown.guard();
    let metastore = services::open_metastore(&config, &guard).await?;
    let admin = admin::start("api", config.clone(), services::Metrics::default().shown(), &guard).await?;
    let api =
        services::start_api(&config, metastore, services::controller_endpoint(&config), Arc::new(AlwaysStored), &guard)
            .await?;
    let ui = format_args!("http://{api}");
    tracing::info!(%ui, %api, %admin, "the API is up");
    Ok(services::serve("api", shutdown, signals).await)
}

//! `arroyo migrate`: brings the metadata database's schema up to date.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use arroyo_config::{Config, DatabaseType};
use arroyo_metastore::{PostgresMetastore, PostgresOptions};
use arroyo_runtime::Shutdown;

use crate::cli::MigrateArgs;
use crate::{services, terminal};

/// Migrates the configured database; waits for a server that is not up yet if asked to.
pub(crate) async fn execute(args: &MigrateArgs, config: &Config) -> anyhow::Result<ExitCode> {
    match config.database.kind {
        DatabaseType::Postgres => {
            let options = PostgresOptions::from_config(&config.database.postgres)?;
            PostgresMetastore::migrate(&options, Duration::from_secs(args.wait.unwrap_or(0)))
                .await
                .context("migrate the metadata database")?;
        }
        DatabaseType::Sqlite => {
            let shutdown = Shutdown::new("migrate");
            services::open_metastore(config, &shutdown.guard()).await?;
        }
    }
    terminal::line("The metadata database is up to date.");
    Ok(ExitCode::SUCCESS)
}

//! One file per subcommand.

mod api;
mod check;
mod cluster;
mod controller;
mod explain;
mod migrate;
pub(crate) mod query;
mod state;
mod test;
mod visualize;
mod worker;

use std::process::ExitCode;

use arroyo_config::{Config, Sources};

use crate::cli::{Cli, Command};
use crate::logging::{self, Log, Verbosity};
use crate::terminal;

/// The command line or the configuration is wrong.
pub(crate) const EXIT_USAGE: u8 = 2;
/// The query was rejected, the pipeline failed, or a service could not start.
pub(crate) const EXIT_FAILURE: u8 = 1;

/// Reads the configuration and runs the subcommand.
pub(crate) async fn execute(cli: Cli) -> ExitCode {
    let mut sources =
        Sources { config_file: cli.config, config_dir: cli.config_dir, set: cli.set, ..Sources::of_process() };
    if let Command::Run(_) = cli.command {
        sources.defaults = crate::run::cluster::defaults();
    }
    let (config, _log) = match configure(&sources, &cli.command) {
        Ok(configured) => configured,
        Err(code) => return code,
    };
    let outcome = match cli.command {
        Command::Run(args) => return crate::run::session::run(&args, &sources, &config).await,
        Command::State(args) => state::execute(args, &config).await,
        Command::Check(args) => return check::execute(&args, &config).await,
        Command::Test(args) => return test::execute(&args).await,
        Command::Explain(args) => return explain::execute(&args, &config).await,
        Command::Visualize(args) => return visualize::execute(&args, &config).await,
        Command::Cluster => cluster::execute(config).await,
        Command::Api => api::execute(config).await,
        Command::Controller => controller::execute(config).await,
        Command::Worker => worker::execute(config).await,
        Command::Migrate(args) => migrate::execute(&args, &config).await,
    };
    outcome.unwrap_or_else(|error| {
        terminal::failure(&error);
        ExitCode::from(EXIT_FAILURE)
    })
}

/// Reads the configuration and starts logging.
fn configure(sources: &Sources, command: &Command) -> Result<(Config, Log), ExitCode> {
    let config = arroyo_config::load(sources).map_err(|error| {
        terminal::line(&error.to_string());
        ExitCode::from(EXIT_FAILURE)
    })?;
    let log = logging::start(&config.logging, command.name(), verbosity(command));
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok((config, log))
}

/// Commands that end by themselves speak in their own words.
/// A worker below a `process` scheduler shares its parent's stderr, and the parent hears of everything that matters.
fn verbosity(command: &Command) -> Verbosity {
    match command {
        Command::Worker if worker::is_under_process_scheduler() => Verbosity::Quiet,
        Command::Cluster | Command::Api | Command::Controller | Command::Worker | Command::Migrate(_) => {
            Verbosity::Service
        }
        _ => Verbosity::Quiet,
    }
}

//! One file per subcommand.

mod api;
mod check;
mod cluster;
mod controller;
mod explain;
mod migrate;
pub(crate) mod query;
mod run;
mod state;
mod test;
mod visualize;
mod worker;

use std::process::ExitCode;

use arroyo_config::{Config, Sources};

use crate::cli::{Cli, Command};
use crate::logging::{self, Verbosity};
use crate::terminal;

/// The command line or the configuration is wrong.
pub(crate) const EXIT_USAGE: u8 = 2;
/// The query was rejected, the pipeline failed, or a service could not start.
pub(crate) const EXIT_FAILURE: u8 = 1;

/// Reads the configuration and runs the subcommand.
pub(crate) async fn execute(cli: Cli) -> ExitCode {
    let sources =
        Sources { config_file: cli.config, config_dir: cli.config_dir, set: cli.set, ..Sources::of_process() };
    match cli.command {
        Command::Run(args) => return run::execute(args, sources).await,
        Command::State(args) => return state::execute(args, &sources).await,
        Command::Check(args) => return check::execute(&args).await,
        Command::Test(args) => return test::execute(&args).await,
        Command::Explain(args) => return explain::execute(&args).await,
        Command::Visualize(args) => return visualize::execute(&args).await,
        _ => {}
    }
    let config = match configure(&sources, verbosity(&cli.command)) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let outcome = match cli.command {
        Command::Cluster => cluster::execute(config).await,
        Command::Api => api::execute(config).await,
        Command::Controller => controller::execute(config).await,
        Command::Worker => worker::execute(config).await,
        Command::Migrate(args) => migrate::execute(&args, &config).await,
        Command::Run(_)
        | Command::State(_)
        | Command::Check(_)
        | Command::Test(_)
        | Command::Explain(_)
        | Command::Visualize(_) => Ok(ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        terminal::failure(&error);
        ExitCode::from(EXIT_FAILURE)
    })
}

/// A worker below a `process` scheduler shares its parent's stderr, and the parent hears of everything that matters.
fn verbosity(command: &Command) -> Verbosity {
    match command {
        Command::Worker if worker::is_under_process_scheduler() => Verbosity::Quiet,
        _ => Verbosity::Service,
    }
}

/// Reads the configuration and starts logging.
pub(crate) fn configure(sources: &Sources, verbosity: Verbosity) -> Result<Config, ExitCode> {
    match arroyo_config::load(sources) {
        Ok(config) => {
            logging::start(&config.logging, verbosity);
            Ok(config)
        }
        Err(error) => {
            terminal::line(&error.to_string());
            Err(ExitCode::from(EXIT_FAILURE))
        }
    }
}

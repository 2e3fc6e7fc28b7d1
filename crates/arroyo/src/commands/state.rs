//! `arroyo state`: looking at state, and moving it. One file per subcommand.

mod export;
mod import;
mod inspect;
mod jobs;
mod list;
mod query;
mod transfer;
mod verify;

use std::process::ExitCode;

use arroyo_config::Sources;

use super::EXIT_FAILURE;
use crate::cli::state::{StateArgs, StateCommand};
use crate::logging::Verbosity;
use crate::terminal;

/// Reads the configuration and runs the subcommand.
pub(crate) async fn execute(args: StateArgs, sources: &Sources) -> ExitCode {
    let config = match super::configure(sources, Verbosity::Quiet) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let outcome = match args.command {
        StateCommand::List(args) => list::execute(&args).await,
        StateCommand::Inspect(args) => inspect::execute(&args).await,
        StateCommand::Verify(args) => verify::execute(&args).await,
        StateCommand::Query(args) => query::execute(&args).await,
        StateCommand::Export(args) => export::execute(&args, &config).await,
        StateCommand::Import(args) => import::execute(&args, &config).await,
    };
    outcome.unwrap_or_else(|error| {
        terminal::failure(&error);
        ExitCode::from(EXIT_FAILURE)
    })
}

//! `arroyo state`: looking at state, and moving it. One file per subcommand.

mod export;
mod import;
mod index;
mod inspect;
mod jobs;
mod list;
mod query;
mod release;
mod transfer;
mod verify;

use std::process::ExitCode;

use arroyo_config::Config;

use crate::cli::state::{StateArgs, StateCommand};

/// Runs the subcommand.
pub(crate) async fn execute(args: StateArgs, config: &Config) -> anyhow::Result<ExitCode> {
    match args.command {
        StateCommand::List(args) => list::execute(&args).await,
        StateCommand::Inspect(args) => inspect::execute(&args).await,
        StateCommand::Verify(args) => verify::execute(&args).await,
        StateCommand::Query(args) => query::execute(&args).await,
        StateCommand::Release(args) => release::execute(&args).await,
        StateCommand::Export(args) => export::execute(&args, config).await,
        StateCommand::Import(args) => import::execute(&args, config).await,
    }
}

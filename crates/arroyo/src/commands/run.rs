//! `arroyo run`: a query in a local cluster.

use std::process::ExitCode;

use arroyo_config::Sources;

use crate::cli::RunArgs;
use crate::logging::Verbosity;
use crate::run::{cluster, session};

/// Reads the configuration and runs the query.
pub(crate) async fn execute(args: RunArgs, mut sources: Sources) -> ExitCode {
    sources.defaults = cluster::defaults();
    match super::configure(&sources, Verbosity::Quiet) {
        Ok(config) => session::run(&args, &sources, &config).await,
        Err(code) => code,
    }
}

//! `arroyo check`: what is wrong with a query, without running it.

use std::process::ExitCode;

use arroyo_config::Config;
use arroyo_planner::{Plan, PlanRequest};

use super::query::Query;
use super::{EXIT_FAILURE, EXIT_USAGE};
use crate::cli::QueryArgs;
use crate::terminal;

/// Plans the query; prints warnings and errors to stderr.
/// Exit code 0 if it would run, 1 if not, 2 if it cannot be read.
pub(crate) async fn execute(args: &QueryArgs, config: &Config) -> ExitCode {
    match plan(args, config, 1) {
        Ok(plan) => {
            let operators = plan.program.operator_ids().len();
            terminal::line(&format!("ok: {operators} operators in {} nodes", plan.program.nodes.len()));
            ExitCode::SUCCESS
        }
        Err(code) => code,
    }
}

/// Reads and plans the query of a command, printing what is wrong with it.
pub(super) fn plan(args: &QueryArgs, config: &Config, parallelism: u32) -> Result<Plan, ExitCode> {
    let query = Query::read(args, None).map_err(|error| {
        terminal::failure(&error);
        ExitCode::from(EXIT_USAGE)
    })?;
    let request = PlanRequest {
        parallelism,
        chaining: config.pipeline.chaining.enabled,
        source_name: query.source_name.clone(),
        ..PlanRequest::new(query.sql.as_str())
    };
    let request = match query.answered(&request)? {
        Some(left) => PlanRequest { sql: left.rest, ..request },
        None => return Err(ExitCode::SUCCESS),
    };
    let show = |diagnostics: &[arroyo_planner::Diagnostic]| {
        if !diagnostics.is_empty() {
            terminal::line(arroyo_planner::render(diagnostics, &query.sql, &query.source_name).trim_end());
        }
    };
    match arroyo_planner::plan(&request) {
        Ok(plan) => {
            show(&plan.warnings);
            Ok(plan)
        }
        Err(diagnostics) => {
            show(&diagnostics.0);
            Err(ExitCode::from(EXIT_FAILURE))
        }
    }
}

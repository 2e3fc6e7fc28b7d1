//! `arroyo explain`: how a query will be executed.

use std::process::ExitCode;

use arroyo_config::Config;

use super::{EXIT_FAILURE, check};
use crate::cli::{ExplainArgs, ExplainFormat};
use crate::terminal;

/// Prints the logical, streaming and physical plan, or a drawing of the physical one.
pub(crate) async fn execute(args: &ExplainArgs, config: &Config) -> ExitCode {
    let plan = match check::plan(&args.query, config, args.parallelism) {
        Ok(plan) => plan,
        Err(code) => return code,
    };
    let text = match args.format {
        ExplainFormat::Dot => arroyo_dataflow::to_dot(&plan.program),
        ExplainFormat::Mermaid => arroyo_dataflow::to_mermaid(&plan.program),
        ExplainFormat::Tree => format!(
            "Logical plan\n{}\n\nStreaming plan\n{}\n\nPhysical plan\n{}",
            plan.logical.trim_end(),
            plan.stream.trim_end(),
            arroyo_dataflow::to_tree(&plan.program)
        ),
    };
    match terminal::print(&text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&format!("cannot write to standard output: {error}"));
            ExitCode::from(EXIT_FAILURE)
        }
    }
}

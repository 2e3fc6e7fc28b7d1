//! What has no streaming operator yet, and what to use instead.

use datafusion::logical_expr::LogicalPlan;

use crate::stream::place::span_of_plan;
use crate::{Diagnostic, codes};

/// Why `plan`'s topmost node cannot run.
pub(super) fn unsupported(plan: &LogicalPlan) -> Diagnostic {
    let diagnostic = match plan {
        LogicalPlan::Subquery(_) => {
            Diagnostic::error(&codes::SUBQUERY, "this subquery cannot be made a join, so it cannot run as a stream")
                .help("write it as a join, or as a subquery in FROM")
        }
        LogicalPlan::RecursiveQuery(_) => {
            Diagnostic::error(&codes::NOT_STREAMABLE, "recursive queries cannot run as a stream")
                .help("write the steps as separate views")
        }
        LogicalPlan::Repartition(_) => {
            Diagnostic::error(&codes::NOT_STREAMABLE, "streams are distributed by the engine, not by the query")
                .help("leave the DISTRIBUTE BY out")
        }
        other => Diagnostic::error(&codes::NOT_STREAMABLE, format!("{} cannot run as a stream", name_of(other))),
    };
    diagnostic.at(span_of_plan(plan))
}

fn name_of(plan: &LogicalPlan) -> String {
    let text = plan.display().to_string();
    let name: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    if name.is_empty() { "this".to_owned() } else { format!("`{name}`") }
}

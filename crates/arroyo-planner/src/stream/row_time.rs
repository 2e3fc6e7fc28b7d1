//! `row_time()` in the condition of a join, which is refused: each side has an event time.

use arroyo_expr::ROW_TIME;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::place::span_of;
use super::plan_fault;
use crate::{Diagnostic, codes};

/// Whether an expression asks for the event time of its row.
pub(crate) fn asks_for_row_time(expr: &Expr) -> bool {
    let is_row_time = |expr: &Expr| Ok(matches!(expr, Expr::ScalarFunction(call) if call.name() == ROW_TIME));
    expr.exists(is_row_time).unwrap_or(true)
}

/// The plan, if no condition of a join asks for the event time of its row.
pub(super) fn refuse_in_joins(plan: LogicalPlan) -> Result<LogicalPlan, Diagnostic> {
    let mut fault = None;
    let visited = plan.apply_with_subqueries(|plan| {
        if let LogicalPlan::Join(join) = plan {
            let keys = join.on.iter().flat_map(|(left, right)| [left, right]);
            fault = keys.chain(&join.filter).find(|expr| asks_for_row_time(expr)).map(refusal);
        }
        Ok(if fault.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    match (visited, fault) {
        (Ok(_), None) => Ok(plan),
        (Ok(_), Some(fault)) => Err(fault),
        (Err(error), _) => Err(plan_fault(&error)),
    }
}

pub(super) fn refusal(condition: &Expr) -> Diagnostic {
    Diagnostic::error(&codes::JOIN, "`row_time()` in the condition of a join could be that of either side")
        .at(span_of(condition))
        .help("select it as a column in a subquery on the side that you mean: (SELECT *, row_time() AS at FROM …)")
}

//! Where in the user's text an expression stands.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::{Location, Span};

/// The place of an expression: that of all its columns. `None` if it has none whose place is known.
pub(crate) fn span_of(expr: &Expr) -> Option<Span> {
    let mut span: Option<Span> = None;
    let visited = expr.apply(|expr| {
        if let Expr::Column(column) | Expr::OuterReferenceColumn(_, column) = expr
            && let Some(found) = column.spans.first()
        {
            let found = Span { start: location(found.start), end: location(found.end) };
            span = Some(span.map_or(found, |span| span.union(found)));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    visited.ok().and(span)
}

/// The place of a plan node: that of its first expression whose place is known.
pub(crate) fn span_of_plan(plan: &LogicalPlan) -> Option<Span> {
    plan.expressions().iter().find_map(span_of)
}

fn location(location: datafusion::common::Location) -> Location {
    Location { line: location.line, column: location.column }
}

//! `GROUP BY ()`, in a form that DataFusion's planner reads.
//!
//! ```text
//! before:  SELECT count(*) FROM bids GROUP BY ()
//! after:   SELECT count(*) FROM bids GROUP BY GROUPING SETS (())
//! ```
//! Beside other groups `()` adds nothing, and goes.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, GroupByExpr, Query, Select, VisitorMut};

use super::visit::visit_all;

/// Rewrites the empty groups of a query.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_select(&mut self, found: &mut Select) -> ControlFlow<()> {
            select(found);
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

fn select(select: &mut Select) {
    let GroupByExpr::Expressions(groups, _) = &mut select.group_by else { return };
    let had_groups = !groups.is_empty();
    groups.retain(|group| !matches!(group, Expr::Tuple(columns) if columns.is_empty()));
    if had_groups && groups.is_empty() {
        groups.push(Expr::GroupingSets(vec![Vec::new()]));
    }
}

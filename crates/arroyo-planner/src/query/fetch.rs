//! `FETCH FIRST n ROWS ONLY`, which is another word for LIMIT.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, LimitClause, Query, Value, VisitorMut};

use super::visit::visit_all;

/// Rewrites the FETCH clauses of a query. Those that LIMIT cannot say are refused before.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            if let Some(fetch) = query.fetch.take_if(|_| !has_limit(query.limit_clause.as_ref())) {
                let one = || Expr::Value(Value::Number("1".to_owned(), false).with_empty_span());
                limit(query, fetch.quantity.unwrap_or_else(one));
            }
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

fn has_limit(clause: Option<&LimitClause>) -> bool {
    !matches!(clause, None | Some(LimitClause::LimitOffset { limit: None, .. }))
}

fn limit(query: &mut Query, count: Expr) {
    match &mut query.limit_clause {
        Some(LimitClause::LimitOffset { limit, .. }) => *limit = Some(count),
        clause => {
            *clause = Some(LimitClause::LimitOffset { limit: Some(count), offset: None, limit_by: Vec::new() });
        }
    }
}

//! CROSS APPLY and OUTER APPLY, as joins with LATERAL.
//!
//! ```text
//! before:  FROM a CROSS APPLY (SELECT …) AS b
//! after:   FROM a CROSS JOIN LATERAL (SELECT …) AS b
//!
//! before:  FROM a OUTER APPLY (SELECT …) AS b
//! after:   FROM a LEFT JOIN LATERAL (SELECT …) AS b ON true
//! ```

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, JoinConstraint, JoinOperator, Query, Select, TableFactor, TableWithJoins, Value, VisitorMut,
};

use super::visit::visit_all;

/// Rewrites all of a query.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            select.from.iter_mut().for_each(joins);
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

fn joins(tables: &mut TableWithJoins) {
    for join in &mut tables.joins {
        join.join_operator = match join.join_operator {
            JoinOperator::CrossApply => JoinOperator::CrossJoin(JoinConstraint::None),
            JoinOperator::OuterApply => {
                JoinOperator::LeftOuter(JoinConstraint::On(Expr::Value(Value::Boolean(true).with_empty_span())))
            }
            _ => continue,
        };
        if let TableFactor::Derived { lateral, .. } = &mut join.relation {
            *lateral = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    #[test]
    fn they_are_lateral() {
        for (before, after) in [
            ("a CROSS APPLY (SELECT 1) AS b", "a CROSS JOIN LATERAL (SELECT 1) AS b"),
            ("a OUTER APPLY (SELECT 1) AS b", "a LEFT OUTER JOIN LATERAL (SELECT 1) AS b ON true"),
            ("a CROSS APPLY UNNEST(a.c) AS b", "a CROSS JOIN UNNEST(a.c) AS b"),
        ] {
            let text = format!("SELECT 1 FROM {before}");
            let mut query = parsed(&text);
            rewrite(&mut query);
            assert_eq!(query.to_string(), format!("SELECT 1 FROM {after}"));
        }
    }
}

//! Subqueries in the aggregates of a SELECT, told apart.
//!
//! ```text
//! before:  SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM a)) AS x,
//!                 count(*) FILTER (WHERE EXISTS (SELECT 1 FROM b)) AS y FROM t
//! after:   SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM a)) AS x,
//!                 count(*) FILTER (WHERE coalesce(EXISTS (SELECT 1 FROM b))) AS y FROM t
//! ```
//! DataFusion names the column of an aggregate after its call, in which each subquery is `<subquery>`, and refuses two with the same name.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Query, Select, VisitorMut};

use super::template::filled;
use super::visit::{is_aggregate, visit_all};

/// Rewrites all SELECTs of a query.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            let mut numbered = Numbered::default();
            visit_all(&mut select.projection, &mut numbered);
            visit_all(&mut select.having, &mut numbered);
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

/// Wraps the n-th of different subqueries n times, where that changes nothing but a name.
#[derive(Default)]
struct Numbered {
    /// The texts of the subqueries that were found.
    found: Vec<String>,
    aggregates: usize,
    /// How deep in subqueries; their SELECTs are looked at on their own.
    queries: usize,
    /// How deep in ANY and ALL, whose right side must be a bare subquery.
    comparisons: usize,
}

impl Numbered {
    fn count(&mut self, expr: &Expr, by: impl Fn(&mut usize)) {
        match expr {
            _ if self.queries > 0 => {}
            Expr::Function(call) if is_aggregate(call) => by(&mut self.aggregates),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => by(&mut self.comparisons),
            _ => {}
        }
    }
}

impl VisitorMut for Numbered {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.queries -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.count(expr, |depth| *depth += 1);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.count(expr, |depth| *depth -= 1);
        let is_one = match expr {
            Expr::Exists { .. } | Expr::InSubquery { .. } | Expr::Subquery(_) => true,
            Expr::AnyOp { right, .. } | Expr::AllOp { right, .. } => matches!(right.as_ref(), Expr::Subquery(_)),
            _ => false,
        };
        if !is_one || self.queries > 0 || self.comparisons > 0 || self.aggregates == 0 {
            return ControlFlow::Continue(());
        }
        let text = expr.to_string();
        let number = self.found.iter().position(|found| *found == text).unwrap_or(self.found.len());
        if number == self.found.len() {
            self.found.push(text);
        }
        for _ in 0..number {
            if let Some(wrapped) = filled("coalesce(part_0)", std::slice::from_ref(expr)) {
                *expr = wrapped;
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    #[test]
    fn later_ones_are_wrapped() {
        for (before, after) in [
            (
                "sum((SELECT a)), sum((SELECT b)), max((SELECT a))",
                "sum((SELECT a)), sum(coalesce((SELECT b))), max((SELECT a))",
            ),
            (
                "bool_or(x IN (SELECT a)), bool_or(x IN (SELECT b)), bool_or(x = ANY(SELECT c))",
                "bool_or(x IN (SELECT a)), bool_or(coalesce(x IN (SELECT b))), bool_or(coalesce(coalesce(x = ANY(SELECT c))))",
            ),
            ("(SELECT a), (SELECT b), sum(c)", "(SELECT a), (SELECT b), sum(c)"),
            ("sum((SELECT max(a) FROM u)), upper((SELECT b))", "sum((SELECT max(a) FROM u)), upper((SELECT b))"),
        ] {
            let text = format!("SELECT {before} FROM t");
            let mut query = parsed(&text);
            rewrite(&mut query);
            assert_eq!(query.to_string(), format!("SELECT {after} FROM t"));
        }
    }
}

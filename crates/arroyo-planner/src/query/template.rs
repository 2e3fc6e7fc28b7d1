//! Expressions made of SQL text with places for others.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, VisitorMut};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::visit::visit_all;

/// The expression that `text` is, with `parts` in the places of `part_0`, `part_1`, …; `None` if it is no SQL.
pub(super) fn filled(text: &str, parts: &[Expr]) -> Option<Expr> {
    struct Filler<'a>(&'a [Expr]);
    impl VisitorMut for Filler<'_> {
        type Break = ();

        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::Identifier(name) = expr
                && let Some(place) = name.value.strip_prefix("part_").and_then(|place| place.parse::<usize>().ok())
                && let Some(part) = self.0.get(place)
            {
                *expr = part.clone();
            }
            ControlFlow::Continue(())
        }
    }
    let mut expr = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).ok()?.parse_expr().ok()?;
    visit_all(&mut expr, &mut Filler(parts));
    Some(expr)
}

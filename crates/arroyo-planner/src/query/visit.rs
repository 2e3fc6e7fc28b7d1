//! Looking at, and changing, parts of a query wherever they are in it.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Function, Query, Visit, VisitMut, Visitor, VisitorMut};

use crate::catalog::Functions;

/// Shows all of `part` to `visitor`, which never breaks off.
pub(super) fn visit_all(part: &mut impl VisitMut, visitor: &mut impl VisitorMut<Break = ()>) {
    let _: ControlFlow<()> = part.visit(visitor);
}

/// Whether a part is computed of several rows, or of those of another query.
pub(super) fn is_of_rows(part: &impl Visit) -> bool {
    struct Finder;
    impl Visitor for Finder {
        type Break = ();

        fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
            ControlFlow::Break(())
        }

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(call) if call.over.is_some() || is_aggregate(call) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    part.visit(&mut Finder).is_break()
}

/// Whether a call is one of an aggregate function.
pub(super) fn is_aggregate(call: &Function) -> bool {
    Functions::get().is_aggregate(&call.name.to_string().to_lowercase())
}

#[cfg(test)]
pub(super) mod testing {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::parser::Parser;

    use super::*;

    /// The query of a text.
    pub(in crate::query) fn parsed(text: &str) -> Query {
        *Parser::new(&PostgreSqlDialect {}).try_with_sql(text).unwrap().parse_query().unwrap()
    }
}

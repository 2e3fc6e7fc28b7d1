//! Fields of structs of the query around a subquery, as subscripts.
//!
//! ```text
//! before:  SELECT (SELECT count(*) FROM p WHERE p.at < w.window.start) FROM w
//! after:   SELECT (SELECT count(*) FROM p WHERE p.at < w.window['start']) FROM w
//! ```
//! DataFusion knows no fields of the columns of another query when they are written with dots.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, Expr, Ident, ObjectNamePart, Query, Select, Subscript, TableFactor, Value, VisitorMut,
};

use super::names::key_of;
use super::visit::visit_all;

/// Rewrites all subqueries of a query.
pub(super) fn rewrite(query: &mut Query) {
    visit_all(query, &mut Rewriter { tables: Vec::new() });
}

struct Rewriter {
    /// The tables of the SELECTs around the present place, those of the innermost last.
    tables: Vec<Vec<String>>,
}

impl VisitorMut for Rewriter {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let tables = select.from.iter().flat_map(|from| {
            std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation)).filter_map(name_of)
        });
        self.tables.push(tables.collect());
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _: &mut Select) -> ControlFlow<()> {
        self.tables.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let (Expr::CompoundIdentifier(names), Some((own, around))) = (&*expr, self.tables.split_last())
            && !around.is_empty()
            && let Some(rewritten) = field_of(names, own, around)
        {
            *expr = rewritten;
        }
        ControlFlow::Continue(())
    }
}

/// The name by which columns of a table are called.
fn name_of(factor: &TableFactor) -> Option<String> {
    match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. }
        | TableFactor::UNNEST { alias: Some(alias), .. }
        | TableFactor::NestedJoin { alias: Some(alias), .. } => Some(key_of(&alias.name)),
        TableFactor::Table { name, alias: None, .. } => match name.0.last()? {
            ObjectNamePart::Identifier(name) => Some(key_of(name)),
            ObjectNamePart::Function(_) => None,
        },
        _ => None,
    }
}

/// The same with subscripts, if it may be a field of a column of a table around: `table.column.field`, or `column.field`.
fn field_of(names: &[Ident], own: &[String], around: &[Vec<String>]) -> Option<Expr> {
    let table = key_of(names.first()?);
    if own.contains(&table) {
        return None;
    }
    let of_column = if around.iter().any(|tables| tables.contains(&table)) { 2 } else { 1 };
    let (column, fields) = names.split_at_checked(of_column)?;
    if fields.is_empty() {
        return None;
    }
    let root = match column {
        [column] => Expr::Identifier(column.clone()),
        names => Expr::CompoundIdentifier(names.to_vec()),
    };
    let field = |name: &Ident| {
        let name = Value::SingleQuotedString(key_of(name)).with_span(name.span);
        AccessExpr::Subscript(Subscript::Index { index: Expr::Value(name) })
    };
    Some(Expr::CompoundFieldAccess { root: Box::new(root), access_chain: fields.iter().map(field).collect() })
}

#[cfg(test)]
mod tests {
    use super::super::visit::testing::parsed;
    use super::*;

    fn rewritten(text: &str) -> String {
        let mut query = parsed(text);
        rewrite(&mut query);
        query.to_string()
    }

    #[test]
    fn fields_of_columns_around_a_subquery_are_subscripts() {
        for (text, expected) in [
            (
                "SELECT (SELECT max(p.x) FROM p WHERE p.at < w.win.start AND p.s.a = 1) FROM w",
                "SELECT (SELECT max(p.x) FROM p WHERE p.at < w.win['start'] AND p.s.a = 1) FROM w",
            ),
            (
                "SELECT 1 FROM t AS w WHERE EXISTS (SELECT 1 FROM p, q WHERE q.at < win.start AND p.x = w.x)",
                "SELECT 1 FROM t AS w WHERE EXISTS (SELECT 1 FROM p, q WHERE q.at < win['start'] AND p.x = w.x)",
            ),
            (
                "SELECT 1 FROM w, LATERAL (SELECT p.x FROM p WHERE p.x = w.\"A\".\"B\".c) AS l",
                "SELECT 1 FROM w, LATERAL (SELECT p.x FROM p WHERE p.x = w.\"A\"['B']['c']) AS l",
            ),
            ("SELECT w.win.start FROM w ORDER BY w.win.start", "SELECT w.win.start FROM w ORDER BY w.win.start"),
        ] {
            assert_eq!(rewritten(text), expected);
        }
    }
}

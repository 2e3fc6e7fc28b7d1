//! Other ways to write what DataFusion's planner reads in one way only.
//!
//! ```text
//! hop(…).start                            →  hop(…)['start']
//! x IN UNNEST(tags)                       →  array_has(tags, x), but false for no elements and NULL where one is
//!                                            and no other is x
//! x IN (SELECT unnest(tags))              →  the same
//! (a, b) IN (SELECT x, y FROM t)          →  EXISTS (SELECT 1 FROM (SELECT x, y FROM t) AS in_rows (in_0, in_1)
//!                                                    WHERE in_0 = a AND in_1 = b)
//! x SIMILAR TO p ESCAPE e                 →  x ~ similar_to_escape(p, e)
//! x LIKE p ESCAPE e                       →  x LIKE like_escape(p, e)
//! x RLIKE p                               →  x ~ p
//! (a, b) = (c, d)                         →  see [`super::row_values`]
//! a NATURAL JOIN (SELECT …)               →  a NATURAL JOIN (SELECT …) AS derived_1
//! WITH RECURSIVE t AS (SELECT 1)          →  WITH t AS (SELECT 1)
//! ```

use std::ops::ControlFlow;

use arroyo_expr::{LIKE_ESCAPE, SIMILAR_TO_ESCAPE};
use datafusion::sql::sqlparser::ast::{
    AccessExpr, Expr, Ident, Query, Select, SelectItem, SetExpr, Subscript, TableAlias, TableFactor, TableWithJoins,
    Value, ValueWithSpan, VisitorMut,
};

use super::names::key_of;
use super::template::filled;
use super::visit::visit_all;
use super::{row_values, using};

/// Rewrites a query. None is recursive: those are refused before.
pub(super) fn rewrite(query: &mut Query) {
    visit_all(query, &mut Rewriter { derived: 0 });
}

struct Rewriter {
    /// How many subqueries in FROM have got names.
    derived: usize,
}

impl VisitorMut for Rewriter {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if let Some(with) = &mut query.with {
            with.recursive = false;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        for tables in &mut select.from {
            // Columns that are compared by their names must be told apart.
            if using::name_columns(tables) {
                self.names(tables);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let written = match expr {
            Expr::CompoundFieldAccess { root, access_chain } => {
                if matches!(root.as_ref(), Expr::Function(_) | Expr::Nested(_)) {
                    access_chain.iter_mut().for_each(as_subscript);
                }
                None
            }
            Expr::InUnnest { expr: value, array_expr, negated } => has(value, array_expr, *negated),
            Expr::InSubquery { expr: value, subquery, negated } => match (value.as_ref(), unnested(subquery)) {
                (Expr::Tuple(values), _) => rows_have(values, subquery, *negated),
                (value, Some(list)) => has(value, list, *negated),
                _ => None,
            },
            Expr::SimilarTo { negated, expr, pattern, escape_char } => {
                similar(expr, pattern, escape_char.as_ref(), *negated)
            }
            Expr::RLike { negated, expr, pattern, .. } => {
                let op = if *negated { "!~" } else { "~" };
                filled(&format!("part_0 {op} part_1"), &[expr.as_ref().clone(), pattern.as_ref().clone()])
            }
            Expr::Like { any: false, pattern, escape_char, .. }
            | Expr::ILike { any: false, pattern, escape_char, .. } => {
                if let Some(escape) = escape_char.take() {
                    escape_by_backslash(pattern, escape);
                }
                None
            }
            _ => row_values::written_out(expr),
        };
        if let Some(written) = written {
            *expr = written;
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter {
    fn names(&mut self, tables: &mut TableWithJoins) {
        self.name(&mut tables.relation);
        tables.joins.iter_mut().for_each(|join| self.name(&mut join.relation));
    }

    fn name(&mut self, table: &mut TableFactor) {
        match table {
            TableFactor::Derived { alias: alias @ None, .. } => {
                self.derived += 1;
                let name = Ident::new(format!("derived_{}", self.derived));
                *alias = Some(TableAlias { explicit: true, name, columns: Vec::new(), at: None });
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.names(table_with_joins),
            _ => {}
        }
    }
}

fn as_subscript(access: &mut AccessExpr) {
    if let AccessExpr::Dot(Expr::Identifier(field)) = access {
        let index = Expr::Value(Value::SingleQuotedString(key_of(field)).with_span(field.span));
        *access = AccessExpr::Subscript(Subscript::Index { index });
    }
}

/// Whether a list has a value, by the rules of IN: of nothing it is false, and where a NULL may be the value it is NULL.
fn has(value: &Expr, list: &Expr, negated: bool) -> Option<Expr> {
    let not = if negated { "NOT " } else { "" };
    let text = format!(
        "{not}CASE WHEN coalesce(array_length(part_0), 0) = 0 THEN false WHEN array_has(part_0, part_1) THEN true \
         WHEN part_1 IS NULL OR array_position(part_0, NULL) IS NOT NULL THEN NULL ELSE false END"
    );
    filled(&text, &[list.clone(), value.clone()])
}

fn similar(text: &Expr, pattern: &Expr, escape: Option<&ValueWithSpan>, negated: bool) -> Option<Expr> {
    let op = if negated { "!~" } else { "~" };
    let parts: Vec<Expr> =
        [text.clone(), pattern.clone()].into_iter().chain(escape.cloned().map(Expr::Value)).collect();
    let escape = if escape.is_some() { ", part_2" } else { "" };
    filled(&format!("part_0 {op} {SIMILAR_TO_ESCAPE}(part_1{escape})"), &parts)
}

fn escape_by_backslash(pattern: &mut Expr, escape: ValueWithSpan) {
    if let Some(read) = filled(&format!("{LIKE_ESCAPE}(part_0, part_1)"), &[pattern.clone(), Expr::Value(escape)]) {
        *pattern = read;
    }
}

/// The list in `SELECT unnest(list)`.
fn unnested(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let is_bare = select.from.is_empty() && select.selection.is_none() && query.limit_clause.is_none();
    let [SelectItem::UnnamedExpr(Expr::Function(call))] = select.projection.as_slice() else { return None };
    if !is_bare || !call.name.to_string().eq_ignore_ascii_case("unnest") {
        return None;
    }
    super::unnest::only_argument(call)
}

/// Whether a subquery has a row of these values.
fn rows_have(values: &[Expr], subquery: &Query, negated: bool) -> Option<Expr> {
    let names: Vec<String> = (0..values.len()).map(|place| format!("in_{place}")).collect();
    let equal: Vec<String> = (0..values.len()).map(|place| format!("in_{place} = part_{place}")).collect();
    let (not, condition) = match (negated, equal.join(" AND ")) {
        (false, equal) => ("", equal),
        (true, equal) => ("NOT ", format!("({equal}) IS NOT FALSE")),
    };
    let text = format!("{not}EXISTS (SELECT 1 FROM (SELECT 1) AS in_rows ({}) WHERE {condition})", names.join(", "));
    let mut exists = filled(&text, values)?;
    let of_exists = match &mut exists {
        Expr::Exists { subquery, .. } => subquery,
        Expr::UnaryOp { expr, .. } => match expr.as_mut() {
            Expr::Exists { subquery, .. } => subquery,
            _ => return None,
        },
        _ => return None,
    };
    let SetExpr::Select(select) = of_exists.body.as_mut() else { return None };
    match &mut select.from.first_mut()?.relation {
        TableFactor::Derived { subquery: rows, .. } => **rows = subquery.clone(),
        _ => return None,
    }
    Some(exists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    #[test]
    fn one_way_is_left() {
        for (before, after) in [
            ("SELECT hop(x).start FROM t", "SELECT hop(x)['start'] FROM t"),
            ("SELECT (r).A FROM t", "SELECT (r)['a'] FROM t"),
            ("SELECT a.b.c FROM t", "SELECT a.b.c FROM t"),
            (
                "SELECT 1 FROM t WHERE 'x' IN UNNEST(tags)",
                "SELECT 1 FROM t WHERE CASE WHEN coalesce(array_length(tags), 0) = 0 THEN false WHEN array_has(tags, 'x') THEN true WHEN 'x' IS NULL OR array_position(tags, NULL) IS NOT NULL THEN NULL ELSE false END",
            ),
            (
                "SELECT 1 FROM t WHERE x NOT IN (SELECT unnest(tags))",
                "SELECT 1 FROM t WHERE NOT CASE WHEN coalesce(array_length(tags), 0) = 0 THEN false WHEN array_has(tags, x) THEN true WHEN x IS NULL OR array_position(tags, NULL) IS NOT NULL THEN NULL ELSE false END",
            ),
            (
                "SELECT 1 FROM t WHERE (a, b) IN (SELECT x, y FROM u)",
                "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM (SELECT x, y FROM u) AS in_rows (in_0, in_1) WHERE in_0 = a AND in_1 = b)",
            ),
            (
                "SELECT 1 FROM t WHERE (a, b) NOT IN (SELECT x, y FROM u)",
                "SELECT 1 FROM t WHERE NOT EXISTS (SELECT 1 FROM (SELECT x, y FROM u) AS in_rows (in_0, in_1) WHERE (in_0 = a AND in_1 = b) IS NOT FALSE)",
            ),
            (
                "SELECT 1 FROM t WHERE a || b NOT SIMILAR TO 'x%' ESCAPE '!'",
                "SELECT 1 FROM t WHERE a || b !~ similar_to_escape('x%', '!')",
            ),
            (
                "SELECT 1 FROM t WHERE a NOT ILIKE b || '%' ESCAPE '!'",
                "SELECT 1 FROM t WHERE a NOT ILIKE like_escape(b || '%', '!')",
            ),
            ("SELECT (a, b) = (1, 2) FROM t", "SELECT ((a = 1) AND (b = 2)) FROM t"),
            ("SELECT * FROM t NATURAL JOIN (SELECT 1)", "SELECT * FROM t NATURAL JOIN (SELECT 1) AS derived_1"),
            ("SELECT * FROM t JOIN (SELECT 1) ON true", "SELECT * FROM t JOIN (SELECT 1) ON true"),
            ("WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t", "WITH t AS (SELECT 1) SELECT * FROM t"),
        ] {
            let mut query = parsed(before);
            rewrite(&mut query);
            assert_eq!(query.to_string(), after);
        }
    }
}

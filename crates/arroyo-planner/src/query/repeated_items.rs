//! Names for what a SELECT list has several times, as columns of a result have names of their own.
//!
//! ```text
//! SELECT id, id::TEXT, id       →  SELECT id, id::TEXT AS id_1, id AS id_2
//! SELECT max(ts), max(ts)::DATE  →  SELECT max(ts), max(ts)::DATE AS "max(ts)_1"
//! ```
//! DataFusion names a column after its expression without the casts, and refuses two with the same name.
//! Items that get the same name by AS (`id, 1 AS id`) are refused here, in words that fit.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, Query, Select, SelectItem, SetExpr, TableFactor, VisitorMut,
};

use super::names::key_of;
use super::visit::visit_all;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// Names the repeated items of all SELECT lists of a query.
///
/// # Errors
/// `SQL023` at each name that a SELECT list has by AS and once more.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Vec<Diagnostic>> {
    #[derive(Default)]
    struct Rewriter {
        faults: Vec<Diagnostic>,
    }
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            if has_several(&query.body) {
                let text = query.to_string().to_lowercase();
                name_in(&mut query.body, &text);
            }
            find_same_names(&query.body, &mut self.faults);
            ControlFlow::Continue(())
        }
    }
    let mut rewriter = Rewriter::default();
    visit_all(query, &mut rewriter);
    if rewriter.faults.is_empty() { Ok(()) } else { Err(rewriter.faults) }
}

fn find_same_names(body: &SetExpr, faults: &mut Vec<Diagnostic>) {
    match body {
        SetExpr::Select(select) => {
            let table = only_table(select);
            let mut seen = BTreeSet::new();
            for name in select.projection.iter().filter_map(|item| written_name(item, table.as_deref())) {
                let key = key_of(name);
                if seen.contains(&key) {
                    let message = format!("two columns of the query are called `{key}`");
                    let fault = Diagnostic::error(&codes::DUPLICATE_COLUMN, message).at(sql_span(name.span));
                    faults.push(fault.help("give one of them another name with AS"));
                }
                seen.insert(key);
            }
        }
        SetExpr::SetOperation { left, right, .. } => {
            find_same_names(left, faults);
            find_same_names(right, faults);
        }
        _ => {}
    }
}

/// The name of a column that has AS, or is one of a table alone.
fn written_name<'a>(item: &'a SelectItem, table: Option<&str>) -> Option<&'a Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => match parts.as_slice() {
            [qualifier, name] if Some(key_of(qualifier).as_str()) == table => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn has_several(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => {
            let mut names = BTreeSet::new();
            unnamed(select).any(|expr| !names.insert(name_of(expr, select)))
        }
        SetExpr::SetOperation { left, right, .. } => has_several(left) || has_several(right),
        _ => false,
    }
}

fn unnamed(select: &Select) -> impl Iterator<Item = &Expr> {
    select.projection.iter().filter_map(|item| match item {
        SelectItem::UnnamedExpr(expr) => Some(expr),
        _ => None,
    })
}

/// `text` is that of the query; a new name is nowhere in it.
fn name_in(body: &mut SetExpr, text: &str) {
    match body {
        SetExpr::Select(select) => {
            let mut seen = BTreeSet::new();
            let names: Vec<Option<Ident>> = select
                .projection
                .iter()
                .map(|item| match item {
                    SelectItem::UnnamedExpr(expr) => {
                        let name = name_of(expr, select);
                        (!seen.insert(name.clone())).then(|| new_name(short(expr).unwrap_or(&name), &mut seen, text))
                    }
                    _ => None,
                })
                .collect();
            for (item, name) in select.projection.iter_mut().zip(names) {
                if let (SelectItem::UnnamedExpr(expr), Some(alias)) = (&mut *item, name) {
                    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
                }
            }
        }
        SetExpr::SetOperation { left, right, .. } => {
            name_in(left, text);
            name_in(right, text);
        }
        _ => {}
    }
}

fn new_name(name: &str, seen: &mut BTreeSet<String>, text: &str) -> Ident {
    let mut number = 1;
    loop {
        let new = format!("{name}_{number}");
        if !text.contains(&new.to_lowercase()) && seen.insert(new.clone()) {
            return Ident::with_quote('"', new);
        }
        number += 1;
    }
}

/// The name of a column without its table.
fn short(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::CompoundIdentifier(parts) => parts.last().map(|name| name.value.as_str()),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => short(expr),
        _ => None,
    }
}

/// What a column without AS is called: the same for expressions that DataFusion would call the same.
fn name_of(expr: &Expr, select: &Select) -> String {
    let mut expr = expr.clone();
    visit_all(&mut expr, &mut Plain { table: only_table(select) });
    while let Expr::Nested(inner) = expr {
        expr = *inner;
    }
    match expr {
        Expr::Identifier(name) => name.value,
        other => other.to_string(),
    }
}

/// How the columns are qualified if there is one table.
pub(super) fn only_table(select: &Select) -> Option<String> {
    let [tables] = select.from.as_slice() else { return None };
    match (&tables.relation, tables.joins.as_slice()) {
        (TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. }, []) => {
            Some(key_of(&alias.name))
        }
        (TableFactor::Table { alias: None, name, .. }, []) => name.0.last()?.as_ident().map(key_of),
        _ => None,
    }
}

/// Leaves casts, qualifiers that say nothing, and the case of names out.
struct Plain {
    table: Option<String>,
}

impl VisitorMut for Plain {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let plain = match expr {
            Expr::Cast { expr, .. } => Some(expr.as_ref().clone()),
            // Each subquery is called the same.
            Expr::Exists { negated, .. } => {
                Some(Expr::Identifier(Ident::new(format!("{}EXISTS (<subquery>)", if *negated { "NOT " } else { "" }))))
            }
            Expr::Subquery(_) => Some(Expr::Identifier(Ident::new("(<subquery>)"))),
            Expr::TypedString(typed) => Some(Expr::Value(typed.value.clone())),
            Expr::Identifier(name) => Some(Expr::Identifier(Ident::new(key_of(name)))),
            Expr::CompoundIdentifier(parts) => {
                let names: Vec<String> = parts.iter().map(key_of).collect();
                Some(match names.as_slice() {
                    [table, name] if Some(table) == self.table.as_ref() => Expr::Identifier(Ident::new(name)),
                    _ => Expr::CompoundIdentifier(names.into_iter().map(Ident::new).collect()),
                })
            }
            Expr::Function(function) => {
                function.name = ObjectName::from(vec![Ident::new(function.name.to_string().to_lowercase())]);
                None
            }
            _ => None,
        };
        if let Some(plain) = plain {
            *expr = plain;
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    #[test]
    fn repeated_items_get_names() {
        for (before, after) in [
            ("id, ID::TEXT, id_1, t.id", r#"id, ID::TEXT AS "id_2", id_1, t.id AS "id_3""#),
            ("max(ts), CAST(max(ts) AS DATE)", r#"max(ts), CAST(max(ts) AS DATE) AS "max(ts)_1""#),
            ("MAX(ts::DATE), max(ts)", r#"MAX(ts::DATE), max(ts) AS "max(ts)_1""#),
            ("1, 1, (1)", r#"1, 1 AS "1_1", (1) AS "1_2""#),
            ("item.name, name, u.id, id", "item.name, name, u.id, id"),
            ("a AS x, b AS y, *", "a AS x, b AS y, *"),
            ("u.id, u.id, u.id::TEXT", r#"u.id, u.id AS "id_1", u.id::TEXT AS "id_2""#),
            (r#"id, "ID""#, r#"id, "ID""#),
            (
                "EXISTS (SELECT 1), EXISTS (SELECT 2)",
                r#"EXISTS (SELECT 1), EXISTS (SELECT 2) AS "EXISTS (<subquery>)_1""#,
            ),
        ] {
            let text = format!("SELECT {before} FROM t");
            let mut query = parsed(&text);
            assert_eq!(rewrite(&mut query), Ok(()), "{before}");
            assert_eq!(query.to_string(), format!("SELECT {after} FROM t"));
        }
    }
}

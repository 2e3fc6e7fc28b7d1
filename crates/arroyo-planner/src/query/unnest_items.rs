//! UNNEST in SELECT beside casts and new names of columns, as UNNEST in FROM.
//!
//! ```text
//! before:  SELECT id, at::DATE, unnest(tags) FROM bids
//! after:   SELECT id, at::DATE, unnest_items.list_0 AS "UNNEST(bids.tags)"
//!          FROM bids, UNNEST(tags) AS unnest_items (list_0)
//! ```
//! DataFusion's planner computes all items below an unnest in SELECT, beside the columns that they are made of, and then cannot tell
//! `at` from what is called like it: a cast, or an item with `AS at`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, Query, Select, SelectItem, TableAlias, TableAliasColumnDef, TableFactor, TableWithJoins,
    Visit, Visitor, VisitorMut,
};

use super::names::key_of;
use super::repeated_items::only_table;
use super::unnest::only_argument;
use super::visit::{is_of_rows, visit_all};

const TABLE: &str = "unnest_items";

/// Rewrites the SELECTs of a query that need it; those with `*`, groups, aggregates or subqueries stay as they are.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            if let Some((projection, lists)) = moved(select) {
                select.projection = projection;
                select.from.push(TableWithJoins { relation: unnest(lists), joins: Vec::new() });
            }
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

/// The items over lists in FROM, and those lists; `None` if it is better, or not possible, to leave them.
fn moved(select: &Select) -> Option<(Vec<SelectItem>, Vec<Expr>)> {
    let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(groups, _) if groups.is_empty());
    if is_grouped || select.having.is_some() || select.from.is_empty() {
        return None;
    }
    let items: Vec<(&Expr, Option<&Ident>)> = select.projection.iter().map(expr_and_name).collect::<Option<_>>()?;
    let parts: Vec<Parts> = items.iter().map(|(expr, _)| Parts::of(expr)).collect();
    if parts.iter().any(|parts| parts.is_of_rows) || !parts.iter().any(|parts| parts.has_unnest) {
        return None;
    }
    let columns: BTreeSet<&String> = parts.iter().flat_map(|parts| &parts.columns).collect();
    let mut below = items.iter().zip(&parts).filter(|(_, parts)| !parts.has_unnest);
    if !below.any(|((expr, name), _)| is_taken_for_a_column(expr, *name, &columns)) {
        return None;
    }
    let mut lists = Lists::default();
    let projection = items.iter().zip(parts).map(|((expr, name), parts)| {
        let alias = match name {
            None if parts.has_unnest => Some(Ident::with_quote('"', name_of(expr, select))),
            name => name.cloned(),
        };
        let mut expr = (*expr).clone();
        visit_all(&mut expr, &mut lists);
        match alias {
            Some(alias) => SelectItem::ExprWithAlias { expr, alias },
            None => SelectItem::UnnamedExpr(expr),
        }
    });
    let projection = projection.collect();
    (!lists.is_nested).then_some((projection, lists.found))
}

fn expr_and_name(item: &SelectItem) -> Option<(&Expr, Option<&Ident>)> {
    match item {
        SelectItem::UnnamedExpr(expr) => Some((expr, None)),
        SelectItem::ExprWithAlias { expr, alias } => Some((expr, Some(alias))),
        _ => None,
    }
}

/// What an item is made of.
#[derive(Default)]
struct Parts {
    has_unnest: bool,
    /// Whether it is computed of several rows, or of those of another query.
    is_of_rows: bool,
    columns: BTreeSet<String>,
}

impl Parts {
    fn of(expr: &Expr) -> Self {
        let mut parts = Self { is_of_rows: is_of_rows(expr), ..Self::default() };
        // The visitor never breaks off.
        let _: ControlFlow<()> = expr.visit(&mut parts);
        parts
    }
}

impl Visitor for Parts {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(call) => self.has_unnest |= call.name.to_string().eq_ignore_ascii_case("unnest"),
            _ => self.columns.extend(column_of(expr).map(key_of)),
        }
        ControlFlow::Continue(())
    }
}

fn column_of(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(names) => names.last(),
        _ => None,
    }
}

/// Whether an item has the name of one of `columns`, and is not that column.
fn is_taken_for_a_column(expr: &Expr, name: Option<&Ident>, columns: &BTreeSet<&String>) -> bool {
    let Some(name) = name.map(key_of) else { return is_cast_of_a_column(expr) };
    columns.contains(&name) && column_of(expr).map(key_of) != Some(name)
}

fn is_cast_of_a_column(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_cast_of_a_column(inner),
        Expr::Cast { expr, .. } => column_of(expr).is_some() || is_cast_of_a_column(expr),
        _ => false,
    }
}

/// What an item without AS is called.
fn name_of(expr: &Expr, select: &Select) -> String {
    let list = match expr {
        Expr::Function(call) => only_argument(call),
        _ => None,
    };
    match (list, only_table(select)) {
        (Some(Expr::Identifier(list)), Some(table)) => format!("UNNEST({table}.{})", key_of(list)),
        (Some(Expr::CompoundIdentifier(list)), _) => {
            let names: Vec<String> = list.iter().map(key_of).collect();
            format!("UNNEST({})", names.join("."))
        }
        _ => expr.to_string(),
    }
}

/// Takes the lists out of items, and leaves their elements there.
#[derive(Default)]
struct Lists {
    found: Vec<Expr>,
    /// Whether one is of elements of another one.
    is_nested: bool,
}

impl VisitorMut for Lists {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let Expr::Function(call) = &*expr else { return ControlFlow::Continue(()) };
        if !call.name.to_string().eq_ignore_ascii_case("unnest") {
            return ControlFlow::Continue(());
        }
        match only_argument(call) {
            Some(list) if !list.to_string().contains(TABLE) => {
                let place = self.found.iter().position(|found| found == list).unwrap_or_else(|| {
                    self.found.push(list.clone());
                    self.found.len() - 1
                });
                *expr = Expr::CompoundIdentifier(vec![Ident::new(TABLE), column(place)]);
            }
            _ => self.is_nested = true,
        }
        ControlFlow::Continue(())
    }
}

fn column(place: usize) -> Ident {
    Ident::new(format!("list_{place}"))
}

fn unnest(lists: Vec<Expr>) -> TableFactor {
    let columns = (0..lists.len()).map(|place| TableAliasColumnDef { name: column(place), data_type: None }).collect();
    TableFactor::UNNEST {
        alias: Some(TableAlias { explicit: true, name: Ident::new(TABLE), columns, at: None }),
        array_exprs: lists,
        with_offset: false,
        with_offset_alias: None,
        with_ordinality: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    fn rewritten(query: &str) -> String {
        let mut query = parsed(query);
        rewrite(&mut query);
        query.to_string()
    }

    #[test]
    fn lists_beside_casts_are_in_from() {
        for (before, after) in [
            (
                "SELECT id, at::DATE, unnest(tags) FROM t",
                r#"SELECT id, at::DATE, unnest_items.list_0 AS "UNNEST(t.tags)" FROM t, UNNEST(tags) AS unnest_items (list_0)"#,
            ),
            (
                "SELECT at + 1 AS at, unnest(u.a) || unnest(b), unnest(u.a) AS c FROM t AS u",
                r#"SELECT at + 1 AS at, unnest_items.list_0 || unnest_items.list_1 AS "unnest(u.a) || unnest(b)", unnest_items.list_0 AS c FROM t AS u, UNNEST(u.a, b) AS unnest_items (list_0, list_1)"#,
            ),
        ] {
            assert_eq!(rewritten(before), after);
        }
    }

    #[test]
    fn others_stay() {
        for query in [
            "SELECT id, at, unnest(tags) AS at FROM t",
            "SELECT at AS at, id AS number, unnest(tags) FROM t",
            "SELECT at::DATE, unnest(unnest(tags)) FROM t",
            "SELECT *, at::DATE, unnest(tags) FROM t",
            "SELECT at::DATE, unnest(array_agg(id)) FROM t GROUP BY at",
            "SELECT id + 1 AS id, unnest(array_agg(id)) FROM t",
            "SELECT at::DATE, tags FROM t",
        ] {
            assert_eq!(rewritten(query), query);
        }
    }
}

//! UNNEST in FROM, in the form that DataFusion's planner reads.
//!
//! ```text
//! before:  LATERAL UNNEST(t.tags) AS tag
//! after:   UNNEST(t.tags) AS tag(tag)
//!
//! before:  UNNEST(t.tags) WITH ORDINALITY AS u(tag, place)
//! after:   UNNEST(t.tags, range(1, coalesce(array_length(t.tags), 0) + 1)) AS u(tag, place)
//!
//! before:  generate_series(1, 3) AS g
//! after:   UNNEST(generate_series(1, 3)) AS g(g)
//!
//! before:  UNNEST([t.a, t.b]) AS e
//! after:   UNNEST(make_array(t.a, t.b)) AS e(e)
//! ```
//! DataFusion's planner looks for the columns in `[…]` among none.
//! Lists beside one another are read in parallel, so the numbers of the elements are one more list. `WITH OFFSET` counts from 0.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, TableAlias, TableAliasColumnDef,
    TableFactor, VisitorMut,
};

use super::template::filled;
use super::visit::visit_all;

/// Rewrites the UNNESTs of a query.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
            as_unnest(factor);
            series(factor);
            numbered(factor);
            if let TableFactor::UNNEST { array_exprs, .. } = factor {
                visit_all(array_exprs, &mut Arrays);
            }
            ControlFlow::Continue(())
        }
    }
    visit_all(query, &mut Rewriter);
}

/// `LATERAL UNNEST(…)`, which the parser takes for a call of some function.
fn as_unnest(factor: &mut TableFactor) {
    let TableFactor::Function { name, args, with_ordinality, alias, .. } = factor else { return };
    if !name.to_string().eq_ignore_ascii_case("unnest") {
        return;
    }
    if let Some(array_exprs) = exprs(args) {
        *factor = TableFactor::UNNEST {
            alias: alias.take(),
            array_exprs,
            with_offset: false,
            with_offset_alias: None,
            with_ordinality: *with_ordinality,
        };
    }
}

/// Functions that make lists, in FROM.
fn series(factor: &mut TableFactor) {
    let (name, args, alias, with_ordinality) = match factor {
        TableFactor::Table { name, args: Some(args), alias, with_ordinality, .. } => {
            (name, &args.args, alias, with_ordinality)
        }
        TableFactor::Function { name, args, alias, with_ordinality, .. } => (name, &*args, alias, with_ordinality),
        _ => return,
    };
    let name = name.to_string().to_lowercase();
    if !["generate_series", "range"].contains(&name.as_str()) {
        return;
    }
    let Some(parts) = exprs(args) else { return };
    let places: Vec<String> = (0..parts.len()).map(|place| format!("part_{place}")).collect();
    let Some(list) = filled(&format!("{name}({})", places.join(", ")), &parts) else { return };
    let named = || TableAlias { explicit: true, name: Ident::new(name.as_str()), columns: Vec::new(), at: None };
    *factor = TableFactor::UNNEST {
        alias: Some(alias.take().unwrap_or_else(named)),
        array_exprs: vec![list],
        with_offset: false,
        with_offset_alias: None,
        with_ordinality: *with_ordinality,
    };
}

fn exprs(arguments: &[FunctionArg]) -> Option<Vec<Expr>> {
    let exprs = arguments.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    });
    exprs.collect()
}

/// The argument of a call that has one.
pub(super) fn only_argument(call: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &call.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] => Some(expr),
        _ => None,
    }
}

/// Writes `[a, b]` as a call.
struct Arrays;

impl VisitorMut for Arrays {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Array(array) = expr {
            let places: Vec<String> = (0..array.elem.len()).map(|place| format!("part_{place}")).collect();
            if let Some(call) = filled(&format!("make_array({})", places.join(", ")), &array.elem) {
                *expr = call;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Names the elements, and adds the list of their numbers.
fn numbered(factor: &mut TableFactor) {
    let TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, with_ordinality } = factor else {
        return;
    };
    let (first, name) = match (&with_ordinality, &with_offset) {
        (true, _) => (1, Ident::new("ordinality")),
        (false, true) => (0, with_offset_alias.take().unwrap_or_else(|| Ident::new("offset"))),
        (false, false) => {
            if let (Some(alias), [_]) = (alias, array_exprs.as_slice())
                && alias.columns.is_empty()
            {
                alias.columns.push(column(alias.name.clone()));
            }
            return;
        }
    };
    (*with_ordinality, *with_offset) = (false, false);
    let Some(numbers) = numbers(array_exprs, first) else { return };
    let alias = alias.get_or_insert_with(|| TableAlias {
        explicit: true,
        name: Ident::new("unnest"),
        columns: Vec::new(),
        at: None,
    });
    if alias.columns.is_empty() && array_exprs.len() == 1 {
        alias.columns.push(column(alias.name.clone()));
    }
    if alias.columns.len() == array_exprs.len() {
        alias.columns.push(column(name));
    }
    array_exprs.push(numbers);
}

fn column(name: Ident) -> TableAliasColumnDef {
    TableAliasColumnDef { name, data_type: None }
}

/// The numbers of the elements of the longest list.
fn numbers(lists: &[Expr], first: i64) -> Option<Expr> {
    let lengths: Vec<String> =
        (0..lists.len()).map(|place| format!("coalesce(array_length(part_{place}), 0)")).collect();
    filled(&format!("range({first}, CAST(greatest({}) AS BIGINT) + {first})", lengths.join(", ")), lists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    fn rewritten(from: &str) -> String {
        let text = format!("SELECT 1 FROM {from}");
        let mut query = parsed(&text);
        rewrite(&mut query);
        query.to_string().split_once("FROM ").unwrap().1.to_owned()
    }

    #[test]
    fn elements_have_names() {
        assert_eq!(rewritten("t, LATERAL UNNEST(t.a) AS e"), "t, UNNEST(t.a) AS e (e)");
        assert_eq!(rewritten("t, UNNEST(t.a) AS u (x)"), "t, UNNEST(t.a) AS u (x)");
        assert_eq!(rewritten("UNNEST(a, b) AS u"), "UNNEST(a, b) AS u");
        assert_eq!(rewritten("UNNEST([a, b]) AS u"), "UNNEST(make_array(a, b)) AS u (u)");
        assert_eq!(rewritten("range(1, 3)"), "UNNEST(range(1, 3)) AS range (range)");
        assert_eq!(
            rewritten("t, LATERAL generate_series(1, t.n) AS g (i)"),
            "t, UNNEST(generate_series(1, t.n)) AS g (i)"
        );
    }

    #[test]
    fn elements_have_numbers() {
        let numbers = "range(1, CAST(greatest(coalesce(array_length(t.a), 0)) AS BIGINT) + 1)";
        for (from, alias) in [
            ("t, UNNEST(t.a) WITH ORDINALITY AS u (x, n)", "u (x, n)"),
            ("t, UNNEST(t.a) WITH ORDINALITY AS u (x)", "u (x, ordinality)"),
            ("t, UNNEST(t.a) WITH ORDINALITY AS u", "u (u, ordinality)"),
            ("t, UNNEST(t.a) WITH ORDINALITY", "unnest (unnest, ordinality)"),
            ("t, LATERAL UNNEST(t.a) WITH ORDINALITY AS u (x, n)", "u (x, n)"),
        ] {
            assert_eq!(rewritten(from), format!("t, UNNEST(t.a, {numbers}) AS {alias}"), "{from}");
        }
        assert!(rewritten("t, UNNEST(t.a) AS x WITH OFFSET AS i").ends_with("+ 0)) AS x (x, i)"));
    }
}

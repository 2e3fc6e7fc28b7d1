//! What a query must not contain, found in its syntax, where the places are known best.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Cte, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Select, SetExpr, Spanned, TableFactor, Visit,
    Visitor, visit_relations,
};

use super::misplaced;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// Every fault of a query that its syntax shows.
pub(super) fn check(query: &Query) -> Vec<Diagnostic> {
    let mut checker = Checker { found: Vec::new() };
    // The visitor never breaks off.
    let _: ControlFlow<()> = query.visit(&mut checker);
    checker.found
}

struct Checker {
    found: Vec<Diagnostic>,
}

impl Checker {
    fn unsupported(&mut self, what: &str, span: Option<crate::Span>, help: &str) {
        self.found
            .push(Diagnostic::error(&codes::UNSUPPORTED_QUERY, format!("{what} is not supported")).at(span).help(help));
    }

    fn body(&mut self, body: &SetExpr) {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left);
                self.body(right);
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.unsupported(
                    "a statement that writes inside of a query",
                    sql_span(body.span()),
                    "use INSERT INTO … SELECT",
                );
            }
            _ => {}
        }
    }

    fn select(&mut self, select: &Select) {
        if select.into.is_some() {
            self.unsupported("SELECT … INTO", sql_span(select.span()), "use INSERT INTO … SELECT");
        }
        self.found.extend(misplaced::in_select(select));
        if select.projection.is_empty() {
            self.found.push(
                Diagnostic::error(&codes::SYNTAX, "the SELECT has no columns")
                    .at(sql_span(select.select_token.0.span))
                    .help("list columns, or write `*`"),
            );
        }
        if !select.connect_by.is_empty() {
            self.unsupported("CONNECT BY", sql_span(select.span()), "a stream has no hierarchy: join it with itself");
        }
        if !select.lateral_views.is_empty() {
            self.unsupported("LATERAL VIEW", sql_span(select.span()), "use UNNEST in the SELECT list");
        }
    }
}

impl Visitor for Checker {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let Some(with) = &query.with
            && with.recursive
            && with.cte_tables.iter().any(refers_to_itself)
        {
            self.found.push(
                Diagnostic::error(&codes::RECURSIVE_CTE, "recursive queries are not supported")
                    .at(sql_span(with.with_token.0.span))
                    .help("write out the levels that there can be, each as a query of its own over the one before"),
            );
        }
        if query.for_clause.is_some() {
            self.unsupported(
                "FOR JSON, XML or BROWSE",
                sql_span(query.span()),
                "a sink's `format` says how rows are written",
            );
        }
        if let Some(fetch) = &query.fetch
            && (fetch.with_ties || fetch.percent)
        {
            self.unsupported(
                "FETCH … PERCENT and WITH TIES",
                sql_span(query.span()),
                "write FETCH FIRST n ROWS ONLY, or keep ranks: WHERE place <= n over rank() OVER (ORDER BY …) AS place",
            );
        }
        if !query.locks.is_empty() {
            self.unsupported("FOR UPDATE", sql_span(query.span()), "a stream's rows cannot be locked: leave it out");
        }
        self.found.extend(misplaced::in_order(query));
        self.body(&query.body);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        let sample = match factor {
            TableFactor::Table { sample, with_hints, .. } => {
                if !with_hints.is_empty() {
                    self.unsupported("a hint behind a table", sql_span(factor.span()), "leave WITH (…) out");
                }
                sample
            }
            TableFactor::Derived { sample, .. } => sample,
            TableFactor::Pivot { .. } | TableFactor::Unpivot { .. } => {
                let help = "aggregate under conditions, such as sum(x) FILTER (WHERE kind = 'a') AS a, or use UNION ALL for UNPIVOT";
                self.unsupported("PIVOT", sql_span(factor.span()), help);
                return ControlFlow::Continue(());
            }
            _ => return ControlFlow::Continue(()),
        };
        if sample.is_some() {
            let help = "keep a part of the rows with a condition, such as WHERE id % 10 = 0";
            self.unsupported("TABLESAMPLE", sql_span(factor.span()), help);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Convert { .. } => self.unsupported("CONVERT", sql_span(expr.span()), "write CAST(x AS INT)"),
            Expr::Substring { substring_from: None, substring_for: None, .. } => self.found.push(
                Diagnostic::error(&codes::WRONG_ARGUMENTS, "the first character of the part of the text is missing")
                    .at(sql_span(expr.span()))
                    .help("write substr(text, start) or substr(text, start, length); characters count from 1"),
            ),
            _ => {}
        }
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let name = function.name.to_string().to_ascii_lowercase();
        if !["tumble", "hop", "cumulate", "session"].contains(&name.as_str()) {
            return ControlFlow::Continue(());
        }
        if function.over.is_some() {
            self.found.push(
                Diagnostic::error(&codes::TIME_WINDOW, format!("`{name}` is not a function for OVER"))
                    .at(sql_span(function.name.span()))
                    .help("use it in GROUP BY"),
            );
        }
        let arguments = match &function.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            _ => &[],
        };
        if arguments.iter().any(is_for_a_table) {
            return ControlFlow::Continue(());
        }
        let (lengths, offsets, usage) = match name.as_str() {
            "tumble" => (1, 1, "tumble(INTERVAL '1 minute')"),
            "hop" => (2, 1, "hop(INTERVAL '1 minute', INTERVAL '1 hour'): the slide and the width"),
            "cumulate" => (2, 1, "cumulate(INTERVAL '1 hour', INTERVAL '1 day'): the step and the longest width"),
            _ => (1, 0, "session(INTERVAL '1 minute')"),
        };
        if !(lengths..=lengths + offsets).contains(&arguments.len()) {
            self.found.push(
                Diagnostic::error(&codes::TIME_WINDOW, format!("`{name}` has a wrong number of arguments"))
                    .at(sql_span(function.span()))
                    .help(format!("write {usage}")),
            );
        }
        for argument in arguments.iter().take(lengths) {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument {
                self.window_length(&name, expr, usage);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether a query of WITH reads its own result.
fn refers_to_itself(cte: &Cte) -> bool {
    let own = cte.alias.name.value.to_lowercase();
    let found = visit_relations(&cte.query, |name| {
        if name.to_string().to_lowercase() == own { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found.is_break()
}

/// Whether an argument makes a window function one of FROM, whose arguments are checked there.
fn is_for_a_table(argument: &FunctionArg) -> bool {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Function(inner))) => {
            inner.name.to_string().eq_ignore_ascii_case("descriptor")
        }
        FunctionArg::Unnamed(_) => false,
        FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => true,
    }
}

impl Checker {
    fn window_length(&mut self, name: &str, expr: &Expr, usage: &str) {
        let text = match expr {
            Expr::Value(value) => value.value.clone().into_string(),
            other => crate::statement::interval_text(other),
        };
        let reason = match text {
            None if matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => {
                Some(format!("`{name}` takes no column: the time is that of the table's WATERMARK"))
            }
            None => Some(format!("`{name}` needs an interval that is written out")),
            Some(text) => match crate::statement::interval_of(&text) {
                Ok(interval) if interval.nanos == 0 => Some(format!("`{name}` needs an interval longer than zero")),
                Ok(_) => None,
                Err(reason) => Some(reason),
            },
        };
        if let Some(reason) = reason {
            let help = format!("write {usage}");
            self.found.push(Diagnostic::error(&codes::TIME_WINDOW, reason).at(sql_span(expr.span())).help(help));
        }
    }
}

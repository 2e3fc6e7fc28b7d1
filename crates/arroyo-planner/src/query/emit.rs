//! `EMIT EVERY`, `ALLOW LATENESS` and `LATE ROWS INTO` as a mark in HAVING, by which they are known behind DataFusion's planner.
//!
//! ```text
//! before:  SELECT … GROUP BY tumble(…) CLUSTER BY _emit(_every => INTERVAL '10' SECOND) HAVING n > 1
//! after:   SELECT … GROUP BY tumble(…) HAVING n > 1 AND _emit(10000000000, 0, '', 1, 1, 1, 5)
//! ```

use std::ops::ControlFlow;

use arroyo_expr::EMIT;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, GroupByExpr,
    Ident, ObjectName, Query, Select, Spanned as _, Value, Visit, Visitor, VisitorMut,
};

use super::visit::visit_all;
use crate::statement::{EVERY, LATE_ROWS, LATENESS, Spanned, interval_of, interval_text, sql_span};
use crate::{Diagnostic, Span, codes};

/// Rewrites the clauses of a query.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Vec<Diagnostic>> {
    let mut rewriter = Rewriter { faults: Vec::new() };
    visit_all(query, &mut rewriter);
    if rewriter.faults.is_empty() { Ok(()) } else { Err(rewriter.faults) }
}

/// The tables of all `LATE ROWS INTO` in a query.
pub(crate) fn late_tables(query: &Query) -> Vec<Spanned<String>> {
    struct Finder(Vec<Spanned<String>>);
    impl Visitor for Finder {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            let arguments = call_of(expr).into_iter().flat_map(arguments);
            self.0.extend(arguments.filter(|(name, _)| name.value == LATE_ROWS).filter_map(|(_, value)| table(value)));
            ControlFlow::Continue(())
        }
    }
    let mut finder = Finder(Vec::new());
    let _: ControlFlow<()> = Visit::visit(query, &mut finder);
    finder.0
}

struct Rewriter {
    faults: Vec<Diagnostic>,
}

impl VisitorMut for Rewriter {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.select(select);
        ControlFlow::Continue(())
    }
}

impl Rewriter {
    fn select(&mut self, select: &mut Select) {
        let Some(place) = select.cluster_by.iter().position(|expr| call_of(expr).is_some()) else { return };
        let clauses = select.cluster_by.remove(place);
        let span = sql_span(clauses.span());
        if matches!(&select.group_by, GroupByExpr::Expressions(groups, _) if groups.is_empty()) {
            self.faults.push(not_windowed().at(span));
            return;
        }
        let Some(call) = call_of(&clauses) else { return };
        match mark(call, span) {
            Ok(mark) => select.having = Some(and(select.having.take(), mark)),
            Err(fault) => self.faults.push(fault),
        }
    }
}

/// Why the clauses cannot stand where they do.
pub(crate) fn not_windowed() -> Diagnostic {
    Diagnostic::error(
        &codes::EMIT,
        "EMIT EVERY, ALLOW LATENESS and LATE ROWS INTO are for a SELECT that groups by a window of time",
    )
    .help("write them behind its own GROUP BY tumble(…), hop(…), cumulate(…) or session(…)")
}

fn call_of(expr: &Expr) -> Option<&Function> {
    match expr {
        Expr::Function(function) if function.name.to_string() == EMIT => Some(function),
        _ => None,
    }
}

fn arguments(function: &Function) -> impl Iterator<Item = (&Ident, &Expr)> {
    let list = match &function.args {
        FunctionArguments::List(list) => list.args.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|argument| match argument {
        FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => Some((name, value)),
        FunctionArg::ExprNamed { name: Expr::Identifier(name), arg: FunctionArgExpr::Expr(value), .. } => {
            Some((name, value))
        }
        _ => None,
    })
}

fn table(value: &Expr) -> Option<Spanned<String>> {
    match value {
        Expr::Identifier(name) => Some(Spanned { node: name.value.clone(), span: sql_span(name.span) }),
        _ => None,
    }
}

fn mark(call: &Function, span: Option<Span>) -> Result<Expr, Diagnostic> {
    let (mut every, mut lateness, mut late_table) = (None, None, None);
    for (name, value) in arguments(call) {
        let twice = match name.value.as_str() {
            EVERY => every.replace(positive("EMIT EVERY", value)?).is_some(),
            LATENESS => lateness.replace(length("ALLOW LATENESS", value)?).is_some(),
            _ => late_table.replace(table(value).ok_or_else(|| no_table(value))?).is_some(),
        };
        if twice {
            return Err(Diagnostic::error(&codes::EMIT, "a SELECT has the same clause twice")
                .at(sql_span(value.span()).or(span))
                .help("EMIT EVERY, ALLOW LATENESS and LATE ROWS INTO stand once each, in any order"));
        }
    }
    let start = span.map_or((0, 0), |span| (span.start.line, span.start.column));
    let end = span.map_or((0, 0), |span| (span.end.line, span.end.column));
    let number = |number: String| Expr::value(Value::Number(number, false));
    let values = vec![
        number(every.unwrap_or(0).to_string()),
        number(lateness.unwrap_or(0).to_string()),
        Expr::value(Value::SingleQuotedString(late_table.map(|table| table.node).unwrap_or_default())),
        number(start.0.to_string()),
        number(start.1.to_string()),
        number(end.0.to_string()),
        number(end.1.to_string()),
    ];
    let args = values.into_iter().map(|value| FunctionArg::Unnamed(FunctionArgExpr::Expr(value))).collect();
    Ok(Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(EMIT)]),
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() }),
        ..call.clone()
    }))
}

fn no_table(value: &Expr) -> Diagnostic {
    Diagnostic::error(&codes::EMIT, "LATE ROWS INTO needs the name of a table")
        .at(sql_span(value.span()))
        .help("create a table with `type = 'sink'` before, and write LATE ROWS INTO its_name")
}

fn positive(clause: &str, value: &Expr) -> Result<i64, Diagnostic> {
    match length(clause, value)? {
        0 => Err(Diagnostic::error(&codes::EMIT, format!("{clause} needs an interval longer than zero"))
            .at(sql_span(value.span()))
            .help(format!("write {clause} INTERVAL '10 seconds'"))),
        nanos => Ok(nanos),
    }
}

fn length(clause: &str, value: &Expr) -> Result<i64, Diagnostic> {
    let text = match value {
        Expr::Value(text) => text.value.clone().into_string(),
        other => interval_text(other),
    };
    let interval = text
        .filter(|text| !text.is_empty())
        .ok_or_else(|| format!("{clause} needs an interval that is written out"))
        .and_then(|text| interval_of(&text));
    interval.map(|interval| interval.nanos).map_err(|reason| {
        Diagnostic::error(&codes::EMIT, reason)
            .at(sql_span(value.span()))
            .help(format!("write {clause} INTERVAL '10 seconds'"))
    })
}

fn and(condition: Option<Expr>, mark: Expr) -> Expr {
    let Some(condition) = condition else { return mark };
    let left = Box::new(Expr::Nested(Box::new(condition)));
    Expr::BinaryOp { left, op: BinaryOperator::And, right: Box::new(mark) }
}

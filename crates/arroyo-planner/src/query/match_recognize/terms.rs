//! Conditions and measures as expressions over terms.
//!
//! ```text
//! before:  LAST(a.price, 1) > price * 2 AND count(b.*) < 3
//! after:   _term_0 > _term_1 * 2 AND _term_2 < 3
//!          _term_0 = price of the last row but one of a, _term_1 = price of the last row, _term_2 = count(*) of the rows of b
//! ```

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, Expr as SqlExpr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Spanned, Value,
    VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::tokenizer;

use super::variables::Variables;
use crate::statement::{FINAL, RUNNING, sql_span};
use crate::stream::match_node::{Term, TermValue, term_name};
use crate::{Diagnostic, Span, codes};

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    Define,
    Measures,
}

/// Terms that were found, and the expressions over rows that they are about.
#[derive(Debug, Default)]
pub(super) struct Terms {
    pub(super) terms: Vec<Term>,
    pub(super) row_exprs: Vec<SqlExpr>,
    pub(super) aggregates: Vec<SqlExpr>,
}

/// What the reader of expressions knows.
pub(super) struct Reader<'a> {
    pub(super) variables: &'a Variables,
    /// Whether a name is a column of the input.
    pub(super) is_column: &'a dyn Fn(&Ident) -> bool,
    pub(super) is_aggregate: &'a dyn Fn(&str) -> bool,
    pub(super) clause: Clause,
    pub(super) terms: &'a mut Terms,
}

impl Reader<'_> {
    /// Puts terms into the place of all that asks for rows.
    pub(super) fn read(&mut self, expr: &SqlExpr) -> Result<SqlExpr, Diagnostic> {
        let mut expr = expr.clone();
        match expr.visit(&mut Outer(self)) {
            ControlFlow::Break(fault) => Err(*fault),
            ControlFlow::Continue(()) => Ok(expr),
        }
    }

    fn add(&mut self, term: Term) -> usize {
        if let Some(known) = self.terms.terms.iter().position(|known| known == &term) {
            return known;
        }
        self.terms.terms.push(term);
        self.terms.terms.len() - 1
    }

    /// What a part of an expression asks for; `None`: its own parts are to be looked at.
    fn term(&mut self, expr: &SqlExpr) -> Result<Option<Term>, Diagnostic> {
        let is_final = false;
        match expr {
            SqlExpr::Identifier(_) | SqlExpr::CompoundIdentifier(_) | SqlExpr::CompoundFieldAccess { .. } => {
                let (value, variables) = self.value(expr)?;
                Ok(Some(Term::Row { value, variables, first: false, skip: 0, shift: 0, is_final }))
            }
            SqlExpr::Subquery(_) | SqlExpr::Exists { .. } | SqlExpr::InSubquery { .. } => {
                Err(Diagnostic::error(&codes::PATTERN, "a subquery is not possible inside of MATCH_RECOGNIZE")
                    .at(sql_span(expr.span()))
                    .help("join the table before MATCH_RECOGNIZE, or around it"))
            }
            SqlExpr::Function(function) => self.function(expr, function, is_final),
            _ => Ok(None),
        }
    }

    fn function(&mut self, expr: &SqlExpr, function: &Function, is_final: bool) -> Result<Option<Term>, Diagnostic> {
        let span = sql_span(function.name.span());
        match name_of(function).as_str() {
            FINAL | RUNNING => {
                let is_final = name_of(function) == FINAL;
                let word = if is_final { "FINAL" } else { "RUNNING" };
                if is_final && self.clause == Clause::Define {
                    return Err(Diagnostic::error(&codes::PATTERN, "FINAL is not possible in DEFINE")
                        .at(span)
                        .help("a condition knows the rows up to its own only: leave FINAL out"));
                }
                let inner = self.only_argument(function)?;
                let (SqlExpr::Function(called), inner) = (inner, inner) else { return Ok(None) };
                let can = ["first", "last"].contains(&name_of(called).as_str()) || self.aggregates(called);
                if !can {
                    return Err(Diagnostic::error(
                        &codes::PATTERN,
                        format!("{word} stands before FIRST, LAST and aggregates only"),
                    )
                    .at(span)
                    .help("inside of PREV and NEXT, write PREV(FINAL LAST(A.price))"));
                }
                self.function(inner, called, is_final)
            }
            "first" | "last" | "prev" | "next" => self.navigation(expr, is_final).map(Some),
            "classifier" => {
                let (value, variables) = self.value(expr)?;
                Ok(Some(Term::Row { value, variables, first: false, skip: 0, shift: 0, is_final }))
            }
            "row_time" => {
                let (value, variables) = self.value(expr)?;
                Ok(Some(Term::Row { value, variables, first: false, skip: 0, shift: 0, is_final }))
            }
            name @ ("match_number" | "match_rowtime") => {
                if self.clause == Clause::Define {
                    let message = format!("{} is not possible in DEFINE", name.to_ascii_uppercase());
                    return Err(Diagnostic::error(&codes::PATTERN, message)
                        .at(span)
                        .help("compare it in WHERE, around MATCH_RECOGNIZE"));
                }
                Ok(Some(if name == "match_number" { Term::MatchNumber } else { Term::MatchTime }))
            }
            _ if self.aggregates(function) => self.aggregate(function, is_final).map(Some),
            _ => Ok(None),
        }
    }

    fn aggregates(&self, function: &Function) -> bool {
        function.over.is_none() && (self.is_aggregate)(&name_of(function))
    }

    /// `PREV(LAST(a.price, 1), 2)` and its parts.
    fn navigation(&mut self, expr: &SqlExpr, is_final: bool) -> Result<Term, Diagnostic> {
        let SqlExpr::Function(function) = expr else {
            let (value, variables) = self.value(expr)?;
            return Ok(Term::Row { value, variables, first: false, skip: 0, shift: 0, is_final });
        };
        let name = name_of(function);
        match name.as_str() {
            "prev" | "next" => {
                let (inner, distance) = self.arguments(function, 1)?;
                let distance = i64::try_from(distance).unwrap_or(i64::MAX);
                let (inner, is_final) = self.semantics(inner, is_final)?;
                let inner_name = match inner {
                    SqlExpr::Function(inner) => name_of(inner),
                    _ => String::new(),
                };
                if ["prev", "next"].contains(&inner_name.as_str()) {
                    return Err(nested(&name, &inner_name, inner));
                }
                match self.navigation(inner, is_final)? {
                    Term::Row { value: TermValue::Classifier, .. } => Err(nested(&name, "classifier", inner)),
                    Term::Row { value, variables, first, skip, is_final, .. } => {
                        let shift = if name == "prev" { -distance } else { distance };
                        Ok(Term::Row { value, variables, first, skip, shift, is_final })
                    }
                    other => Ok(other),
                }
            }
            "first" | "last" => {
                let (inner, skip) = self.arguments(function, 0)?;
                let (value, variables) = self.value(inner)?;
                Ok(Term::Row { value, variables, first: name == "first", skip, shift: 0, is_final })
            }
            _ => {
                let (value, variables) = self.value(expr)?;
                Ok(Term::Row { value, variables, first: false, skip: 0, shift: 0, is_final })
            }
        }
    }

    /// What FINAL or RUNNING stand before.
    fn semantics<'e>(&self, expr: &'e SqlExpr, is_final: bool) -> Result<(&'e SqlExpr, bool), Diagnostic> {
        match expr {
            SqlExpr::Function(function) if [FINAL, RUNNING].contains(&name_of(function).as_str()) => {
                let is_final = name_of(function) == FINAL;
                if is_final && self.clause == Clause::Define {
                    return Err(Diagnostic::error(&codes::PATTERN, "FINAL is not possible in DEFINE")
                        .at(sql_span(function.name.span()))
                        .help("a condition knows the rows up to its own only: leave FINAL out"));
                }
                Ok((self.only_argument(function)?, is_final))
            }
            other => Ok((other, is_final)),
        }
    }

    fn only_argument<'e>(&self, function: &'e Function) -> Result<&'e SqlExpr, Diagnostic> {
        match arguments_of(function) {
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(only))] => Ok(only),
            _ => Err(wrong_arguments(function, "one argument")),
        }
    }

    /// The expression, and the number that may follow it.
    fn arguments<'e>(&self, function: &'e Function, default: u64) -> Result<(&'e SqlExpr, u64), Diagnostic> {
        let offset = |expr: &SqlExpr| match expr {
            SqlExpr::Value(value) => match &value.value {
                Value::Number(text, _) => text.parse().ok().filter(|offset: &u64| *offset <= OFFSET_MAX),
                _ => None,
            },
            _ => None,
        };
        match arguments_of(function) {
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] => Ok((expr, default)),
            [
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)),
                FunctionArg::Unnamed(FunctionArgExpr::Expr(distance)),
            ] => match offset(distance) {
                Some(distance) => Ok((expr, distance)),
                None => Err(Diagnostic::error(
                    &codes::PATTERN,
                    format!("the second argument of {} must be a constant number of rows", upper(function)),
                )
                .at(sql_span(distance.span()).or(sql_span(function.name.span())))
                .help(format!("write a whole number up to {OFFSET_MAX}"))),
            },
            _ => Err(wrong_arguments(function, "an expression and a number of rows")),
        }
    }

    /// An expression over the columns of one row, and whose row it is.
    fn value(&mut self, expr: &SqlExpr) -> Result<(TermValue, Vec<usize>), Diagnostic> {
        if let SqlExpr::Function(function) = expr
            && name_of(function) == "classifier"
        {
            return Ok((TermValue::Classifier, self.classified(function)?));
        }
        if let SqlExpr::Function(function) = expr
            && self.aggregates(function)
        {
            return Err(nested_call(function));
        }
        let (stripped, variables) = self.stripped(expr)?;
        let Some(variables) = variables else {
            return Err(Diagnostic::error(&codes::PATTERN, "FIRST, LAST, PREV and NEXT need a column of a row")
                .at(sql_span(expr.span()))
                .help("write a column, such as LAST(A.price)"));
        };
        let known = self.terms.row_exprs.iter().position(|known| known == &stripped);
        let index = known.unwrap_or_else(|| {
            self.terms.row_exprs.push(stripped);
            self.terms.row_exprs.len() - 1
        });
        Ok((TermValue::Expr(index), variables))
    }

    /// The variables that `CLASSIFIER(u)` looks at.
    fn classified(&self, function: &Function) -> Result<Vec<usize>, Diagnostic> {
        match arguments_of(function) {
            [] => Ok(self.variables.all()),
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::Identifier(name)))] => self.variables.set(name),
            _ => Err(wrong_arguments(function, "a variable, or nothing")),
        }
    }

    fn aggregate(&mut self, function: &Function, is_final: bool) -> Result<Term, Diagnostic> {
        if self.clause == Clause::Define && !can_go_on(function) {
            return Err(Diagnostic::error(&codes::PATTERN, format!("{} is not possible in DEFINE", upper(function)))
                .at(sql_span(function.name.span()))
                .help("a condition can ask for COUNT, SUM, AVG, MIN and MAX, without DISTINCT and ORDER BY"));
        }
        let mut call = function.clone();
        let mut of_all_columns = None;
        if let FunctionArguments::List(list) = &mut call.args {
            for arg in &mut list.args {
                if let FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) = arg {
                    let Some(ident) = name.0.first().and_then(|part| part.as_ident()) else { continue };
                    of_all_columns = Some(self.variables.set(ident)?);
                    *arg = FunctionArg::Unnamed(FunctionArgExpr::Wildcard);
                }
            }
        }
        let (call, variables) = self.stripped(&SqlExpr::Function(call))?;
        let variables = of_all_columns.or(variables).unwrap_or_else(|| self.variables.all());
        let known = self.terms.aggregates.iter().position(|known| known == &call);
        let index = known.unwrap_or_else(|| {
            self.terms.aggregates.push(call);
            self.terms.aggregates.len() - 1
        });
        Ok(Term::Aggregate { call: index, variables, is_final })
    }

    /// `a.price * a.amount` as `price * amount` and the variable; no variable where no column is.
    fn stripped(&self, expr: &SqlExpr) -> Result<(SqlExpr, Option<Vec<usize>>), Diagnostic> {
        let mut expr = expr.clone();
        let mut inner = Inner { reader: self, depth: 0, muted: None, found: None };
        match expr.visit(&mut inner) {
            ControlFlow::Break(fault) => Err(*fault),
            ControlFlow::Continue(()) => Ok((expr, inner.found.map(|(variables, _)| variables))),
        }
    }

    /// The variables of a column, and the column without them.
    fn column(&self, parts: &[Ident]) -> Result<(Vec<usize>, Vec<Ident>), Diagnostic> {
        match parts {
            [first, rest @ ..] if !rest.is_empty() => match self.variables.find(&first.value) {
                Some(variables) => Ok((variables, rest.to_vec())),
                None if (self.is_column)(first) => Ok((self.variables.all(), parts.to_vec())),
                None => Err(self.variables.unknown(&first.value, sql_span(first.span))),
            },
            parts => Ok((self.variables.all(), parts.to_vec())),
        }
    }
}

/// PREV, NEXT, FIRST and LAST look at most so many rows away.
const OFFSET_MAX: u64 = 10_000;

/// Walks through an expression over terms.
struct Outer<'a, 'b>(&'a mut Reader<'b>);

impl VisitorMut for Outer<'_, '_> {
    type Break = Box<Diagnostic>;

    fn pre_visit_expr(&mut self, expr: &mut SqlExpr) -> ControlFlow<Self::Break> {
        match self.0.term(expr) {
            Ok(Some(term)) => {
                let term = self.0.add(term);
                *expr = SqlExpr::Identifier(placeholder(&term_name(term), expr.span()));
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(fault) => ControlFlow::Break(Box::new(fault)),
        }
    }
}

fn placeholder(name: &str, span: tokenizer::Span) -> Ident {
    Ident { value: name.to_owned(), quote_style: Some('"'), span }
}

/// Walks through an expression over the columns of one row, or through an aggregate's call.
struct Inner<'a, 'b> {
    reader: &'a Reader<'b>,
    depth: usize,
    /// What is deeper than this has been looked at.
    muted: Option<usize>,
    /// Whose rows it is about, and as what they were written.
    found: Option<(Vec<usize>, String)>,
}

impl Inner<'_, '_> {
    fn found(&mut self, variables: Vec<usize>, written: &str, span: Option<Span>) -> Result<(), Diagnostic> {
        match &self.found {
            Some((_, known)) if !known.eq_ignore_ascii_case(written) => Err(Diagnostic::error(
                &codes::PATTERN,
                format!("one call asks for rows of {} and of {}", named(known), named(written)),
            )
            .at(span)
            .help("use one call for each: LAST(A.price) - LAST(B.price)")),
            _ => {
                self.found = Some((variables, written.to_owned()));
                Ok(())
            }
        }
    }

    fn look(&mut self, expr: &mut SqlExpr) -> Result<(), Diagnostic> {
        let span = sql_span(expr.span());
        let is_outermost = self.depth == 1;
        if let SqlExpr::CompoundFieldAccess { root, access_chain } = expr
            && let SqlExpr::Identifier(first) = root.as_ref()
        {
            let mut parts = vec![first.clone()];
            let dots = access_chain.iter().map_while(|access| match access {
                AccessExpr::Dot(SqlExpr::Identifier(ident)) => Some(ident.clone()),
                _ => None,
            });
            parts.extend(dots);
            access_chain.drain(..parts.len() - 1);
            **root = self.column(parts, span)?;
            self.muted = Some(self.depth);
            return Ok(());
        }
        let parts = match &*expr {
            SqlExpr::Identifier(ident) => vec![ident.clone()],
            SqlExpr::CompoundIdentifier(parts) => parts.clone(),
            SqlExpr::Function(function) => {
                let name = name_of(function);
                let navigates = ["first", "last", "prev", "next", "classifier", "match_number", "match_rowtime"];
                let is_nested = navigates.contains(&name.as_str()) || [FINAL, RUNNING].contains(&name.as_str());
                if is_nested || (!is_outermost && self.reader.aggregates(function)) {
                    return Err(nested_call(function));
                }
                if name == "row_time" {
                    return self.found(self.reader.variables.all(), "", span);
                }
                return Ok(());
            }
            SqlExpr::Subquery(_) | SqlExpr::Exists { .. } | SqlExpr::InSubquery { .. } => {
                return Err(Diagnostic::error(&codes::PATTERN, "a subquery is not possible inside of MATCH_RECOGNIZE")
                    .at(span)
                    .help("join the table before MATCH_RECOGNIZE, or around it"));
            }
            _ => return Ok(()),
        };
        *expr = self.column(parts, span)?;
        Ok(())
    }

    /// A column without its variable.
    fn column(&mut self, parts: Vec<Ident>, span: Option<Span>) -> Result<SqlExpr, Diagnostic> {
        let (variables, column) = self.reader.column(&parts)?;
        let written =
            if column.len() < parts.len() { parts.first().map_or("", |part| part.value.as_str()) } else { "" };
        self.found(variables, written, span)?;
        Ok(match <[Ident; 1]>::try_from(column) {
            Ok([only]) => SqlExpr::Identifier(only),
            Err(several) => SqlExpr::CompoundIdentifier(several),
        })
    }
}

impl VisitorMut for Inner<'_, '_> {
    type Break = Box<Diagnostic>;

    fn pre_visit_expr(&mut self, expr: &mut SqlExpr) -> ControlFlow<Self::Break> {
        self.depth += 1;
        if self.muted.is_some() {
            return ControlFlow::Continue(());
        }
        match self.look(expr) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => ControlFlow::Break(Box::new(fault)),
        }
    }

    fn post_visit_expr(&mut self, _expr: &mut SqlExpr) -> ControlFlow<Self::Break> {
        self.muted = self.muted.filter(|muted| *muted != self.depth);
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

fn named(variable: &str) -> String {
    if variable.is_empty() { "all variables".to_owned() } else { format!("`{variable}`") }
}

fn name_of(function: &Function) -> String {
    match function.name.0.as_slice() {
        [only] => only.as_ident().map_or_else(|| only.to_string(), |ident| ident.value.clone()).to_ascii_lowercase(),
        _ => function.name.to_string().to_ascii_lowercase(),
    }
}

/// Whether an aggregate has a state of a fixed size, with which it goes on row by row.
fn can_go_on(function: &Function) -> bool {
    let FunctionArguments::List(list) = &function.args else { return false };
    ["count", "sum", "avg", "min", "max"].contains(&name_of(function).as_str())
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty()
        && function.within_group.is_empty()
}

fn upper(function: &Function) -> String {
    name_of(function).to_ascii_uppercase()
}

fn arguments_of(function: &Function) -> &[FunctionArg] {
    match &function.args {
        FunctionArguments::List(list) => &list.args,
        _ => &[],
    }
}

fn wrong_arguments(function: &Function, expected: &str) -> Diagnostic {
    Diagnostic::error(&codes::PATTERN, format!("{} takes {expected}", upper(function)))
        .at(sql_span(function.name.span()))
        .help("write, for example, LAST(A.price, 1)")
}

fn nested(outer: &str, inner: &str, at: &SqlExpr) -> Diagnostic {
    let (outer, inner) = (outer.to_ascii_uppercase(), inner.to_ascii_uppercase());
    Diagnostic::error(&codes::PATTERN, format!("{inner} cannot stand inside of {outer}"))
        .at(sql_span(at.span()))
        .help("add the numbers of rows: PREV(A.price, 3)")
}

fn nested_call(function: &Function) -> Diagnostic {
    Diagnostic::error(&codes::PATTERN, format!("{} stands inside of another call that asks for rows", upper(function)))
        .at(sql_span(function.name.span()))
        .help("only PREV and NEXT take FIRST and LAST: PREV(LAST(A.price, 1), 2)")
}

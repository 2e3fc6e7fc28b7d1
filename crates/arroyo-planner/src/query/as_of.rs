//! `FOR SYSTEM_TIME AS OF` and `ASOF JOIN` as joins with a mark in their condition, by which they are known behind DataFusion's
//! planner.
//!
//! ```text
//! before:  a JOIN b FOR SYSTEM_TIME AS OF a.at ON a.k = b.k
//! after:   a JOIN b ON a.k = b.k AND as_of(a.at)
//!
//! before:  a ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.k = b.k
//! after:   a LEFT JOIN b ON a.k = b.k AND as_of(a.at >= b.at)
//! ```
//! An `ASOF JOIN` without ON has the mark alone.

use std::ops::ControlFlow;

use arroyo_expr::AS_OF;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, Join,
    JoinConstraint, JoinOperator, ObjectName, Query, Select, Spanned, TableFactor, TableVersion, TableWithJoins,
    VisitorMut,
};

use super::visit::visit_all;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// Rewrites the joins of a query.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Vec<Diagnostic>> {
    let mut rewriter = Rewriter { faults: Vec::new() };
    visit_all(query, &mut rewriter);
    if rewriter.faults.is_empty() { Ok(()) } else { Err(rewriter.faults) }
}

struct Rewriter {
    faults: Vec<Diagnostic>,
}

impl VisitorMut for Rewriter {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        select.from.iter_mut().for_each(|from| self.tables(from));
        ControlFlow::Continue(())
    }
}

impl Rewriter {
    fn tables(&mut self, from: &mut TableWithJoins) {
        if version_of(&mut from.relation).is_some() {
            self.faults.push(
                Diagnostic::error(&codes::TEMPORAL_JOIN, "FOR SYSTEM_TIME AS OF needs rows whose time it is")
                    .at(sql_span(from.relation.span()))
                    .help("use it for the right table of a join: a JOIN b FOR SYSTEM_TIME AS OF a.at ON a.k = b.k"),
            );
        }
        if let TableFactor::NestedJoin { table_with_joins, .. } = &mut from.relation {
            self.tables(table_with_joins);
        }
        for join in &mut from.joins {
            self.join(join);
        }
    }

    fn join(&mut self, join: &mut Join) {
        if let TableFactor::NestedJoin { table_with_joins, .. } = &mut join.relation {
            self.tables(table_with_joins);
        }
        let span = sql_span(join.relation.span());
        let version = version_of(&mut join.relation);
        if let JoinOperator::AsOf { match_condition, constraint } = &mut join.join_operator {
            let mut constraint = std::mem::replace(constraint, JoinConstraint::None);
            let mark = mark(match_condition.clone());
            if matches!(constraint, JoinConstraint::None) {
                constraint = JoinConstraint::On(mark);
            } else if !add(&mut constraint, mark) {
                self.faults.push(no_condition("ASOF JOIN", &constraint).at(span));
            }
            join.join_operator = JoinOperator::LeftOuter(constraint);
        }
        let Some(time) = version else { return };
        let constraint = match &mut join.join_operator {
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint) => constraint,
            _ => {
                self.faults.push(
                    Diagnostic::error(&codes::TEMPORAL_JOIN, "FOR SYSTEM_TIME AS OF is for JOIN and LEFT JOIN")
                        .at(span)
                        .help("rows of the right table only come with rows of the left one"),
                );
                return;
            }
        };
        if !add(constraint, mark(time)) {
            self.faults.push(no_condition("FOR SYSTEM_TIME AS OF", constraint).at(span));
        }
    }
}

fn no_condition(what: &str, constraint: &JoinConstraint) -> Diagnostic {
    let fault = Diagnostic::error(&codes::TEMPORAL_JOIN, format!("{what} needs a condition with ON"));
    let JoinConstraint::Using(columns) = constraint else {
        return fault.help("say which key's version is meant: ON a.k = b.k");
    };
    let keys: Vec<String> = columns.iter().map(|column| format!("a.{column} = b.{column}")).collect();
    fault.help(format!("write ON {} in place of USING", keys.join(" AND ")))
}

/// Takes the version away from a table.
fn version_of(table: &mut TableFactor) -> Option<Expr> {
    let TableFactor::Table { version, .. } = table else { return None };
    match version.take() {
        Some(TableVersion::ForSystemTimeAsOf(time)) => Some(time),
        other => {
            *version = other;
            None
        }
    }
}

fn add(constraint: &mut JoinConstraint, mark: Expr) -> bool {
    let JoinConstraint::On(condition) = constraint else { return false };
    let left = Box::new(Expr::Nested(Box::new(condition.clone())));
    *condition = Expr::BinaryOp { left, op: BinaryOperator::And, right: Box::new(mark) };
    true
}

fn mark(argument: Expr) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(AS_OF)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

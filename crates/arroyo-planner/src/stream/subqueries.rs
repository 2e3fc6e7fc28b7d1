//! Subqueries in expressions, and lateral ones, as joins.
//!
//! ```text
//! x IN (SELECT y …), EXISTS (…)      →  semi join
//! x NOT IN (…), NOT EXISTS (…)       →  anti join
//! a OR x IN (…)                      →  mark join, whose column says whether there is a match
//! price > (SELECT avg(price) …)      →  left join with the one row
//! ```
//!
//! The column of a mark join is true or false, and never NULL. So `IN` is refused where it matters that it can be NULL: negated
//! or compared, unless a WHERE is made of it, or of it and others by AND.

use datafusion::common::Column;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::expr::InSubquery;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};

use super::bind::no_join;
use super::optimize::decorrelate;
use super::place::span_of;
use super::{named_subqueries, one_row_subqueries, plan_fault, trial};
use crate::{Diagnostic, codes};

/// The plan without subqueries, where that is possible; what would come out wrong is refused.
pub(super) fn to_joins(plan: LogicalPlan) -> Result<LogicalPlan, Diagnostic> {
    let plan = one_row_subqueries::to_values(plan)
        .and_then(named_subqueries::name_columns)
        .map_err(|error| plan_fault(&error))?;
    match inspect(&plan) {
        Ok(Found { fault: Some(fault), .. }) => Err(fault),
        Ok(Found { any: true, .. }) => {
            let joined = decorrelate(plan.clone())
                .map_err(|_| trial::find_refused(&plan).unwrap_or_else(|| cannot_be_joined(&plan)))?;
            match too_far(&joined).map_err(|error| plan_fault(&error))? {
                Some(column) => Err(refers_too_far(&column, &plan)),
                None => Ok(joined),
            }
        }
        Ok(_) => Ok(plan),
        Err(error) => Err(plan_fault(&error)),
    }
}

/// The fault of a plan's subqueries that DataFusion makes no join of; it names columns that it made up itself.
fn cannot_be_joined(plan: &LogicalPlan) -> Diagnostic {
    let mut place = None;
    let visited = plan.apply_with_subqueries(|plan| {
        plan.apply_expressions(|expr| {
            expr.apply(|expr| {
                let of_subquery = match expr {
                    Expr::OuterReferenceColumn(..) => span_of(expr),
                    Expr::InSubquery(subquery) => span_of(&subquery.expr),
                    _ => None,
                };
                place = place.or(of_subquery);
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    no_join()
        .at(visited.ok().and(place))
        .help("compare with columns of the outer query in the subquery's own WHERE, connected by AND, or write the join yourself")
}

/// A column that a subquery has of a query further out than the one next to it, so that it was joined where there is none.
fn too_far(joined: &LogicalPlan) -> Result<Option<Column>> {
    let mut far = None;
    joined.apply(|plan| {
        let inputs = plan.inputs();
        if !inputs.is_empty() && !matches!(plan, LogicalPlan::Extension(_)) {
            plan.apply_expressions(|expr| {
                let is_far = |column: &&&Column| !inputs.iter().any(|input| input.schema().has_column(column));
                far = far.take().or_else(|| expr.column_refs().iter().find(is_far).copied().cloned());
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        Ok(if far.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(far)
}

/// The fault of a reference to `column` from two levels below it in `plan`.
fn refers_too_far(column: &Column, plan: &LogicalPlan) -> Diagnostic {
    let mut place = None;
    let is_reference = |expr: &Expr| Ok(matches!(expr, Expr::OuterReferenceColumn(_, outer) if outer == column));
    let visited = plan.apply_with_subqueries(|plan| {
        plan.apply_expressions(|expr| {
            for condition in split_conjunction(expr) {
                if condition.exists(is_reference)? {
                    // The innermost comes last.
                    place = span_of(condition).or(place);
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })
    });
    let message = format!("this subquery refers to `{}`, a column of a query two levels out", column.flat_name());
    Diagnostic::error(&codes::SUBQUERY, message)
        .at(visited.ok().and(place))
        .help("a subquery can refer to the query next to it; make one of the two subqueries: EXISTS (SELECT … FROM b JOIN c ON … WHERE …)")
}

/// What a plan has of subqueries.
#[derive(Default)]
struct Found {
    any: bool,
    fault: Option<Diagnostic>,
}

fn inspect(plan: &LogicalPlan) -> Result<Found> {
    let mut found = Found::default();
    plan.apply_with_subqueries(|plan| {
        found.any |= matches!(plan, LogicalPlan::Subquery(_));
        plan.apply_expressions(|expr| {
            expr.apply(|expr| {
                found.any |= is_subquery(expr);
                if let Expr::ScalarSubquery(subquery) = expr
                    && subquery.outer_ref_columns.is_empty()
                    && subquery.subquery.max_rows() != Some(1)
                    && found.fault.is_none()
                {
                    found.fault = Some(
                        Diagnostic::error(&codes::SUBQUERY, "a subquery that stands for a value may have several rows")
                            .help("make it one row with an aggregate without GROUP BY, such as max(…)"),
                    );
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })?;
        if let LogicalPlan::Filter(filter) = plan
            && found.fault.is_none()
        {
            found.fault = null_matters(&filter.predicate, true, &filter.input)?;
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

pub(super) fn is_subquery(expr: &Expr) -> bool {
    matches!(expr, Expr::InSubquery(_) | Expr::Exists(_) | Expr::ScalarSubquery(_) | Expr::SetComparison(_))
}

/// A fault if `expr`, a condition of a WHERE over `input`, has an IN whose NULL is not the same as false. `on_top`: nothing but
/// AND is around it.
fn null_matters(expr: &Expr, on_top: bool, input: &LogicalPlan) -> Result<Option<Diagnostic>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let on_top = on_top && *op == Operator::And;
            Ok(null_matters(left, on_top, input)?.or(null_matters(right, on_top, input)?))
        }
        Expr::InSubquery(subquery) if on_top || !subquery.negated => Ok(null_matters_elsewhere(&subquery.expr, input)),
        Expr::Not(inner) if on_top && matches!(inner.as_ref(), Expr::InSubquery(_)) => Ok(None),
        other => Ok(null_matters_elsewhere(other, input)),
    }
}

fn null_matters_elsewhere(expr: &Expr, input: &LogicalPlan) -> Option<Diagnostic> {
    let mut found = None;
    let _ = expr.apply(|expr| {
        if let Expr::InSubquery(subquery) = expr
            && can_be_null(subquery, input)
        {
            found = Some(
                Diagnostic::error(&codes::SUBQUERY, "IN with a subquery can be NULL here, which would be taken for false")
                    .at(span_of(&subquery.expr))
                    .help("write [NOT] EXISTS (SELECT … WHERE y = x), or keep NULL out of both sides with IS NOT NULL in subqueries in FROM"),
            );
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

fn can_be_null(subquery: &InSubquery, input: &LogicalPlan) -> bool {
    let of_subquery = subquery.subquery.subquery.schema();
    let element = of_subquery.fields().iter().any(|field| field.is_nullable());
    element || subquery.expr.nullable(input.schema().as_ref()).unwrap_or(true)
}

//! Subqueries in expressions, and lateral ones, as joins.
//!
//! ```text
//! x IN (SELECT y …), EXISTS (…)      →  semi join
//! x NOT IN (…), NOT EXISTS (…)       →  anti join
//! a OR x IN (…)                      →  mark join, whose column says whether there is a match
//! price > (SELECT avg(price) …)      →  left join with the one row
//! ```
//!
//! The column of a mark join is true or false, and never NULL: where that matters, [`counted_subqueries`] come before.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan, Subquery};

use super::bind::no_join;
use super::optimize::decorrelate;
use super::place::span_of;
use super::{
    counted_subqueries, limited_subqueries, named_subqueries, one_row_subqueries, outer_values, plan_fault, trial,
};
use crate::{Diagnostic, codes};

/// The plan without subqueries, where that is possible; what would come out wrong is refused.
pub(super) fn to_joins(plan: LogicalPlan) -> Result<LogicalPlan, Diagnostic> {
    let plan = one_row_subqueries::to_values(plan)
        .and_then(counted_subqueries::to_counts)
        .and_then(outer_values::to_columns)
        .and_then(limited_subqueries::to_first_of_each)
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
                found.any |= subquery_of(expr).is_some();
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
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

/// The subquery that an expression is, or compares with.
pub(crate) fn subquery_of(expr: &Expr) -> Option<&Subquery> {
    match expr {
        Expr::Exists(exists) => Some(&exists.subquery),
        Expr::InSubquery(found) => Some(&found.subquery),
        Expr::SetComparison(comparison) => Some(&comparison.subquery),
        Expr::ScalarSubquery(subquery) => Some(subquery),
        _ => None,
    }
}

/// The expression, which is or compares with a subquery, with another one.
pub(super) fn with_subquery(expr: Expr, subquery: Subquery) -> Expr {
    match expr {
        Expr::Exists(exists) => Expr::Exists(Exists { subquery, ..exists }),
        Expr::InSubquery(found) => Expr::InSubquery(InSubquery { subquery, ..found }),
        Expr::SetComparison(comparison) => Expr::SetComparison(SetComparison { subquery, ..comparison }),
        Expr::ScalarSubquery(_) => Expr::ScalarSubquery(subquery),
        other => other,
    }
}

/// The subquery with another plan.
pub(super) fn with_plan(subquery: &Subquery, plan: LogicalPlan) -> Subquery {
    let outer_ref_columns = plan.all_out_ref_exprs();
    Subquery { subquery: Arc::new(plan), outer_ref_columns, ..subquery.clone() }
}

/// Whether there is a subquery in an expression.
pub(crate) fn has_subquery(expr: &Expr) -> bool {
    expr.exists(|expr| Ok(subquery_of(expr).is_some())).unwrap_or(true)
}

//! References to the query around a subquery.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchemaRef};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, Operator};

use crate::stream::subqueries::{subquery_of, with_plan, with_subquery};

/// Columns of the query around a subquery, with their types.
pub(super) type References = BTreeMap<Column, FieldRef>;

/// What a reference becomes; `None` leaves it.
pub(super) type Replace<'a> = dyn FnMut(&FieldRef, &Column) -> Option<Column> + 'a;

/// Replaces references in an expression itself, by columns.
pub(super) fn replace_own(expr: Expr, replace: &mut Replace<'_>) -> Result<Expr> {
    expr.transform_up(|expr| {
        Ok(match &expr {
            Expr::OuterReferenceColumn(field, outer) => match replace(field, outer) {
                Some(column) => Transformed::yes(Expr::Column(column)),
                None => Transformed::no(expr),
            },
            _ => Transformed::no(expr),
        })
    })
    .map(|replaced| replaced.data)
}

/// Replaces references in the subqueries of an expression, to what is in none of `scopes`, by references.
pub(super) fn replace_within(expr: Expr, scopes: &mut Vec<DFSchemaRef>, replace: &mut Replace<'_>) -> Result<Expr> {
    expr.transform_up(|expr| {
        let Some(subquery) = subquery_of(&expr) else { return Ok(Transformed::no(expr)) };
        let plan = replace_in_plan(subquery.subquery.as_ref().clone(), scopes, replace)?;
        Ok(if plan.transformed {
            let subquery = with_plan(subquery, plan.data);
            Transformed::yes(with_subquery(expr, subquery))
        } else {
            Transformed::no(expr)
        })
    })
    .map(|replaced| replaced.data)
}

/// Replaces references in a subquery's plan, to what is in none of `scopes`, by references.
pub(super) fn replace_in_plan(
    plan: LogicalPlan,
    scopes: &mut Vec<DFSchemaRef>,
    replace: &mut Replace<'_>,
) -> Result<Transformed<LogicalPlan>> {
    let around = scopes.len();
    let replaced = plan.transform_down(|plan| {
        let inputs: Vec<_> = plan.inputs().into_iter().map(|input| Arc::clone(input.schema())).collect();
        if let LogicalPlan::Join(join) = &plan {
            // A lateral subquery on the right refers to the left.
            scopes.push(Arc::clone(join.left.schema()));
        }
        plan.map_expressions(|expr| {
            let own = expr.transform_up(|expr| {
                Ok(match &expr {
                    Expr::OuterReferenceColumn(field, outer) if !scopes.iter().any(|scope| scope.has_column(outer)) => {
                        match replace(field, outer) {
                            Some(column) => Transformed::yes(Expr::OuterReferenceColumn(Arc::clone(field), column)),
                            None => Transformed::no(expr),
                        }
                    }
                    _ => Transformed::no(expr),
                })
            })?;
            own.transform_data(|expr| {
                let before = scopes.len();
                scopes.extend(inputs.iter().cloned());
                let within = replace_within(expr.clone(), scopes, replace)?;
                scopes.truncate(before);
                Ok(if within == expr { Transformed::no(expr) } else { Transformed::yes(within) })
            })
        })
    });
    scopes.truncate(around);
    replaced
}

/// Whether a condition is one that can be moved out of an aggregate: a column of the subquery equal to something of the query around.
pub(super) fn is_equality(condition: &Expr) -> bool {
    let Expr::BinaryExpr(equal) = condition else { return false };
    let is_own = |expr: &Expr| match expr {
        Expr::Cast(cast) => matches!(cast.expr.as_ref(), Expr::Column(_)),
        other => matches!(other, Expr::Column(_)),
    };
    let is_outer = |expr: &Expr| !expr.any_column_refs();
    equal.op == Operator::Eq
        && ((is_own(&equal.left) && is_outer(&equal.right)) || (is_own(&equal.right) && is_outer(&equal.left)))
}

//! Names for the columns that IN compares with.
//!
//! `sum(v) IN (SELECT sum(v) FROM …)` becomes a join in which two columns would be called `sum(v)`; so the subquery's is given a name
//! that no other column has.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr::InSubquery;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Projection, Subquery};

/// Names the columns of all subqueries of IN that have no name of their own.
pub(super) fn name_columns(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut named = 0;
    plan.transform_down_with_subqueries(|plan| {
        plan.map_expressions(|expr| {
            expr.transform_up(|expr| {
                let Expr::InSubquery(InSubquery { expr, subquery, negated }) = expr else {
                    return Ok(Transformed::no(expr));
                };
                let plan = with_name(&subquery.subquery, &mut named)?;
                let changed = plan.is_some();
                let inner = plan.map_or_else(|| Arc::clone(&subquery.subquery), Arc::new);
                let subquery = Subquery { subquery: inner, ..subquery };
                let rewritten = Expr::InSubquery(InSubquery { expr, subquery, negated });
                Ok(if changed { Transformed::yes(rewritten) } else { Transformed::no(rewritten) })
            })
        })
    })
    .map(|rewritten| rewritten.data)
}

/// `None` if the plan's only column has a name of its own.
fn with_name(plan: &LogicalPlan, named: &mut usize) -> Result<Option<LogicalPlan>> {
    let mut name = || {
        *named += 1;
        format!("in_subquery_{named}")
    };
    if let LogicalPlan::Projection(projection) = plan {
        return match projection.expr.as_slice() {
            [Expr::Column(column)] if column.relation.is_some() => Ok(None),
            [Expr::Alias(_)] => Ok(None),
            [computed] => {
                let exprs = vec![computed.clone().alias(name())];
                Ok(Some(LogicalPlan::Projection(Projection::try_new(exprs, Arc::clone(&projection.input))?)))
            }
            _ => Ok(None),
        };
    }
    match plan.schema().columns().as_slice() {
        [Column { relation: None, .. }] => {}
        _ => return Ok(None),
    }
    let only = plan.schema().columns().into_iter().map(|column| Expr::Column(column).alias(name()));
    let only: Vec<Expr> = only.collect();
    LogicalPlanBuilder::from(plan.clone()).project(only)?.build().map(Some)
}

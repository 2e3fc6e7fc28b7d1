//! DISTINCT ON keeps the first row of each group.
//!
//! Before:
//! ```text
//! DistinctOn: on_expr=[[bidder]], select_expr=[[bidder, price]], sort_expr=[[bidder, price DESC]]
//!   TableScan: bids
//! ```
//! After:
//! ```text
//! Projection: bidder, price
//!   Filter: row_number() … <= 1
//!     WindowAggr: row_number() PARTITION BY [bidder] ORDER BY [price DESC]
//!       TableScan: bids
//! ```
//! Without ORDER BY it is the earliest row by event time: a stream has no other first one.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::expr_fn::ExprFunctionExt;
use datafusion::logical_expr::{
    Distinct, DistinctOn, Expr, LogicalPlan, LogicalPlanBuilder, Projection, SortExpr, lit,
};

/// Rewrites every DISTINCT ON of a plan.
pub(crate) fn to_first_rows(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Distinct(Distinct::On(on)) => first_rows(on).map(Transformed::yes),
        other => Ok(Transformed::no(other)),
    });
    rewritten.map(|rewritten| rewritten.data)
}

fn first_rows(on: DistinctOn) -> Result<LogicalPlan> {
    let DistinctOn { on_expr, select_expr, sort_expr, input, schema } = on;
    // What all rows of a group have in common does not order them.
    let order = sort_expr.unwrap_or_default().into_iter().filter(|sort| !on_expr.contains(&sort.expr));
    let mut order: Vec<SortExpr> = order.collect();
    if order.is_empty() {
        order.push(arroyo_expr::row_time().sort(true, false));
    }
    let place = row_number().partition_by(on_expr).order_by(order).build()?;
    let numbered = LogicalPlanBuilder::from(Arc::unwrap_or_clone(input)).window(vec![place])?.build()?;
    let Some(place) = numbered.schema().iter().last().map(|field| Expr::Column(Column::from(field))) else {
        return Ok(numbered);
    };
    let first = LogicalPlanBuilder::from(numbered).filter(place.lt_eq(lit(1u64)))?.build()?;
    Ok(LogicalPlan::Projection(Projection::try_new_with_schema(select_expr, Arc::new(first), schema)?))
}

//! EXCEPT ALL and INTERSECT ALL, by how often a row is there.
//!
//! DataFusion makes a join of them that asks only whether the other side has the row. Before, for `a EXCEPT ALL b`:
//! ```text
//! LeftAnti Join: a.x = b.x
//!   TableScan: a
//!   TableScan: b
//! ```
//! After, where equal rows have the numbers 1, 2, 3, …:
//! ```text
//! Projection: a.x
//!   LeftAnti Join: a.x = b.x, left_number = right_number
//!     Projection: a.x, row_number() … AS left_number
//!       WindowAggr: row_number() PARTITION BY [a.x]
//!         TableScan: a
//!     Projection: b.x, row_number() … AS right_number
//!       WindowAggr: row_number() PARTITION BY [b.x]
//!         TableScan: b
//! ```
//! Without ALL the left side of the join is distinct, and the number of its rows is right as it is.

use std::sync::Arc;

use datafusion::common::NullEquality;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::expr_fn::ExprFunctionExt;
use datafusion::logical_expr::{Distinct, Expr, Join, JoinType, LogicalPlan, LogicalPlanBuilder};

/// Rewrites every such operation of a plan that was just made of SQL.
pub(super) fn count_equal_rows(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        Ok(match plan {
            LogicalPlan::Join(join) if is_of_all(&join) => Transformed::yes(by_number(join)?),
            other => Transformed::no(other),
        })
    });
    rewritten.map(|rewritten| rewritten.data)
}

/// Whether a join is that of an operation with ALL: no other takes NULLs for equal before it is optimised.
fn is_of_all(join: &Join) -> bool {
    matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti)
        && join.null_equality == NullEquality::NullEqualsNull
        && join.filter.is_none()
        && !matches!(join.left.as_ref(), LogicalPlan::Distinct(Distinct::All(_)))
}

fn by_number(mut join: Join) -> Result<LogicalPlan> {
    let columns: Vec<Expr> = join.left.schema().columns().into_iter().map(Expr::Column).collect();
    let (left, left_number) = numbered(join.left, "left_number")?;
    let (right, right_number) = numbered(join.right, "right_number")?;
    join.on.push((left_number, right_number));
    let join = Join::try_new(
        Arc::new(left),
        Arc::new(right),
        join.on,
        None,
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    LogicalPlanBuilder::from(LogicalPlan::Join(join)).project(columns)?.build()
}

/// The rows of `side` with a number that tells equal ones apart, and its column.
fn numbered(side: Arc<LogicalPlan>, name: &str) -> Result<(LogicalPlan, Expr)> {
    let columns: Vec<Expr> = side.schema().columns().into_iter().map(Expr::Column).collect();
    let number = row_number().partition_by(columns.clone()).build()?;
    let numbered = LogicalPlanBuilder::from(side).window([number])?.build()?;
    let number = numbered.schema().columns().into_iter().next_back();
    let with_name = columns.into_iter().chain(number.map(|number| Expr::Column(number).alias(name)));
    let plan = LogicalPlanBuilder::from(numbered).project(with_name.collect::<Vec<_>>())?.build()?;
    Ok((plan, datafusion::logical_expr::ident(name)))
}

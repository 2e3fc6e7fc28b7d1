//! Subqueries in aggregates, in calls with OVER, in ORDER BY and in ON, as columns of what those read.
//!
//! Before, for `SELECT sum(CASE WHEN customer IN (SELECT …) THEN amount END) FROM orders`:
//! ```text
//! Aggregate: groupBy=[[]], aggr=[[sum(CASE WHEN orders.customer IN (<subquery>) THEN orders.amount END)]]
//!   TableScan: orders
//! ```
//! After:
//! ```text
//! Aggregate: groupBy=[[]], aggr=[[sum(CASE WHEN subquery_1 THEN orders.amount END)]]
//!   Projection: orders.*, orders.customer IN (<subquery>) AS subquery_1
//!     TableScan: orders
//! ```
//! So is what is compared with the rows of another one, as in `(SELECT …) IN (SELECT …)`. In the ON of an inner join they are
//! conditions of a filter above it; in that of another join, columns of the side that they refer to. So there are subqueries in
//! filters and projections only, which can become joins.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DataFusionError};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{InSubquery, SetComparison};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Filter, Join, JoinType, LogicalPlan, LogicalPlanBuilder, Projection};

use crate::catalog::Raised;
use crate::stream::{has_subquery, span_of, subquery_of};
use crate::{Diagnostic, codes};

/// Rewrites a plan that was just made of SQL.
pub(super) fn take_out(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut taken = 0;
    let rewritten = plan.transform_up_with_subqueries(|plan| {
        let rewritten = match &plan {
            LogicalPlan::Aggregate(aggregate) => of_input(&plan, &aggregate.input, &mut taken)?,
            LogicalPlan::Window(window) => of_input(&plan, &window.input, &mut taken)?,
            LogicalPlan::Sort(sort) => of_input(&plan, &sort.input, &mut taken)?,
            LogicalPlan::Filter(filter) => compared(&plan, &filter.input, &mut taken)?,
            LogicalPlan::Projection(projection) => compared(&plan, &projection.input, &mut taken)?,
            LogicalPlan::Join(join) if join.join_type == JoinType::Inner => above(join)?,
            LogicalPlan::Join(join) => of_sides(join, &mut taken)?,
            _ => None,
        };
        Ok(rewritten.map_or_else(|| Transformed::no(plan), Transformed::yes))
    });
    rewritten.map(|rewritten| rewritten.data)
}

/// Takes subqueries out of expressions.
struct Taken<'a> {
    /// How many were taken out of the whole plan.
    count: &'a mut usize,
    columns: Vec<Expr>,
}

impl Taken<'_> {
    fn take(&mut self, expr: Expr) -> Result<Transformed<Expr>> {
        expr.transform_down(|expr| {
            if subquery_of(&expr).is_none() {
                return Ok(Transformed::no(expr));
            }
            *self.count += 1;
            let name = format!("subquery_{}", self.count);
            self.columns.push(expr.alias(&name));
            Ok(Transformed::new(Expr::Column(Column::new_unqualified(name)), true, TreeNodeRecursion::Jump))
        })
    }

    /// Only what is compared with the rows of a subquery.
    fn take_compared(&mut self, expr: Expr) -> Result<Transformed<Expr>> {
        expr.transform_down(|expr| match expr {
            Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
                let expr = self.take(*expr)?;
                Ok(expr.update_data(|expr| Expr::InSubquery(InSubquery { expr: Box::new(expr), subquery, negated })))
            }
            Expr::SetComparison(comparison) => {
                let expr = self.take(*comparison.expr)?;
                Ok(expr.update_data(|expr| Expr::SetComparison(SetComparison { expr: Box::new(expr), ..comparison })))
            }
            other => Ok(Transformed::no(other)),
        })
    }
}

/// `plan` over the subqueries of its expressions as columns of its input.
fn of_input(plan: &LogicalPlan, input: &Arc<LogicalPlan>, taken: &mut usize) -> Result<Option<LogicalPlan>> {
    over_columns(plan, input, Taken { count: taken, columns: Vec::new() }, Taken::take)
}

/// `plan` over the subqueries that its expressions compare with the rows of others, as columns of its input.
fn compared(plan: &LogicalPlan, input: &Arc<LogicalPlan>, taken: &mut usize) -> Result<Option<LogicalPlan>> {
    over_columns(plan, input, Taken { count: taken, columns: Vec::new() }, Taken::take_compared)
}

fn over_columns<'a>(
    plan: &LogicalPlan,
    input: &Arc<LogicalPlan>,
    mut taken: Taken<'a>,
    take: fn(&mut Taken<'a>, Expr) -> Result<Transformed<Expr>>,
) -> Result<Option<LogicalPlan>> {
    let is_sort = matches!(plan, LogicalPlan::Sort(_));
    let names = NamePreserver::new(plan);
    let rewritten = plan.clone().map_expressions(|expr| match expr {
        // The name of a grouping set is that of its parts.
        Expr::GroupingSet(_) => Ok(Transformed::no(expr)),
        // The order has no columns.
        expr if is_sort => take(&mut taken, expr),
        expr => {
            let name = names.save(&expr);
            Ok(take(&mut taken, expr)?.update_data(|expr| name.restore(expr)))
        }
    })?;
    if taken.columns.is_empty() {
        return Ok(None);
    }
    let exprs = rewritten.data.expressions();
    let rewritten = rewritten.data.with_new_exprs(exprs, vec![with_columns(input, taken.columns)?])?;
    if matches!(plan, LogicalPlan::Aggregate(_) | LogicalPlan::Projection(_)) {
        return Ok(Some(rewritten));
    }
    only(rewritten, plan).map(Some)
}

/// The rows of `input` with further columns. What ORDER BY refers to may be below the SELECT list.
fn with_columns(input: &Arc<LogicalPlan>, columns: Vec<Expr>) -> Result<LogicalPlan> {
    if let LogicalPlan::Projection(Projection { expr, input: below, .. }) = input.as_ref()
        && columns.iter().all(|column| refers_to(column, below))
        && !columns.iter().all(|column| refers_to(column, input))
    {
        let exprs = expr.iter().cloned().chain(columns);
        return LogicalPlanBuilder::from(Arc::clone(below)).project(exprs)?.build();
    }
    let own = input.schema().columns().into_iter().map(Expr::Column);
    LogicalPlanBuilder::from(Arc::clone(input)).project(own.chain(columns))?.build()
}

/// Whether all columns that an expression has of the query around its subqueries are those of `plan`.
fn refers_to(expr: &Expr, plan: &LogicalPlan) -> bool {
    columns_around(expr).iter().all(|column| plan.schema().has_column(column))
}

/// The columns that an expression has of the query around its subqueries.
fn columns_around(expr: &Expr) -> Vec<Column> {
    let mut columns: Vec<Column> = expr.column_refs().into_iter().cloned().collect();
    let visited = expr.apply(|expr| {
        if let Some(subquery) = subquery_of(expr) {
            let outer = subquery.outer_ref_columns.iter().filter_map(|outer| match outer {
                Expr::OuterReferenceColumn(_, column) => Some(column.clone()),
                _ => None,
            });
            columns.extend(outer);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    debug_assert!(visited.is_ok(), "the visitor never fails");
    columns
}

/// The columns of `plan` from the rows of another one, which has more.
fn only(rows: LogicalPlan, plan: &LogicalPlan) -> Result<LogicalPlan> {
    let columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
    LogicalPlanBuilder::from(rows).project(columns)?.build()
}

/// An inner join with its conditions of subqueries above it.
fn above(join: &Join) -> Result<Option<LogicalPlan>> {
    let conditions = join.filter.clone().map(split_conjunction_owned).unwrap_or_default();
    let (of_subqueries, of_rows): (Vec<Expr>, Vec<Expr>) = conditions.into_iter().partition(has_subquery);
    let Some(condition) = conjunction(of_subqueries) else { return Ok(None) };
    let join = LogicalPlan::Join(Join { filter: conjunction(of_rows), ..join.clone() });
    Filter::try_new(condition, Arc::new(join)).map(|filter| Some(LogicalPlan::Filter(filter)))
}

/// A join that keeps rows without a match, over the subqueries of its conditions as columns of its sides.
fn of_sides(join: &Join, taken: &mut usize) -> Result<Option<LogicalPlan>> {
    let Some(filter) = join.filter.clone().filter(has_subquery) else { return Ok(None) };
    let mut taken = Taken { count: taken, columns: Vec::new() };
    let filter = taken.take(filter)?.data;
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    for column in taken.columns {
        let around = columns_around(&column);
        let is_of = |side: &LogicalPlan| around.iter().any(|column| side.schema().has_column(column));
        match (is_of(&join.left), is_of(&join.right)) {
            (true, true) => return Err(of_both_sides(&column)),
            (true, false) => of_left.push(column),
            (false, _) => of_right.push(column),
        }
    }
    let side = |side: &Arc<LogicalPlan>, columns: Vec<Expr>| {
        if columns.is_empty() { Ok(Arc::clone(side)) } else { with_columns(side, columns).map(Arc::new) }
    };
    let joined = Join::try_new(
        side(&join.left, of_left)?,
        side(&join.right, of_right)?,
        join.on.clone(),
        Some(filter),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    only(LogicalPlan::Join(joined), &LogicalPlan::Join(join.clone())).map(Some)
}

fn of_both_sides(subquery: &Expr) -> DataFusionError {
    let message = "this subquery in ON refers to columns of both sides of a join that keeps rows without a match";
    let place = columns_around(subquery).into_iter().find_map(|column| span_of(&Expr::Column(column)));
    let help =
        "let it refer to one side, or join the sides with what it reads one after the other, in a subquery in FROM";
    let fault = Diagnostic::error(&codes::SUBQUERY, message).at(place).help(help);
    DataFusionError::External(Box::new(Raised(fault)))
}

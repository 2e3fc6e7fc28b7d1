//! EXISTS, IN, ANY and ALL over a subquery that always has one row, such as an aggregate without GROUP BY.
//!
//! ```text
//! EXISTS (SELECT count(*) …)                       →  true
//! EXISTS (SELECT count(*) … HAVING count(*) > 1)   →  (SELECT count(*) > 1 …) IS TRUE
//! x IN (SELECT count(*) …)                         →  x = (SELECT count(*) …)
//! x NOT IN (SELECT count(*) …)                     →  x <> (SELECT count(*) …)
//! x > ALL (SELECT max(y) …)                        →  x > (SELECT max(y) …)
//! ```
//! As joins they would find nothing where the aggregate has no rows to count; a subquery that stands for a value gets that right.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison};
use datafusion::logical_expr::{
    Distinct, Expr, FetchType, LogicalPlan, LogicalPlanBuilder, Operator, SkipType, Subquery, binary_expr, lit,
};

/// Rewrites every such expression of a plan.
pub(super) fn to_values(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_down_with_subqueries(|plan| plan.map_expressions(|expr| expr.transform_up(to_value)))
        .map(|rewritten| rewritten.data)
}

fn to_value(expr: Expr) -> Result<Transformed<Expr>> {
    let (row, subquery, negated) = match &expr {
        Expr::Exists(Exists { subquery, negated }) | Expr::InSubquery(InSubquery { subquery, negated, .. }) => {
            (OneRow::of(&subquery.subquery)?, subquery, *negated)
        }
        Expr::SetComparison(SetComparison { subquery, .. }) => (OneRow::of(&subquery.subquery)?, subquery, false),
        _ => return Ok(Transformed::no(expr)),
    };
    let Some(row) = row else { return Ok(Transformed::no(expr)) };
    let value = |plan: LogicalPlan| Expr::ScalarSubquery(Subquery { subquery: Arc::new(plan), ..subquery.clone() });
    let there = row.there.map(|condition| Expr::IsTrue(Box::new(value(condition))));
    let (compared, op) = match &expr {
        Expr::InSubquery(of) => (&of.expr, Operator::Eq),
        Expr::SetComparison(of) if there.is_none() => (&of.expr, of.op),
        Expr::SetComparison(_) => return Ok(Transformed::no(expr)),
        _ => {
            let there = there.unwrap_or_else(|| lit(true));
            return Ok(Transformed::yes(if negated { !there } else { there }));
        }
    };
    let equal = binary_expr(compared.as_ref().clone(), op, value(row.plan));
    let found = match there {
        Some(there) => there.and(equal),
        None => equal,
    };
    Ok(Transformed::yes(if negated { !found } else { found }))
}

/// A plan that has one row, or under a condition none.
struct OneRow {
    /// The plan without its condition.
    plan: LogicalPlan,
    /// The condition as a plan of one row with one column.
    there: Option<LogicalPlan>,
}

impl OneRow {
    /// `None` if `plan` may have several rows, or none for other reasons.
    fn of(plan: &LogicalPlan) -> Result<Option<Self>> {
        Ok(match plan {
            LogicalPlan::Aggregate(aggregate) if aggregate.group_expr.is_empty() => Some(Self::always(plan)),
            LogicalPlan::EmptyRelation(relation) if relation.produce_one_row => Some(Self::always(plan)),
            LogicalPlan::Projection(_) | LogicalPlan::SubqueryAlias(_) => {
                let Some(input) = plan.inputs().first().copied().map(Self::of).transpose()?.flatten() else {
                    return Ok(None);
                };
                let exprs = plan.expressions();
                Some(Self { plan: plan.with_new_exprs(exprs, vec![input.plan])?, there: input.there })
            }
            LogicalPlan::Filter(filter) => match Self::of(&filter.input)? {
                Some(Self { plan, there: None }) => {
                    let condition = filter.predicate.clone().alias("there");
                    let there = LogicalPlanBuilder::from(plan.clone()).project([condition])?.build()?;
                    Some(Self { plan, there: Some(there) })
                }
                _ => None,
            },
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => Self::of(&sort.input)?,
            LogicalPlan::Distinct(Distinct::All(input)) => Self::of(input)?,
            LogicalPlan::Limit(limit) => match (limit.get_skip_type()?, limit.get_fetch_type()?) {
                (SkipType::Literal(0), FetchType::Literal(fetch)) if fetch != Some(0) => Self::of(&limit.input)?,
                _ => None,
            },
            _ => None,
        })
    }

    fn always(plan: &LogicalPlan) -> Self {
        Self { plan: plan.clone(), there: None }
    }
}

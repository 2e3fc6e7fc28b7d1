//! EXISTS, IN, ANY and ALL whose value is wanted, and not only whether a WHERE keeps a row, by counting.
//!
//! ```text
//! EXISTS (SELECT …)    →  (SELECT count(*) FROM (SELECT …)) > 0
//! x IN (SELECT y …)    →  CASE WHEN (SELECT count(*) FROM (SELECT y …) WHERE y = x) > 0 THEN TRUE
//!                              WHEN (SELECT count(*) FROM (SELECT y …) WHERE y IS NULL) > 0 THEN NULL
//!                              WHEN x IS NULL AND (SELECT count(*) FROM (SELECT y …)) > 0 THEN NULL
//!                              ELSE FALSE END
//! x = ANY (SELECT …)   →  x IN (SELECT …)
//! x < ANY (SELECT y …) →  the same as IN, but for the first case:
//!                         CASE WHEN x < (SELECT max(y) FROM (SELECT y …)) THEN TRUE …
//! x <> ANY (SELECT …)  →  … WHEN x <> (SELECT min(y) …) OR x <> (SELECT max(y) …) …
//! x <= ALL (SELECT …)  →  NOT x > ANY (SELECT …)
//! ```
//! As semi, anti and mark joins they could stand in a WHERE only, and would never be NULL.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, Filter, LogicalPlan, LogicalPlanBuilder, Operator, Subquery, binary_expr, lit,
    when,
};

use super::subqueries::with_plan;

/// Rewrites those in SELECT, and those in WHERE of which it matters that they can be NULL: negated or compared, unless a WHERE is
/// made of them, or of them and others by AND.
pub(super) fn to_counts(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_down_with_subqueries(|plan| match plan {
        LogicalPlan::Projection(ref projection) => {
            let schema = Arc::clone(projection.input.schema());
            let names = NamePreserver::new_for_projection();
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let counted = expr.transform_up(|expr| counted(expr, &schema))?;
                Ok(counted.update_data(|expr| name.restore(expr)))
            })
        }
        LogicalPlan::Filter(Filter { predicate, input, .. }) => {
            let counted = in_where(predicate, true, input.schema())?;
            let filter = |predicate| Filter::try_new(predicate, input).map(LogicalPlan::Filter);
            let changed = counted.transformed;
            filter(counted.data).map(|plan| if changed { Transformed::yes(plan) } else { Transformed::no(plan) })
        }
        other => Ok(Transformed::no(other)),
    })
    .map(|rewritten| rewritten.data)
}

/// `on_top`: nothing but AND is around the condition.
fn in_where(expr: Expr, on_top: bool, input: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let on_top = on_top && op == Operator::And;
            let (left, right) = (in_where(*left, on_top, input)?, in_where(*right, on_top, input)?);
            let changed = left.transformed || right.transformed;
            let both = Expr::BinaryExpr(BinaryExpr { left: Box::new(left.data), op, right: Box::new(right.data) });
            Ok(if changed { Transformed::yes(both) } else { Transformed::no(both) })
        }
        Expr::InSubquery(ref found) if on_top || !found.negated => Ok(Transformed::no(expr)),
        Expr::Not(ref inner) if on_top && matches!(inner.as_ref(), Expr::InSubquery(_)) => Ok(Transformed::no(expr)),
        other => other.transform_up(|expr| match &expr {
            Expr::InSubquery(found) if can_be_null(found, input) => counted(expr, input),
            _ => Ok(Transformed::no(expr)),
        }),
    }
}

fn can_be_null(found: &InSubquery, input: &DFSchema) -> bool {
    let element = found.subquery.subquery.schema().fields().iter().any(|field| field.is_nullable());
    element || found.expr.nullable(input).unwrap_or(true)
}

/// The expression, over rows of `input`, if it is EXISTS, IN, ANY or ALL.
fn counted(expr: Expr, input: &DFSchema) -> Result<Transformed<Expr>> {
    let (value, negated) = match &expr {
        Expr::Exists(Exists { subquery, negated }) => (Some(has_rows(subquery, None)?), *negated),
        // Computed several times, it would be another value each time.
        Expr::InSubquery(found) if !found.expr.is_volatile() => {
            (any_of(&found.expr, Operator::Eq, &found.subquery, input)?, found.negated)
        }
        Expr::SetComparison(SetComparison { expr: wanted, subquery, op, quantifier }) if !wanted.is_volatile() => {
            let (op, negated) = match quantifier {
                SetQuantifier::Any => (Some(*op), false),
                SetQuantifier::All => (op.negate(), true),
            };
            (op.map_or(Ok(None), |op| any_of(wanted, op, subquery, input))?, negated)
        }
        _ => return Ok(Transformed::no(expr)),
    };
    Ok(match value {
        Some(value) => Transformed::yes(if negated { !value } else { value }),
        None => Transformed::no(expr),
    })
}

/// Whether the comparison is true for any row of the subquery; `None` if it is none of which that can be computed.
fn any_of(wanted: &Expr, op: Operator, subquery: &Subquery, input: &DFSchema) -> Result<Option<Expr>> {
    let (element, field) = subquery.subquery.schema().qualified_field(0);
    let element = Expr::Column(Column::from((element, field)));
    let largest = || value_of(subquery, max(element.clone()));
    let smallest = || value_of(subquery, min(element.clone()));
    let compare = |value| binary_expr(wanted.clone(), op, value);
    let is_true = match op {
        Operator::Eq => has_rows(subquery, Some(element.clone().eq(from_within(wanted.clone(), input)?)))?,
        Operator::Lt | Operator::LtEq => compare(largest()?),
        Operator::Gt | Operator::GtEq => compare(smallest()?),
        Operator::NotEq => compare(smallest()?).or(compare(largest()?)),
        _ => return Ok(None),
    };
    let null = lit(ScalarValue::Boolean(None));
    let mut value = when(is_true, lit(true));
    if field.is_nullable() {
        value = value.when(has_rows(subquery, Some(element.is_null()))?, null.clone());
    }
    if wanted.nullable(input)? {
        value = value.when(wanted.clone().is_null().and(has_rows(subquery, None)?), null);
    }
    value.otherwise(lit(false)).map(Some)
}

/// The expression as a subquery sees it.
fn from_within(expr: Expr, input: &DFSchema) -> Result<Expr> {
    expr.transform_up(|expr| match expr {
        Expr::Column(column) => {
            let (_, field) = input.qualified_field_from_column(&column)?;
            Ok(Transformed::yes(Expr::OuterReferenceColumn(Arc::clone(field), column)))
        }
        other => Ok(Transformed::no(other)),
    })
    .map(|rewritten| rewritten.data)
}

/// Whether the subquery has rows that meet the condition.
fn has_rows(subquery: &Subquery, condition: Option<Expr>) -> Result<Expr> {
    let rows = LogicalPlanBuilder::from(subquery.subquery.as_ref().clone());
    let rows = match condition {
        Some(condition) => rows.filter(condition)?,
        None => rows,
    };
    let rows = Subquery { subquery: Arc::new(rows.build()?), ..subquery.clone() };
    Ok(value_of(&rows, count(lit(1_i64)).alias("rows"))?.gt(lit(0_i64)))
}

/// The aggregate over all rows of the subquery.
fn value_of(subquery: &Subquery, aggregate: Expr) -> Result<Expr> {
    let rows = LogicalPlanBuilder::from(subquery.subquery.as_ref().clone());
    let plan = rows.aggregate(Vec::<Expr>::new(), vec![aggregate])?.build()?;
    Ok(Expr::ScalarSubquery(with_plan(subquery, plan)))
}

//! Rewrites `FROM t CROSS JOIN UNNEST(t.tags) AS u(tag)`: no join, but an unnest of the row's own list.
//!
//! Before:
//! ```text
//! Cross Join:
//!   TableScan: t
//!   SubqueryAlias: u
//!     Subquery:
//!       Projection: element AS tag
//!         Unnest: lists[element]
//!           Projection: outer_ref(t.tags) AS element
//!             EmptyRelation: rows=1
//! ```
//! After:
//! ```text
//! Projection: t.*, element AS u.tag
//!   Unnest: lists[element]
//!     Projection: t.*, t.tags AS element
//!       TableScan: t
//! ```

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, Filter, Join, JoinType, LogicalPlan, Projection, Unnest};

/// Rewrites all lateral unnests of a plan.
pub(crate) fn rewrite_lateral_unnests(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up(|plan| {
        Ok(match plan {
            LogicalPlan::Join(join) => match rewrite(&join)? {
                Some(rewritten) => Transformed::yes(rewritten),
                None => Transformed::no(LogicalPlan::Join(join)),
            },
            other => Transformed::no(other),
        })
    })?;
    Ok(rewritten.data)
}

fn rewrite(join: &Join) -> Result<Option<LogicalPlan>> {
    if join.join_type != JoinType::Inner || !join.on.is_empty() {
        return Ok(None);
    }
    let right = join.right.schema();
    let wanted: Vec<Expr> = right.columns().into_iter().map(Expr::Column).collect();
    let Some((unnest, elements)) = descend(&join.right, wanted)? else { return Ok(None) };
    let LogicalPlan::Projection(lists) = unnest.input.as_ref() else { return Ok(None) };
    let LogicalPlan::EmptyRelation(nothing) = lists.input.as_ref() else { return Ok(None) };
    if !nothing.produce_one_row {
        return Ok(None);
    }

    let left = || join.left.schema().columns().into_iter().map(Expr::Column);
    let mut inner: Vec<Expr> = left().collect();
    for expr in &lists.expr {
        inner.push(without_outer(expr.clone())?);
    }
    let inner = Projection::try_new(inner, Arc::clone(&join.left))?;
    let unnested =
        Unnest::try_new(Arc::new(LogicalPlan::Projection(inner)), unnest.exec_columns.clone(), unnest.options.clone())?;
    let named = elements
        .into_iter()
        .zip(right.iter())
        .map(|(element, (qualifier, field))| element.alias_qualified(qualifier.cloned(), field.name().clone()));
    let outer = Projection::try_new(left().chain(named).collect(), Arc::new(LogicalPlan::Unnest(unnested)))?;
    let outer = LogicalPlan::Projection(outer);
    Ok(Some(match &join.filter {
        Some(condition) => LogicalPlan::Filter(Filter::try_new(condition.clone(), Arc::new(outer))?),
        None => outer,
    }))
}

/// The unnest below `plan`, and `wanted` (over `plan`) over the unnest's columns; `None` if there is more in between than
/// projections.
fn descend(plan: &LogicalPlan, wanted: Vec<Expr>) -> Result<Option<(&Unnest, Vec<Expr>)>> {
    match plan {
        LogicalPlan::Unnest(unnest) => Ok(Some((unnest, wanted))),
        LogicalPlan::Subquery(subquery) => descend(&subquery.subquery, wanted),
        LogicalPlan::SubqueryAlias(alias) => {
            let inner: Vec<Expr> = alias.input.schema().columns().into_iter().map(Expr::Column).collect();
            descend(&alias.input, replace(wanted, &alias.schema, &inner)?)
        }
        LogicalPlan::Projection(projection) => {
            descend(&projection.input, replace(wanted, &projection.schema, &projection.expr)?)
        }
        _ => Ok(None),
    }
}

/// `exprs` over `schema`, whose columns are `definitions`, over what those are over.
fn replace(exprs: Vec<Expr>, schema: &DFSchema, definitions: &[Expr]) -> Result<Vec<Expr>> {
    let definition = |column: &Column| schema.maybe_index_of_column(column).and_then(|index| definitions.get(index));
    exprs
        .into_iter()
        .map(|expr| {
            let replaced = expr.transform_up(|expr| {
                Ok(match &expr {
                    Expr::Column(column) => match definition(column) {
                        Some(definition) => Transformed::yes(without_outer(definition.clone())?),
                        None => Transformed::no(expr),
                    },
                    _ => Transformed::no(expr),
                })
            })?;
            Ok(replaced.data)
        })
        .collect()
}

fn without_outer(expr: Expr) -> Result<Expr> {
    let replaced = expr.transform_up(|expr| {
        Ok(match expr {
            Expr::OuterReferenceColumn(_, column) => Transformed::yes(Expr::Column(column)),
            other => Transformed::no(other),
        })
    })?;
    Ok(replaced.data)
}

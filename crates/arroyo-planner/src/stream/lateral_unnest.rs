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
//! A LEFT JOIN (`ON true`) makes an outer unnest: a row whose list has no elements is there once, with NULL.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, DataFusionError, NullHandling};
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Filter, Join, JoinType, LogicalPlan, Projection, Unnest, lit};

use super::place::span_of;
use crate::catalog::Raised;
use crate::{Diagnostic, codes};

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
    let is_outer = join.join_type == JoinType::Left;
    if !(is_outer || join.join_type == JoinType::Inner) || !join.on.is_empty() {
        return Ok(None);
    }
    let right = join.right.schema();
    let wanted: Vec<Expr> = right.columns().into_iter().map(Expr::Column).collect();
    let Some(Below { unnest, exprs, conditions }) = descend(&join.right, wanted)? else { return Ok(None) };
    let LogicalPlan::Projection(lists) = unnest.input.as_ref() else { return Ok(None) };
    let LogicalPlan::EmptyRelation(nothing) = lists.input.as_ref() else { return Ok(None) };
    if !nothing.produce_one_row {
        return Ok(None);
    }
    let condition = join.filter.clone().filter(|condition| *condition != lit(true));
    let has_only_elements = exprs.iter().all(|expr| matches!(expr.clone().unalias_nested().data, Expr::Column(_)));
    if is_outer && (condition.is_some() || !conditions.is_empty() || !has_only_elements) {
        return Err(DataFusionError::External(Box::new(Raised(not_only_elements(condition.as_ref())))));
    }

    let left = || join.left.schema().columns().into_iter().map(Expr::Column);
    let mut inner: Vec<Expr> = left().collect();
    for expr in &lists.expr {
        inner.push(without_outer(expr.clone())?);
    }
    let inner = Projection::try_new(inner, Arc::clone(&join.left))?;
    let mut options = unnest.options.clone();
    if is_outer {
        options.null_handling = NullHandling::PreserveAndExpandEmpty;
    }
    let unnested = Unnest::try_new(Arc::new(LogicalPlan::Projection(inner)), unnest.exec_columns.clone(), options)?;
    let unnested = with_filter(LogicalPlan::Unnest(unnested), conjunction(conditions))?;
    let named = exprs
        .into_iter()
        .zip(right.iter())
        .map(|(expr, (qualifier, field))| expr.alias_qualified(qualifier.cloned(), field.name().clone()));
    let outer = Projection::try_new(left().chain(named).collect(), Arc::new(unnested))?;
    Ok(Some(with_filter(LogicalPlan::Projection(outer), condition)?))
}

fn with_filter(plan: LogicalPlan, condition: Option<Expr>) -> Result<LogicalPlan> {
    match condition {
        Some(condition) => Ok(LogicalPlan::Filter(Filter::try_new(condition, Arc::new(plan))?)),
        None => Ok(plan),
    }
}

fn not_only_elements(condition: Option<&Expr>) -> Diagnostic {
    Diagnostic::error(
        &codes::NOT_STREAMABLE,
        "a LEFT JOIN with UNNEST gives all elements of the list, without a condition",
    )
    .at(condition.and_then(span_of))
    .help("write LEFT JOIN UNNEST(…) AS u ON true, and compute with the elements in SELECT")
}

/// An unnest, and what is made of its rows above it.
struct Below<'a> {
    unnest: &'a Unnest,
    /// The columns, over those of the unnest.
    exprs: Vec<Expr>,
    /// Which rows are left, over the same.
    conditions: Vec<Expr>,
}

/// The unnest below `plan`, and `wanted` (over `plan`) over the unnest's columns; `None` if there is more in between than
/// projections and filters.
fn descend(plan: &LogicalPlan, wanted: Vec<Expr>) -> Result<Option<Below<'_>>> {
    match plan {
        LogicalPlan::Unnest(unnest) => Ok(Some(Below { unnest, exprs: wanted, conditions: Vec::new() })),
        LogicalPlan::Subquery(subquery) => descend(&subquery.subquery, wanted),
        LogicalPlan::SubqueryAlias(alias) => {
            let inner: Vec<Expr> = alias.input.schema().columns().into_iter().map(Expr::Column).collect();
            descend(&alias.input, replace(wanted, &alias.schema, &inner)?)
        }
        LogicalPlan::Projection(projection) => {
            descend(&projection.input, replace(wanted, &projection.schema, &projection.expr)?)
        }
        LogicalPlan::Filter(filter) => {
            let mut exprs = wanted;
            exprs.push(without_outer(filter.predicate.clone())?);
            let Some(mut below) = descend(&filter.input, exprs)? else { return Ok(None) };
            below.conditions.extend(below.exprs.pop());
            Ok(Some(below))
        }
        _ => Ok(None),
    }
}

/// `exprs` over `schema`, whose columns are `definitions`, over what those are over.
pub(super) fn replace(exprs: Vec<Expr>, schema: &DFSchema, definitions: &[Expr]) -> Result<Vec<Expr>> {
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

/// `expr` with the columns of the query around it as columns.
pub(super) fn without_outer(expr: Expr) -> Result<Expr> {
    let replaced = expr.transform_up(|expr| {
        Ok(match expr {
            Expr::OuterReferenceColumn(_, column) => Transformed::yes(Expr::Column(column)),
            other => Transformed::no(other),
        })
    })?;
    Ok(replaced.data)
}

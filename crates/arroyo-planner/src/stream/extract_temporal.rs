//! Rewrites joins whose condition has the mark of `FOR SYSTEM_TIME AS OF` or `ASOF JOIN`.
//!
//! Before:
//! ```text
//! Inner Join: Filter: a.k = b.k AND as_of(a.at)
//! ```
//! After:
//! ```text
//! TemporalJoin: INNER a.k = b.k as of a.at
//! ```

use std::sync::Arc;

use arroyo_expr::AS_OF;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchemaRef, DataFusionError, JoinType};
use datafusion::error::Result;
use datafusion::logical_expr::utils::split_conjunction_owned;
use datafusion::logical_expr::{BinaryExpr, Expr, Extension, Join, LogicalPlan, Operator};

use super::lineage::unaliased;
use super::place::span_of;
use super::temporal_node::TemporalJoin;
use crate::catalog::Raised;
use crate::{Diagnostic, codes};

/// Rewrites all of a plan.
pub(crate) fn extract_temporal_joins(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Join(join) if join.filter.as_ref().is_some_and(has_mark) => {
            let node = rewrite(join).map_err(|fault| DataFusionError::External(Box::new(Raised(fault))))??;
            Ok(Transformed::yes(LogicalPlan::Extension(Extension { node: Arc::new(node) })))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(rewritten.data)
}

fn has_mark(expr: &Expr) -> bool {
    expr.exists(|expr| Ok(mark_of(expr).is_some())).unwrap_or(false)
}

fn mark_of(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::ScalarFunction(call) if call.name() == AS_OF => call.args.first(),
        _ => None,
    }
}

fn rewrite(join: Join) -> Result<Result<TemporalJoin>, Diagnostic> {
    let (left, right) = (join.left.schema(), join.right.schema());
    let mut on = join.on;
    let mut time = None;
    for condition in join.filter.map(split_conjunction_owned).unwrap_or_default() {
        if let Some(mark) = mark_of(&condition) {
            time = Some(time_of(mark, left, right)?);
            continue;
        }
        match unaliased(&condition) {
            Expr::BinaryExpr(BinaryExpr { left: a, op: Operator::Eq, right: b })
                if is_of(a, left) && is_of(b, right) =>
            {
                on.push((a.as_ref().clone(), b.as_ref().clone()));
            }
            Expr::BinaryExpr(BinaryExpr { left: a, op: Operator::Eq, right: b })
                if is_of(b, left) && is_of(a, right) =>
            {
                on.push((b.as_ref().clone(), a.as_ref().clone()));
            }
            other => {
                return Err(fault("the join with a version can only compare keys by =")
                    .at(span_of(other))
                    .help("put other conditions on the version into WHERE"));
            }
        }
    }
    let Some((left_time, right_time, strict)) = time.filter(|_| !on.is_empty()) else {
        return Err(
            fault("a join with the latest version needs a key").help("compare columns of both sides with ON a.k = b.k")
        );
    };
    let node = TemporalJoin {
        left: Arc::clone(&join.left),
        right: Arc::clone(&join.right),
        outer: join.join_type == JoinType::Left,
        strict,
        on,
        left_time,
        right_time,
        schema: join.schema,
    };
    Ok(node.with_inputs(join.left.as_ref().clone(), join.right.as_ref().clone()))
}

/// Left and right event time, and whether they must differ.
fn time_of(mark: &Expr, left: &DFSchemaRef, right: &DFSchemaRef) -> Result<(Expr, Option<Expr>, bool), Diagnostic> {
    let span = span_of(mark);
    match unaliased(mark) {
        Expr::BinaryExpr(BinaryExpr { left: a, op, right: b }) => {
            let (op, a, b) = if is_of(a, left) && is_of(b, right) {
                (Some(*op), a, b)
            } else if is_of(b, left) && is_of(a, right) {
                (op.swap(), b, a)
            } else {
                (None, a, b)
            };
            let strict = match op {
                Some(Operator::GtEq) => false,
                Some(Operator::Gt) => true,
                _ => {
                    return Err(fault("MATCH_CONDITION must say that the left time is not before the right one")
                        .at(span)
                        .help("write MATCH_CONDITION (a.at >= b.at), or with >"));
                }
            };
            Ok((a.as_ref().clone(), Some(b.as_ref().clone()), strict))
        }
        other if is_of(other, left) => Ok((other.clone(), None, false)),
        _ => Err(fault("FOR SYSTEM_TIME AS OF needs the event time of the left side").at(span)),
    }
}

/// Whether all columns of an expression, at least one, are of a side.
fn is_of(expr: &Expr, schema: &DFSchemaRef) -> bool {
    let columns = expr.column_refs();
    !columns.is_empty() && columns.into_iter().all(|column| schema.maybe_index_of_column(column).is_some())
}

fn fault(message: &str) -> Diagnostic {
    Diagnostic::error(&codes::TEMPORAL_JOIN, message)
}

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
//! A lookup table knows its present rows only: there the mark of `FOR SYSTEM_TIME AS OF` is left out, and the join stays one.

use std::sync::Arc;

use arroyo_expr::AS_OF;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchemaRef, DataFusionError, JoinType};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, Extension, Join, LogicalPlan, Operator, lit};

use super::extract_lookups::equality;
use super::lineage::unaliased;
use super::lookup_scan::LookupScan;
use super::place::span_of;
use super::temporal_node::TemporalJoin;
use crate::catalog::Raised;
use crate::{Diagnostic, codes};

/// Rewrites all of a plan.
pub(crate) fn extract_temporal_joins(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Join(join) if join.filter.as_ref().is_some_and(has_mark) => {
            let raised = |fault| DataFusionError::External(Box::new(Raised(fault)));
            if let Some(scan) = LookupScan::of(&join.right) {
                return Ok(Transformed::yes(LogicalPlan::Join(without_version(join, &scan).map_err(raised)?)));
            }
            let node = rewrite(join).map_err(raised)??;
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

/// A join with a lookup table, whose rows of now are the ones of any time.
fn without_version(mut join: Join, scan: &LookupScan) -> Result<Join, Diagnostic> {
    let mut rest = Vec::new();
    for condition in join.filter.take().map(split_conjunction_owned).unwrap_or_default() {
        let Some(mark) = mark_of(&condition) else {
            rest.push(condition);
            continue;
        };
        let (_, right_time, _) = time_of(mark, join.left.schema(), join.right.schema())?;
        if right_time.is_some() {
            let name = &scan.table.name;
            let message = format!("the lookup table `{name}` has no event time to compare with");
            return Err(fault(message).at(span_of(mark)).help(format!("join its present rows: LEFT JOIN {name} ON …")));
        }
    }
    join.filter = conjunction(rest);
    Ok(join)
}

fn rewrite(join: Join) -> Result<Result<TemporalJoin>, Diagnostic> {
    let (left, right) = (join.left.schema(), join.right.schema());
    let mut on = join.on;
    let mut constants = Vec::new();
    let mut time = None;
    for condition in join.filter.map(split_conjunction_owned).unwrap_or_default() {
        if let Some(mark) = mark_of(&condition) {
            time = Some(time_of(mark, left, right)?);
            continue;
        }
        match key_of(&condition, left, right) {
            Some(key) if is_constant(&key.0) => constants.push((key, condition)),
            Some(key) => on.push(key),
            None => return Err(no_key(&condition)),
        }
    }
    let needs_key =
        || fault("a join with the latest version needs a key").help("compare columns of both sides with ON a.k = b.k");
    let (left_time, right_time, strict) = time.ok_or_else(needs_key)?;
    let is_asof = right_time.is_some();
    // Beside a key, a constant may be meant to choose among versions or among results.
    if let (false, false, Some((_, condition))) = (is_asof, on.is_empty(), constants.first()) {
        return Err(no_key(condition));
    }
    on.extend(constants.into_iter().map(|(key, _)| key));
    if on.is_empty() {
        if !is_asof {
            return Err(needs_key());
        }
        // All rows are versions of one.
        on.push((lit(true), lit(true)));
    }
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

/// What an equality compares of the left side, or which constant, with what of the right one.
fn key_of(condition: &Expr, left: &DFSchemaRef, right: &DFSchemaRef) -> Option<(Expr, Expr)> {
    let (a, b) = equality(condition)?;
    let other = |expr: &Expr| is_of(expr, left) || is_constant(expr);
    if is_of(b, right) && other(a) {
        Some((a.clone(), b.clone()))
    } else if is_of(a, right) && other(b) {
        Some((b.clone(), a.clone()))
    } else {
        None
    }
}

fn is_constant(expr: &Expr) -> bool {
    expr.column_refs().is_empty() && !expr.is_volatile()
}

fn no_key(condition: &Expr) -> Diagnostic {
    fault("the join with a version can only compare keys by =")
        .at(span_of(condition))
        .help("put other conditions on the version into WHERE")
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
                    let help = "write MATCH_CONDITION (a.at >= b.at), or with >; for the first row after another, JOIN them within an \
                         interval and keep the first: row_number() OVER (PARTITION BY a.id ORDER BY b.at) = 1";
                    return Err(fault("MATCH_CONDITION must say that the left time is not before the right one")
                        .at(span)
                        .help(help));
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

fn fault(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(&codes::TEMPORAL_JOIN, message)
}

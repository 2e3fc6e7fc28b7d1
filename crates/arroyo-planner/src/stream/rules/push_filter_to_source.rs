//! Tells a source which rows nobody wants, so that they go no further than its decoder.
//!
//! Before:
//! ```text
//! Filter: price > 100 AND length(note) > 3
//!   Watermark: _timestamp - 1 s
//!     Project: price, note, at AS _timestamp
//!       Source: bids (price, note, at)
//! ```
//! After:
//! ```text
//! Filter: price > 100 AND length(note) > 3
//!   Watermark: _timestamp - 1 s
//!     Project: price, note, at AS _timestamp
//!       Source: bids (price, note, at), filter price > 100
//! ```
//! Only conditions that compare a column of the record with a constant are pushed, and the filter itself stays, because a
//! source may ignore its hint.
//!
//! It is not done
//!
//! - where a window, a session, an instant aggregate, a function with OVER or an ORDER BY reads the source, however indirectly: rows that a source drops move no
//!   watermark, so that windows would close later, and take in rows that are late now;
//! - where anything else reads the source or what is between it and the filter, which wants the rows that the filter drops;
//! - where records have no columns to compare: raw formats and generators.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};

use crate::stream::graph::StreamGraph;
use crate::stream::lineage::unaliased;
use crate::stream::node::{StreamNode, StreamOp};
use crate::stream::schema::column;
use crate::stream::simple_filter::{can_filter, simple_condition};

/// A source and what it may drop.
pub(super) type SourceFilter = (Arc<StreamNode>, Expr);

/// Conditions that sources may apply themselves.
pub(super) fn safe_filters(sinks: &[Arc<StreamNode>]) -> Vec<SourceFilter> {
    let nodes = StreamNode::topological(sinks);
    let is_timed = |node: &&Arc<StreamNode>| {
        matches!(
            node.op,
            StreamOp::WindowAggregate { .. }
                | StreamOp::InstantAggregate { .. }
                | StreamOp::Over(_)
                | StreamOp::Matches(_)
                | StreamOp::Join { .. }
                | StreamOp::Sort { .. }
                | StreamOp::LateRows { .. }
                | StreamOp::UpdatingAggregate { windows: Some(_), .. }
        )
    };
    let timed: Vec<Arc<StreamNode>> = nodes.iter().filter(is_timed).cloned().collect();
    let read_by_timed = StreamNode::topological(&timed);
    let has_one_reader = |of: &Arc<StreamNode>| {
        nodes.iter().flat_map(|node| &node.inputs).filter(|input| Arc::ptr_eq(input, of)).count() == 1
    };
    let is_free = |source: &Arc<StreamNode>| !read_by_timed.iter().any(|node| Arc::ptr_eq(node, source));
    nodes.iter().filter_map(|node| source_filter(node, has_one_reader)).filter(|(source, _)| is_free(source)).collect()
}

/// The source below `filter` and the simple conditions of the filter, over the source's columns.
fn source_filter(filter: &Arc<StreamNode>, has_one_reader: impl Fn(&Arc<StreamNode>) -> bool) -> Option<SourceFilter> {
    let StreamOp::Filter { predicate } = &filter.op else { return None };
    let mut conditions: Vec<Expr> = split_conjunction(predicate).into_iter().cloned().collect();
    let mut below = filter.inputs.first()?;
    loop {
        if !has_one_reader(below) {
            return None;
        }
        match &below.op {
            StreamOp::Watermark { .. } => {}
            StreamOp::Project { exprs } => {
                conditions = conditions.into_iter().filter_map(|expr| over_input(expr, below, exprs)).collect();
            }
            StreamOp::Source { table, .. } if can_filter(table) => {
                let simple = conditions.into_iter().filter(|expr| simple_condition(expr, table).is_some());
                return Some((Arc::clone(below), conjunction(simple)?));
            }
            _ => return None,
        }
        below = below.inputs.first()?;
    }
}

/// `condition` over the columns of the input of `projection`, if all columns that it needs are passed on as they are.
fn over_input(condition: Expr, projection: &StreamNode, exprs: &[Expr]) -> Option<Expr> {
    let mut all_passed_on = true;
    let moved = condition.transform_up(|expr| {
        let Expr::Column(reference) = &expr else { return Ok(Transformed::no(expr)) };
        let position = projection.schema.position(&reference.name);
        match position.and_then(|position| exprs.get(position)).map(unaliased) {
            Some(Expr::Column(input)) => Ok(Transformed::yes(column(&input.name))),
            _ => {
                all_passed_on = false;
                Ok(Transformed::no(expr))
            }
        }
    });
    moved.ok().filter(|_| all_passed_on).map(|moved| moved.data)
}

/// `node` over its rebuilt `inputs`, with its filter if it is a source that has one.
pub(super) fn apply(
    graph: &mut StreamGraph,
    filters: &[SourceFilter],
    node: &Arc<StreamNode>,
    inputs: Vec<Arc<StreamNode>>,
) -> Arc<StreamNode> {
    let mut op = node.op.clone();
    if let StreamOp::Source { filter, .. } = &mut op
        && let Some((_, condition)) = filters.iter().find(|(source, _)| Arc::ptr_eq(source, node))
    {
        *filter = Some(condition.clone());
    }
    graph.derived(op, inputs, Arc::clone(&node.schema), node.id)
}

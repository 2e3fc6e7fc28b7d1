//! Tells a source which rows nobody wants, so that they need not be decoded in full.
//!
//! Before:
//! ```text
//! Filter: price > 100 AND length(note) > 3
//!   Watermark: _timestamp - 1 s
//!     Source: bids (price, note)
//! ```
//! After:
//! ```text
//! Filter: price > 100 AND length(note) > 3
//!   Watermark: _timestamp - 1 s
//!     Source: bids (price, note), filter price > 100
//! ```
//! Rows that a source drops move no watermark, so this is done only where nothing below cares for time, and only for
//! comparisons of columns with constants. The filter itself stays, because a source may ignore its hint.

use std::sync::Arc;

use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Operator};

use crate::stream::graph::StreamGraph;
use crate::stream::lineage::unaliased;
use crate::stream::node::{StreamNode, StreamOp};

/// A source and what it may drop.
pub(super) type SourceFilter = (Arc<StreamNode>, Expr);

/// Conditions that sources may apply themselves.
pub(super) fn safe_filters(sinks: &[Arc<StreamNode>]) -> Vec<SourceFilter> {
    let nodes = StreamNode::topological(sinks);
    let is_timed = |node: &Arc<StreamNode>| {
        matches!(node.op, StreamOp::WindowAggregate { .. } | StreamOp::InstantAggregate { .. })
    };
    if nodes.iter().any(is_timed) {
        return Vec::new();
    }
    let readers = |of: &Arc<StreamNode>| {
        nodes.iter().flat_map(|node| &node.inputs).filter(|input| Arc::ptr_eq(input, of)).count()
    };
    nodes
        .iter()
        .filter_map(|node| {
            let StreamOp::Filter { predicate } = &node.op else { return None };
            let watermark = node.inputs.first().filter(|node| matches!(node.op, StreamOp::Watermark { .. }))?;
            let below = watermark.inputs.first()?;
            let source = match below.op {
                StreamOp::Project { .. } => below.inputs.first()?,
                _ => below,
            };
            let alone = [watermark, below, source].into_iter().all(|node| readers(node) == 1);
            if !alone || !matches!(source.op, StreamOp::Source { .. }) {
                return None;
            }
            let simple = split_conjunction(predicate).into_iter().filter(|condition| is_simple(condition, below));
            Some((Arc::clone(source), conjunction(simple.cloned())?))
        })
        .collect()
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

/// Whether a condition compares a column that the source decodes with a constant. `computed` is the source, or the
/// projection above it.
fn is_simple(condition: &Expr, computed: &StreamNode) -> bool {
    let is_column = |expr: &Expr| matches!(unaliased(expr), Expr::Column(column) if is_decoded(&column.name, computed));
    let is_constant = |expr: &Expr| matches!(unaliased(expr), Expr::Literal(..));
    match condition {
        Expr::BinaryExpr(comparison) => {
            let comparable = matches!(
                comparison.op,
                Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq
            );
            let (left, right) = (comparison.left.as_ref(), comparison.right.as_ref());
            comparable && ((is_column(left) && is_constant(right)) || (is_constant(left) && is_column(right)))
        }
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => is_column(inner),
        Expr::InList(list) => is_column(&list.expr) && list.list.iter().all(is_constant),
        _ => false,
    }
}

/// Whether the column is one that the source decodes, under its own name.
fn is_decoded(name: &str, computed: &StreamNode) -> bool {
    let Some(position) = computed.schema.values().iter().position(|value| value.field.name() == name) else {
        return false;
    };
    match &computed.op {
        StreamOp::Project { exprs } => {
            matches!(exprs.get(position), Some(Expr::Column(column)) if column.name == name)
        }
        _ => true,
    }
}

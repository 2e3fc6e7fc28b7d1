//! Which operators an operator really reads: unions and exchanges are edges and not operators.

use std::sync::Arc;

use crate::stream::node::{StreamNode, StreamOp};

/// One incoming edge.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    /// The operator at its other end.
    pub(super) from: Arc<StreamNode>,
    /// The columns whose hash routes rows, if the edge is an exchange.
    pub(super) keys: Option<Vec<usize>>,
}

/// The incoming edges of an operator.
pub(super) fn feeds(node: &StreamNode) -> Vec<Feed> {
    node.inputs.iter().flat_map(through).collect()
}

fn through(input: &Arc<StreamNode>) -> Vec<Feed> {
    match &input.op {
        StreamOp::Union => input.inputs.iter().flat_map(through).collect(),
        StreamOp::Exchange { keys } => input
            .inputs
            .iter()
            .flat_map(through)
            .map(|feed| Feed { keys: Some(feed.keys.unwrap_or_else(|| keys.clone())), ..feed })
            .collect(),
        _ => vec![Feed { from: Arc::clone(input), keys: None }],
    }
}

/// Whether a node is an operator of its own.
pub(super) fn is_operator(node: &StreamNode) -> bool {
    !matches!(node.op, StreamOp::Union | StreamOp::Exchange { .. })
}

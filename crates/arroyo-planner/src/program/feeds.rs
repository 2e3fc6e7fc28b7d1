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
    /// Which input of the reader it is.
    pub(super) input: u32,
}

/// The incoming edges of an operator.
pub(super) fn feeds(node: &StreamNode) -> Vec<Feed> {
    let feeds = (0..)
        .zip(&node.inputs)
        .flat_map(|(input, node)| through(node).into_iter().map(move |feed| Feed { input, ..feed }));
    feeds.collect()
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
        _ => vec![Feed { from: Arc::clone(input), keys: None, input: 0 }],
    }
}

/// Whether a node is an operator of its own.
pub(super) fn is_operator(node: &StreamNode) -> bool {
    !matches!(node.op, StreamOp::Union | StreamOp::Exchange { .. })
}

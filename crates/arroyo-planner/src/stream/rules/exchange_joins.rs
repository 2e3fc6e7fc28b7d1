//! Brings rows of both sides of a join together that have the same key, and rows that ask a lookup table for the same key.
//!
//! Before:
//! ```text
//! Join: INNER k = k_2
//!   Source: a
//!   Source: b
//! ```
//! After:
//! ```text
//! Join: INNER k = k_2
//!   Exchange: k
//!     Source: a
//!   Exchange: k
//!     Source: b
//! ```

use std::sync::Arc;

use super::exchange_aggregates::exchange;
use crate::stream::graph::StreamGraph;
use crate::stream::node::{StreamNode, StreamOp};

/// `node` over its rebuilt `inputs`.
pub(super) fn apply(graph: &mut StreamGraph, node: &Arc<StreamNode>, inputs: Vec<Arc<StreamNode>>) -> Arc<StreamNode> {
    let inputs = match &node.op {
        StreamOp::Join { join } => {
            let sides = inputs.iter().zip(&join.keys);
            sides.map(|(input, keys)| exchange(graph, input, keys.clone())).collect()
        }
        StreamOp::LookupJoin { join } => {
            inputs.iter().map(|input| exchange(graph, input, join.left_keys.clone())).collect()
        }
        _ => inputs,
    };
    graph.derived(node.op.clone(), inputs, Arc::clone(&node.schema), node.id)
}

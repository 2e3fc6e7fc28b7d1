//! Fuses operators that can run in one task.
//!
//! Before: `source → watermark → filter → partial ═exchange═▶ aggregate → projection → sink`, seven operators.
//! After: `[source, watermark, filter, partial] ═exchange═▶ [aggregate, projection, sink]`, two tasks.
//!
//! An operator joins the chain of what it reads if it reads nothing else, nobody else reads that, no exchange lies between,
//! and it can run with as many subtasks: a sink into one file does not hold up the whole chain before it.
//! A chain that starts at a source with few subtasks keeps to them until the next exchange, so that its order is kept.

use std::sync::Arc;

use super::feeds::{Feed, feeds, is_operator};
use crate::stream::node::{StreamNode, StreamOp};

/// Operators of one task.
#[derive(Debug)]
pub(super) struct Chain {
    /// First to last, at least one.
    pub(super) operators: Vec<Arc<StreamNode>>,
    /// The most subtasks that it can have.
    pub(super) max_parallelism: Option<u32>,
    first: Arc<StreamNode>,
    last: Arc<StreamNode>,
}

impl Chain {
    fn new(node: &Arc<StreamNode>, max_parallelism: Option<u32>) -> Self {
        Self { operators: vec![Arc::clone(node)], max_parallelism, first: Arc::clone(node), last: Arc::clone(node) }
    }

    /// The operator that reads what comes in.
    pub(super) fn first(&self) -> &Arc<StreamNode> {
        &self.first
    }

    /// The operator whose rows go out.
    pub(super) fn last(&self) -> &Arc<StreamNode> {
        &self.last
    }

    /// Its number of subtasks when `wanted` are asked for.
    pub(super) fn parallelism(&self, wanted: u32) -> u32 {
        self.max_parallelism.map_or(wanted, |max| max.min(wanted)).max(1)
    }
}

/// All chains, in topological order.
pub(super) fn chains(sinks: &[Arc<StreamNode>]) -> Vec<Chain> {
    let operators: Vec<Arc<StreamNode>> =
        StreamNode::topological(sinks).into_iter().filter(|node| is_operator(node)).collect();
    let edges: Vec<Feed> = operators.iter().flat_map(|node| feeds(node)).collect();
    let readers = |node: &Arc<StreamNode>| edges.iter().filter(|feed| Arc::ptr_eq(&feed.from, node)).count();
    let mut chains: Vec<Chain> = Vec::new();
    for node in &operators {
        let inputs = feeds(node);
        let own_max = max_parallelism(node, &inputs);
        if let [Feed { from, keys: None, .. }] = inputs.as_slice()
            && readers(from) == 1
            && let Some(chain) = chains.iter_mut().find(|chain| Arc::ptr_eq(&chain.last, from))
            && chain.max_parallelism.unwrap_or(u32::MAX) <= own_max.unwrap_or(u32::MAX)
        {
            chain.operators.push(Arc::clone(node));
            chain.last = Arc::clone(node);
            continue;
        }
        chains.push(Chain::new(node, own_max));
    }
    chains
}

/// The same with a task for each operator.
///
/// Operators keep to the subtasks that their chain would have: rows of a source with few subtasks stay in order.
pub(super) fn single_operators(sinks: &[Arc<StreamNode>]) -> Vec<Chain> {
    let split = |chain: Chain| {
        let max_parallelism = chain.max_parallelism;
        chain.operators.into_iter().map(move |node| Chain::new(&node, max_parallelism))
    };
    chains(sinks).into_iter().flat_map(split).collect()
}

fn max_parallelism(node: &StreamNode, inputs: &[Feed]) -> Option<u32> {
    let gathers = inputs.iter().any(|feed| feed.keys.as_ref().is_some_and(Vec::is_empty));
    match &node.op {
        StreamOp::Source { table, .. } => table.options.max_source_parallelism,
        StreamOp::Sink { table } => table.options.max_sink_parallelism,
        _ if gathers => Some(1),
        _ => None,
    }
}

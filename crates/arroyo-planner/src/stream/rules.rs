//! Rewrites of the streaming plan, one rule per file.

mod exchange_aggregates;
mod exchange_joins;
mod merge_projections;
mod narrow_structs;
mod push_filter_to_source;

use std::sync::Arc;

use super::graph::StreamGraph;
use super::node::StreamNode;
use crate::Diagnostic;

/// Applies all rules to the plan whose sinks are `sinks`.
pub(crate) fn apply(graph: &mut StreamGraph, sinks: Vec<Arc<StreamNode>>) -> Result<Vec<Arc<StreamNode>>, Diagnostic> {
    let sinks = rewrite(sinks, |node, inputs| exchange_aggregates::apply(graph, node, inputs))?;
    let sinks = rewrite(sinks, |node, inputs| Ok(exchange_joins::apply(graph, node, inputs)))?;
    let merge = merge_projections::MergeProjections::of(&sinks);
    let sinks = rewrite(sinks, |node, inputs| Ok(merge.apply(graph, node, inputs)))?;
    let filters = push_filter_to_source::safe_filters(&sinks);
    let sinks = rewrite(sinks, |node, inputs| Ok(push_filter_to_source::apply(graph, &filters, node, inputs)))?;
    let narrow = narrow_structs::NarrowStructs::of(&sinks);
    rewrite(sinks, |node, inputs| Ok(narrow.apply(graph, node, inputs)))
}

/// Rebuilds a plan from its sources up: `rule` gets each node with its rebuilt inputs.
fn rewrite(
    sinks: Vec<Arc<StreamNode>>,
    mut rule: impl FnMut(&Arc<StreamNode>, Vec<Arc<StreamNode>>) -> Result<Arc<StreamNode>, Diagnostic>,
) -> Result<Vec<Arc<StreamNode>>, Diagnostic> {
    let mut rebuilt: Vec<(Arc<StreamNode>, Arc<StreamNode>)> = Vec::new();
    for node in StreamNode::topological(&sinks) {
        let inputs = node
            .inputs
            .iter()
            .filter_map(|input| rebuilt.iter().find(|(old, _)| Arc::ptr_eq(old, input)))
            .map(|(_, new)| Arc::clone(new))
            .collect();
        let new = rule(&node, inputs)?;
        rebuilt.push((node, new));
    }
    Ok(sinks
        .iter()
        .filter_map(|sink| rebuilt.iter().find(|(old, _)| Arc::ptr_eq(old, sink)))
        .map(|(_, new)| Arc::clone(new))
        .collect())
}

//! The streaming plan → the program: operators with their configuration, fused into chains.

mod chains;
mod config;
mod feeds;
mod matches;

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_dataflow::{Edge, EdgeKind, Node, Operator, Program};
use arroyo_types::{NodeId, OperatorId};
use thiserror::Error;

use self::chains::{Chain, chains, single_operators};
use self::feeds::feeds;
use crate::explain::{describe_op, kind_of_join};
use crate::stream::lineage::Lineage;
use crate::stream::node::{Part, StreamNode, StreamOp};

/// The streaming plan cannot be written as a program.
#[derive(Debug, Error)]
pub(crate) enum BuildError {
    /// An expression has no encoded form.
    #[error("the program cannot be encoded: {0}")]
    Expr(#[from] arroyo_expr::ExprError),
    /// A schema has no encoded form.
    #[error("the program cannot be encoded: {0}")]
    Schema(#[from] arroyo_dataflow::ProgramError),
    /// The filter of a source has no encoded form.
    #[error("the program cannot be encoded: {0}")]
    Filter(#[from] arroyo_formats::FormatError),
    /// A rule has not done its work.
    #[error("operator `{0}` is not ready for a program")]
    Unfinished(String),
}

/// The program that does what `sinks` want, at `parallelism`; with `chaining`, operators share tasks where they can.
pub(crate) fn build(sinks: &[Arc<StreamNode>], parallelism: u32, chaining: bool) -> Result<Program, BuildError> {
    let chains = if chaining { chains(sinks) } else { single_operators(sinks) };
    let mut ids = OperatorIds::default();
    let mut program = Program::default();
    for (index, chain) in chains.iter().enumerate() {
        let operators = chain
            .operators
            .iter()
            .map(|node| {
                let (name, config) = config::encode(node)?;
                let description = describe_op(node);
                Ok(Operator { id: ids.next(node), name: name.to_owned(), description, config })
            })
            .collect::<Result<Vec<_>, BuildError>>()?;
        program.nodes.push(Node {
            id: node_id(index),
            description: chain.description(),
            parallelism: chain.parallelism(parallelism),
            max_parallelism: chain.max_parallelism,
            chain: operators,
        });
    }
    for (dst, chain) in chains.iter().enumerate() {
        for feed in feeds(chain.first()) {
            let Some(src) = chains.iter().position(|chain| Arc::ptr_eq(chain.last(), &feed.from)) else {
                return Err(BuildError::Unfinished(describe_op(&feed.from)));
            };
            let same = chains.get(src).map(|src| src.parallelism(parallelism)) == Some(chain.parallelism(parallelism));
            let kind = match feed.keys {
                Some(key_columns) => EdgeKind::Shuffle { key_columns },
                None if same => EdgeKind::Forward,
                None => EdgeKind::Rebalance,
            };
            let schema = Arc::clone(feed.from.schema.arrow());
            program.edges.push(Edge { src: node_id(src), dst: node_id(dst), dst_input: feed.input, kind, schema });
        }
    }
    Ok(program)
}

fn node_id(index: usize) -> NodeId {
    NodeId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Hands out operator ids; operators that mean the same get a suffix in the order of the program.
#[derive(Debug, Default)]
struct OperatorIds {
    used: BTreeMap<String, u32>,
}

impl OperatorIds {
    fn next(&mut self, node: &StreamNode) -> OperatorId {
        let id = identity(node).to_string();
        let count = self.used.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { OperatorId(id) } else { OperatorId(format!("{id}-{count}")) }
    }
}

/// What an operator is, and what it keeps: those that keep rows as they came have another state when other columns come.
fn identity(node: &StreamNode) -> Lineage {
    let keeps_rows = match &node.op {
        StreamOp::Sort { .. }
        | StreamOp::Over(_)
        | StreamOp::Matches(_)
        | StreamOp::Upsert { .. }
        | StreamOp::Join { .. }
        | StreamOp::LookupJoin { .. } => true,
        StreamOp::Source { .. }
        | StreamOp::Sink { .. }
        | StreamOp::Watermark { .. }
        | StreamOp::Project { .. }
        | StreamOp::Filter { .. }
        | StreamOp::Unnest { .. }
        | StreamOp::Union
        | StreamOp::Exchange { .. }
        | StreamOp::Limit { .. }
        | StreamOp::LateRows { .. }
        | StreamOp::WindowAggregate { .. }
        | StreamOp::InstantAggregate { .. }
        | StreamOp::UpdatingAggregate { .. } => false,
    };
    if !keeps_rows {
        return node.id;
    }
    let columns = |input: &Arc<StreamNode>| {
        Lineage::of("columns").lineages(input.schema.values().iter().map(|column| column.lineage)).finish()
    };
    Lineage::of("keeps").lineage(node.id).lineages(node.inputs.iter().map(columns)).finish()
}

impl Chain {
    /// The chain in one line.
    fn description(&self) -> String {
        self.operators.iter().map(|node| short_name(node)).collect::<Vec<_>>().join(" → ")
    }
}

fn short_name(node: &StreamNode) -> String {
    match &node.op {
        StreamOp::Source { table, .. } | StreamOp::Sink { table } => table.name.clone(),
        StreamOp::Watermark { .. } => "watermark".to_owned(),
        StreamOp::Project { .. } => "projection".to_owned(),
        StreamOp::Filter { .. } => "filter".to_owned(),
        StreamOp::WindowAggregate { window, part: Part::Partial, .. } => format!("partial {window}"),
        StreamOp::WindowAggregate { window, .. } => window.to_string(),
        StreamOp::InstantAggregate { .. } => "aggregate at one time".to_owned(),
        StreamOp::Limit { .. } => "limit".to_owned(),
        StreamOp::Sort { .. } => "sort".to_owned(),
        StreamOp::Over(over) if over.top.is_some() => "top".to_owned(),
        StreamOp::Over(_) => "over".to_owned(),
        StreamOp::Matches(_) => "match".to_owned(),
        StreamOp::UpdatingAggregate { part: Part::Partial, .. } => "partial aggregate".to_owned(),
        StreamOp::UpdatingAggregate { .. } => "aggregate".to_owned(),
        StreamOp::LateRows { .. } => "late rows".to_owned(),
        StreamOp::Upsert { .. } => "upsert".to_owned(),
        StreamOp::Unnest { .. } => "unnest".to_owned(),
        StreamOp::Join { join } => kind_of_join(join).to_lowercase(),
        StreamOp::LookupJoin { join } => format!("lookup {}", join.table.name),
        StreamOp::Union | StreamOp::Exchange { .. } => String::new(),
    }
}

//! The graph itself.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::SchemaRef;
use arroyo_types::{NodeId, OperatorId};

use crate::names;

/// The version of the program's encoding and of its operators' meaning.
///
/// A stored program of another version is planned anew from its SQL text.
pub const PROGRAM_VERSION: u32 = 1;

/// A dataflow program.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Program {
    /// Nodes in topological order; `nodes[i].id` is `NodeId(i)`.
    pub nodes: Vec<Node>,
    /// Edges; those into one node are in order of `dst_input`.
    pub edges: Vec<Edge>,
}

/// Operators that run fused in one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its index in [`Program::nodes`].
    pub id: NodeId,
    /// What it does, for people.
    pub description: String,
    /// How many subtasks run it.
    pub parallelism: u32,
    /// The most subtasks that it can have (a sink into one file: 1).
    pub max_parallelism: Option<u32>,
    /// The operators, first to last; never empty.
    /// A source can only stand first, a sink only last.
    pub chain: Vec<Operator>,
}

/// One operator of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// Stable across programs: depends on what the operator does and reads.
    pub id: OperatorId,
    /// The name under which the engine finds its constructor; see [`names`].
    pub name: String,
    /// What it does, for people.
    pub description: String,
    /// An encoded message of [`crate::operators`].
    pub config: Vec<u8>,
}

/// A stream from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Where rows come from.
    pub src: NodeId,
    /// Where rows go to.
    pub dst: NodeId,
    /// Which input of `dst`'s first operator this is; several edges may share one (a union).
    pub dst_input: u32,
    /// How rows find their subtask.
    pub kind: EdgeKind,
    /// The rows' schema, `_timestamp` last.
    pub schema: SchemaRef,
}

/// How rows of an edge find their subtask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EdgeKind {
    /// Subtask i to subtask i; both nodes have the same parallelism.
    Forward,
    /// By the hash of the key columns (indices into the edge's schema); without columns everything goes to subtask 0.
    Shuffle {
        /// Indices into the edge's schema.
        key_columns: Vec<usize>,
    },
    /// Batches in turn to each subtask.
    Rebalance,
}

impl Program {
    /// The node with this id.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// Edges that end at `id`, in order of their input.
    pub fn inputs(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.dst == id)
    }

    /// Edges that start at `id`.
    pub fn outputs(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.src == id)
    }

    /// The number of subtasks of all nodes.
    pub fn task_count(&self) -> u32 {
        self.nodes.iter().map(|node| node.parallelism).sum()
    }

    /// The number of slots the program needs: its largest parallelism.
    pub fn slots(&self) -> u32 {
        self.nodes.iter().map(|node| node.parallelism).max().unwrap_or(0)
    }

    /// Runs every node at `parallelism`, or at its maximum if that is smaller; forward edges between nodes that come to
    /// differ become rebalancing ones, and back.
    pub fn set_parallelism(&mut self, parallelism: u32) {
        for node in &mut self.nodes {
            node.parallelism = node.max_parallelism.map_or(parallelism, |max| max.min(parallelism)).max(1);
        }
        let by_node: BTreeMap<NodeId, u32> = self.nodes.iter().map(|node| (node.id, node.parallelism)).collect();
        for edge in &mut self.edges {
            let same = by_node.get(&edge.src) == by_node.get(&edge.dst);
            match edge.kind {
                EdgeKind::Forward if !same => edge.kind = EdgeKind::Rebalance,
                EdgeKind::Rebalance if same => edge.kind = EdgeKind::Forward,
                _ => {}
            }
        }
    }

    /// The ids of all operators.
    pub fn operator_ids(&self) -> BTreeSet<&OperatorId> {
        self.nodes.iter().flat_map(|node| &node.chain).map(|operator| &operator.id).collect()
    }
}

impl Node {
    /// Whether the node reads from outside.
    pub fn is_source(&self) -> bool {
        self.chain.first().is_some_and(|operator| operator.name == names::SOURCE)
    }

    /// Whether the node writes to outside.
    pub fn is_sink(&self) -> bool {
        self.chain.last().is_some_and(|operator| operator.name == names::SINK)
    }
}

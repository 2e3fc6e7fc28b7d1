//! The program's durable and wire form.

use arroyo_types::{ErrorKind, NodeId, OperatorId};
use prost::Message;
use thiserror::Error;

use crate::{Edge, EdgeKind, Node, Operator, PROGRAM_VERSION, Program, decode_schema, encode_schema};

#[expect(unreachable_pub, reason = "generated code")]
mod proto {
    include!(concat!(env!("OUT_DIR"), "/arroyo.program.rs"));
}

/// A program could not be encoded or decoded.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// The bytes are not a program.
    #[error("the stored program is damaged: {0}")]
    Decode(#[from] prost::DecodeError),
    /// The program was written by another version of Arroyo.
    #[error("the program has version {found}, this build reads version {PROGRAM_VERSION}; plan the query again")]
    Version {
        /// The version found.
        found: u32,
    },
    /// A schema in the program is damaged or cannot be written.
    #[error("a schema in the program is invalid: {0}")]
    Schema(#[source] arrow::error::ArrowError),
    /// The graph breaks one of its own rules.
    #[error("the program is invalid: {0}")]
    Invalid(String),
}

impl ProgramError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Decode(_) | Self::Version { .. } => ErrorKind::Corrupt,
            Self::Schema(_) | Self::Invalid(_) => ErrorKind::Bug,
        }
    }
}

impl Program {
    /// The program as bytes.
    pub fn encode(&self) -> Result<Vec<u8>, ProgramError> {
        let message = proto::Program {
            version: PROGRAM_VERSION,
            nodes: self.nodes.iter().map(encode_node).collect(),
            edges: self.edges.iter().map(encode_edge).collect::<Result<_, _>>()?,
        };
        Ok(message.encode_to_vec())
    }

    /// The inverse of [`Program::encode`]; refuses other versions and graphs whose edges name missing nodes.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProgramError> {
        let message = proto::Program::decode(bytes)?;
        if message.version != PROGRAM_VERSION {
            return Err(ProgramError::Version { found: message.version });
        }
        let program = Self {
            nodes: message.nodes.into_iter().map(decode_node).collect(),
            edges: message.edges.into_iter().map(decode_edge).collect::<Result<_, _>>()?,
        };
        program.validate()?;
        Ok(program)
    }

    fn validate(&self) -> Result<(), ProgramError> {
        for (index, node) in self.nodes.iter().enumerate() {
            if node.id.0 as usize != index {
                return Err(ProgramError::Invalid(format!("node {} stands at place {index}", node.id)));
            }
            if node.chain.is_empty() || node.parallelism == 0 {
                return Err(ProgramError::Invalid(format!("node {} has no operators or no subtasks", node.id)));
            }
        }
        for edge in &self.edges {
            if self.node(edge.src).is_none() || self.node(edge.dst).is_none() {
                return Err(ProgramError::Invalid(format!("edge {} → {} names a missing node", edge.src, edge.dst)));
            }
        }
        Ok(())
    }
}

fn encode_node(node: &Node) -> proto::Node {
    proto::Node {
        id: node.id.0,
        description: node.description.clone(),
        parallelism: node.parallelism,
        max_parallelism: node.max_parallelism,
        chain: node
            .chain
            .iter()
            .map(|operator| proto::Operator {
                id: operator.id.0.clone(),
                name: operator.name.clone(),
                description: operator.description.clone(),
                config: operator.config.clone(),
            })
            .collect(),
    }
}

fn decode_node(node: proto::Node) -> Node {
    Node {
        id: NodeId(node.id),
        description: node.description,
        parallelism: node.parallelism,
        max_parallelism: node.max_parallelism,
        chain: node
            .chain
            .into_iter()
            .map(|operator| Operator {
                id: OperatorId(operator.id),
                name: operator.name,
                description: operator.description,
                config: operator.config,
            })
            .collect(),
    }
}

fn encode_edge(edge: &Edge) -> Result<proto::Edge, ProgramError> {
    let kind = match &edge.kind {
        EdgeKind::Forward => proto::edge::Kind::Forward(proto::Forward {}),
        EdgeKind::Shuffle { key_columns } => {
            proto::edge::Kind::Shuffle(proto::Shuffle { key_columns: key_columns.iter().map(|c| *c as u32).collect() })
        }
        EdgeKind::Rebalance => proto::edge::Kind::Rebalance(proto::Rebalance {}),
    };
    Ok(proto::Edge {
        src: edge.src.0,
        dst: edge.dst.0,
        dst_input: edge.dst_input,
        schema: encode_schema(&edge.schema)?,
        kind: Some(kind),
    })
}

fn decode_edge(edge: proto::Edge) -> Result<Edge, ProgramError> {
    let kind = match edge.kind {
        Some(proto::edge::Kind::Forward(_)) => EdgeKind::Forward,
        Some(proto::edge::Kind::Shuffle(shuffle)) => {
            EdgeKind::Shuffle { key_columns: shuffle.key_columns.into_iter().map(|c| c as usize).collect() }
        }
        Some(proto::edge::Kind::Rebalance(_)) => EdgeKind::Rebalance,
        None => return Err(ProgramError::Invalid(format!("edge {} → {} has no kind", edge.src, edge.dst))),
    };
    Ok(Edge {
        src: NodeId(edge.src),
        dst: NodeId(edge.dst),
        dst_input: edge.dst_input,
        kind,
        schema: decode_schema(&edge.schema)?,
    })
}

#[cfg(test)]
mod tests;

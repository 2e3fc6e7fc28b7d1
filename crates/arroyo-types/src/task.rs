//! Which parallel instance of which node.

use serde::{Deserialize, Serialize};

use crate::NodeId;

/// One parallel instance (subtask) of a node of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskId {
    /// The node of the program.
    pub node: NodeId,
    /// From 0 to the node's parallelism − 1.
    pub subtask: u32,
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.node, self.subtask)
    }
}

//! Conversions between our types and their messages.

use arroyo_types::{ErrorKind, NodeId, TaskId};

use crate::proto;

impl From<TaskId> for proto::Task {
    fn from(task: TaskId) -> Self {
        Self { node: task.node.0, subtask: task.subtask }
    }
}

impl From<proto::Task> for TaskId {
    fn from(task: proto::Task) -> Self {
        Self { node: NodeId(task.node), subtask: task.subtask }
    }
}

impl From<ErrorKind> for proto::ErrorKind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Retry => Self::Retry,
            ErrorKind::User => Self::User,
            ErrorKind::Corrupt => Self::Corrupt,
            ErrorKind::Fenced => Self::Fenced,
            ErrorKind::OutputClosed => Self::OutputClosed,
            ErrorKind::Bug => Self::Bug,
        }
    }
}

impl From<proto::ErrorKind> for ErrorKind {
    fn from(kind: proto::ErrorKind) -> Self {
        match kind {
            proto::ErrorKind::Retry => Self::Retry,
            proto::ErrorKind::User => Self::User,
            proto::ErrorKind::Corrupt => Self::Corrupt,
            proto::ErrorKind::Fenced => Self::Fenced,
            proto::ErrorKind::OutputClosed => Self::OutputClosed,
            proto::ErrorKind::Bug => Self::Bug,
        }
    }
}

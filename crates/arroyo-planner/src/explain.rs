//! Plans as text for people.

mod expr;
mod tree;

pub(crate) use expr::{describe, describe_exprs};
pub(crate) use tree::{describe_op, stream_tree};

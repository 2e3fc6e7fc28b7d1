//! Plans as text for people.

mod expr;
mod join;
mod matches;
mod tree;

pub(crate) use expr::{describe, describe_exprs};
pub(crate) use join::{describe_join, describe_lookup, kind_of_join, kind_of_lookup};
pub(crate) use matches::describe_matches;
pub(crate) use tree::{describe_op, stream_tree};

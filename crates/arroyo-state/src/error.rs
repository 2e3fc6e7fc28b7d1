//! What can go wrong with state.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// An operation on state failed.
#[derive(Debug, Error)]
pub enum StateError {
    /// The operator used a table that it did not declare, or used it as another kind.
    #[error("operator `{operator}` has no {kind} table `{table}`")]
    NoSuchTable {
        /// The operator.
        operator: String,
        /// The table it asked for.
        table: String,
        /// The kind it expected.
        kind: &'static str,
    },
}

impl StateError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoSuchTable { .. } => ErrorKind::Bug,
        }
    }
}

//! Pipelines, jobs, connections and the checkpoints' index, in SQLite or PostgreSQL.
//!
//! [`Metastore`] is the one trait; [`Change`]s tell subscribers what was written, without polling.

mod error;
mod records;
mod store;

pub use error::MetastoreError;
pub use records::*;
pub use store::{Changes, Metastore};

//! Pipelines, jobs, connections and the checkpoints' index, in SQLite or PostgreSQL.
//!
//! [`Metastore`] is the one trait; [`Change`]s tell subscribers what was written, without polling.
//! [`SqliteMetastore`] and [`PostgresMetastore`] share every statement; what differs between the databases is in `sqlite.rs`,
//! `postgres.rs` and the two folders of migrations.

mod database;
mod error;
mod leadership;
mod migrations;
mod notify;
mod postgres;
mod queries;
mod records;
mod sql_metastore;
mod sqlite;
mod store;

pub use error::MetastoreError;
pub use leadership::Leadership;
pub use postgres::{PostgresMetastore, PostgresOptions, PostgresServer};
pub use records::*;
pub use sql_metastore::SqlMetastore;
pub use sqlite::{SqliteFile, SqliteMetastore};
pub use store::{Changes, Metastore};

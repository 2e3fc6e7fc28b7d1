//! What every metastore does, on each database.

mod conformance;
mod postgres;
mod records;
mod sqlite;

//! What every metastore does, on each database.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod conformance;
mod older_schemas;
mod postgres;
mod records;
mod sqlite;

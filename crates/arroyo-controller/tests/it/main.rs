//! The controller over real gRPC, with workers that the tests play.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
mod coordination;
mod fencing;
mod lifecycle;
mod mock_worker;
mod savepoints;
mod slow_database;

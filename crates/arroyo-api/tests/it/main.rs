//! The API as a client sees it: a real server on a free port, an in-memory metastore, a controller that is a mock.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod connections;
mod console;
mod controller;
mod document;
mod jobs;
mod pipelines;
mod releases;
mod server;
mod streams;

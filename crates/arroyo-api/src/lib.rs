//! The REST API `/api/v1`: pipelines, jobs, connections, validation of queries, output and metrics, and its OpenAPI document;
//! and the web console, which is a client of it.
//!
//! Handlers read and write the metastore; the controller hears of it by itself.
//! Only rows and metrics of a running job are asked of the controller, by gRPC.
//! Bodies are in `models`, handlers in `routes`, one file per kind of resource; everything that uses the planner is in
//! `planning.rs`.

mod auth;
mod console;
mod cors;
mod error;
mod extract;
mod masking;
mod metrics;
mod models;
mod openapi_document;
mod planning;
mod refusal;
mod routes;
mod server;
mod services;
mod state_changes;
mod stored;

pub use error::ApiError;
pub use openapi_document::openapi_document;
pub use server::start_server;
pub use services::ApiServices;
pub use stored::{AlwaysStored, Stored};

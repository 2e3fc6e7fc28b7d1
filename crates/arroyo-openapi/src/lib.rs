//! A client of the REST API, generated from its OpenAPI document.
//!
//! [`client()`] makes a [`Client`] with a method per operation; [`job_states`], [`job_progress`] and [`output`] read the
//! streams of events that the generated methods would return as bytes.

mod client;
mod event_stream;
mod sse;

#[allow(
    missing_docs,
    unused_imports,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "generated code; openapi.json documents it"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub use client::{ClientError, client, explain, impatient_client};
pub use event_stream::{StreamError, job_progress, job_states, output};
pub use generated::{Client, types};
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};

/// A job's status at the time of an event.
pub type JobStateEvent = types::Job;

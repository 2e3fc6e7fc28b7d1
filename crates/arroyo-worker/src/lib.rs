//! The worker: gRPC around the engine.
//!
//! A worker works for one start (generation) of one job. It binds its ports, registers with the controller, runs the tasks it
//! is given ([`arroyo_engine::Engine`]) and tells the controller what happens in them. It runs in the same way as a process of
//! its own ([`WorkerOptions::from_env`]) and inside another process.
//!
//! A worker ends when it is told to stop at once, when it is fenced by a newer generation, or when the controller was not
//! reached for longer than `pipeline.worker-heartbeat-timeout`: the controller has given it up then.

mod components;
mod controller;
mod error;
mod event_pump;
mod messages;
mod options;
mod output_pump;
mod server;
mod service;

pub use components::ConnectorComponents;
pub use error::WorkerError;
pub use options::WorkerOptions;
pub use server::{WorkerHandle, WorkerServer};

//! Programs run as they should: within one engine, and over TCP between two.

mod checkpoints;
mod components;
mod exchange;
mod failures;
mod harness;

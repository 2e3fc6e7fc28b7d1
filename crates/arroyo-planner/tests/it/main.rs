//! The planner seen from outside: scripts in, rendered diagnostics and plans out.
//!
//! `UPDATE_GOLDEN=1` rewrites the expected texts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod codes;
mod functions;
mod golden;
mod mutated;
mod operator_ids;
mod scripts;
mod streams;
mod typed;

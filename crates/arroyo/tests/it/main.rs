//! The real binary, as users run it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in functions that tests share")]

mod admin;
mod analyze;
mod bad_input;
mod cluster;
mod damage;
mod endpoint;
mod examples;
mod files;
mod kills;
mod limits;
mod outages;
mod plans;
mod process;
mod query_change;
mod remote_state;
mod resume;
mod state;
mod tests_of_pipelines;
mod two_controllers;
mod zombies;

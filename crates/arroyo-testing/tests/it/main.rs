//! The engine's answers: golden cases, windows against batch SQL, and the edges of operators' input; and jobs that everything goes
//! wrong for.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod broken_networks;
mod corrections;
mod edges;
mod expiry;
mod functions;
mod golden;
mod late_rows;
mod matches;
mod nexmark;
mod over;
mod protocol;
mod proxy;
mod random_queries;
mod scenarios;
mod simulation;
mod updating;
mod windows;

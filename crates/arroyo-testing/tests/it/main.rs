//! The engine's answers: golden cases, windows against batch SQL, and the edges of operators' input.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

mod edges;
mod golden_sql;
mod over;
mod protocol;
mod random_queries;
mod simulation;
mod updating;
mod windows;

//! The planner seen from outside: scripts in, rendered diagnostics and plans out.
//!
//! `UPDATE_GOLDEN=1` rewrites the expected texts.

mod codes;
mod golden;
mod mutated;
mod scripts;

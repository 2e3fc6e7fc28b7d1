//! How Arroyo's services run: named tasks, and a shutdown that reaches all of them and waits for them.
//!
//! A [`Shutdown`] is made once, at the top of a process or a test. Everything below gets a [`Guard`] of it and spawns its
//! tasks through the guard, with a name and a [`TaskKind`] that says what a failure means and what a shutdown does to the task.
//! Nothing calls `tokio::spawn` directly.

mod guard;
mod shutdown;

pub use guard::{Guard, OnCancel, OnFailure, TaskKind};
pub use shutdown::{Shutdown, TaskFailure};

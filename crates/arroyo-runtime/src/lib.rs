//! How Arroyo's services run: named tasks, and a shutdown that reaches all of them and waits for them.
//!
//! A [`Shutdown`] is made once, at the top of a process or a test. Everything below gets a [`Guard`] of it and spawns its
//! tasks through the guard, with a name and a [`TaskKind`] that says what a failure means and what a shutdown does to the task.
//! Nothing calls `tokio::spawn` directly.
//!
//! Processes reach one another through a [`Network`], and pass [`Failpoints`]: a simulation hands in its own.

mod failpoints;
mod guard;
mod network;
mod shutdown;

pub use failpoints::{Failpoints, Watcher};
pub use guard::{Guard, OnCancel, OnFailure, TaskKind};
pub use network::{Connection, Listener, Network, Reader, Tcp, Writer};
pub use shutdown::{Shutdown, TaskFailure};

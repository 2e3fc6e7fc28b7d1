//! Whether a simulated process runs.

use std::sync::Arc;

use tokio::sync::watch;

/// A process's life. Whatever it does to the world outside of it passes the gate first.
#[derive(Debug, Clone)]
pub(super) struct Life(Arc<watch::Sender<State>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Paused,
    Dead,
}

impl Life {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(State::Running)))
    }

    /// Returns at once in a process that runs, later in one that is paused, and never in one that is dead.
    pub(super) async fn gate(&self) {
        // The sender is `self`, so there is one.
        let _ = self.0.subscribe().wait_for(|state| *state != State::Paused).await;
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn pause(&self) {
        self.0.send_if_modified(|state| *state == State::Running && std::mem::replace(state, State::Paused) != *state);
    }

    pub(super) fn resume(&self) {
        self.0.send_if_modified(|state| *state == State::Paused && std::mem::replace(state, State::Running) != *state);
    }

    pub(super) fn end(&self) {
        self.0.send_replace(State::Dead);
    }

    pub(super) fn is_dead(&self) -> bool {
        *self.0.borrow() == State::Dead
    }
}

//! The top of a process's tree of guards.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Guard;

/// A task failed whose failure ends the process.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{task}: {message}")]
pub struct TaskFailure {
    /// The path of names of the task.
    pub task: String,
    /// What it reported.
    pub message: String,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) root: CancellationToken,
    pub(crate) tracker: TaskTracker,
    failure: OnceLock<TaskFailure>,
}

impl Shared {
    pub(crate) fn fail(&self, failure: TaskFailure) {
        // The first failure is the cause; later ones are usually its consequences.
        let _ = self.failure.set(failure);
        self.root.cancel();
    }
}

/// Owns the shutdown of a process (or of a test's cluster): cancels every guard, waits for every task.
#[derive(Debug)]
pub struct Shutdown {
    name: String,
    shared: Arc<Shared>,
}

impl Shutdown {
    /// A new tree of guards; `name` is the first part of its tasks' names.
    pub fn new(name: &str) -> Self {
        let shared = Shared { root: CancellationToken::new(), tracker: TaskTracker::new(), failure: OnceLock::new() };
        Self { name: name.to_string(), shared: Arc::new(shared) }
    }

    /// The guard at the top.
    pub fn guard(&self) -> Guard {
        Guard::new(&self.name, self.shared.root.clone(), self.shared.clone())
    }

    /// Asks everything to stop.
    pub fn cancel(&self) {
        self.shared.root.cancel();
    }

    /// Completes when everything was asked to stop, by [`Shutdown::cancel`] or by a failed service.
    pub async fn cancelled(&self) {
        self.shared.root.cancelled().await;
    }

    /// The first failure of a task of kind [`crate::OnFailure::ShutDown`], if there was one.
    pub fn failure(&self) -> Option<&TaskFailure> {
        self.shared.failure.get()
    }

    /// Cancels everything and waits for every task.
    ///
    /// Returns whether all tasks ended within `timeout`.
    pub async fn drain(&self, timeout: Duration) -> bool {
        self.cancel();
        self.shared.tracker.close();
        tokio::time::timeout(timeout, self.shared.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TaskKind;

    #[tokio::test]
    async fn a_failed_service_stops_the_rest_and_is_named() {
        let shutdown = Shutdown::new("test");
        let guard = shutdown.guard();
        let other = guard.child("other");
        other.spawn("waits", TaskKind::SERVICE, {
            let other = other.clone();
            async move {
                other.cancelled().await;
                Ok::<_, String>(())
            }
        });
        guard.spawn("breaks", TaskKind::SERVICE, async { Err::<(), _>("no more disk") });
        shutdown.cancelled().await;
        assert!(shutdown.drain(Duration::from_secs(5)).await);
        assert_eq!(shutdown.failure().map(ToString::to_string), Some("test/breaks: no more disk".into()));
    }

    #[tokio::test]
    async fn a_panic_in_the_background_is_contained() {
        let shutdown = Shutdown::new("test");
        let handle = shutdown.guard().spawn("panics", TaskKind::BACKGROUND, async {
            assert_eq!(1, 2, "planted");
            Ok::<_, String>(())
        });
        assert_eq!(handle.await.ok(), Some(None));
        assert!(shutdown.failure().is_none());
    }

    #[tokio::test]
    async fn drain_drops_background_tasks() {
        let shutdown = Shutdown::new("test");
        shutdown.guard().spawn("forever", TaskKind::BACKGROUND, std::future::pending::<Result<(), String>>());
        assert!(shutdown.drain(Duration::from_secs(5)).await);
    }
}

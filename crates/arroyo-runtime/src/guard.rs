//! What a service holds of the process's shutdown.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::shutdown::{Shared, TaskFailure};

/// What happens to everything else when a task fails or panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The whole [`crate::Shutdown`] is cancelled and the failure is reported by it.
    ShutDown,
    /// The failure is logged.
    Log,
}

/// What a cancelled guard does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCancel {
    /// The task is dropped at its next await.
    Drop,
    /// The task watches the guard itself and is waited for.
    Finish,
}

/// What to do when a task fails and when it is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskKind {
    /// See [`OnFailure`].
    pub on_failure: OnFailure,
    /// See [`OnCancel`].
    pub on_cancel: OnCancel,
}

impl TaskKind {
    /// A part without which the process is useless; it ends itself when the guard is cancelled.
    pub const SERVICE: Self = Self { on_failure: OnFailure::ShutDown, on_cancel: OnCancel::Finish };
    /// Work whose failure is only logged and that can be dropped at any await.
    pub const BACKGROUND: Self = Self { on_failure: OnFailure::Log, on_cancel: OnCancel::Drop };
    /// Work whose failure is only logged, but that must come to its own end.
    pub const FINISHING: Self = Self { on_failure: OnFailure::Log, on_cancel: OnCancel::Finish };
}

/// A part's hold on the shutdown: tells when to stop, spawns tasks that the shutdown waits for.
#[derive(Debug, Clone)]
pub struct Guard {
    name: Arc<str>,
    token: CancellationToken,
    shared: Arc<Shared>,
}

impl Guard {
    pub(crate) fn new(name: &str, token: CancellationToken, shared: Arc<Shared>) -> Self {
        Self { name: name.into(), token, shared }
    }

    /// A guard for a part of this part: cancelled with it, or alone through [`Guard::cancel`].
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self {
            name: format!("{}/{name}", self.name).into(),
            token: self.token.child_token(),
            shared: self.shared.clone(),
        }
    }

    /// The path of names from the top to here, such as `run/controller`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks this part, and the parts below it, to stop.
    pub fn cancel(&self) {
        self.token.cancel();
    }

    /// Whether this part was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Completes when this part is asked to stop.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// As [`Guard::cancelled`], but owns what it needs: for `with_graceful_shutdown` and the like.
    pub fn cancelled_owned(&self) -> impl Future<Output = ()> + Send + 'static {
        self.token.clone().cancelled_owned()
    }

    /// Runs `task` under `name`; the shutdown waits for its end.
    ///
    /// The handle yields `None` if the task was dropped because of a cancellation, or failed.
    pub fn spawn<T, E>(
        &self,
        name: &str,
        kind: TaskKind,
        task: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> JoinHandle<Option<T>>
    where
        T: Send + 'static,
        E: Display + Send + 'static,
    {
        let guard = self.child(name);
        let running = self.shared.tracker.token();
        let work = guard.clone().supervise(kind, task);
        #[expect(clippy::disallowed_methods, reason = "this is the one function that spawns")]
        tokio::spawn(async move {
            let outcome = work.await;
            drop(running);
            outcome
        })
    }

    async fn supervise<T, E: Display>(
        self,
        kind: TaskKind,
        task: impl Future<Output = Result<T, E>> + Send,
    ) -> Option<T> {
        use futures::FutureExt;

        let caught = std::panic::AssertUnwindSafe(task).catch_unwind();
        let outcome = match kind.on_cancel {
            OnCancel::Finish => caught.await,
            OnCancel::Drop => {
                tokio::select! {
                    biased;
                    () = self.token.cancelled() => return None,
                    outcome = caught => outcome,
                }
            }
        };
        let message = match outcome {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => format!("panicked: {}", panic_message(panic.as_ref())),
        };
        match kind.on_failure {
            OnFailure::ShutDown => {
                tracing::error!(task = %self.name, "task failed: {message}");
                self.shared.fail(TaskFailure { task: self.name.to_string(), message });
            }
            OnFailure::Log => tracing::warn!(task = %self.name, "task failed: {message}"),
        }
        None
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

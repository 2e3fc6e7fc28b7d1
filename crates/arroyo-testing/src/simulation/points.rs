//! Named steps of controllers and workers, at which they can be stopped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arroyo_runtime::Watcher;
use arroyo_types::WorkerId;
use async_trait::async_trait;
use tokio::sync::{Notify, oneshot};

use super::ledger::Ledger;
use super::life::Life;
use super::metastore::Database;

/// The steps of a controller that something can happen at.
pub const POINTS_OF_CONTROLLERS: &[&str] = &[
    "before status",
    "after status",
    "before takeover",
    "after takeover",
    "before start",
    "after start",
    "before recommit",
    "before barrier",
    "after barrier",
    "after part",
    "before manifest",
    "after manifest",
    "before index",
    "before commit",
    "after commit",
    "before acknowledgement",
    "before compaction",
    "after compaction",
    "before collection",
    "before deletion",
    "after collection",
    "before end of workers",
    "after end of workers",
    "before savepoint",
    "after savepoint",
    "before going back",
    "after going back",
];

/// The steps of a worker that something can happen at.
pub const POINTS_OF_WORKERS: &[&str] = &[
    "before restore",
    "in restore",
    "after restore",
    "after read",
    "after positions",
    "in output",
    "before alignment",
    "after alignment",
    "after pre-commit",
    "before file",
    "after file",
    "before part",
    "in commit",
    "after sink commit",
];

/// All steps.
pub fn points() -> Vec<&'static str> {
    [POINTS_OF_CONTROLLERS, POINTS_OF_WORKERS].concat()
}

/// What is waited for: a step, for the so-manieth time.
#[derive(Debug, Default)]
pub(super) struct Trap(Mutex<Option<Armed>>);

#[derive(Debug)]
struct Armed {
    step: String,
    left: u64,
    sprung: oneshot::Sender<Held>,
}

/// Whoever came to the step waits there as long as this lives.
#[derive(Debug)]
pub(super) struct Held {
    /// That of the one who waits.
    pub(super) life: Life,
    /// Which worker it is, if it is one.
    pub(super) worker: Option<WorkerId>,
    go_on: Arc<Notify>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.go_on.notify_one();
    }
}

impl Trap {
    fn armed(&self) -> MutexGuard<'_, Option<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Completes when the step is reached for the `nth` time from now on.
    pub(super) fn set(&self, step: &str, nth: u64) -> oneshot::Receiver<Held> {
        let (sprung, held) = oneshot::channel();
        *self.armed() = Some(Armed { step: step.to_string(), left: nth, sprung });
        held
    }

    pub(super) fn disarm(&self) {
        *self.armed() = None;
    }

    fn spring(&self, step: &str, life: &Life, worker: Option<WorkerId>) -> Option<Arc<Notify>> {
        let mut armed = self.armed();
        let trap = armed.as_mut().filter(|trap| trap.step == step)?;
        trap.left = trap.left.saturating_sub(1);
        if trap.left > 0 {
            return None;
        }
        let go_on = Arc::new(Notify::new());
        let trap = armed.take()?;
        let held = Held { life: life.clone(), worker, go_on: go_on.clone() };
        trap.sprung.send(held).ok().map(|()| go_on)
    }
}

/// Hears of the steps of one controller, or of one worker.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) life: Life,
    pub(super) worker: Option<WorkerId>,
    pub(super) trap: Arc<Trap>,
    pub(super) ledger: Arc<Ledger>,
    /// A planted mistake: whose transactions become visible too early.
    pub(super) hasty: Option<Arc<Database>>,
}

#[async_trait]
impl Watcher for Steps {
    async fn reached(&self, step: &'static str) {
        self.life.gate().await;
        self.ledger.passed(step);
        if step == "before manifest"
            && let Some(Ok(job)) = self.hasty.as_ref().map(|database| database.job())
        {
            self.ledger.commit_prepared(job.generation);
        }
        if step == "after manifest" {
            self.ledger.published();
        }
        if let Some(go_on) = self.trap.spring(step, &self.life, self.worker) {
            go_on.notified().await;
        }
        self.life.gate().await;
    }
}

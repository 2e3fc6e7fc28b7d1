//! Time without a clock.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the turns of a runtime's scheduler: in each, every task that can go on goes on once.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<AtomicU64>);

impl Turns {
    pub(super) async fn count(self) -> Result<(), Infallible> {
        loop {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Completes in this turn, or the next after it.
    pub(super) async fn until(&self, turn: u64) {
        while self.now() < turn {
            tokio::task::yield_now().await;
        }
    }

    /// Completes after so many turns.
    pub(super) async fn pass(&self, turns: u64) {
        self.until(self.now().saturating_add(turns)).await;
    }
}

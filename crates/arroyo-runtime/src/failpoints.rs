//! Named steps at which a test can stop a service.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

/// Is told of every named step that a service comes to.
#[async_trait]
pub trait Watcher: Debug + Send + Sync {
    /// The service goes on when this returns. One that is to die here never returns.
    async fn reached(&self, step: &'static str);
}

/// The named steps of one instance of a service: they cost nothing unless somebody watches.
#[derive(Debug, Clone, Default)]
pub struct Failpoints(Option<Arc<dyn Watcher>>);

impl Failpoints {
    /// `watcher` hears of every step.
    pub fn watched_by(watcher: Arc<dyn Watcher>) -> Self {
        Self(Some(watcher))
    }

    /// The step is reached. Say `before …` and `after …`: that is where a crash makes a difference.
    pub async fn pass(&self, step: &'static str) {
        if let Some(watcher) = &self.0 {
            watcher.reached(step).await;
        }
    }
}

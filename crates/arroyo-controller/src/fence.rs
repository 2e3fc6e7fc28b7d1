//! Whether this process still owns the state that it writes.

use std::fmt::Debug;

use async_trait::async_trait;
use thiserror::Error;

/// Why something must not be written now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FenceError {
    /// Somebody else owns the state: nothing may be written ever again.
    #[error("{0}")]
    Lost(String),
    /// It cannot be found out who owns the state; asking again later may help.
    #[error("cannot find out whether the state is still owned by this process: {0}")]
    Unknown(String),
}

/// Asked before a manifest is published and before sinks commit.
///
/// It spares a replaced owner's work and ends it soon. What keeps two owners from committing one epoch is that manifests are
/// created only if absent.
#[async_trait]
pub trait Fence: Debug + Send + Sync {
    /// Asks whoever decides.
    async fn check(&self) -> Result<(), FenceError>;

    /// Whether it is known by now that somebody else owns the state. Does no I/O.
    fn is_lost(&self) -> bool;
}

/// For clusters, whose metadata database alone decides who owns a job.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFence;

#[async_trait]
impl Fence for NoFence {
    async fn check(&self) -> Result<(), FenceError> {
        Ok(())
    }

    fn is_lost(&self) -> bool {
        false
    }
}

//! How subscribers hear of changes.
//!
//! Within a process a bounded broadcast carries them; a subscriber that falls behind gets [`Change::Everything`] instead of
//! what it missed.
//! PostgreSQL's notifications are fed into the same broadcast (see [`crate::postgres`]).

use async_trait::async_trait;
use tokio::sync::broadcast;

use crate::{Change, Changes};

/// Changes that a slow subscriber may be behind.
const QUEUED_CHANGES_MAX: usize = 1024;

/// A broadcast without subscribers.
pub(crate) fn broadcast() -> broadcast::Sender<Change> {
    broadcast::Sender::new(QUEUED_CHANGES_MAX)
}

/// A subscription within this process.
#[derive(Debug)]
pub(crate) struct Subscription(broadcast::Receiver<Change>);

impl Subscription {
    pub(crate) fn to(subscribers: &broadcast::Sender<Change>) -> Self {
        Self(subscribers.subscribe())
    }
}

#[async_trait]
impl Changes for Subscription {
    async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use arroyo_types::JobId;

    use super::*;

    #[tokio::test]
    async fn who_falls_behind_reads_everything_again() {
        let subscribers = broadcast();
        let mut subscription = Subscription::to(&subscribers);
        for i in 0..=QUEUED_CHANGES_MAX {
            subscribers.send(Change::Job(JobId(i.to_string()))).unwrap();
        }
        assert_eq!(subscription.next().await, Some(Change::Everything));
        assert_eq!(subscription.next().await, Some(Change::Job("1".into())));
        drop(subscribers);
    }

    #[tokio::test]
    async fn a_closed_metastore_ends_subscriptions() {
        let subscribers = broadcast();
        let mut subscription = Subscription::to(&subscribers);
        drop(subscribers);
        assert_eq!(subscription.next().await, None);
    }
}

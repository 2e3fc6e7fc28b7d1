//! Whether what this run has done so far would survive the loss of this machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_types::Clock;
use tokio::sync::watch;

use super::lease::time;

/// What is written to a state directory by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The lease.
    Lease,
    /// The copy of the metadata database.
    Backup,
}

/// Writing fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Since when, in microseconds since the Unix epoch.
    pub(crate) since_micros: i64,
    /// What was said last.
    pub(crate) reason: String,
}

impl Outage {
    /// For the status line.
    pub(crate) fn short(&self) -> String {
        format!("state not durable since {}", time(self.since_micros))
    }

    /// For a line of its own.
    pub(crate) fn message(&self) -> String {
        format!(
            "The state is not durable since {}: {}\nThe pipeline goes on while it can; checkpoints wait until the state directory \
             can be written again.",
            time(self.since_micros),
            self.reason
        )
    }
}

/// What succeeds and fails to be written to a remote state directory. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Durability {
    clock: Arc<dyn Clock>,
    outages: watch::Sender<BTreeMap<Source, Outage>>,
}

impl Durability {
    /// Everything is well.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, outages: watch::Sender::new(BTreeMap::new()) }
    }

    /// Something was written.
    pub(crate) fn succeeded(&self, source: Source) {
        let ended = self.outages.send_if_modified(|outages| outages.remove(&source).is_some());
        if ended {
            tracing::info!(?source, "the state directory can be written again");
        }
    }

    /// Something was not written.
    pub(crate) fn failed(&self, source: Source, reason: &str) {
        tracing::warn!(?source, "the state directory cannot be written, trying again: {reason}");
        let since_micros = self.clock.now_micros();
        self.outages.send_modify(|outages| {
            let outage = Outage { since_micros, reason: reason.to_string() };
            outages.entry(source).or_insert(outage).reason = reason.to_string();
        });
    }

    /// The oldest outage there is.
    pub(crate) fn outage(&self) -> Option<Outage> {
        self.outages.borrow().values().min_by_key(|outage| outage.since_micros).cloned()
    }

    /// Waits until an outage begins (`was_durable`) or all have ended; answers what there is then. Cancel safe.
    pub(crate) async fn changed(&self, was_durable: bool) -> Option<Outage> {
        let mut outages = self.outages.subscribe();
        // The sender lives as long as `self`.
        let _ = outages.wait_for(|outages| outages.is_empty() != was_durable).await;
        self.outage()
    }
}

#[cfg(test)]
mod tests {
    use arroyo_types::{EventTime, ManualClock};

    use super::*;

    #[tokio::test]
    async fn an_outage_lasts_until_everything_can_be_written() {
        let clock = ManualClock::new(EventTime::from_nanos(1_700_000_000_000_000_000));
        let durability = Durability::new(Arc::new(clock.clone()));
        assert_eq!(durability.outage(), None);
        durability.failed(Source::Backup, "refused");
        clock.advance_nanos(5_000_000_000);
        durability.failed(Source::Lease, "refused");
        durability.failed(Source::Backup, "still refused");
        let outage = durability.changed(true).await.unwrap();
        assert_eq!(outage.short(), "state not durable since 2023-11-14 22:13:20 UTC");
        assert!(outage.message().contains("still refused"));
        durability.succeeded(Source::Backup);
        assert_eq!(durability.outage().unwrap().short(), "state not durable since 2023-11-14 22:13:25 UTC");
        durability.succeeded(Source::Lease);
        assert_eq!(durability.changed(false).await, None);
    }
}

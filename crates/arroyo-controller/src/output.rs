//! Rows of preview sinks on their way from workers to subscribers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arroyo_rpc::proto::OutputRows;
use tokio::sync::mpsc;

/// Messages kept for the first subscriber.
const KEPT_MESSAGES: usize = 256;
/// Messages that a subscriber may be behind.
const SUBSCRIBER_QUEUE: usize = 64;
/// A subscriber that takes nothing for so long is dropped, so that it does not hold up the job.
const STALLED_AFTER: Duration = Duration::from_secs(10);

/// The preview rows of one job.
///
/// Until somebody subscribes the last messages are kept, so that an early subscriber misses nothing; from then on a slow
/// subscriber slows the job down.
#[derive(Debug)]
pub(crate) struct OutputHub {
    stalled_after: Duration,
    state: Mutex<HubState>,
}

impl Default for OutputHub {
    fn default() -> Self {
        Self { stalled_after: STALLED_AFTER, state: Mutex::default() }
    }
}

#[derive(Debug, Default)]
struct HubState {
    kept: VecDeque<Arc<OutputRows>>,
    subscribed: bool,
    closed: bool,
    subscribers: Vec<mpsc::Sender<Arc<OutputRows>>>,
}

impl OutputHub {
    /// Rows from now on, and for the first subscriber those before it. The stream ends with the job.
    pub(crate) fn subscribe(&self) -> mpsc::Receiver<Arc<OutputRows>> {
        let mut state = self.lock();
        let kept = if state.subscribed { VecDeque::new() } else { std::mem::take(&mut state.kept) };
        let (sender, receiver) = mpsc::channel(SUBSCRIBER_QUEUE + kept.len());
        for rows in kept {
            // There is room for each of them.
            let _ = sender.try_send(rows);
        }
        state.subscribed = true;
        if !state.closed {
            state.subscribers.push(sender);
        }
        receiver
    }

    /// Hands rows to every subscriber, waiting for room in their queues.
    pub(crate) async fn publish(&self, rows: OutputRows) {
        let rows = Arc::new(rows);
        let subscribers = {
            let mut state = self.lock();
            if !state.subscribed {
                if state.kept.len() == KEPT_MESSAGES {
                    state.kept.pop_front();
                }
                state.kept.push_back(rows);
                return;
            }
            state.subscribers.clone()
        };
        for subscriber in subscribers {
            let sent = subscriber.send_timeout(rows.clone(), self.stalled_after).await;
            if sent.is_err() {
                self.lock().subscribers.retain(|other| !other.same_channel(&subscriber));
            }
        }
    }

    /// A start of the job: what an earlier run left is forgotten.
    pub(crate) fn open(&self) {
        let mut state = self.lock();
        if std::mem::take(&mut state.closed) {
            state.kept.clear();
            state.subscribed = false;
        }
    }

    /// The job has ended: streams end behind their last row.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.subscribers.clear();
    }

    fn lock(&self) -> MutexGuard<'_, HubState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(start_id: u64) -> OutputRows {
        OutputRows { operator_id: "sink".into(), start_id, ..OutputRows::default() }
    }

    #[tokio::test]
    async fn an_early_and_a_late_first_subscriber_miss_nothing() {
        let hub = OutputHub::default();
        hub.publish(rows(0)).await;
        hub.publish(rows(1)).await;
        let mut first = hub.subscribe();
        let mut second = hub.subscribe();
        hub.publish(rows(2)).await;
        hub.close();
        let mut seen = Vec::new();
        while let Some(rows) = first.recv().await {
            seen.push(rows.start_id);
        }
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(second.recv().await.map(|rows| rows.start_id), Some(2));
        assert_eq!(second.recv().await, None);
    }

    #[tokio::test]
    async fn only_the_last_rows_are_kept() {
        let hub = OutputHub::default();
        for id in 0..=KEPT_MESSAGES as u64 {
            hub.publish(rows(id)).await;
        }
        assert_eq!(hub.subscribe().recv().await.map(|rows| rows.start_id), Some(1));
    }

    #[tokio::test]
    async fn a_stalled_subscriber_is_dropped_and_the_others_go_on() {
        let hub = OutputHub { stalled_after: Duration::from_millis(10), ..OutputHub::default() };
        let stalled = hub.subscribe();
        for id in 0..=SUBSCRIBER_QUEUE as u64 {
            hub.publish(rows(id)).await;
        }
        let mut live = hub.subscribe();
        hub.publish(rows(1_000)).await;
        assert_eq!(live.recv().await.map(|rows| rows.start_id), Some(1_000));
        assert_eq!(hub.lock().subscribers.len(), 1);
        drop(stalled);
    }
}

//! Generating events at a rate.

use std::time::Duration;

use tokio::time::Instant;

/// Rows of a batch are gathered for about this long.
const GATHER: Duration = Duration::from_millis(10);

/// The longest interval between two events that is told apart from an endless one.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// Tells when events are due: by their number since the start, so that nothing drifts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Events per second; `None`: as fast as possible.
    rate: Option<f64>,
    start: Instant,
    first: u64,
}

impl Pace {
    /// Event number `first` is due now.
    pub(crate) fn starting(rate: Option<f64>, first: u64) -> Self {
        Self { rate, start: Instant::now(), first }
    }

    /// How many events to return at once, at most `max`, if this share of all events is generated here.
    pub(crate) fn batch(&self, share: f64, max: usize) -> usize {
        match self.rate {
            Some(rate) => ((rate * share * GATHER.as_secs_f64()) as usize).clamp(1, max.max(1)),
            None => max.max(1),
        }
    }

    /// Completes when event `number` is due.
    pub(crate) async fn due(&self, number: u64) {
        let Some(rate) = self.rate else { return };
        let seconds = number.saturating_sub(self.first) as f64 / rate;
        let after = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST);
        tokio::time::sleep_until(self.start + after).await;
    }
}

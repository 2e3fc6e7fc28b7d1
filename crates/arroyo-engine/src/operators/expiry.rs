//! When operators look for what they are to forget.

/// What is held is looked through so many times in its time to live.
const SWEEPS_PER_TTL: i64 = 8;

/// A time to live. Times are those of the operator's clock, in microseconds.
#[derive(Debug)]
pub(super) struct Expiry {
    ttl: i64,
    next_sweep: i64,
}

impl Expiry {
    /// Things are forgotten after so long; 0: never, for which there is no expiry.
    pub(super) fn after(ttl_nanos: i64) -> Option<Self> {
        (ttl_nanos > 0).then(|| Self { ttl: (ttl_nanos / 1000).max(1), next_sweep: 0 })
    }

    /// If it is time to look: what did not change since the answer is to be forgotten.
    pub(super) fn due(&mut self, now: i64) -> Option<i64> {
        if now < self.next_sweep {
            return None;
        }
        self.next_sweep = now.saturating_add((self.ttl / SWEEPS_PER_TTL).max(1));
        Some(now.saturating_sub(self.ttl))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_looked_through_some_times_in_their_time_to_live() {
        assert!(Expiry::after(0).is_none());
        let mut expiry = Expiry::after(8_000_000).expect("a time to live of 8 ms");
        assert_eq!([10_000, 10_999, 11_000].map(|now| expiry.due(now)), [Some(2_000), None, Some(3_000)]);
    }
}

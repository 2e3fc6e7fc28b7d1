//! Points in event time.

use serde::{Deserialize, Serialize};

/// A point in time: nanoseconds since the Unix epoch, without a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventTime(i64);

impl EventTime {
    /// Before every event.
    pub const MIN: Self = Self(i64::MIN);
    /// After every event: the watermark of an input that has ended.
    pub const MAX: Self = Self(i64::MAX);

    /// From nanoseconds since the Unix epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the Unix epoch.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Microseconds since the Unix epoch, rounded down.
    pub const fn micros(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// This time minus `nanos`, stopping at the ends of the range.
    #[must_use]
    pub const fn saturating_sub_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_sub(nanos))
    }

    /// This time plus `nanos`, stopping at the ends of the range.
    #[must_use]
    pub const fn saturating_add_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// The start of the bin of `width_nanos` (> 0) this time lies in; bins are aligned to the Unix epoch.
    #[must_use]
    pub const fn bin(self, width_nanos: i64) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(width_nanos)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_aligned_to_the_epoch_on_both_sides_of_it() {
        assert_eq!(EventTime::from_nanos(25).bin(10), EventTime::from_nanos(20));
        assert_eq!(EventTime::from_nanos(20).bin(10), EventTime::from_nanos(20));
        assert_eq!(EventTime::from_nanos(-1).bin(10), EventTime::from_nanos(-10));
        assert_eq!(EventTime::MIN.bin(10), EventTime::MIN);
    }
}

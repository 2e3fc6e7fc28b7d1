//! Arithmetic of tumbling and hopping windows.
//!
//! All windows start at a multiple of the slide (counted from the Unix epoch) and are as long as the width.
//! A *pane* is as long as the greatest common divisor of both, so that each window consists of whole panes.
//! Window borders are 128-bit numbers: near the ends of the range of timestamps they leave it.

use arrow::array::TimestampNanosecondArray;
use arroyo_operator::OperatorError;
use arroyo_types::EventTime;

/// How long windows are and how far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operators) struct WindowSpec {
    width: i64,
    slide: i64,
    pane: i64,
}

impl WindowSpec {
    /// Both in nanoseconds and above zero.
    pub(in crate::operators) fn new(width: i64, slide: i64) -> Result<Self, OperatorError> {
        if width <= 0 || slide <= 0 {
            return Err(OperatorError::bug(format!("a window of {width} ns every {slide} ns makes no sense")));
        }
        let (mut a, mut b) = (width, slide);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Ok(Self { width, slide, pane: a })
    }

    /// The start of the pane of each event time.
    pub(in crate::operators) fn panes(&self, times: &TimestampNanosecondArray) -> TimestampNanosecondArray {
        times.unary(|time| EventTime::from_nanos(time).bin(self.pane).nanos())
    }

    /// The end (exclusive) of the pane that starts at `pane`.
    pub(in crate::operators) fn pane_end(&self, pane: i64) -> i128 {
        self.aligned(pane) + i128::from(self.pane)
    }

    /// The true start of a pane; the first pane of all starts before the range of timestamps.
    fn aligned(&self, pane: i64) -> i128 {
        let length = i128::from(self.pane);
        i128::from(pane).div_euclid(length) * length
    }

    /// The end of the first window after `closed` that holds `pane`; windows that end at `closed` or before are over.
    /// `None` if there is none (any more).
    pub(super) fn next_window_end(&self, pane: i64, closed: i128) -> Option<i128> {
        let (width, slide) = (i128::from(self.width), i128::from(self.slide));
        let start = self.aligned(pane);
        let last = start.div_euclid(slide) * slide;
        let first_with_pane = ceil_to(start + i128::from(self.pane) - width, slide);
        let first_open = ceil_to(closed + 1 - width, slide);
        let first = first_with_pane.max(first_open);
        (first <= last).then_some(first + width)
    }

    /// The end of the last window that holds `pane`.
    pub(super) fn last_window_end(&self, pane: i64) -> i128 {
        let slide = i128::from(self.slide);
        self.aligned(pane).div_euclid(slide) * slide + i128::from(self.width)
    }

    /// Whether no window holds `pane`: there are such panes when the slide is greater than the width.
    pub(super) fn is_between_windows(&self, pane: i64) -> bool {
        self.last_window_end(pane) <= self.aligned(pane)
    }

    /// The start of the window with this end.
    pub(super) fn window_start(&self, end: i128) -> i128 {
        end - i128::from(self.width)
    }

    /// The earliest pane start that a window can hold which ends after `closed`.
    pub(super) fn earliest_open_pane(&self, closed: i128) -> i128 {
        ceil_to(closed + 1 - i128::from(self.width), i128::from(self.slide))
    }
}

fn ceil_to(value: i128, step: i128) -> i128 {
    -(-value).div_euclid(step) * step
}

/// A window border as a timestamp.
pub(super) fn clamp(border: i128) -> i64 {
    i64::try_from(border).unwrap_or(if border < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tumbling_windows_are_their_own_panes() {
        let spec = WindowSpec::new(10, 10).expect("a window");
        assert_eq!(spec.next_window_end(20, i128::MIN / 2), Some(30));
        assert_eq!(spec.next_window_end(20, 29), Some(30));
        assert_eq!(spec.next_window_end(20, 30), None);
        assert_eq!(spec.next_window_end(-10, -1), Some(0));
        assert_eq!(spec.earliest_open_pane(30), 30);
        assert_eq!(spec.earliest_open_pane(29), 20);
    }

    #[test]
    fn hopping_windows_share_panes() {
        let spec = WindowSpec::new(10, 4).expect("a window");
        assert_eq!(spec.pane, 2);
        // Windows [-4, 6), [0, 10), [4, 14) hold the pane [4, 6); [8, 18) does not.
        assert_eq!(spec.next_window_end(4, 0), Some(6));
        assert_eq!(spec.next_window_end(4, 6), Some(10));
        assert_eq!(spec.next_window_end(4, 10), Some(14));
        assert_eq!(spec.next_window_end(4, 14), None);
        assert_eq!(spec.last_window_end(4), 14);
    }

    #[test]
    fn windows_with_gaps_leave_panes_out() {
        let spec = WindowSpec::new(2, 6).expect("a window");
        assert_eq!(spec.next_window_end(0, -1), Some(2));
        assert_eq!(spec.next_window_end(2, -1), None);
        assert!(!spec.is_between_windows(0) && spec.is_between_windows(2));
    }

    #[test]
    fn the_ends_of_time_have_windows_too() {
        let spec = WindowSpec::new(10, 10).expect("a window");
        for time in [i64::MIN, i64::MAX] {
            let pane = EventTime::from_nanos(time).bin(10).nanos();
            let end = spec.next_window_end(pane, i128::MIN / 2).expect("a window");
            assert!(spec.window_start(end) <= i128::from(time) && i128::from(time) < end);
        }
        assert_eq!(clamp(i128::MAX), i64::MAX);
        assert_eq!(clamp(i128::MIN), i64::MIN);
    }
}

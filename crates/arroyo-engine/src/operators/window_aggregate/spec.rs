//! Arithmetic of tumbling, hopping and cumulating windows.
//!
//! *Hopping* windows start at a multiple of the slide and are as long as the width; tumbling ones have a slide as long as the
//! width. *Cumulating* windows start at a multiple of the width, and end one slide later, two slides later, and so on up to
//! the width, which is a multiple of the slide. Multiples are counted from the Unix epoch plus an offset.
//!
//! A *pane* is as long as the greatest common divisor of width and slide, so that each window consists of whole panes.
//! Window borders are 128-bit numbers: near the ends of the range of timestamps they leave it.

use arrow::array::TimestampNanosecondArray;
use arroyo_dataflow::operators as config;
use arroyo_operator::OperatorError;

/// How long windows are and how far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operators) struct WindowSpec {
    width: i64,
    slide: i64,
    pane: i64,
    /// From 0 to the slide, or to the width of cumulating windows, exclusive.
    offset: i64,
    cumulate: bool,
}

impl WindowSpec {
    /// The windows of a configuration: width and slide are above zero.
    pub(in crate::operators) fn new(config: &config::WindowAggregate) -> Result<Self, OperatorError> {
        let (width, slide) = (config.width_nanos, config.slide_nanos);
        if width <= 0 || slide <= 0 {
            return Err(OperatorError::bug(format!("a window of {width} ns every {slide} ns makes no sense")));
        }
        if config.cumulate && width % slide != 0 {
            return Err(OperatorError::bug(format!("{width} ns cannot be reached in steps of {slide} ns")));
        }
        let (mut a, mut b) = (width, slide);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let period = if config.cumulate { width } else { slide };
        Ok(Self { width, slide, pane: a, offset: config.offset_nanos.rem_euclid(period), cumulate: config.cumulate })
    }

    /// The start of the pane of each event time.
    pub(in crate::operators) fn panes(&self, times: &TimestampNanosecondArray) -> TimestampNanosecondArray {
        let offset = self.offset % self.pane;
        times.unary(|time| {
            let since = time.rem_euclid(self.pane) - offset;
            time.saturating_sub(if since < 0 { since + self.pane } else { since })
        })
    }

    /// The end (exclusive) of the pane that starts at `pane`.
    pub(in crate::operators) fn pane_end(&self, pane: i64) -> i128 {
        self.aligned(pane) + i128::from(self.pane)
    }

    /// Whether a pane can be in several windows.
    pub(super) fn overlap(&self) -> bool {
        self.width > self.slide
    }

    /// The true start of a pane; the first pane of all starts before the range of timestamps.
    fn aligned(&self, pane: i64) -> i128 {
        self.floor_to(i128::from(pane), self.pane)
    }

    /// The end of the first window after `closed` that holds `pane`; windows that end at `closed` or before are over.
    /// `None` if there is none (any more).
    pub(super) fn next_window_end(&self, pane: i64, closed: i128) -> Option<i128> {
        let start = self.aligned(pane);
        if self.cumulate {
            let end = (start + i128::from(self.pane)).max(self.ceil_to(closed + 1, self.slide));
            return (end <= self.last_window_end(pane)).then_some(end);
        }
        let width = i128::from(self.width);
        let last = self.floor_to(start, self.slide);
        let first_with_pane = self.ceil_to(start + i128::from(self.pane) - width, self.slide);
        let first_open = self.ceil_to(closed + 1 - width, self.slide);
        let first = first_with_pane.max(first_open);
        (first <= last).then_some(first + width)
    }

    /// The end of the last window that holds `pane`.
    pub(in crate::operators) fn last_window_end(&self, pane: i64) -> i128 {
        let period = if self.cumulate { self.width } else { self.slide };
        self.floor_to(self.aligned(pane), period) + i128::from(self.width)
    }

    /// Whether no window holds `pane`: there are such panes when the slide is greater than the width.
    pub(in crate::operators) fn is_between_windows(&self, pane: i64) -> bool {
        self.last_window_end(pane) <= self.aligned(pane)
    }

    /// The start of the window with this end.
    pub(super) fn window_start(&self, end: i128) -> i128 {
        if self.cumulate { self.floor_to(end - 1, self.width) } else { end - i128::from(self.width) }
    }

    /// The earliest pane start that a window can hold which ends after `closed`.
    pub(super) fn earliest_open_pane(&self, closed: i128) -> i128 {
        if self.cumulate {
            return self.floor_to(closed, self.width);
        }
        self.ceil_to(closed + 1 - i128::from(self.width), self.slide)
    }

    /// The last multiple of `step`, counted from the offset, that is not above `value`.
    fn floor_to(&self, value: i128, step: i64) -> i128 {
        let (offset, step) = (i128::from(self.offset), i128::from(step));
        (value - offset).div_euclid(step) * step + offset
    }

    /// The first multiple of `step`, counted from the offset, that is not below `value`.
    fn ceil_to(&self, value: i128, step: i64) -> i128 {
        let (offset, step) = (i128::from(self.offset), i128::from(step));
        -(offset - value).div_euclid(step) * step + offset
    }
}

/// A window border as a timestamp.
pub(super) fn clamp(border: i128) -> i64 {
    i64::try_from(border).unwrap_or(if border < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use arroyo_types::EventTime;

    use super::*;

    fn windows(width_nanos: i64, slide_nanos: i64, offset_nanos: i64, cumulate: bool) -> WindowSpec {
        let config = config::WindowAggregate { width_nanos, slide_nanos, offset_nanos, cumulate, ..Default::default() };
        WindowSpec::new(&config).expect("windows")
    }

    #[test]
    fn tumbling_windows_are_their_own_panes() {
        let spec = windows(10, 10, 0, false);
        assert_eq!(spec.next_window_end(20, i128::MIN / 2), Some(30));
        assert_eq!(spec.next_window_end(20, 29), Some(30));
        assert_eq!(spec.next_window_end(20, 30), None);
        assert_eq!(spec.next_window_end(-10, -1), Some(0));
        assert_eq!(spec.earliest_open_pane(30), 30);
        assert_eq!(spec.earliest_open_pane(29), 20);
    }

    #[test]
    fn hopping_windows_share_panes() {
        let spec = windows(10, 4, 0, false);
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
        let spec = windows(2, 6, 0, false);
        assert_eq!(spec.next_window_end(0, -1), Some(2));
        assert_eq!(spec.next_window_end(2, -1), None);
        assert!(!spec.is_between_windows(0) && spec.is_between_windows(2));
    }

    #[test]
    fn an_offset_moves_all_borders() {
        let spec = windows(10, 4, 1, false);
        let times = TimestampNanosecondArray::from(vec![0, 1, 2, 3, -1, -2]);
        assert_eq!(spec.panes(&times), TimestampNanosecondArray::from(vec![-1, 1, 1, 3, -1, -3]));
        // Windows [-3, 7), [1, 11), [5, 15) hold the pane [5, 7).
        assert_eq!(spec.next_window_end(5, 0), Some(7));
        assert_eq!(spec.next_window_end(5, 7), Some(11));
        assert_eq!(spec.last_window_end(5), 15);
        assert_eq!(spec.earliest_open_pane(7), 1);
        let same = windows(10, 4, -7, false);
        assert_eq!(spec, same, "an offset counts modulo the slide");
    }

    #[test]
    fn cumulating_windows_grow_step_by_step() {
        let spec = windows(9, 3, 1, true);
        // Windows [1, 4), [1, 7), [1, 10), then [10, 13) …
        assert_eq!(spec.next_window_end(1, 0), Some(4));
        assert_eq!(spec.next_window_end(1, 4), Some(7));
        assert_eq!(spec.next_window_end(4, 0), Some(7));
        assert_eq!(spec.next_window_end(1, 10), None);
        assert_eq!((spec.window_start(4), spec.window_start(7), spec.window_start(10)), (1, 1, 1));
        assert_eq!((spec.last_window_end(1), spec.last_window_end(7), spec.last_window_end(10)), (10, 10, 19));
        assert_eq!((spec.earliest_open_pane(9), spec.earliest_open_pane(10)), (1, 10));
    }

    #[test]
    fn the_ends_of_time_have_windows_too() {
        for (offset, cumulate) in [(0, false), (3, false), (3, true)] {
            let spec = windows(10, if cumulate { 5 } else { 10 }, offset, cumulate);
            for time in [EventTime::MIN.nanos(), EventTime::MAX.nanos()] {
                let pane = spec.panes(&TimestampNanosecondArray::from(vec![time])).value(0);
                let end = spec.next_window_end(pane, i128::MIN / 2).expect("a window");
                assert!(spec.window_start(end) <= i128::from(time) && i128::from(time) < end);
            }
        }
        assert_eq!(clamp(i128::MAX), i64::MAX);
        assert_eq!(clamp(i128::MIN), i64::MIN);
    }
}

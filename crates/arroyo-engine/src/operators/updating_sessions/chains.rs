//! The instants at which a key has rows, and the sessions that they form.

use std::collections::{BTreeMap, BTreeSet};

/// From the first to the last instant of a session.
pub(super) type Range = (i64, i64);

/// What is known of one key.
#[derive(Debug, Default)]
pub(super) struct KeyTimes {
    /// Instants that have rows.
    live: BTreeSet<i64>,
    /// Instants that changed, and whose sessions were not emitted since.
    pub(super) changed: BTreeSet<i64>,
    /// Emitted sessions, the first instant → the last.
    pub(super) emitted: BTreeMap<i64, i64>,
}

/// What becomes of the sessions around an instant.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// Emitted sessions that are not what they were, perhaps.
    pub(super) old: Vec<Range>,
    /// Sessions that there are now.
    pub(super) new: Vec<Range>,
}

impl KeyTimes {
    /// An instant has other rows than before; `is_live`: it still has some.
    pub(super) fn change(&mut self, time: i64, is_live: bool) {
        if is_live {
            self.live.insert(time);
        } else {
            self.live.remove(&time);
        }
        self.changed.insert(time);
    }

    /// Whether there are rows at `time`.
    pub(super) fn has_rows(&self, time: i64) -> bool {
        self.live.contains(&time)
    }

    /// The sessions that a change at `time` concerns.
    pub(super) fn around(&self, time: i64, gap: i64) -> Around {
        let before = self.live.range(time.saturating_sub(gap)..=time).next_back();
        let after = self.live.range(time..=time.saturating_add(gap)).next();
        let mut new: Vec<Range> = before.into_iter().chain(after).map(|near| self.session(*near, gap)).collect();
        new.dedup();
        let start = new.first().map_or(time, |first| first.0.min(time));
        let last = new.last().map_or(time, |last| last.1.max(time));
        // Emitted sessions do not overlap one another, so those that reach up to `start` are the last ones that begin before.
        let overlapping = self.emitted.range(..=last).rev().take_while(|(_, emitted_last)| **emitted_last >= start);
        let mut old: Vec<Range> = overlapping.map(|(start, last)| (*start, *last)).collect();
        old.reverse();
        Around { old, new }
    }

    /// The session that has the instant `near`.
    pub(super) fn session(&self, near: i64, gap: i64) -> Range {
        let is_near = |a: i64, b: i64| i128::from(b) - i128::from(a) <= i128::from(gap);
        let mut start = near;
        for time in self.live.range(..near).rev() {
            if !is_near(*time, start) {
                break;
            }
            start = *time;
        }
        let mut last = near;
        for time in self.live.range(near..) {
            if !is_near(last, *time) {
                break;
            }
            last = *time;
        }
        (start, last)
    }

    /// The first session.
    pub(super) fn first(&self, gap: i64) -> Option<Range> {
        self.live.first().map(|first| self.session(*first, gap))
    }

    /// All sessions, in order.
    pub(super) fn sessions(&self, gap: i64) -> Vec<Range> {
        let mut sessions: Vec<Range> = Vec::new();
        for time in &self.live {
            match sessions.last_mut() {
                Some(session) if i128::from(*time) - i128::from(session.1) <= i128::from(gap) => session.1 = *time,
                _ => sessions.push((*time, *time)),
            }
        }
        sessions
    }

    /// The instants of a session.
    pub(super) fn instants(&self, session: Range) -> impl Iterator<Item = i64> {
        self.live.range(session.0..=session.1).copied()
    }

    /// Forgets the instants of a session and what was emitted of it.
    pub(super) fn forget(&mut self, session: Range) -> (Vec<i64>, Vec<Range>) {
        let times: Vec<i64> = self.instants(session).collect();
        for time in &times {
            self.live.remove(time);
        }
        self.changed.retain(|time| !(session.0..=session.1).contains(time));
        let emitted: Vec<Range> =
            self.emitted.range(session.0..=session.1).map(|(start, last)| (*start, *last)).collect();
        for (start, _) in &emitted {
            self.emitted.remove(start);
        }
        (times, emitted)
    }

    /// Whether nothing is known any more.
    pub(super) fn is_empty(&self) -> bool {
        self.live.is_empty() && self.changed.is_empty() && self.emitted.is_empty()
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        (self.live.len() + self.changed.len() + 2 * self.emitted.len()) * 2 * size_of::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(live: &[i64]) -> KeyTimes {
        let mut times = KeyTimes::default();
        live.iter().for_each(|time| times.change(*time, true));
        times
    }

    #[test]
    fn a_row_joins_two_sessions() {
        let mut times = times(&[1, 3, 9, 20]);
        times.emitted = BTreeMap::from([(1, 3), (9, 9), (20, 20)]);
        times.change(6, true);
        assert_eq!(times.around(6, 3), Around { old: vec![(1, 3), (9, 9)], new: vec![(1, 9)] });
    }

    #[test]
    fn a_row_that_goes_splits_or_shortens_a_session() {
        let mut times = times(&[1, 3, 6, 9, 20]);
        times.emitted = BTreeMap::from([(1, 9), (20, 20)]);
        times.change(6, false);
        assert_eq!(times.around(6, 3), Around { old: vec![(1, 9)], new: vec![(1, 3), (9, 9)] });
        times.emitted = BTreeMap::from([(1, 3), (9, 9), (20, 20)]);
        times.change(9, false);
        assert_eq!(times.around(9, 3), Around { old: vec![(9, 9)], new: vec![] });
    }

    #[test]
    fn what_is_far_away_is_not_concerned() {
        let mut times = times(&[1, 100]);
        times.emitted = BTreeMap::from([(1, 1), (100, 100)]);
        times.change(50, true);
        assert_eq!(times.around(50, 10), Around { old: vec![], new: vec![(50, 50)] });
        assert_eq!(times.around(i64::MAX, i64::MAX).new, vec![(1, 100)], "gaps have no limit");
        assert_eq!(times.sessions(60), [(1, 100)]);
        assert_eq!(times.forget((1, 50)), (vec![1, 50], vec![(1, 1)]));
    }
}

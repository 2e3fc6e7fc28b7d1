//! Which keys have sessions that may end next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::Key;
use super::session::{KeySessions, is_over};

/// Keys by the last event of their first session. A session that grows keeps its place and is looked at once more when it is
/// due, so that rows cost nothing here.
#[derive(Default)]
pub(super) struct DeadlineQueue {
    heap: BinaryHeap<Reverse<(i64, Key)>>,
}

impl DeadlineQueue {
    /// Makes sure that the key is looked at when its first session may be over.
    pub(super) fn schedule(&mut self, key: &Key, sessions: &mut KeySessions) {
        let Some(first) = sessions.sessions.first() else { return };
        if sessions.scheduled.is_none_or(|scheduled| first.last < scheduled) {
            sessions.scheduled = Some(first.last);
            self.heap.push(Reverse((first.last, Arc::clone(key))));
        }
    }

    /// The next key whose deadline the watermark has passed, with the deadline. If it is not the one that the key is scheduled
    /// for, the key is in the queue once more.
    pub(super) fn pop_due(&mut self, gap: i64, watermark: i64) -> Option<(i64, Key)> {
        let Reverse((last, _)) = self.heap.peek()?;
        if !is_over(*last, gap, watermark) {
            return None;
        }
        self.heap.pop().map(|Reverse(deadline)| deadline)
    }
}

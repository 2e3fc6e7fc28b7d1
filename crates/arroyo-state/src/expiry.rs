//! Up to which event time rows have expired, by key range.
//!
//! Subtasks expire their own keys at their own pace, and after a rescale other subtasks own the keys: so expiry is a function of
//! the key hash, constant on ranges, that never goes back.

use arroyo_types::{EventTime, KeyRange};
use serde::{Deserialize, Serialize};

use crate::FileRef;

/// Rows with a hash in `range` and a time before `before` are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiredRange {
    /// The keys.
    pub range: KeyRange,
    /// The first time that is not gone.
    pub before: EventTime,
}

/// The expiry of one key; `expired` is in order of range.
pub(crate) fn expired_before(expired: &[ExpiredRange], hash: u64) -> EventTime {
    let next = expired.partition_point(|expired| expired.range.start <= hash);
    let found = next.checked_sub(1).and_then(|index| expired.get(index));
    found.filter(|expired| expired.range.contains(hash)).map_or(EventTime::MIN, |expired| expired.before)
}

/// The later of two expiries on every key, in order of range, neighbours of equal expiry as one.
pub(crate) fn later_of(previous: &[ExpiredRange], current: &[ExpiredRange]) -> Vec<ExpiredRange> {
    let both = || previous.iter().chain(current);
    let mut starts: Vec<u64> =
        both().flat_map(|expired| [Some(expired.range.start), expired.range.end.checked_add(1)]).flatten().collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u64::MAX]);
    let mut merged: Vec<ExpiredRange> = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        let range = KeyRange { start, end };
        let Some(before) = both().filter(|expired| expired.range.overlaps(&range)).map(|expired| expired.before).max()
        else {
            continue;
        };
        match merged.last_mut() {
            Some(last) if last.before == before && last.range.end.checked_add(1) == Some(start) => last.range.end = end,
            _ => merged.push(ExpiredRange { range, before }),
        }
    }
    merged
}

/// Whether no row of the file is left.
pub(crate) fn is_expired(expired: &[ExpiredRange], file: &FileRef) -> bool {
    let Some(times) = file.time_range else { return false };
    let mut next = Some(file.key_range.start);
    for expired in expired.iter().filter(|expired| expired.range.overlaps(&file.key_range)) {
        match next {
            // Nothing has expired between the last range and this one.
            Some(start) if expired.range.start > start => return false,
            _ if expired.before <= times.max => return false,
            _ => next = expired.range.end.checked_add(1),
        }
    }
    next.is_none_or(|next| next > file.key_range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expired(start: u64, end: u64, before: i64) -> ExpiredRange {
        ExpiredRange { range: KeyRange { start, end }, before: EventTime::from_nanos(before) }
    }

    #[test]
    fn the_later_expiry_wins_on_every_key() {
        let old = [expired(0, 9, 5), expired(10, u64::MAX, 7)];
        let new = [expired(0, 4, 9), expired(5, 20, 6)];
        let merged = later_of(&old, &new);
        assert_eq!(merged, [expired(0, 4, 9), expired(5, 9, 6), expired(10, u64::MAX, 7)]);
        assert_eq!(expired_before(&merged, 4).nanos(), 9);
        assert_eq!(expired_before(&merged, 5).nanos(), 6);
        assert_eq!(expired_before(&merged, u64::MAX).nanos(), 7);
        assert_eq!(expired_before(&[expired(5, 6, 1)], 7), EventTime::MIN);
        assert_eq!(later_of(&[expired(0, 3, 1)], &[expired(4, 9, 1)]), [expired(0, 9, 1)]);
    }

    #[test]
    fn a_file_is_gone_when_all_its_keys_have_expired() {
        let time = EventTime::from_nanos;
        let file = FileRef {
            path: String::new(),
            epoch: arroyo_types::Epoch(1),
            subtask: 0,
            key_range: KeyRange { start: 2, end: 8 },
            time_range: Some(crate::TimeRange { min: time(1), max: time(5) }),
            rows: 1,
            bytes: 1,
            checksum: String::new(),
        };
        assert!(is_expired(&[expired(0, 9, 6)], &file));
        assert!(!is_expired(&[expired(0, 9, 5)], &file), "the row at 5 is left");
        assert!(!is_expired(&[expired(0, 7, 6)], &file), "key 8 is left");
        assert!(!is_expired(&[expired(3, 9, 6)], &file), "key 2 is left");
        assert!(!is_expired(&[expired(0, 4, 6), expired(6, 9, 6)], &file), "key 5 is left");
        assert!(is_expired(&[expired(0, 4, 6), expired(5, u64::MAX, 7)], &file));
        assert!(!is_expired(&[], &file));
    }
}

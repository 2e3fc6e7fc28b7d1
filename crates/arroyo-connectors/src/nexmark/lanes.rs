//! Which event numbers a subtask generates.
//!
//! Numbers are dealt out in *lanes*: all numbers that leave the same rest when divided by the same modulus. At a rescale lanes
//! are dealt out anew, and split first if there are too few. So a set of lanes covers each number exactly once, for ever.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Numbers `next`, `next + modulus`, … of those that leave `rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lane {
    pub(crate) modulus: u64,
    pub(crate) rest: u64,
    pub(crate) next: u64,
}

impl Lane {
    pub(crate) fn encode(&self) -> (Vec<u8>, Vec<u8>) {
        let mut key = self.modulus.to_be_bytes().to_vec();
        key.extend(self.rest.to_be_bytes());
        (key, self.next.to_be_bytes().to_vec())
    }

    pub(crate) fn decode(key: &[u8], value: &[u8]) -> Option<Self> {
        let (modulus, rest) = key.split_first_chunk()?;
        let next = u64::from_be_bytes(value.try_into().ok()?);
        let lane =
            Self { modulus: u64::from_be_bytes(*modulus), rest: u64::from_be_bytes(rest.try_into().ok()?), next };
        (lane.modulus > 0 && lane.next % lane.modulus == lane.rest).then_some(lane)
    }

    /// The same numbers in `parts` lanes.
    fn split(self, parts: u64) -> impl Iterator<Item = Self> {
        let modulus = self.modulus.saturating_mul(parts);
        // The next `parts` numbers fall into different lanes.
        (0..parts).map(move |part| {
            let next = self.next.saturating_add(self.modulus.saturating_mul(part));
            Self { modulus, rest: next % modulus, next }
        })
    }
}

/// The lanes of one subtask, when `stored` are the lanes of all (none at the first start).
pub(crate) fn assign(mut stored: Vec<Lane>, subtask: u32, parallelism: u32) -> Vec<Lane> {
    let parallelism = u64::from(parallelism.max(1));
    if stored.is_empty() {
        stored.push(Lane { modulus: 1, rest: 0, next: 0 });
    }
    stored.sort_unstable();
    let parts = parallelism.div_ceil(stored.len() as u64);
    let all = stored.into_iter().flat_map(|lane| lane.split(parts));
    all.enumerate()
        .filter(|(index, _)| *index as u64 % parallelism == u64::from(subtask))
        .map(|(_, lane)| lane)
        .collect()
}

/// Takes the `count` smallest numbers below `bound` off the lanes, in order.
pub(crate) fn take(lanes: &mut Vec<Lane>, count: usize, bound: u64, numbers: &mut Vec<u64>) {
    if let [lane] = lanes.as_mut_slice() {
        while numbers.len() < count && lane.next < bound {
            numbers.push(lane.next);
            lane.next = lane.next.saturating_add(lane.modulus);
        }
        return;
    }
    let mut heap: BinaryHeap<_> = lanes.drain(..).map(|lane| Reverse((lane.next, lane))).collect();
    while numbers.len() < count
        && let Some(mut smallest) = heap.peek_mut()
        && smallest.0.0 < bound
    {
        let Reverse((next, lane)) = &mut *smallest;
        numbers.push(*next);
        lane.next = lane.next.saturating_add(lane.modulus);
        *next = lane.next;
    }
    lanes.extend(heap.into_iter().map(|Reverse((_, lane))| lane));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_cover_each_number_once_through_any_rescale() {
        let mut stored = Vec::new();
        let mut seen = Vec::new();
        for (parallelism, count) in [(3, 10), (7, 5), (2, 40), (5, 9), (1, 100), (4, 1000)] {
            let mut all = Vec::new();
            for subtask in 0..parallelism {
                let mut lanes = assign(stored.clone(), subtask, parallelism);
                assert!(!lanes.is_empty());
                take(&mut lanes, seen.len() + count + subtask as usize, 500, &mut seen);
                all.extend(lanes.iter().map(|lane| {
                    let (key, value) = lane.encode();
                    Lane::decode(&key, &value).unwrap()
                }));
            }
            stored = all;
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..500).collect::<Vec<u64>>());
    }

    #[test]
    fn one_subtask_takes_all_in_order_from_many_lanes() {
        let mut lanes = assign(assign(Vec::new(), 0, 1).into_iter().flat_map(|lane| lane.split(3)).collect(), 0, 1);
        let mut numbers = Vec::new();
        take(&mut lanes, 10, u64::MAX, &mut numbers);
        assert_eq!(numbers, (0..10).collect::<Vec<u64>>());
    }
}

//! Ranges of the key hash: who owns which keys at a parallelism.

use serde::{Deserialize, Serialize};

/// An inclusive range of key hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyRange {
    /// The first hash in the range.
    pub start: u64,
    /// The last hash in the range.
    pub end: u64,
}

impl KeyRange {
    /// Every hash.
    pub const FULL: Self = Self { start: 0, end: u64::MAX };

    /// The range that `subtask` of `parallelism` owns.
    ///
    /// Ranges of all subtasks cover every hash once, and [`KeyRange::owner`] is their inverse.
    pub fn of_subtask(subtask: u32, parallelism: u32) -> Self {
        let parallelism = u128::from(parallelism.max(1));
        let subtask = u128::from(subtask);
        let first = |index: u128| ((index << 64).div_ceil(parallelism)) as u64;
        let start = first(subtask);
        let end = if subtask + 1 >= parallelism { u64::MAX } else { first(subtask + 1) - 1 };
        Self { start, end }
    }

    /// The subtask of `parallelism` that owns `hash`.
    pub fn owner(hash: u64, parallelism: u32) -> u32 {
        ((u128::from(hash) * u128::from(parallelism.max(1))) >> 64) as u32
    }

    /// Whether `hash` lies in the range.
    pub fn contains(&self, hash: u64) -> bool {
        self.start <= hash && hash <= self.end
    }

    /// Whether both ranges share a hash.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_owner_agree_at_their_borders() {
        for parallelism in 1..=65 {
            let mut next = 0u64;
            for subtask in 0..parallelism {
                let range = KeyRange::of_subtask(subtask, parallelism);
                assert_eq!(range.start, next);
                assert_eq!(KeyRange::owner(range.start, parallelism), subtask);
                assert_eq!(KeyRange::owner(range.end, parallelism), subtask);
                next = range.end.wrapping_add(1);
            }
            assert_eq!(next, 0, "the last range ends at the last hash");
        }
    }
}

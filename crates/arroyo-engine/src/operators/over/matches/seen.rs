//! Which positions an attempt has reached at which rows.

use std::collections::VecDeque;

/// A set of positions per row.
///
/// Where conditions ask for nothing but the current row, how a pattern goes on does not depend on how a position was reached. So
/// a position that was reached already, in this attempt or in one that has failed, need not be followed again: that makes the
/// search linear.
#[derive(Default)]
pub(super) struct Seen {
    first: u64,
    /// Words of bits per row.
    words: usize,
    bits: VecDeque<u64>,
}

impl Seen {
    /// Adds a position at a row; whether it was new.
    pub(super) fn insert(&mut self, row: u64, position: usize, positions: usize) -> bool {
        if self.bits.is_empty() {
            self.first = row;
            self.words = positions.div_ceil(64);
        }
        let Some(offset) = row.checked_sub(self.first).and_then(|offset| usize::try_from(offset).ok()) else {
            return true;
        };
        let place = offset * self.words + position / 64;
        if place >= self.bits.len() {
            self.bits.resize((offset + 1) * self.words, 0);
        }
        let Some(word) = self.bits.get_mut(place) else { return true };
        let bit = 1u64 << (position % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.bits.clear();
    }

    /// Forgets the rows before one.
    pub(super) fn drop_before(&mut self, row: u64) {
        let Some(rows) = row.checked_sub(self.first).and_then(|rows| usize::try_from(rows).ok()) else { return };
        let dropped = rows.saturating_mul(self.words).min(self.bits.len());
        self.bits.drain(..dropped);
        self.first = row;
    }

    pub(super) fn bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_new_once_per_row() {
        let mut seen = Seen::default();
        assert!(seen.insert(7, 70, 100));
        assert!(!seen.insert(7, 70, 100));
        assert!(seen.insert(7, 6, 100));
        assert!(seen.insert(9, 70, 100));
        seen.drop_before(8);
        assert!(!seen.insert(9, 70, 100));
        assert!(seen.insert(8, 70, 100));
        seen.clear();
        assert!(seen.insert(9, 70, 100));
    }
}

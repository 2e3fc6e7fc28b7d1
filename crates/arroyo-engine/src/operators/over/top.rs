//! Which rows of a partition are wanted when only the first ones are.

use std::ops::Range;

use arroyo_dataflow::operators as config;
use arroyo_operator::OperatorError;
use config::top::Rank;

/// The rows for which a ranking function is at most `last`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Top {
    rank: Rank,
    last: usize,
}

impl Top {
    pub(super) fn new(config: &config::Top) -> Result<Self, OperatorError> {
        let rank = Rank::try_from(config.rank)
            .map_err(|_| OperatorError::bug(format!("there is no ranking function {}", config.rank)))?;
        Ok(Self { rank, last: usize::try_from(config.last).unwrap_or(usize::MAX) })
    }

    /// How many of the first rows of a partition are wanted, if there are so many; `peers` are its rows that are equal in
    /// ORDER BY, from 0, of which no more are looked at than needed.
    pub(super) fn wanted(&self, peers: impl IntoIterator<Item = Range<usize>>) -> usize {
        match self.rank {
            Rank::RowNumber => self.last,
            Rank::Rank => {
                peers.into_iter().take_while(|peers| peers.start < self.last).last().map_or(0, |last| last.end)
            }
            Rank::DenseRank => peers.into_iter().take(self.last).last().map_or(0, |last| last.end),
        }
    }

    /// Whether a row behind so many wanted rows, which are not its peers, is not wanted.
    pub(super) fn is_full(&self, rows: usize, groups: usize) -> bool {
        match self.rank {
            Rank::RowNumber | Rank::Rank => rows >= self.last,
            Rank::DenseRank => groups >= self.last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_stay_together_where_the_function_gives_them_one_rank() {
        let peers = [0..1, 1..4, 4..5];
        let wanted = |rank, last| Top { rank, last }.wanted(peers.clone());
        assert_eq!([0, 1, 2, 3, 9].map(|last| wanted(Rank::RowNumber, last)), [0, 1, 2, 3, 9]);
        assert_eq!([0, 1, 2, 4, 5].map(|last| wanted(Rank::Rank, last)), [0, 1, 4, 4, 5]);
        assert_eq!([0, 1, 2, 4, 5].map(|last| wanted(Rank::DenseRank, last)), [0, 1, 4, 5, 5]);
    }

    #[test]
    fn a_full_partition_wants_no_further_row() {
        let is_full = |rank, rows, groups| Top { rank, last: 2 }.is_full(rows, groups);
        assert_eq!([1, 2, 3].map(|rows| is_full(Rank::RowNumber, rows, 1)), [false, true, true]);
        assert_eq!([1, 2, 3].map(|rows| is_full(Rank::Rank, rows, 1)), [false, true, true]);
        assert_eq!([1, 2, 3].map(|groups| is_full(Rank::DenseRank, 9, groups)), [false, true, true]);
    }
}

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

    /// The last rank that is wanted.
    pub(super) fn last(&self) -> usize {
        self.last
    }

    /// How many of the first rows of a partition are wanted; `peers` are its rows that are equal in ORDER BY, from 0.
    pub(super) fn wanted(&self, peers: &[Range<usize>]) -> usize {
        let rows = peers.last().map_or(0, |last| last.end);
        match self.rank {
            Rank::RowNumber => self.last.min(rows),
            Rank::Rank => peers.iter().take_while(|peers| peers.start < self.last).last().map_or(0, |peers| peers.end),
            Rank::DenseRank => peers.iter().take(self.last).next_back().map_or(0, |peers| peers.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_stay_together_where_the_function_gives_them_one_rank() {
        let peers = [0..1, 1..4, 4..5];
        let wanted = |rank, last| Top { rank, last }.wanted(&peers);
        assert_eq!([0, 1, 2, 3, 9].map(|last| wanted(Rank::RowNumber, last)), [0, 1, 2, 3, 5]);
        assert_eq!([0, 1, 2, 4, 5].map(|last| wanted(Rank::Rank, last)), [0, 1, 4, 4, 5]);
        assert_eq!([0, 1, 2, 3, 4].map(|last| wanted(Rank::DenseRank, last)), [0, 1, 4, 5, 5]);
    }
}

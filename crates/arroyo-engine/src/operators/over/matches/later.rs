//! When a match of a later attempt can have ended.

use super::conditions::Masks;
use super::rows::Rows;
use super::spec::MatchSpec;

/// Follows all attempts behind the current one at once, to find the first row that a match of theirs can end with: the watermark
/// must not pass it before the current attempt is decided.
///
/// Conditions that ask for rows of the match are taken to hold, so that the row may be too early, but never too late.
#[derive(Default)]
pub(super) struct LaterAttempts {
    /// The first row of the current attempt.
    behind: Option<u64>,
    /// The row that comes next.
    next: u64,
    /// The positions that some attempt is at.
    reached: Vec<bool>,
    /// Room for those at the next row.
    room: Vec<bool>,
    /// The first row that a match can end with.
    end: Option<u64>,
}

impl LaterAttempts {
    /// The first row before `until` that a match can end with, if it begins behind `start`.
    pub(super) fn first_end(
        &mut self,
        spec: &MatchSpec,
        rows: &Rows,
        masks: &mut Masks,
        start: u64,
        until: u64,
    ) -> Option<u64> {
        if self.behind != Some(start) {
            let reached = vec![false; spec.positions.len()];
            let room = std::mem::take(&mut self.room);
            *self = Self { behind: Some(start), next: start + 1, reached, room, end: None };
        }
        while self.end.is_none() && self.next < until {
            self.advance(spec, rows, masks);
        }
        self.end
    }

    fn advance(&mut self, spec: &MatchSpec, rows: &Rows, masks: &mut Masks) {
        let row = self.next;
        self.next += 1;
        let at = self.reached.iter().enumerate().filter(|(_, reached)| **reached);
        let followed = at.filter_map(|(position, _)| spec.positions.get(position)).flat_map(|position| &position.next);
        let mut reached = std::mem::take(&mut self.room);
        reached.clear();
        reached.resize(spec.positions.len(), false);
        for position in followed.chain(&spec.start) {
            let (Some(mark), Some(at)) = (reached.get_mut(*position), spec.positions.get(*position)) else { continue };
            // A condition that fails may hold.
            if *mark || !masks.lets(spec, rows, at.variable, row).unwrap_or(true) {
                continue;
            }
            *mark = true;
            if at.accepts {
                self.end = Some(row);
                return;
            }
        }
        self.room = std::mem::replace(&mut self.reached, reached);
    }

    pub(super) fn bytes(&self) -> usize {
        self.reached.len()
    }
}

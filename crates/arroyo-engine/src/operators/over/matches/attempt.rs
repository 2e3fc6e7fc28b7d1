//! One attempt at a match that begins with a certain row.

use std::collections::HashSet;

use arroyo_operator::OperatorError;

use super::conditions::{Masks, of_match};
use super::memory::{Entry, Memory};
use super::rows::Rows;
use super::seen::Seen;
use super::spec::MatchSpec;

/// An attempt follows at most so many ways at once. Only conditions that ask for earlier rows of the match need several ways to
/// the same position.
const WAYS_MAX: usize = 10_000;
/// No way has taken a row.
const NO_STEP: u32 = u32::MAX;
/// Steps that are worth looking for ones that nobody needs.
const MIN_STEPS: usize = 1_024;

/// All ways in which a match that begins with a row can go on, those that are preferred first.
pub(super) struct Attempt {
    /// The number of its first row.
    pub(super) start: u64,
    /// The row that comes next.
    pub(super) next: u64,
    ways: Vec<Way>,
    /// Room for the ways of the next row.
    room: Vec<Way>,
    /// The best match so far; all ways are preferred to it.
    found: Option<Found>,
    steps: Steps,
}

/// A way through the pattern.
struct Way {
    /// Where it is; `None`: before the first row.
    position: Option<usize>,
    /// The last of the steps that it took.
    step: u32,
    memory: Memory,
}

/// A match: the rows from the attempt's first one on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    step: u32,
    /// So many rows.
    pub(super) rows: u64,
}

impl Attempt {
    /// An attempt at the row `start`.
    pub(super) fn new(spec: &MatchSpec, start: u64) -> Result<Self, OperatorError> {
        let attempt =
            Self { start, next: start, ways: Vec::new(), room: Vec::new(), found: None, steps: Steps::default() };
        attempt.again(spec, start)
    }

    /// The same for another row, in the memory of this one.
    pub(super) fn again(mut self, spec: &MatchSpec, start: u64) -> Result<Self, OperatorError> {
        (self.start, self.next) = (start, start);
        self.ways.clear();
        if !spec.start.is_empty() {
            self.ways.push(Way { position: None, step: NO_STEP, memory: spec.memory.initial(spec)? });
        }
        self.found = spec.matches_nothing.then_some(Found { step: NO_STEP, rows: 0 });
        self.steps.clear();
        Ok(self)
    }

    /// Whether no further row changes anything.
    pub(super) fn is_decided(&self) -> bool {
        self.ways.is_empty()
    }

    /// Takes no further rows.
    pub(super) fn give_up(&mut self) {
        self.ways.clear();
    }

    pub(super) fn found(&self) -> Option<Found> {
        self.found
    }

    /// The variables of a match's rows.
    pub(super) fn variables(&self, found: Found) -> Vec<u32> {
        self.steps.variables(found.step)
    }

    /// Takes the next row.
    pub(super) fn advance(
        &mut self,
        spec: &MatchSpec,
        rows: &Rows,
        masks: &mut Masks,
        seen: &mut Seen,
    ) -> Result<(), OperatorError> {
        let row = self.next;
        self.next += 1;
        let mut followed: HashSet<(usize, Memory)> = HashSet::new();
        let mut ways = std::mem::take(&mut self.room);
        let mut before = std::mem::take(&mut self.ways);
        'ways: for way in before.drain(..) {
            let next = match way.position {
                None => &spec.start,
                Some(position) => spec.positions.get(position).map(|position| &position.next).unwrap_or(&spec.start),
            };
            for position in next {
                let Some(at) = spec.positions.get(*position) else { continue };
                if spec.memory.is_empty() && !seen.insert(row, *position, spec.positions.len()) {
                    continue;
                }
                if !masks.lets(spec, rows, at.variable, row)? {
                    continue;
                }
                let Some(memory) = remember(spec, rows, &way.memory, Entry { row, variable: at.variable })? else {
                    continue;
                };
                if !spec.memory.is_empty() && !followed.insert((*position, memory.clone())) {
                    continue;
                }
                let step = self.steps.add(at.variable, way.step);
                if !at.next.is_empty() {
                    ways.push(Way { position: Some(*position), step, memory });
                }
                if at.accepts {
                    // What follows is preferred less.
                    self.found = Some(Found { step, rows: self.next - self.start });
                    break 'ways;
                }
            }
            if ways.len() > WAYS_MAX {
                return Err(too_many_ways());
            }
        }
        (self.ways, self.room) = (ways, before);
        self.tidy();
        Ok(())
    }

    /// Forgets the steps that no way has taken, when that is worth it.
    fn tidy(&mut self) {
        if self.steps.is_worth_tidying() {
            let found = self.found.iter_mut().map(|found| &mut found.step);
            self.steps.keep(self.ways.iter_mut().map(|way| &mut way.step).chain(found));
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.steps.bytes() + self.ways.len() * size_of::<Way>()
    }
}

/// The memory of a way when its variable takes a row; `None`: its condition does not let it.
fn remember(spec: &MatchSpec, rows: &Rows, memory: &Memory, taken: Entry) -> Result<Option<Memory>, OperatorError> {
    let condition = spec.variables.get(taken.variable).and_then(|variable| variable.of_match.as_ref());
    if spec.memory.is_empty() && condition.is_none() {
        return Ok(Some(memory.clone()));
    }
    let after = spec.memory.after(memory, spec, rows, taken)?;
    match condition {
        Some(condition) if !of_match(spec, condition, rows, &after, taken)? => Ok(None),
        _ => Ok(Some(after)),
    }
}

fn too_many_ways() -> OperatorError {
    OperatorError::user(format!(
        "the pattern of MATCH_RECOGNIZE can match the same rows in more than {WAYS_MAX} ways that its conditions tell apart"
    ))
    .with_hint("let conditions in DEFINE exclude each other, or add WITHIN with a shorter interval")
}

/// The steps of all ways: each is a variable that took a row, and the step before it.
#[derive(Default)]
struct Steps {
    all: Vec<(u32, u32)>,
    /// How many there were when they were last tidied.
    tidied: usize,
}

impl Steps {
    fn clear(&mut self) {
        self.all.clear();
        self.tidied = 0;
    }

    fn add(&mut self, variable: usize, before: u32) -> u32 {
        let step = u32::try_from(self.all.len()).unwrap_or(NO_STEP);
        self.all.push((u32::try_from(variable).unwrap_or(u32::MAX), before));
        step
    }

    fn variables(&self, last: u32) -> Vec<u32> {
        let mut variables = Vec::new();
        let mut step = last;
        while let Some((variable, before)) = self.all.get(step as usize) {
            variables.push(*variable);
            step = *before;
        }
        variables.reverse();
        variables
    }

    fn is_worth_tidying(&self) -> bool {
        self.all.len() > MIN_STEPS.max(2 * self.tidied)
    }

    /// Keeps the steps that lead to `ends`.
    fn keep<'a>(&mut self, ends: impl Iterator<Item = &'a mut u32>) {
        let ends: Vec<&mut u32> = ends.collect();
        let mut needed = vec![false; self.all.len()];
        for end in &ends {
            let mut step = **end;
            while let Some(mark) = needed.get_mut(step as usize).filter(|mark| !**mark) {
                *mark = true;
                step = self.all.get(step as usize).map_or(NO_STEP, |(_, before)| *before);
            }
        }
        let mut moved = vec![NO_STEP; self.all.len()];
        let mut kept: Vec<(u32, u32)> = Vec::new();
        for (step, (variable, before)) in
            self.all.iter().enumerate().filter(|(step, _)| needed.get(*step) == Some(&true))
        {
            let before = moved.get(*before as usize).copied().unwrap_or(NO_STEP);
            if let Some(place) = moved.get_mut(step) {
                *place = u32::try_from(kept.len()).unwrap_or(NO_STEP);
            }
            kept.push((*variable, before));
        }
        for end in ends {
            *end = moved.get(*end as usize).copied().unwrap_or(NO_STEP);
        }
        self.tidied = kept.len();
        self.all = kept;
    }

    fn bytes(&self) -> usize {
        self.all.len() * size_of::<(u32, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_nobody_took_are_forgotten() {
        let mut steps = Steps::default();
        let a = steps.add(1, NO_STEP);
        let lost = steps.add(9, a);
        let b = steps.add(2, a);
        let _ = steps.add(9, lost);
        let mut end = steps.add(3, b);
        assert_eq!(steps.variables(end), [1, 2, 3]);
        steps.keep(std::iter::once(&mut end));
        assert_eq!(steps.variables(end), [1, 2, 3]);
        assert_eq!(steps.all.len(), 3);
        let mut nothing = NO_STEP;
        steps.keep(std::iter::once(&mut nothing));
        assert_eq!((steps.all.len(), nothing), (0, NO_STEP));
    }
}

//! A pattern as an automaton without empty steps.
//!
//! Each variable's occurrence is a position. For each position, and for the start, it is worked out which positions can take the
//! next row, in the order of SQL's preference: the first alternative first, greedy quantifiers prefer another repetition and
//! reluctant ones the end. What is preferred less than the end of the match is left out: it would never be used.
//!
//! `A B*? C` becomes
//! ```text
//! start → A      A → C, B      B → C, B      C → end
//! ```
//! An iteration that takes no rows ends its repetition, once there were enough: so patterns like `(A*)*` have an end.

use std::collections::HashSet;

use super::Pattern;

/// A pattern, its repetitions written out, has at most so many parts.
const PARTS_MAX: u64 = 5_000;
/// The positions have at most so many followers altogether.
const FOLLOWERS_MAX: usize = 100_000;
/// Working the followers out takes at most so many steps.
const STEPS_MAX: usize = 2_000_000;

/// See the module's documentation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Automaton {
    /// The positions that can take the first row, those that are preferred first.
    pub(crate) start: Vec<u32>,
    /// Whether there is a match without rows, which is preferred less than all of `start`.
    pub(crate) matches_nothing: bool,
    /// The positions.
    pub(crate) positions: Vec<Position>,
    /// The rows of the shortest match.
    pub(crate) min_rows: u32,
}

/// An occurrence of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The variable's number.
    pub(crate) variable: u32,
    /// The positions that can take the next row, those that are preferred first.
    pub(crate) next: Vec<u32>,
    /// Whether a match can end here, which is preferred less than all of `next`.
    pub(crate) accepts: bool,
}

/// The pattern is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// The automaton of a pattern.
///
/// # Errors
///
/// The pattern is too large.
pub(crate) fn compile(pattern: &Pattern) -> Result<Automaton, TooLarge> {
    if parts(pattern) > PARTS_MAX {
        return Err(TooLarge);
    }
    let mut code = Code::default();
    code.emit(pattern);
    code.steps.push(Step::End);
    let mut closure = Closure { steps: &code.steps, work: 0, followers: 0 };
    let (start, matches_nothing) = closure.followers(0)?;
    let mut positions = Vec::with_capacity(code.rows.len());
    for (variable, place) in &code.rows {
        let (next, accepts) = closure.followers(place + 1)?;
        positions.push(Position { variable: *variable, next, accepts });
    }
    let min_rows = u32::try_from(pattern.min_rows()).unwrap_or(u32::MAX);
    Ok(Automaton { start, matches_nothing, positions, min_rows })
}

/// The parts of a pattern whose repetitions are written out.
fn parts(pattern: &Pattern) -> u64 {
    let sum = |parts_of: &[Pattern]| parts_of.iter().map(parts).fold(1, u64::saturating_add);
    match pattern {
        Pattern::Variable(_) => 1,
        Pattern::Sequence(inner) | Pattern::Alternatives(inner) => sum(inner),
        Pattern::Repeated { pattern, min, max, .. } => {
            let copies = max.unwrap_or(*min).max(1);
            parts(pattern).saturating_add(1).saturating_mul(u64::from(copies))
        }
    }
}

/// A step of the pattern as code, which goes on with the next step where nothing else is said.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A position takes a row.
    Row(u32),
    /// Goes on at the first place, and with less preference at the second.
    Split(usize, usize),
    Jump(usize),
    /// An iteration begins, which may take no rows.
    Begin(u32),
    /// It ends; if it took no rows, the repetition is over, and it goes on at `done`.
    Finish {
        iteration: u32,
        done: usize,
    },
    End,
}

#[derive(Default)]
struct Code {
    steps: Vec<Step>,
    /// Variable and step of each position.
    rows: Vec<(u32, usize)>,
    iterations: u32,
}

impl Code {
    fn emit(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Variable(variable) => {
                let position = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
                self.rows.push((u32::try_from(*variable).unwrap_or(u32::MAX), self.steps.len()));
                self.steps.push(Step::Row(position));
            }
            Pattern::Sequence(parts) => parts.iter().for_each(|part| self.emit(part)),
            Pattern::Alternatives(parts) => self.alternatives(parts),
            Pattern::Repeated { pattern, min, max, reluctant } => self.repeated(pattern, *min, *max, *reluctant),
        }
    }

    fn alternatives(&mut self, parts: &[Pattern]) {
        let mut ends = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let split = self.steps.len();
            let is_last = index + 1 == parts.len();
            if !is_last {
                self.steps.push(Step::Split(split + 1, 0));
            }
            self.emit(part);
            if !is_last {
                ends.push(self.steps.len());
                self.steps.push(Step::Jump(0));
                let next = self.steps.len();
                self.set(split, Step::Split(split + 1, next));
            }
        }
        let end = self.steps.len();
        ends.into_iter().for_each(|place| self.set(place, Step::Jump(end)));
    }

    fn repeated(&mut self, pattern: &Pattern, min: u32, max: Option<u32>, reluctant: bool) {
        let can_be_empty = pattern.min_rows() == 0;
        // Steps that go to the end of the repetition.
        let mut checks = Vec::new();
        let mut splits = Vec::new();
        let mut iteration = |code: &mut Self, checked: bool| {
            if !checked {
                return code.emit(pattern);
            }
            let number = code.iterations;
            code.iterations += 1;
            code.steps.push(Step::Begin(number));
            code.emit(pattern);
            checks.push((code.steps.len(), number));
            code.steps.push(Step::Finish { iteration: number, done: 0 });
        };
        for done in 1..=min {
            let first = self.steps.len();
            iteration(self, can_be_empty && done == min);
            if done == min && max.is_none() {
                splits.push((self.steps.len(), first));
                self.steps.push(Step::Split(0, 0));
            }
        }
        match max {
            None if min == 0 => {
                let first = self.steps.len();
                splits.push((first, first + 1));
                self.steps.push(Step::Split(0, 0));
                iteration(self, can_be_empty);
                self.steps.push(Step::Jump(first));
            }
            None => {}
            Some(max) => {
                for _ in min..max {
                    splits.push((self.steps.len(), self.steps.len() + 1));
                    self.steps.push(Step::Split(0, 0));
                    iteration(self, can_be_empty);
                }
            }
        }
        let end = self.steps.len();
        for (place, again) in splits {
            self.set(place, if reluctant { Step::Split(end, again) } else { Step::Split(again, end) });
        }
        for (place, iteration) in checks {
            self.set(place, Step::Finish { iteration, done: end });
        }
    }

    fn set(&mut self, place: usize, step: Step) {
        if let Some(slot) = self.steps.get_mut(place) {
            *slot = step;
        }
    }
}

/// Finds out where steps lead without a row.
struct Closure<'a> {
    steps: &'a [Step],
    work: usize,
    followers: usize,
}

impl Closure<'_> {
    /// The positions that can take the row after the step before `start`, and whether the match can end there.
    fn followers(&mut self, start: usize) -> Result<(Vec<u32>, bool), TooLarge> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut visited: HashSet<(usize, Vec<u32>)> = HashSet::new();
        // What is preferred is on top. With each place: the iterations that have begun and took no row.
        let mut left: Vec<(usize, Vec<u32>)> = vec![(start, Vec::new())];
        while let Some((place, begun)) = left.pop() {
            self.work += 1;
            if self.work > STEPS_MAX {
                return Err(TooLarge);
            }
            if !visited.insert((place, begun.clone())) {
                continue;
            }
            match self.steps.get(place) {
                Some(Step::Row(position)) if seen.insert(*position) => {
                    found.push(*position);
                    self.followers += 1;
                }
                Some(Step::Row(_)) | None => {}
                Some(Step::Split(first, second)) => {
                    left.push((*second, begun.clone()));
                    left.push((*first, begun));
                }
                Some(Step::Jump(to)) => left.push((*to, begun)),
                Some(Step::Begin(iteration)) => {
                    let mut begun = begun;
                    begun.push(*iteration);
                    left.push((place + 1, begun));
                }
                Some(Step::Finish { iteration, done }) => {
                    let mut begun = begun;
                    let is_empty = begun.last() == Some(iteration);
                    begun.pop_if(|last| last == iteration);
                    left.push((if is_empty { *done } else { place + 1 }, begun));
                }
                Some(Step::End) => return Ok((found, true)),
            }
            if self.followers > FOLLOWERS_MAX {
                return Err(TooLarge);
            }
        }
        Ok((found, false))
    }
}

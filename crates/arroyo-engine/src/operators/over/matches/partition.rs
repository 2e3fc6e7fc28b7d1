//! The search for matches in one partition.

use arrow::array::RecordBatch;
use arroyo_operator::OperatorError;

use super::attempt::{Attempt, Found};
use super::conditions::Masks;
use super::later::LaterAttempts;
use super::results::{Match, results};
use super::rows::Rows;
use super::seen::Seen;
use super::spec::{MatchSpec, Skip, VariableSet};

/// One partition.
#[derive(Default)]
pub(in crate::operators) struct Partition {
    pub(super) rows: Rows,
    masks: Masks,
    seen: Seen,
    /// The first row that a match can begin with.
    pub(super) start: u64,
    attempt: Option<Attempt>,
    later: LaterAttempts,
    /// So many matches were found.
    pub(super) matches: u64,
    /// No match to come ends before this time; `None`: nor before the watermark.
    pub(super) holds: Option<i64>,
    /// The watermark with which there is something to decide even if no row comes.
    pub(super) due: Option<i64>,
}

impl Partition {
    /// A partition as it was stored; its rows with the number of the first one.
    pub(super) fn restored(
        spec: &MatchSpec,
        kept: Option<(u64, RecordBatch)>,
        start: u64,
        matches: u64,
    ) -> Result<Self, OperatorError> {
        let mut rows = Rows::starting_at(kept.as_ref().map_or(start, |(first, _)| *first));
        if let Some((_, kept)) = kept {
            rows.push(&spec.input, kept)?;
        }
        let holds = rows.time(start);
        Ok(Self { masks: Masks::starting_at(start), start, matches, holds, rows, ..Self::default() })
    }

    /// Adds rows, which come behind all others, and returns the matches that are decided. `watermark`: no row before it comes any
    /// more; `None`: no row at all.
    pub(super) fn extend(
        &mut self,
        spec: &MatchSpec,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        if let Some(rows) = rows {
            self.rows.push(&spec.input, rows)?;
        }
        let found = self.search(spec, watermark)?;
        let results = if found.is_empty() { None } else { Some(results(spec, &self.rows, &found)?) };
        self.rows.drop_before(self.start.saturating_sub(spec.behind))?;
        self.masks.drop_before(self.start);
        self.seen.drop_before(self.start);
        self.holds = self.first_end(spec).and_then(|row| self.rows.time(row));
        let within = spec.within.zip(self.attempt.as_ref().and_then(|attempt| self.rows.time(attempt.start)));
        self.due = within.map(|(within, first)| first.saturating_add(within));
        Ok(results)
    }

    /// Makes attempts until one needs further rows.
    fn search(&mut self, spec: &MatchSpec, watermark: Option<i64>) -> Result<Vec<Match>, OperatorError> {
        let end = self.rows.end();
        let known = if watermark.is_none() { end } else { end.saturating_sub(spec.ahead) };
        self.masks.extend(spec, &self.rows, known)?;
        let mut matches = Vec::new();
        let mut over: Option<Attempt> = None;
        loop {
            let mut attempt = match (self.attempt.take(), over.take()) {
                (Some(attempt), _) => attempt,
                (None, _) if self.start >= known => break,
                (None, Some(over)) => over.again(spec, self.start)?,
                (None, None) => Attempt::new(spec, self.start)?,
            };
            while !attempt.is_decided() && attempt.next < known && self.is_in_time(spec, &attempt, attempt.next) {
                attempt.advance(spec, &self.rows, &mut self.masks, &mut self.seen)?;
            }
            let was_decided = attempt.is_decided();
            if !was_decided {
                if !self.is_over(spec, &attempt, watermark) {
                    self.attempt = Some(attempt);
                    break;
                }
                attempt.give_up();
            }
            let Some(found) = attempt.found() else {
                self.start += 1;
                if !was_decided && spec.within.is_some() {
                    // A later attempt has more time.
                    self.seen.clear();
                }
                over = Some(attempt);
                continue;
            };
            let needed = attempt.start + found.rows + spec.measured_ahead;
            if watermark.is_some() && found.rows > 0 && spec.measured_ahead > 0 && needed > end {
                self.attempt = Some(attempt);
                break;
            }
            self.seen.clear();
            self.matches += 1;
            let variables = attempt.variables(found);
            self.start = next_start(spec, &attempt, found, &variables)?;
            if found.rows > 0 || !(spec.all_rows && spec.omit_empty) {
                matches.push(Match { number: self.matches, start: attempt.start, variables });
            }
            over = Some(attempt);
        }
        Ok(matches)
    }

    /// Whether a row comes within the time that a match may take.
    fn is_in_time(&self, spec: &MatchSpec, attempt: &Attempt, row: u64) -> bool {
        let times = self.rows.time(attempt.start).zip(self.rows.time(row));
        match (spec.within, times) {
            (Some(within), Some((first, time))) => time < first.saturating_add(within),
            _ => true,
        }
    }

    /// Whether an attempt gets no more rows.
    fn is_over(&self, spec: &MatchSpec, attempt: &Attempt, watermark: Option<i64>) -> bool {
        if attempt.next < self.rows.end() {
            return !self.is_in_time(spec, attempt, attempt.next);
        }
        let Some(watermark) = watermark else { return true };
        let first = spec.within.zip(self.rows.time(attempt.start));
        first.is_some_and(|(within, first)| first.saturating_add(within) <= watermark)
    }

    /// A row before which no match to come ends.
    fn first_end(&mut self, spec: &MatchSpec) -> Option<u64> {
        let Some(attempt) = &self.attempt else { return Some(self.start + spec.min_rows.max(1) - 1) };
        let of_later_attempts = if spec.matches_nothing {
            attempt.start + 1
        } else {
            let later = self.later.first_end(spec, &self.rows, &mut self.masks, attempt.start, attempt.next);
            later.unwrap_or(attempt.next)
        };
        let of_attempt = match attempt.found() {
            Some(found) => attempt.start + found.rows.saturating_sub(1),
            None => attempt.next,
        };
        Some(of_attempt.min(of_later_attempts))
    }

    /// Whether rows are kept that a match can begin with.
    pub(super) fn has_rows_to_search(&self) -> bool {
        self.start < self.rows.end()
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let attempt = self.attempt.as_ref().map_or(0, Attempt::bytes);
        self.rows.bytes() + self.masks.bytes() + self.seen.bytes() + self.later.bytes() + attempt
    }
}

/// The row that the search goes on with behind a match.
fn next_start(spec: &MatchSpec, attempt: &Attempt, found: Found, variables: &[u32]) -> Result<u64, OperatorError> {
    if found.rows == 0 {
        return Ok(attempt.start + 1);
    }
    let is_of = |set: &VariableSet, variable: &u32| set.contains(*variable as usize);
    let target = match &spec.skip {
        Skip::PastLastRow => return Ok(attempt.start + found.rows),
        Skip::ToNextRow => return Ok(attempt.start + 1),
        Skip::ToFirst(set) => variables.iter().position(|variable| is_of(set, variable)),
        Skip::ToLast(set) => variables.iter().rposition(|variable| is_of(set, variable)),
    };
    let cannot = |why: &str| {
        OperatorError::user(format!("AFTER MATCH SKIP of MATCH_RECOGNIZE cannot go on: {why}"))
            .with_hint("skip TO NEXT ROW or PAST LAST ROW, or to a variable that each match has behind its first row")
    };
    match target {
        Some(0) => {
            Err(cannot("the variable's row is the first one of the match, so the same match would be found again"))
        }
        Some(target) => Ok(attempt.start + target as u64),
        None => Err(cannot("the match has no row of the variable")),
    }
}

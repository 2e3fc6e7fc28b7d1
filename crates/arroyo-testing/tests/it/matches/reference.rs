//! `MATCH_RECOGNIZE` as simply as possible: all rows at hand, one way after the other is tried, those that are preferred first.

use std::fmt::{self, Display};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: Option<u8>,
    pub(crate) id: i64,
    pub(crate) v: Option<i64>,
    pub(crate) time: i64,
}

/// The names of variables.
pub(crate) const NAMES: [&str; 4] = ["A", "B", "C", "D"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    Variable(usize),
    Sequence(Vec<Pattern>),
    Alternatives(Vec<Pattern>),
    Repeated { pattern: Box<Pattern>, min: u32, max: Option<u32>, reluctant: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Less,
    NotLess,
    Differs,
}

/// A condition on the row that variable `X` is to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// `X.v < 3`
    Value(Compare, i64),
    /// `X.v < PREV(X.v, 2)`; negative: NEXT.
    Neighbour(Compare, i64),
    /// `X.v < LAST(Y.v, 1)`
    Last(Compare, usize, usize),
    /// `v < FIRST(Y.v)`; no variable: of all.
    First(Compare, Option<usize>),
    /// `X.v < PREV(LAST(Y.v), 1)`
    BeforeLast(Compare, usize),
    /// `SUM(Y.v) < 7`
    Sum(Compare, usize, i64),
    /// `COUNT(*) < 3`, `COUNT(Y.*) < 3`
    Count(Compare, Option<usize>, i64),
    /// `X.v < MAX(Y.v)`
    Max(Compare, usize),
    /// `CLASSIFIER(Y) <> 'B'` of the subset of `A` and `B`.
    Classifier,
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skip {
    PastLastRow,
    ToNextRow,
    ToFirst(usize),
    ToLast(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) pattern: Pattern,
    /// Per variable.
    pub(crate) conditions: [Option<Condition>; 4],
    pub(crate) skip: Skip,
    pub(crate) within: Option<i64>,
}

/// A match: the place of its first row, and the variable of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) variables: Vec<usize>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// It takes too long.
    TooLong,
    /// The search cannot go on behind a match.
    CannotSkip,
}

impl Query {
    /// The matches in the rows of one partition, in order.
    pub(crate) fn matches(&self, rows: &[Row]) -> Result<Vec<Match>, NoAnswer> {
        let mut found = Vec::new();
        let mut start = 0;
        let mut steps = 0;
        while start < rows.len() {
            let mut search = Search { query: self, rows, start, path: Vec::new(), steps, found: None };
            search.pattern(&self.pattern, start, &mut |search, _| {
                search.found = Some(search.path.clone());
                true
            });
            steps = search.steps;
            if steps > 300_000 {
                return Err(NoAnswer::TooLong);
            }
            let Some(variables) = search.found else {
                start += 1;
                continue;
            };
            let next = self.next(start, &variables);
            found.push(Match { start, variables });
            start = next?;
        }
        Ok(found)
    }

    fn next(&self, start: usize, variables: &[usize]) -> Result<usize, NoAnswer> {
        if variables.is_empty() {
            return Ok(start + 1);
        }
        let target = match self.skip {
            Skip::PastLastRow => return Ok(start + variables.len()),
            Skip::ToNextRow => return Ok(start + 1),
            Skip::ToFirst(variable) => variables.iter().position(|other| *other == variable),
            Skip::ToLast(variable) => variables.iter().rposition(|other| *other == variable),
        };
        target.filter(|target| *target > 0).map(|target| start + target).ok_or(NoAnswer::CannotSkip)
    }
}

struct Search<'a> {
    query: &'a Query,
    rows: &'a [Row],
    start: usize,
    /// The variables of the rows from `start` on.
    path: Vec<usize>,
    steps: u32,
    found: Option<Vec<usize>>,
}

/// What is to be matched behind a part of the pattern; whether it was.
type Rest<'r, 'a> = &'r mut dyn FnMut(&mut Search<'a>, usize) -> bool;

impl<'a> Search<'a> {
    fn pattern(&mut self, pattern: &Pattern, place: usize, rest: Rest<'_, 'a>) -> bool {
        self.steps += 1;
        if self.steps > 300_000 {
            return true;
        }
        match pattern {
            Pattern::Variable(variable) => {
                let Some(row) = self.rows.get(place) else { return false };
                let first = &self.rows[self.start];
                if self.query.within.is_some_and(|within| row.time - first.time >= within) {
                    return false;
                }
                self.path.push(*variable);
                let condition = self.query.conditions[*variable].as_ref();
                let fits = condition.is_none_or(|condition| self.holds(condition, place) == Some(true));
                let matched = fits && rest(self, place + 1);
                self.path.pop();
                matched
            }
            Pattern::Sequence(parts) => match parts.split_first() {
                None => rest(self, place),
                Some((first, others)) => {
                    let others = Pattern::Sequence(others.to_vec());
                    self.pattern(first, place, &mut |search, place| search.pattern(&others, place, rest))
                }
            },
            Pattern::Alternatives(parts) => parts.iter().any(|part| self.pattern(part, place, rest)),
            Pattern::Repeated { pattern, min, max, reluctant } => {
                self.repeated(pattern, (*min, *max, *reluctant), 0, place, rest)
            }
        }
    }

    fn repeated(
        &mut self,
        pattern: &Pattern,
        quantifier: (u32, Option<u32>, bool),
        done: u32,
        place: usize,
        rest: Rest<'_, 'a>,
    ) -> bool {
        let (min, max, reluctant) = quantifier;
        if done >= min && reluctant && rest(self, place) {
            return true;
        }
        let can_go_on = max.is_none_or(|max| done < max);
        if can_go_on
            && self.pattern(pattern, place, &mut |search, after| {
                // An iteration without rows ends the repetition, once there are enough.
                if after == place && done + 1 >= min {
                    rest(search, after)
                } else {
                    search.repeated(pattern, quantifier, done + 1, after, rest)
                }
            })
        {
            return true;
        }
        done >= min && !reluctant && rest(self, place)
    }

    /// The places of the rows of a variable, or of all.
    fn of(&self, variable: Option<usize>) -> Vec<usize> {
        let all = self.path.iter().enumerate();
        all.filter(|(_, taken)| variable.is_none_or(|variable| variable == **taken))
            .map(|(place, _)| self.start + place)
            .collect()
    }

    fn v(&self, place: Option<usize>) -> Option<i64> {
        self.rows.get(place?)?.v
    }

    fn holds(&self, condition: &Condition, place: usize) -> Option<bool> {
        let v = self.v(Some(place));
        let compare = |compare: Compare, left: Option<i64>, right: Option<i64>| match compare {
            Compare::Less => Some(left? < right?),
            Compare::NotLess => Some(left? >= right?),
            Compare::Differs => Some(left? != right?),
        };
        match condition {
            Condition::Value(by, value) => compare(*by, v, Some(*value)),
            Condition::Neighbour(by, before) => compare(*by, v, self.v(place.checked_add_signed(-(*before as isize)))),
            Condition::Last(by, variable, skip) => {
                compare(*by, v, self.v(self.of(Some(*variable)).into_iter().rev().nth(*skip)))
            }
            Condition::First(by, variable) => compare(*by, v, self.v(self.of(*variable).first().copied())),
            Condition::BeforeLast(by, variable) => {
                let last = self.of(Some(*variable)).last().copied();
                compare(*by, v, self.v(last.and_then(|last| last.checked_sub(1))))
            }
            Condition::Sum(by, variable, value) => {
                let values: Vec<i64> =
                    self.of(Some(*variable)).into_iter().filter_map(|row| self.v(Some(row))).collect();
                compare(*by, (!values.is_empty()).then(|| values.iter().sum()), Some(*value))
            }
            Condition::Count(by, variable, value) => compare(*by, Some(self.of(*variable).len() as i64), Some(*value)),
            Condition::Max(by, variable) => {
                compare(*by, v, self.of(Some(*variable)).into_iter().filter_map(|row| self.v(Some(row))).max())
            }
            Condition::Classifier => self.path.iter().rev().find(|variable| **variable < 2).map(|last| *last != 1),
            Condition::And(left, right) => match (self.holds(left, place), self.holds(right, place)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Condition::Or(left, right) => match (self.holds(left, place), self.holds(right, place)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |parts: &[Pattern], between: &str| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            parts.join(between)
        };
        match self {
            Self::Variable(variable) => f.write_str(NAMES[*variable]),
            Self::Sequence(parts) => write!(f, "({})", list(parts, " ")),
            Self::Alternatives(parts) => write!(f, "({})", list(parts, " | ")),
            Self::Repeated { pattern, min, max, reluctant } => {
                let max = max.map(|max| max.to_string()).unwrap_or_default();
                write!(f, "({pattern}){{{min},{max}}}{}", if *reluctant { "?" } else { "" })
            }
        }
    }
}

impl Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::NotLess => ">=",
            Self::Differs => "<>",
        })
    }
}

impl Condition {
    /// The condition of the variable `x` as SQL.
    pub(crate) fn sql(&self, x: &str) -> String {
        let name = |variable: &usize| NAMES[*variable];
        match self {
            Self::Value(by, value) => format!("{x}.v {by} {value}"),
            Self::Neighbour(by, before) if *before < 0 => format!("{x}.v {by} NEXT({x}.v, {})", -before),
            Self::Neighbour(by, before) => format!("v {by} PREV({x}.v, {before})"),
            Self::Last(by, variable, skip) => format!("{x}.v {by} LAST({}.v, {skip})", name(variable)),
            Self::First(by, Some(variable)) => format!("v {by} FIRST({}.v)", name(variable)),
            Self::First(by, None) => format!("v {by} FIRST(v)"),
            Self::BeforeLast(by, variable) => format!("{x}.v {by} PREV(LAST({}.v), 1)", name(variable)),
            Self::Sum(by, variable, value) => format!("SUM({}.v) {by} {value}", name(variable)),
            Self::Count(by, Some(variable), value) => format!("COUNT({}.*) {by} {value}", name(variable)),
            Self::Count(by, None, value) => format!("COUNT(*) {by} {value}"),
            Self::Max(by, variable) => format!("{x}.v {by} MAX({}.v)", name(variable)),
            Self::Classifier => "CLASSIFIER(AB) <> 'B'".to_owned(),
            Self::And(left, right) => format!("({} AND {})", left.sql(x), right.sql(x)),
            Self::Or(left, right) => format!("({} OR {})", left.sql(x), right.sql(x)),
        }
    }
}

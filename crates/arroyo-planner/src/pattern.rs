//! Row patterns of `MATCH_RECOGNIZE`: what they say, and the automaton that becomes of them.

mod automaton;
mod parse;

use std::fmt;

pub(crate) use automaton::{Automaton, TooLarge, compile};
pub(crate) use parse::{Piece, PieceKind, parse};

/// A row pattern. Variables are numbers: their order of appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One row.
    Variable(usize),
    /// One after another; none: no rows.
    Sequence(Vec<Self>),
    /// One of several; the first is preferred.
    Alternatives(Vec<Self>),
    /// Several times, from `min` to `max`.
    Repeated {
        pattern: Box<Self>,
        min: u32,
        max: Option<u32>,
        /// Few rows are preferred.
        reluctant: bool,
    },
}

impl Pattern {
    /// The rows of its shortest match.
    pub(crate) fn min_rows(&self) -> u64 {
        match self {
            Self::Variable(_) => 1,
            Self::Sequence(parts) => parts.iter().map(Self::min_rows).fold(0, u64::saturating_add),
            Self::Alternatives(parts) => parts.iter().map(Self::min_rows).min().unwrap_or(0),
            Self::Repeated { pattern, min, .. } => pattern.min_rows().saturating_mul(u64::from(*min)),
        }
    }

    /// The pattern as text.
    pub(crate) fn display<'a>(&'a self, names: &'a [String]) -> impl fmt::Display + 'a {
        Display { pattern: self, names }
    }
}

struct Display<'a> {
    pattern: &'a Pattern,
    names: &'a [String],
}

impl<'a> Display<'a> {
    fn of(&self, pattern: &'a Pattern) -> Self {
        Self { pattern, names: self.names }
    }

    fn in_parentheses(&self, f: &mut fmt::Formatter<'_>, pattern: &'a Pattern) -> fmt::Result {
        match pattern {
            Pattern::Variable(_) => write!(f, "{}", self.of(pattern)),
            _ => write!(f, "({})", self.of(pattern)),
        }
    }
}

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pattern {
            Pattern::Variable(variable) => f.write_str(self.names.get(*variable).map_or("?", String::as_str)),
            Pattern::Sequence(parts) => {
                for (index, inner) in parts.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { " " })?;
                    match inner {
                        Pattern::Alternatives(_) | Pattern::Sequence(_) => self.in_parentheses(f, inner)?,
                        _ => write!(f, "{}", self.of(inner))?,
                    }
                }
                Ok(())
            }
            Pattern::Alternatives(parts) => {
                for (index, inner) in parts.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { " | " })?;
                    match inner {
                        Pattern::Sequence(inner) if inner.is_empty() => f.write_str("()")?,
                        Pattern::Alternatives(_) => self.in_parentheses(f, inner)?,
                        _ => write!(f, "{}", self.of(inner))?,
                    }
                }
                Ok(())
            }
            Pattern::Repeated { pattern, min, max, reluctant } => {
                self.in_parentheses(f, pattern)?;
                match (min, max) {
                    (0, None) => f.write_str("*")?,
                    (1, None) => f.write_str("+")?,
                    (0, Some(1)) => f.write_str("?")?,
                    (min, None) => write!(f, "{{{min},}}")?,
                    (min, Some(max)) if min == max => write!(f, "{{{min}}}")?,
                    (min, Some(max)) => write!(f, "{{{min},{max}}}")?,
                }
                f.write_str(if *reluctant { "?" } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! A pattern's text → [`Pattern`].

use super::Pattern;
use crate::{Diagnostic, Span, codes};

/// Parentheses may be nested so deeply.
const DEPTH_MAX: usize = 64;
/// `PERMUTE` takes so many patterns: each order of them is an alternative.
const PERMUTED_MAX: usize = 5;

/// A token of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) span: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// A variable.
    Name(String),
    Number(String),
    Mark(char),
    /// What closes the pattern.
    End,
}

/// A pattern and the names of its variables as they are first written, whatever their case.
///
/// # Errors
///
/// What is wrong, where, and what would be right.
pub(crate) fn parse(pieces: &[Piece]) -> Result<(Pattern, Vec<String>), Diagnostic> {
    let mut parser = Parser { pieces, place: 0, names: Vec::new(), depth: 0 };
    let pattern = parser.alternatives()?;
    if !parser.is_at_end() {
        return Err(parser.unexpected("a variable, a quantifier or the end of the pattern"));
    }
    Ok((pattern, parser.names))
}

struct Parser<'a> {
    pieces: &'a [Piece],
    place: usize,
    names: Vec<String>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&PieceKind> {
        self.pieces.get(self.place).map(|piece| &piece.kind)
    }

    fn span(&self) -> Option<Span> {
        self.pieces.get(self.place).or(self.pieces.last()).and_then(|piece| piece.span)
    }

    fn is_at_end(&self) -> bool {
        matches!(self.peek(), None | Some(PieceKind::End))
    }

    fn take(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&PieceKind::Mark(mark));
        self.place += usize::from(found);
        found
    }

    fn expect(&mut self, mark: char) -> Result<(), Diagnostic> {
        if self.take(mark) { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn fault(&self, message: String, help: &str) -> Diagnostic {
        Diagnostic::error(&codes::PATTERN, message).at(self.span()).help(help)
    }

    fn unexpected(&self, expected: &str) -> Diagnostic {
        let found = match self.peek() {
            Some(PieceKind::Name(text) | PieceKind::Number(text)) => format!("`{text}`"),
            Some(PieceKind::Mark(mark)) => format!("`{mark}`"),
            Some(PieceKind::End) | None => "the end of the pattern".to_owned(),
        };
        self.fault(format!("expected {expected}, found {found}"), "a pattern is written like PATTERN (A B+ (C | D)?)")
    }

    fn alternatives(&mut self) -> Result<Pattern, Diagnostic> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(
                format!("the pattern is nested more than {DEPTH_MAX} times"),
                "leave out parentheses that are not needed",
            ));
        }
        let mut parts = vec![self.sequence()?];
        while self.take('|') {
            parts.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Pattern::Alternatives(parts) })
    }

    fn sequence(&mut self) -> Result<Pattern, Diagnostic> {
        let mut parts = vec![self.quantified()?];
        while !self.is_at_end() && !matches!(self.peek(), Some(PieceKind::Mark(')' | '|' | ','))) {
            parts.push(self.quantified()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Pattern::Sequence(parts) })
    }

    fn quantified(&mut self) -> Result<Pattern, Diagnostic> {
        let pattern = self.primary()?;
        let (min, max) = if self.take('*') {
            (0, None)
        } else if self.take('+') {
            (1, None)
        } else if self.take('?') {
            (0, Some(1))
        } else if self.peek() == Some(&PieceKind::Mark('{')) {
            self.bounds()?
        } else {
            return Ok(pattern);
        };
        let reluctant = self.take('?');
        if matches!(self.peek(), Some(PieceKind::Mark('*' | '+' | '?' | '{'))) {
            return Err(self.fault(
                "a quantifier follows a quantifier".to_owned(),
                "put the first one and what it repeats into parentheses: (A+){2}",
            ));
        }
        Ok(Pattern::Repeated { pattern: Box::new(pattern), min, max, reluctant })
    }

    /// `{n}`, `{n,}`, `{,m}` or `{n,m}`.
    fn bounds(&mut self) -> Result<(u32, Option<u32>), Diagnostic> {
        let start = self.place;
        self.place += 1;
        let min = self.number()?;
        let max = if self.take(',') { self.number()? } else { min };
        let bounded = min.is_some() || max.is_some();
        let by_comma =
            self.pieces.get(self.place.saturating_sub(1)).map(|piece| &piece.kind) == Some(&PieceKind::Mark(','));
        if !bounded {
            return Err(self.unexpected("a number"));
        }
        self.expect('}')?;
        let max = if by_comma { None } else { max };
        if max.is_some_and(|max| max < min.unwrap_or(0) || max == 0) {
            self.place = start;
            return Err(self.fault(
                "the quantifier allows no repetition".to_owned(),
                "the second number is at least 1, and not smaller than the first",
            ));
        }
        Ok((min.unwrap_or(0), max))
    }

    fn number(&mut self) -> Result<Option<u32>, Diagnostic> {
        let Some(PieceKind::Number(text)) = self.peek() else { return Ok(None) };
        match text.parse() {
            Ok(number) => {
                self.place += 1;
                Ok(Some(number))
            }
            Err(_) => Err(self.unexpected("a whole number that is not too large")),
        }
    }

    fn primary(&mut self) -> Result<Pattern, Diagnostic> {
        match self.peek().cloned() {
            Some(PieceKind::Name(name)) => {
                self.place += 1;
                if name.eq_ignore_ascii_case("permute") && self.take('(') {
                    return self.permuted();
                }
                Ok(Pattern::Variable(self.variable(&name)))
            }
            Some(PieceKind::Mark('(')) => {
                self.place += 1;
                if self.take(')') {
                    return Ok(Pattern::Sequence(Vec::new()));
                }
                let pattern = self.alternatives()?;
                self.expect(')')?;
                Ok(pattern)
            }
            Some(PieceKind::Mark(mark @ ('^' | '$'))) => Err(self.fault(
                format!("`{mark}` is not supported in a pattern"),
                "a stream's partition has no end, and its first rows are gone when others come: leave it out",
            )),
            Some(PieceKind::Mark('{')) => Err(self.fault(
                "rows of a match cannot be left out by {- … -}".to_owned(),
                "leave the marks out, and filter the rows by CLASSIFIER() around MATCH_RECOGNIZE",
            )),
            _ => Err(self.unexpected("a variable")),
        }
    }

    fn variable(&mut self, name: &str) -> usize {
        if let Some(known) = self.names.iter().position(|known| known.eq_ignore_ascii_case(name)) {
            return known;
        }
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    /// `PERMUTE(A, B)` is `A B | B A`.
    fn permuted(&mut self) -> Result<Pattern, Diagnostic> {
        let mut parts = vec![self.alternatives()?];
        while self.take(',') {
            parts.push(self.alternatives()?);
        }
        if parts.len() > PERMUTED_MAX {
            return Err(self.fault(
                format!("PERMUTE has {} patterns, at most {PERMUTED_MAX} are possible", parts.len()),
                "write the orders that matter as alternatives",
            ));
        }
        self.expect(')')?;
        let orders = orders(parts.len())
            .into_iter()
            .map(|order| Pattern::Sequence(order.into_iter().filter_map(|place| parts.get(place).cloned()).collect()));
        Ok(Pattern::Alternatives(orders.collect()))
    }
}

/// All orders of the numbers below `count`, in lexicographic order.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..count {
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            let unused = (0..count).filter(|number| !order.contains(number));
            unused.map(|number| order.iter().copied().chain([number]).collect()).collect::<Vec<_>>()
        });
        orders = longer.collect();
    }
    orders
}

//! Parser errors as diagnostics.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::{self, Token, TokenWithSpan, TokenizerError};

use crate::suggest::nearest;
use crate::{Diagnostic, Location, Span, codes};

/// Why a statement could not be parsed: sqlparser's reason or ours.
#[derive(Debug)]
pub(super) enum Failure {
    /// sqlparser's.
    Parser(ParserError),
    /// Ours.
    Ours(Box<Diagnostic>),
}

impl From<ParserError> for Failure {
    fn from(error: ParserError) -> Self {
        Self::Parser(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Ours(Box::new(diagnostic))
    }
}

/// sqlparser's span as ours; `None` for its empty span.
pub(crate) fn sql_span(span: tokenizer::Span) -> Option<Span> {
    if span.start.line == 0 {
        return None;
    }
    Some(Span { start: location(span.start), end: location(span.end) })
}

fn location(location: tokenizer::Location) -> Location {
    Location { line: location.line, column: location.column }
}

/// A text that cannot even be cut into tokens.
pub(super) fn tokenizer_failure(error: &TokenizerError) -> Diagnostic {
    let start = location(error.location);
    let end = Location { column: start.column + 1, ..start };
    let message = lower_first(&error.message);
    let help =
        error.message.starts_with("Unterminated").then_some("close it, or double a quote to write it as a character");
    let diagnostic = Diagnostic::error(&codes::SYNTAX, message).at(Span { start, end });
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The words that begin clauses, to guess at misspelt ones.
const KEYWORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "group",
    "having",
    "join",
    "left",
    "right",
    "inner",
    "full",
    "outer",
    "union",
    "insert",
    "into",
    "create",
    "table",
    "view",
    "with",
    "watermark",
    "metadata",
    "generated",
    "always",
    "interval",
    "between",
    "values",
    "order",
    "limit",
    "partitioned",
    "primary",
    "temporary",
    "set",
    "distinct",
    "not",
    "null",
];

/// A parser's error with its place, found again in the statement's tokens.
pub(super) fn parser_failure(error: &ParserError, tokens: &[TokenWithSpan]) -> Diagnostic {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => {
            return Diagnostic::error(&codes::TOO_DEEP, "the statement is nested too deeply")
                .at(tokens.iter().find_map(|token| sql_span(token.span)))
                .help("name inner queries with views");
        }
    };
    let (message, place) = split_place(text);
    let significant: Vec<&TokenWithSpan> =
        tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF)).collect();
    let at = place.and_then(|place| significant.iter().position(|token| location(token.span.start) == place));
    let span = match (at.and_then(|index| significant.get(index)), place) {
        (Some(token), _) => sql_span(token.span),
        (None, Some(start)) => Some(Span { start, end: Location { column: start.column + 1, ..start } }),
        (None, None) => significant
            .last()
            .and_then(|token| sql_span(token.span))
            .map(|last| Span { start: last.end, end: Location { column: last.end.column + 1, ..last.end } }),
    };
    let found = at.and_then(|index| significant.get(index));
    let before = at.unwrap_or(significant.len()).checked_sub(1).and_then(|index| significant.get(index));
    let guess = [before, found].into_iter().flatten().find_map(|token| misspelt(token));
    let diagnostic = Diagnostic::error(&codes::SYNTAX, plain_message(message)).at(span);
    match guess {
        Some((written, meant)) => diagnostic.help(format!("did you mean `{meant}` instead of `{written}`?")),
        None => match help_with_spelling(message, before.map(|token| &token.token), found.map(|token| &token.token)) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        },
    }
}

/// How it is written here, where it is written differently.
fn help_with_spelling(message: &str, before: Option<&Token>, found: Option<&Token>) -> Option<&'static str> {
    if message.starts_with("Expected: MATCH_CONDITION") {
        return Some("compare the times before ON: ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.k = b.k");
    }
    let is = |token: Option<&Token>, text: &str| matches!(token, Some(Token::Word(word)) if word.value.eq_ignore_ascii_case(text));
    if is(found, "system_time") {
        return Some(
            "it follows the name of a table or view, and its alias follows it: JOIN b FOR SYSTEM_TIME AS OF a.at AS c; \
             name a query with WITH or CREATE VIEW",
        );
    }
    if is(found, "emit") || is(found, "changes") {
        return Some(
            "EMIT EVERY INTERVAL '1 minute' gives early results of windows; leave EMIT CHANGES out, what is computed of all rows so far is \
             written as changes anyway",
        );
    }
    if ["tumbling", "hopping", "session"].iter().any(|window| is(before, window)) {
        return Some("group by a window: GROUP BY tumble(INTERVAL '1 minute'), hop(…), session(…)");
    }
    if message.starts_with("Expected an expression, found: FROM") {
        return Some("complete the last expression, or leave out the comma behind it");
    }
    None
}

/// The span of all tokens.
pub(super) fn whole(tokens: &[TokenWithSpan]) -> Option<Span> {
    tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF | Token::SemiColon))
        .filter_map(|token| sql_span(token.span))
        .reduce(Span::union)
}

fn misspelt(token: &TokenWithSpan) -> Option<(String, String)> {
    let Token::Word(word) = &token.token else { return None };
    let written = word.value.to_ascii_lowercase();
    if word.quote_style.is_some() || word.keyword != Keyword::NoKeyword || written.len() < 4 {
        return None;
    }
    // A name in the plural is not a misspelt keyword.
    let meant = nearest(&written, KEYWORDS.iter().copied().filter(|keyword| keyword.len() >= written.len()))?;
    Some((word.value.clone(), meant.to_ascii_uppercase()))
}

/// `… at Line: 1, Column: 5` in its parts.
fn split_place(text: &str) -> (&str, Option<Location>) {
    let Some((message, place)) = text.rsplit_once(" at Line: ") else { return (text, None) };
    let parsed = place.split_once(", Column: ").and_then(|(line, column)| {
        let location = Location { line: line.trim().parse().ok()?, column: column.trim().parse().ok()? };
        (location.line > 0).then_some(location)
    });
    (message, parsed)
}

/// `Expected: a, found: b` in our words.
fn plain_message(message: &str) -> String {
    let Some((expected, found)) = message.strip_prefix("Expected: ").and_then(|rest| rest.rsplit_once(", found: "))
    else {
        return lower_first(message);
    };
    let found =
        if found == "EOF" || found == ";" { "the end of the statement".to_owned() } else { format!("`{found}`") };
    format!("expected {expected}, found {found}")
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        // `SQL …` stays as it is.
        (Some(_), Some(second)) if second.is_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(characters).collect(),
        (None, _) => String::new(),
    }
}

//! `MATCH_RECOGNIZE`, in the form that sqlparser reads: it knows the clause, but not all that can stand in it.
//!
//! ```text
//! before:  MEASURES FINAL LAST(a.x) AS x  AFTER MATCH SKIP TO a  PATTERN (a b+?) WITHIN INTERVAL '1' DAY SUBSET u = (a, b)  DEFINE …
//! after:   MEASURES "final"(LAST(a.x)) AS x  AFTER MATCH SKIP TO LAST a  PATTERN ("a" "b" "+" "?" "end")
//!          DEFINE "within" AS INTERVAL '1' DAY, "subset u" AS (a, b), …
//! ```
//! A pattern becomes a list of names, one per token, each with its place; [`crate::pattern`] reads them.
//! All names that are made here begin with [`MARK`], which no text has.
//! A query in parentheses in front of the clause becomes the argument of a function.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Word};

/// What the names that are made here begin with.
pub(crate) const MARK: char = '\u{1}';
/// The function around what FINAL stands before.
pub(crate) const FINAL: &str = "\u{1}final";
/// The function around what RUNNING stands before.
pub(crate) const RUNNING: &str = "\u{1}running";
/// The variable whose definition is the interval of WITHIN.
pub(crate) const WITHIN: &str = "\u{1}within";
/// What the variable whose definition is a subset begins with.
pub(crate) const SUBSET: &str = "\u{1}subset ";
/// The function around a query in front of the clause.
pub(crate) const DERIVED: &str = "\u{1}derived";

/// The tokens of a statement, without white space, with every `MATCH_RECOGNIZE` rewritten.
pub(super) fn rewrite_match_recognize(tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let mut rewritten = Vec::with_capacity(tokens.len());
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        let opens = tokens.get(place + 1).is_some_and(|next| next.token == Token::LParen);
        if !opens || !is_word(Some(token), "MATCH_RECOGNIZE") {
            rewritten.push(token.clone());
            place += 1;
            continue;
        }
        wrap_query(&mut rewritten);
        let end = closing(tokens, place + 1);
        rewritten.extend(tokens.get(place..place + 2).unwrap_or_default().iter().cloned());
        clauses(tokens.get(place + 2..end).unwrap_or_default(), &mut rewritten);
        place = end;
    }
    rewritten
}

/// Makes `(SELECT …) AS a` at the end of `tokens` a function's call: `"derived"((SELECT …)) AS a`.
fn wrap_query(tokens: &mut Vec<TokenWithSpan>) {
    let is_close = |place: usize| tokens.get(place).is_some_and(|token| token.token == Token::RParen);
    let last = tokens.len().saturating_sub(1);
    let alias = if keyword(tokens.get(last.saturating_sub(1))) == Some(Keyword::AS) { 2 } else { 1 };
    let Some(close) = [Some(last), last.checked_sub(alias)].into_iter().flatten().find(|place| is_close(*place)) else {
        return;
    };
    let mut depth = 0usize;
    let open = (0..=close).rev().find(|place| {
        match tokens.get(*place).map(|token| &token.token) {
            Some(Token::RParen) => depth += 1,
            Some(Token::LParen) => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    });
    let Some(open) = open else { return };
    let is_query = matches!(keyword(tokens.get(open + 1)), Some(Keyword::SELECT | Keyword::WITH | Keyword::VALUES));
    let is_lateral = open.checked_sub(1).is_some_and(|before| keyword(tokens.get(before)) == Some(Keyword::LATERAL));
    let (Some(first), Some(end), true) = (tokens.get(open).cloned(), tokens.get(close).cloned(), is_query) else {
        return;
    };
    if is_lateral {
        return;
    }
    tokens.insert(close, end);
    tokens.splice(open..open, [name(DERIVED, first.span), first]);
}

/// Copies what stands in the parentheses.
fn clauses(tokens: &[TokenWithSpan], rewritten: &mut Vec<TokenWithSpan>) {
    let mut place = 0;
    let mut depth = 0usize;
    while let Some(token) = tokens.get(place) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0
            && is_word(Some(token), "PATTERN")
            && tokens.get(place + 1).is_some_and(|next| next.token == Token::LParen)
        {
            return pattern(tokens, place, rewritten);
        }
        if let Some(end) = with_semantics(tokens, place, rewritten) {
            place = end;
            continue;
        }
        rewritten.push(token.clone());
        place += 1;
        if depth == 0 && is_word(Some(token), "TO") && names_a_variable(tokens, place) {
            rewritten.push(TokenWithSpan { token: Token::make_keyword("LAST"), span: token.span });
        }
    }
}

/// Whether `SKIP TO` at `place` is followed by a variable.
fn names_a_variable(tokens: &[TokenWithSpan], place: usize) -> bool {
    let skips = place.checked_sub(2).is_some_and(|skip| is_word(tokens.get(skip), "SKIP"));
    let next = tokens.get(place);
    let is_direction = ["NEXT", "FIRST", "LAST"].iter().any(|direction| is_word(next, direction));
    skips && !is_direction && matches!(next.map(|token| &token.token), Some(Token::Word(_)))
}

/// `FINAL f(…)` at `start` as `"final"(f(…))`; answers where it ends.
fn with_semantics(tokens: &[TokenWithSpan], start: usize, rewritten: &mut Vec<TokenWithSpan>) -> Option<usize> {
    let token = tokens.get(start)?;
    let function = [("FINAL", FINAL), ("RUNNING", RUNNING)].into_iter().find(|(word, _)| is_word(Some(token), word))?.1;
    let is_call =
        matches!(tokens.get(start + 1)?.token, Token::Word(_)) && tokens.get(start + 2)?.token == Token::LParen;
    if !is_call {
        return None;
    }
    let end = closing(tokens, start + 2);
    rewritten.push(name(function, token.span));
    rewritten.push(TokenWithSpan { token: Token::LParen, span: token.span });
    clauses(tokens.get(start + 1..=end.min(tokens.len() - 1)).unwrap_or_default(), rewritten);
    rewritten.push(TokenWithSpan { token: Token::RParen, span: tokens.get(end).unwrap_or(token).span });
    Some(end + 1)
}

/// `PATTERN (…)` at `start`, and all that follows it.
fn pattern(tokens: &[TokenWithSpan], start: usize, rewritten: &mut Vec<TokenWithSpan>) {
    let end = closing(tokens, start + 1);
    rewritten.extend(tokens.get(start..start + 2).unwrap_or_default().iter().cloned());
    for token in tokens.get(start + 2..end).unwrap_or_default() {
        pieces(token, rewritten);
    }
    let Some(close) = tokens.get(end) else { return };
    rewritten.push(name(&format!("{MARK}end"), close.span));
    rewritten.push(close.clone());
    definitions(tokens.get(end + 1..).unwrap_or_default(), close, rewritten);
}

/// A token of a pattern as names: `A`, or one per character (`*?`).
fn pieces(token: &TokenWithSpan, rewritten: &mut Vec<TokenWithSpan>) {
    match &token.token {
        Token::Word(word) => rewritten.push(name(&format!("{MARK}name {}", word.value), token.span)),
        Token::Number(number, _) => rewritten.push(name(&format!("{MARK}number {number}"), token.span)),
        other => {
            for (offset, character) in (0u64..).zip(other.to_string().chars()) {
                let start = Location { column: token.span.start.column + offset, ..token.span.start };
                let span = Span { start, end: Location { column: start.column + 1, ..start } };
                rewritten.push(name(&format!("{MARK}mark {character}"), span));
            }
        }
    }
}

/// WITHIN, SUBSET and DEFINE as one DEFINE.
fn definitions(tokens: &[TokenWithSpan], close: &TokenWithSpan, rewritten: &mut Vec<TokenWithSpan>) {
    let mut depth = 0usize;
    let mut starts = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if depth == 0 && ["WITHIN", "SUBSET", "DEFINE"].iter().any(|word| is_word(Some(token), word)) => {
                starts.push(place);
            }
            _ => {}
        }
    }
    // What stands before the first of them is the parser's to refuse.
    let first = starts.first().copied().unwrap_or(tokens.len());
    rewritten.extend(tokens.get(..first).unwrap_or_default().iter().cloned());
    let mut items: Vec<Vec<TokenWithSpan>> = Vec::new();
    let mut define = TokenWithSpan { token: Token::make_keyword("DEFINE"), span: close.span };
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(tokens.len());
        let (Some(word), inner) = (tokens.get(*start), tokens.get(start + 1..end).unwrap_or_default()) else {
            continue;
        };
        if is_word(Some(word), "WITHIN") {
            items.push(defined(name(WITHIN, word.span), inner));
        } else if is_word(Some(word), "SUBSET") {
            items.extend(subsets(inner));
        } else {
            define = word.clone();
            let mut copied = Vec::new();
            clauses(inner, &mut copied);
            items.push(copied);
        }
    }
    if items.is_empty() {
        let always = TokenWithSpan { token: Token::make_keyword("TRUE"), span: close.span };
        items.push(defined(name(&MARK.to_string(), close.span), &[always]));
    }
    let comma = TokenWithSpan { token: Token::Comma, span: define.span };
    rewritten.push(define);
    rewritten.extend(items.join(&comma));
}

/// `u = (a, b), w = (c)` as definitions.
fn subsets(tokens: &[TokenWithSpan]) -> Vec<Vec<TokenWithSpan>> {
    let mut depth = 0usize;
    let parts = tokens.split(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.token == Token::Comma
    });
    let part = |part: &[TokenWithSpan]| match part {
        [TokenWithSpan { token: Token::Word(word), span }, TokenWithSpan { token: Token::Eq, .. }, rest @ ..] => {
            defined(name(&format!("{SUBSET}{}", word.value), *span), rest)
        }
        other => other.to_vec(),
    };
    parts.map(part).collect()
}

fn defined(name: TokenWithSpan, tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let as_word = TokenWithSpan { token: Token::make_keyword("AS"), span: name.span };
    [name, as_word].into_iter().chain(tokens.iter().cloned()).collect()
}

/// Where the parenthesis that opens at `open` is closed; the end of the tokens if it is not.
fn closing(tokens: &[TokenWithSpan], open: usize) -> usize {
    let mut depth = 0usize;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 1 => return place,
            Token::RParen => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

fn name(value: &str, span: Span) -> TokenWithSpan {
    let word = Word { value: value.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword };
    TokenWithSpan { token: Token::Word(word), span }
}

fn keyword(token: Option<&TokenWithSpan>) -> Option<Keyword> {
    match token.map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.keyword),
        _ => None,
    }
}

fn is_word(token: Option<&TokenWithSpan>, text: &str) -> bool {
    matches!(token.map(|token| &token.token), Some(Token::Word(word))
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::tokenizer::{Tokenizer, Whitespace};

    use super::*;
    use crate::dialect::ArroyoDialect;

    fn rewritten(sql: &str) -> String {
        let dialect = ArroyoDialect::default();
        let mut tokens = Tokenizer::new(&dialect, sql).tokenize_with_location().expect("tokens");
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(Whitespace::Space)));
        let texts = rewrite_match_recognize(&tokens).iter().map(|token| token.token.to_string()).collect::<Vec<_>>();
        texts.join(" ").replace(MARK, "!")
    }

    #[test]
    fn a_pattern_becomes_a_list_of_names() {
        assert_eq!(
            rewritten("t MATCH_RECOGNIZE (PATTERN (a b*?|c{1,2}) DEFINE a AS x > 1)"),
            "t MATCH_RECOGNIZE ( PATTERN ( \"!name a\" \"!name b\" \"!mark *\" \"!mark ?\" \"!mark |\" \"!name c\" \"!mark {\" \
             \"!number 1\" \"!mark ,\" \"!number 2\" \"!mark }\" \"!end\" ) DEFINE a AS x > 1 )"
        );
    }

    #[test]
    fn clauses_that_the_parser_does_not_know_become_definitions() {
        assert_eq!(
            rewritten(
                "t MATCH_RECOGNIZE (PATTERN (a) WITHIN INTERVAL '1' DAY SUBSET u = (a, b), w = (a) DEFINE a AS x)"
            ),
            "t MATCH_RECOGNIZE ( PATTERN ( \"!name a\" \"!end\" ) DEFINE \"!within\" AS INTERVAL '1' DAY , \"!subset u\" AS ( a , b ) , \
             \"!subset w\" AS ( a ) , a AS x )"
        );
        assert_eq!(
            rewritten("t MATCH_RECOGNIZE (PATTERN (a))"),
            "t MATCH_RECOGNIZE ( PATTERN ( \"!name a\" \"!end\" ) DEFINE \"!\" AS TRUE )"
        );
    }

    #[test]
    fn semantics_become_functions_and_a_variable_is_skipped_to_by_its_last_row() {
        assert_eq!(
            rewritten("t MATCH_RECOGNIZE (MEASURES FINAL LAST(a.x) AS x AFTER MATCH SKIP TO a PATTERN (a))"),
            "t MATCH_RECOGNIZE ( MEASURES \"!final\" ( LAST ( a . x ) ) AS x AFTER MATCH SKIP TO LAST a PATTERN ( \"!name a\" \"!end\" ) \
             DEFINE \"!\" AS TRUE )"
        );
    }

    #[test]
    fn a_query_becomes_an_argument() {
        for alias in ["", " AS q", " q"] {
            let found = rewritten(&format!("FROM (SELECT f(1)){alias} MATCH_RECOGNIZE (PATTERN (a))"));
            let expected = format!("FROM \"!derived\" ( ( SELECT f ( 1 ) ) ){alias} MATCH_RECOGNIZE");
            assert!(found.starts_with(&expected), "{found}");
        }
        assert!(rewritten("t AS f MATCH_RECOGNIZE (PATTERN (a))").starts_with("t AS f MATCH_RECOGNIZE"));
    }

    #[test]
    fn what_is_not_closed_is_left_to_the_parser() {
        for sql in
            ["t MATCH_RECOGNIZE (", "t MATCH_RECOGNIZE (PATTERN (a", "t MATCH_RECOGNIZE (FINAL f(", "MATCH_RECOGNIZE"]
        {
            assert!(rewritten(sql).contains("MATCH_RECOGNIZE"));
        }
    }
}

//! Parameters: `:name` in a script stands for a value that is given with it.
//!
//! ```text
//! script:      SELECT * FROM bids WHERE price > :least AND channel = :channel
//! parameters:  least = 100, channel = web
//! bound:       SELECT * FROM bids WHERE price > 100 AND channel = 'web'
//! ```
//!
//! A value is a literal: a number, `TRUE`, `FALSE`, `NULL`, `'text in quotes'`, `INTERVAL '…'`, `TIMESTAMP '…'`, `DATE '…'` or
//! `TIME '…'`. Anything else is a text, so that no value can be more than a value.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Location as SqlLocation, Token, TokenWithSpan, Tokenizer, Whitespace};

use crate::dialect::ArroyoDialect;
use crate::statement::sql_span;
use crate::suggest::{list, nearest};
use crate::{Diagnostic, Diagnostics, Span, codes};

/// The script with a value in the place of each parameter.
///
/// # Errors
///
/// Parameters without a value, and values without a parameter. A script that cannot be cut into words is returned as it is:
/// planning it says why.
pub fn bind_parameters(sql: &str, values: &BTreeMap<String, String>) -> Result<String, Diagnostics> {
    let dialect = ArroyoDialect::default();
    let Ok(tokens) = Tokenizer::new(&dialect, sql).tokenize_with_location() else { return Ok(sql.to_owned()) };
    let used = parameters(&tokens);
    let mut faults = missing(&used, values);
    faults.extend(superfluous(&used, values));
    if !faults.is_empty() {
        return Err(Diagnostics(faults));
    }
    let lines: Vec<usize> = std::iter::once(0).chain(sql.match_indices('\n').map(|(place, _)| place + 1)).collect();
    let mut bound = sql.to_owned();
    for parameter in used.iter().rev() {
        let range = offset(sql, &lines, parameter.start).zip(offset(sql, &lines, parameter.end));
        if let (Some((start, end)), Some(value)) = (range, values.get(&parameter.name)) {
            bound.replace_range(start..end, &literal(value));
        }
    }
    Ok(bound)
}

/// A parameter's use.
struct Use {
    name: String,
    start: SqlLocation,
    end: SqlLocation,
    span: Option<Span>,
}

/// A colon with a word right behind it, unless it belongs to what is right in front of it (`a:b`, `x[1:n]`, `{'k':v}`).
fn parameters(tokens: &[TokenWithSpan]) -> Vec<Use> {
    let mut found = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| &token.token);
        let belongs = matches!(
            before,
            Some(Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_) | Token::RParen | Token::RBracket)
        );
        if token.token != Token::Colon || belongs {
            continue;
        }
        let Some(next) = tokens.get(place + 1) else { continue };
        if let Token::Word(word) = &next.token
            && word.quote_style.is_none()
        {
            let span = sql_span(token.span).zip(sql_span(next.span)).map(|(colon, word)| colon.union(word));
            found.push(Use { name: word.value.clone(), start: token.span.start, end: next.span.end, span });
        }
    }
    found
}

fn missing(used: &[Use], values: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let missing = used.iter().filter(|used| !values.contains_key(&used.name) && seen.insert(used.name.clone()));
    missing
        .map(|used| {
            let help = match nearest(&used.name, values.keys().map(String::as_str)) {
                Some(near) => format!("a value is given for `{near}`; did you mean that?"),
                None => format!("give it one: `--param {}=VALUE`, or `params` in a request", used.name),
            };
            Diagnostic::error(&codes::PARAMETER, format!("the parameter `:{}` has no value", used.name))
                .at(used.span)
                .help(help)
        })
        .collect()
}

fn superfluous(used: &[Use], values: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let names: BTreeSet<&str> = used.iter().map(|used| used.name.as_str()).collect();
    let superfluous = values.keys().filter(|name| !names.contains(name.as_str()));
    superfluous
        .map(|name| {
            let known: Vec<&str> = names.iter().copied().collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "the script has no parameters; write `:name` where a value belongs".into(),
                None => format!("the script has {}", list(&known, 6)),
            };
            Diagnostic::error(&codes::PARAMETER, format!("the script has no parameter `:{name}`")).help(help)
        })
        .collect()
}

/// The byte at a line and a column, both from 1.
fn offset(sql: &str, lines: &[usize], location: SqlLocation) -> Option<usize> {
    let line = lines.get(usize::try_from(location.line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(location.column).ok()?.checked_sub(1)?;
    let rest = sql.get(*line..)?;
    let in_line = rest.char_indices().map(|(place, _)| place).chain([rest.len()]).nth(column)?;
    Some(line + in_line)
}

/// A comment is not: it could hide what follows the value.
fn is_blank(token: &Token) -> bool {
    matches!(token, Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab))
}

/// A value as SQL.
fn literal(value: &str) -> String {
    let dialect = ArroyoDialect::default();
    let tokens = Tokenizer::new(&dialect, value).tokenize().unwrap_or_default();
    let tokens: Vec<Token> = tokens.into_iter().filter(|token| !is_blank(token)).collect();
    match tokens.as_slice() {
        [Token::Number(..) | Token::SingleQuotedString(_)] => value.trim().to_owned(),
        // Behind another sign, the two of them would be a comment.
        [Token::Minus, Token::Number(..)] => format!("({})", value.trim()),
        [Token::Word(word)] if matches!(word.keyword, Keyword::TRUE | Keyword::FALSE | Keyword::NULL) => {
            word.value.clone()
        }
        [Token::Word(word), Token::SingleQuotedString(_)]
            if matches!(word.keyword, Keyword::INTERVAL | Keyword::TIMESTAMP | Keyword::DATE | Keyword::TIME) =>
        {
            value.trim().to_owned()
        }
        [Token::Word(word), Token::SingleQuotedString(_), Token::Word(unit)]
            if word.keyword == Keyword::INTERVAL && unit.quote_style.is_none() =>
        {
            value.trim().to_owned()
        }
        _ => format!("'{}'", value.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(sql: &str, values: &[(&str, &str)]) -> Result<String, Vec<String>> {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        bind_parameters(sql, &values).map_err(|faults| faults.0.into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn values_are_literals() {
        for (value, expected) in [
            ("5", "5"),
            ("-5", "(-5)"),
            ("1.5e3", "1.5e3"),
            ("true", "true"),
            ("NULL", "NULL"),
            ("web", "'web'"),
            ("it's", "'it''s'"),
            ("'5'", "'5'"),
            ("INTERVAL '5' MINUTE", "INTERVAL '5' MINUTE"),
            ("TIMESTAMP '2024-01-01 00:00:00'", "TIMESTAMP '2024-01-01 00:00:00'"),
            ("1; DROP TABLE t", "'1; DROP TABLE t'"),
            ("a' OR 'a' = 'a", "'a'' OR ''a'' = ''a'"),
            ("1 -- x", "'1 -- x'"),
            ("", "''"),
        ] {
            assert_eq!(bound("SELECT :x", &[("x", value)]).unwrap(), format!("SELECT {expected}"), "{value}");
        }
    }

    #[test]
    fn only_parameters_are_replaced() {
        let sql = "SELECT ':x', é, a::INT, m['k':x], b[1:x] -- :x\n WHERE a > :x AND b=:x";
        let expected = "SELECT ':x', é, a::INT, m['k':x], b[1:x] -- :x\n WHERE a > 7 AND b=7";
        assert_eq!(bound(sql, &[("x", "7")]).unwrap(), expected);
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_said() {
        let faults = bound("SELECT :a, :b, :a", &[("c", "1")]).unwrap_err();
        assert_eq!(
            faults,
            ["the parameter `:a` has no value", "the parameter `:b` has no value", "the script has no parameter `:c`"]
        );
    }
}

//! The clauses behind GROUP BY that say when results of windows are emitted, in a form that the parser of queries reads.
//!
//! ```text
//! before:  SELECT … GROUP BY 1 HAVING n > 1 EMIT EVERY INTERVAL '10' SECOND ALLOW LATENESS INTERVAL '1' HOUR LATE ROWS INTO late
//! after:   SELECT … GROUP BY 1 CLUSTER BY _emit(_every => INTERVAL '10' SECOND, _lateness => INTERVAL '1' HOUR,
//!          _late_rows => late) HAVING n > 1
//! ```

use arroyo_expr::EMIT;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

/// The clauses: their words, and the argument that they become.
const CLAUSES: [(&[&str], &str); 3] =
    [(&["EMIT", "EVERY"], EVERY), (&["ALLOW", "LATENESS"], LATENESS), (&["LATE", "ROWS", "INTO"], LATE_ROWS)];

/// The argument that `EMIT EVERY` becomes.
pub(crate) const EVERY: &str = "_every";
/// The argument that `ALLOW LATENESS` becomes.
pub(crate) const LATENESS: &str = "_lateness";
/// The argument that `LATE ROWS INTO` becomes.
pub(crate) const LATE_ROWS: &str = "_late_rows";

/// A SELECT while its tokens are copied.
#[derive(Debug, Default)]
struct Select {
    /// Its FROM has been seen.
    has_from: bool,
    /// Where, among the copied tokens, the clauses behind GROUP BY start.
    behind_groups: Option<usize>,
}

/// The tokens of a statement, none of them whitespace, with the clauses of each SELECT rewritten.
pub(super) fn rewrite_emit(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut copied: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    // One for each open parenthesis.
    let mut selects = vec![Select::default()];
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        let depth = selects.len();
        let Some(select) = selects.last_mut() else { break };
        if select.has_from && !is_name(&copied) && clause_at(&tokens, place).is_some() {
            let (end, call) = clauses(&tokens, place);
            let at = select.behind_groups.take().unwrap_or(copied.len());
            copied.splice(at..at, call);
            place = end;
            continue;
        }
        match &token.token {
            Token::LParen => selects.push(Select::default()),
            Token::RParen if depth > 1 => {
                selects.pop();
            }
            Token::Word(word) if !is_name(&copied) => match word.keyword {
                Keyword::SELECT => *select = Select::default(),
                Keyword::FROM => select.has_from = true,
                Keyword::HAVING | Keyword::QUALIFY if select.has_from => {
                    select.behind_groups.get_or_insert(copied.len());
                }
                Keyword::WINDOW if select.has_from && keyword_at(&tokens, place + 2) == Some(Keyword::AS) => {
                    select.behind_groups.get_or_insert(copied.len());
                }
                keyword if ends_select(keyword) => select.has_from = false,
                _ => {}
            },
            _ => {}
        }
        copied.push(token.clone());
        place += 1;
    }
    copied
}

/// Whether the next word is the name of something: `FROM emit every` is a table with an alias.
fn is_name(copied: &[TokenWithSpan]) -> bool {
    match copied.last().map(|token| &token.token) {
        Some(Token::Comma | Token::Period) => true,
        Some(Token::Word(word)) => matches!(word.keyword, Keyword::FROM | Keyword::JOIN | Keyword::AS | Keyword::BY),
        _ => false,
    }
}

fn keyword_at(tokens: &[TokenWithSpan], place: usize) -> Option<Keyword> {
    match tokens.get(place).map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.keyword),
        _ => None,
    }
}

fn ends_select(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::UNION
            | Keyword::EXCEPT
            | Keyword::INTERSECT
            | Keyword::ORDER
            | Keyword::LIMIT
            | Keyword::OFFSET
            | Keyword::FETCH
    )
}

/// The clause whose words are at `place`: how many they are, and its argument.
fn clause_at(tokens: &[TokenWithSpan], place: usize) -> Option<(usize, &'static str)> {
    let is_word = |place: usize, expected: &str| {
        matches!(tokens.get(place).map(|token| &token.token), Some(Token::Word(word))
            if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected))
    };
    let clause = CLAUSES.iter().find(|(words, _)| words.iter().zip(place..).all(|(word, place)| is_word(place, word)));
    clause.map(|(words, argument)| (words.len(), *argument))
}

/// The clauses from `start` on as one call; and where they end.
fn clauses(tokens: &[TokenWithSpan], start: usize) -> (usize, Vec<TokenWithSpan>) {
    let span = tokens.get(start).map_or_else(Span::empty, |token| token.span);
    let word = |value: &str, keyword: Keyword| Word { value: value.to_owned(), quote_style: None, keyword };
    let at = |token: Token, span: Span| TokenWithSpan { token, span };
    let mut call = vec![
        at(Token::Word(word("CLUSTER", Keyword::CLUSTER)), span),
        at(Token::Word(word("BY", Keyword::BY)), span),
        at(Token::Word(word(EMIT, Keyword::NoKeyword)), span),
        at(Token::LParen, span),
    ];
    let mut place = start;
    while let Some((words, argument)) = clause_at(tokens, place) {
        let span = tokens.get(place).map_or(span, |token| token.span);
        if place > start {
            call.push(at(Token::Comma, span));
        }
        call.push(at(Token::Word(word(argument, Keyword::NoKeyword)), span));
        call.push(at(Token::RArrow, span));
        let value = place + words;
        place = end_of_value(tokens, value);
        if place == value {
            // What is missing is an empty text, which is no interval and no table: there is a better message for that.
            call.push(at(Token::SingleQuotedString(String::new()), span));
        }
        call.extend(tokens.get(value..place).into_iter().flatten().cloned());
    }
    call.push(at(Token::RParen, span));
    (place, call)
}

fn end_of_value(tokens: &[TokenWithSpan], start: usize) -> usize {
    let mut depth = 0usize;
    let mut place = start;
    while let Some(token) = tokens.get(place) {
        match &token.token {
            Token::EOF | Token::SemiColon => break,
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => break,
            Token::RParen => depth -= 1,
            Token::Word(word) if depth == 0 && ends_select(word.keyword) => break,
            _ if depth == 0 && place > start && clause_at(tokens, place).is_some() => break,
            _ => {}
        }
        place += 1;
    }
    place
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
        rewrite_emit(tokens).iter().map(|token| token.token.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn clauses_become_a_call_behind_the_groups() {
        assert_eq!(
            rewritten("SELECT a FROM t GROUP BY 1 HAVING b > 1 EMIT EVERY '1 s' LATE ROWS INTO l"),
            "SELECT a FROM t GROUP BY 1 CLUSTER BY _emit ( _every => '1 s' , _late_rows => l ) HAVING b > 1"
        );
        assert_eq!(
            rewritten("SELECT a FROM (SELECT b FROM t GROUP BY b ALLOW LATENESS INTERVAL '1' DAY) AS x"),
            "SELECT a FROM ( SELECT b FROM t GROUP BY b CLUSTER BY _emit ( _lateness => INTERVAL '1' DAY ) ) AS x"
        );
        assert_eq!(
            rewritten("SELECT a FROM t GROUP BY 1 EMIT EVERY '1 s' UNION ALL SELECT 1 FROM u"),
            "SELECT a FROM t GROUP BY 1 CLUSTER BY _emit ( _every => '1 s' ) UNION ALL SELECT 1 FROM u"
        );
    }

    #[test]
    fn a_column_can_be_called_window() {
        assert_eq!(
            rewritten("SELECT window FROM t GROUP BY k, window ALLOW LATENESS '1 s'"),
            "SELECT window FROM t GROUP BY k , window CLUSTER BY _emit ( _lateness => '1 s' )"
        );
        assert_eq!(
            rewritten("SELECT a FROM t GROUP BY a WINDOW w AS (ORDER BY b) ALLOW LATENESS '1 s'"),
            "SELECT a FROM t GROUP BY a CLUSTER BY _emit ( _lateness => '1 s' ) WINDOW w AS ( ORDER BY b )"
        );
    }

    #[test]
    fn the_same_words_as_names_stay() {
        for sql in ["SELECT emit every FROM t", "SELECT 1 FROM emit every", "SELECT 1 FROM t AS late rows"] {
            assert_eq!(rewritten(sql), sql.replace(',', " ,"));
        }
    }
}

//! `ASOF LEFT JOIN` as `ASOF JOIN`, which keeps all left rows, too.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

/// The tokens of a statement, without white space, with every `ASOF LEFT [OUTER] JOIN` rewritten.
pub(super) fn rewrite_asof(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut rewritten: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((token, behind)) = rest.split_first() {
        let is_name = rewritten.last().and_then(keyword) == Some(Keyword::AS);
        rest = if keyword(token) == Some(Keyword::ASOF) && !is_name { before_join(behind) } else { behind };
        rewritten.push(token.clone());
    }
    rewritten
}

/// What follows `LEFT` or `LEFT OUTER`, if that is `JOIN`; else all.
fn before_join(tokens: &[TokenWithSpan]) -> &[TokenWithSpan] {
    let is = |place: usize, word: Keyword| tokens.get(place).and_then(keyword) == Some(word);
    let join = if is(1, Keyword::OUTER) { 2 } else { 1 };
    let found = is(0, Keyword::LEFT) && is(join, Keyword::JOIN);
    tokens.get(join..).filter(|_| found).unwrap_or(tokens)
}

fn keyword(token: &TokenWithSpan) -> Option<Keyword> {
    match &token.token {
        Token::Word(word) => Some(word.keyword),
        _ => None,
    }
}

//! Calls of windows as table functions, in the form that the parser of expressions reads.
//!
//! ```text
//! before:  FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(at), INTERVAL '1' MINUTE))
//! after:   FROM TABLE(SESSION(bids, PARTITION_BY => (bidder), DESCRIPTOR(at), INTERVAL '1' MINUTE))
//! ```

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

/// The name of the argument that `PARTITION BY` becomes.
pub(crate) const PARTITION_BY: &str = "PARTITION_BY";

const FUNCTIONS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

/// The tokens of a statement with every `TABLE` and `PARTITION BY` in the arguments of window functions rewritten.
pub(super) fn rewrite_window_tables(tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let tokens: Vec<&TokenWithSpan> =
        tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect();
    rewrite(&tokens)
}

fn rewrite(tokens: &[&TokenWithSpan]) -> Vec<TokenWithSpan> {
    let mut rewritten = Vec::with_capacity(tokens.len());
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        rewritten.push((*token).clone());
        place += 1;
        let opens = tokens.get(place).is_some_and(|next| next.token == Token::LParen);
        if !opens || !is_one_of(token, &FUNCTIONS) {
            continue;
        }
        rewritten.extend(tokens.get(place).map(|token| (*token).clone()));
        place += 1;
        let named = is_one_of_at(tokens, place, &["DATA"])
            && tokens.get(place + 1).is_some_and(|next| next.token == Token::RArrow);
        let data = if named { place + 2 } else { place };
        let is_table = keyword(tokens, data) == Some(Keyword::TABLE)
            && matches!(tokens.get(data + 1).map(|next| &next.token), Some(Token::Word(_) | Token::LParen));
        if !is_table {
            continue;
        }
        rewritten.extend(tokens.get(place..data).into_iter().flatten().map(|token| (*token).clone()));
        place = relation(tokens, data + 1, &mut rewritten);
        if keyword(tokens, place) == Some(Keyword::PARTITION) && keyword(tokens, place + 1) == Some(Keyword::BY) {
            place = partition(tokens, place, &mut rewritten);
        }
    }
    rewritten
}

/// Copies a table's name or a query in parentheses; answers where it ends.
fn relation(tokens: &[&TokenWithSpan], start: usize, rewritten: &mut Vec<TokenWithSpan>) -> usize {
    let mut depth = 0usize;
    let mut place = start;
    while let Some(token) = tokens.get(place) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => break,
            Token::RParen => depth -= 1,
            Token::Comma if depth == 0 => break,
            _ if depth == 0 && keyword(tokens, place) == Some(Keyword::PARTITION) => break,
            _ => {}
        }
        place += 1;
    }
    // A query may have window functions of its own.
    rewritten.extend(rewrite(tokens.get(start..place).unwrap_or_default()));
    place
}

/// Turns `PARTITION BY a, b` into a named argument; answers where it ends.
fn partition(tokens: &[&TokenWithSpan], start: usize, rewritten: &mut Vec<TokenWithSpan>) -> usize {
    let Some(span) = tokens.get(start).map(|token| token.span) else { return start };
    let mut put = |token: Token| rewritten.push(TokenWithSpan { token, span });
    put(Token::Comma);
    put(Token::Word(Word { value: PARTITION_BY.to_owned(), quote_style: None, keyword: Keyword::NoKeyword }));
    put(Token::RArrow);
    put(Token::LParen);
    let mut place = start + 2;
    let mut depth = 0usize;
    let in_parentheses = tokens.get(place).is_some_and(|token| token.token == Token::LParen);
    if in_parentheses {
        place += 1;
    }
    while let Some(token) = tokens.get(place) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => break,
            Token::RParen => depth -= 1,
            Token::Comma if depth == 0 && !in_parentheses && !is_column_after(tokens, place) => break,
            _ => {}
        }
        put(token.token.clone());
        place += 1;
    }
    if in_parentheses {
        place += 1;
    }
    put(Token::RParen);
    place
}

/// Whether what follows the comma at `place` is another column and not another argument.
fn is_column_after(tokens: &[&TokenWithSpan], place: usize) -> bool {
    let is_word = matches!(tokens.get(place + 1).map(|token| &token.token), Some(Token::Word(_)));
    let is_argument = matches!(tokens.get(place + 2).map(|token| &token.token), Some(Token::LParen | Token::RArrow))
        || keyword(tokens, place + 1) == Some(Keyword::INTERVAL);
    is_word && !is_argument
}

fn keyword(tokens: &[&TokenWithSpan], place: usize) -> Option<Keyword> {
    match tokens.get(place).map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.keyword),
        _ => None,
    }
}

fn is_one_of(token: &TokenWithSpan, names: &[&str]) -> bool {
    matches!(&token.token, Token::Word(word)
        if word.quote_style.is_none() && names.iter().any(|name| word.value.eq_ignore_ascii_case(name)))
}

fn is_one_of_at(tokens: &[&TokenWithSpan], place: usize, names: &[&str]) -> bool {
    tokens.get(place).is_some_and(|token| is_one_of(token, names))
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::tokenizer::Tokenizer;

    use super::*;
    use crate::dialect::ArroyoDialect;

    fn rewritten(sql: &str) -> String {
        let dialect = ArroyoDialect::default();
        let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location().expect("tokens");
        rewrite_window_tables(&tokens).iter().map(|token| token.token.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_word_table_is_left_out() {
        assert_eq!(rewritten("TABLE(tumble(TABLE t, DESCRIPTOR(a)))"), "TABLE ( tumble ( t , DESCRIPTOR ( a ) ) )");
        assert_eq!(rewritten("HOP(DATA => TABLE t, SIZE => 1)"), "HOP ( DATA => t , SIZE => 1 )");
        assert_eq!(rewritten("hop(TABLE (SELECT 1, 2), 3)"), "hop ( ( SELECT 1 , 2 ) , 3 )");
        assert_eq!(rewritten("SELECT \"hop\"(TABLE t)"), "SELECT \"hop\" ( TABLE t )");
        assert_eq!(rewritten("CREATE TABLE hop (a INT)"), "CREATE TABLE hop ( a INT )");
    }

    #[test]
    fn a_partition_becomes_an_argument() {
        let expected = "SESSION ( t , PARTITION_BY => ( a , b ) , DESCRIPTOR ( c ) , INTERVAL '1' DAY )";
        assert_eq!(rewritten("SESSION(TABLE t PARTITION BY (a, b), DESCRIPTOR(c), INTERVAL '1' DAY)"), expected);
        assert_eq!(rewritten("SESSION(TABLE t PARTITION BY a, b, DESCRIPTOR(c), INTERVAL '1' DAY)"), expected);
        assert_eq!(
            rewritten("SESSION(DATA => TABLE t PARTITION BY a, GAP => 1)"),
            "SESSION ( DATA => t , PARTITION_BY => ( a ) , GAP => 1 )"
        );
    }
}

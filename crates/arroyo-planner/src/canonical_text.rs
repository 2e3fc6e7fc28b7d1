//! A script's text without what does not matter.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::dialect::ArroyoDialect;

/// The script with single spaces between its tokens, keywords in capitals, without comments and closing semicolons.
///
/// Two scripts that differ only in how they are written have the same canonical text.
/// A text that has no tokens, say because a quote is not closed, is returned as it is.
///
/// ```
/// let text = arroyo_planner::canonical_text("select  a -- the key\n from t;");
/// assert_eq!(text, "SELECT a FROM t");
/// ```
pub fn canonical_text(sql: &str) -> String {
    let dialect = ArroyoDialect::default();
    let Ok(tokens) = Tokenizer::new(&dialect, sql).tokenize() else { return sql.to_owned() };
    let mut words: Vec<String> = tokens.iter().filter_map(written).collect();
    while words.last().is_some_and(|word| word == ";") {
        words.pop();
    }
    words.join(" ")
}

fn written(token: &Token) -> Option<String> {
    match token {
        Token::Whitespace(_) | Token::EOF => None,
        Token::Word(word) if word.quote_style.is_none() && word.keyword != Keyword::NoKeyword => {
            Some(word.value.to_uppercase())
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_does_not_matter() {
        let one = canonical_text("SELECT count(*) FROM t WHERE a = 'x  y' GROUP BY tumble(INTERVAL '1 second')");
        let other = "select count( * )\n  from t /* all */ where a='x  y'\ngroup by tumble(interval '1 second') ;;\n";
        assert_eq!(canonical_text(other), one);
    }

    #[test]
    fn meaning_does() {
        let texts = ["SELECT 'a b'", "SELECT 'a  b'", "SELECT 'A b'", "SELECT ab", "SELECT \"ab\"", "SELECT a b"];
        for (index, text) in texts.iter().enumerate() {
            for other in texts.iter().skip(index + 1) {
                assert_ne!(canonical_text(text), canonical_text(other));
            }
        }
        assert_eq!(canonical_text("SELECT 'open"), "SELECT 'open");
    }
}

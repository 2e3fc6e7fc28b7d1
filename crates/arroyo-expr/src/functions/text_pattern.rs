//! `similar_to_escape(pattern)`, `similar_to_escape(pattern, escape)`: a pattern of SIMILAR TO as a regular expression;
//! `like_escape(pattern, escape)`: a pattern of LIKE as one whose escape is `\`, the only one that Arrow knows.
//!
//! `x SIMILAR TO p` is planned as `x ~ similar_to_escape(p)`, and `x LIKE p ESCAPE '!'` as `x LIKE like_escape(p, '!')`.
//! In both, `%` stands for any characters and `_` for one; in SIMILAR TO, `|`, `*`, `+`, `?`, `{…}`, `(…)` and `[…]` mean what they
//! mean in regular expressions, and everything else stands for itself. The whole text must match. What follows `escape` (`\` if
//! nothing is said, none if it is empty) stands for itself, too.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

/// The name of the function that reads patterns of SIMILAR TO.
pub const SIMILAR_TO_ESCAPE: &str = "similar_to_escape";

/// The name of the function that reads patterns of LIKE with an escape of their own.
pub const LIKE_ESCAPE: &str = "like_escape";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    SimilarTo,
    Like,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct TextPattern {
    of: Of,
    signature: Signature,
}

/// `similar_to_escape(pattern, …)`.
pub(super) fn similar_to_escape() -> ScalarUDF {
    let arguments = vec![TypeSignature::String(1), TypeSignature::String(2)];
    let signature = Signature::one_of(arguments, Volatility::Immutable);
    ScalarUDF::from(TextPattern { of: Of::SimilarTo, signature })
}

/// `like_escape(pattern, escape)`.
pub(super) fn like_escape() -> ScalarUDF {
    ScalarUDF::from(TextPattern { of: Of::Like, signature: Signature::string(2, Volatility::Immutable) })
}

impl ScalarUDFImpl for TextPattern {
    fn name(&self) -> &str {
        match self.of {
            Of::SimilarTo => SIMILAR_TO_ESCAPE,
            Of::Like => LIKE_ESCAPE,
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = ColumnarValue::values_to_arrays(&args.args)?
            .iter()
            .map(|text| cast(text, &DataType::Utf8))
            .collect::<Result<Vec<_>, _>>()?;
        let [patterns, escapes @ ..] = texts.as_slice() else {
            return exec_err!("{} needs a pattern", self.name());
        };
        let patterns = patterns.as_string::<i32>();
        let escapes = escapes.first().map(|escapes| escapes.as_string::<i32>());
        let read = patterns.iter().enumerate().map(|(row, pattern)| {
            let Some(pattern) = pattern else { return Ok(None) };
            let escape = match escapes {
                None => Some('\\'),
                Some(escapes) if escapes.is_null(row) => return Ok(None),
                Some(escapes) => only_character(escapes.value(row))?,
            };
            Ok(Some(match self.of {
                Of::SimilarTo => regex(pattern, escape),
                Of::Like => escaped_by_backslash(pattern, escape),
            }))
        });
        Ok(ColumnarValue::Array(Arc::new(read.collect::<Result<StringArray>>()?)))
    }
}

fn only_character(escape: &str) -> Result<Option<char>> {
    let mut characters = escape.chars();
    match (characters.next(), characters.next()) {
        (first, None) => Ok(first),
        _ => exec_err!("ESCAPE '{escape}' is longer than one character"),
    }
}

fn regex(pattern: &str, escape: Option<char>) -> String {
    let mut regex = String::from("^(?s:");
    let mut characters = pattern.chars().peekable();
    let mut in_set = false;
    while let Some(character) = characters.next() {
        match character {
            _ if Some(character) == escape => match characters.next() {
                Some(literal) => push_literal(&mut regex, literal),
                None => push_literal(&mut regex, character),
            },
            '[' if in_set && characters.peek() == Some(&':') => {
                regex.push('[');
                for of_class in characters.by_ref() {
                    regex.push(of_class);
                    if of_class == ']' {
                        break;
                    }
                }
            }
            ']' if in_set => {
                in_set = false;
                regex.push(']');
            }
            '-' | '^' if in_set => regex.push(character),
            _ if in_set => push_literal(&mut regex, character),
            '[' => {
                in_set = true;
                regex.push('[');
            }
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '|' | '*' | '+' | '?' | '{' | '}' | '(' | ')' => regex.push(character),
            _ => push_literal(&mut regex, character),
        }
    }
    regex.push_str(")$");
    regex
}

fn escaped_by_backslash(pattern: &str, escape: Option<char>) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            _ if Some(character) == escape => push_own(&mut escaped, characters.next().unwrap_or(character)),
            '%' | '_' => escaped.push(character),
            _ => push_own(&mut escaped, character),
        }
    }
    escaped
}

/// A character that stands for itself in LIKE.
fn push_own(pattern: &mut String, character: char) {
    if matches!(character, '%' | '_' | '\\') {
        pattern.push('\\');
    }
    pattern.push(character);
}

fn push_literal(regex: &mut String, character: char) {
    if character.is_ascii_punctuation() {
        regex.push('\\');
    }
    regex.push(character);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_becomes_a_regular_expression() {
        for (pattern, escape, expected) in [
            ("x", Some('\\'), "^(?s:x)$"),
            ("a%b_", Some('\\'), "^(?s:a.*b.)$"),
            ("(a|b)+c?", Some('\\'), "^(?s:(a|b)+c?)$"),
            ("1.5$", Some('\\'), r"^(?s:1\.5\$)$"),
            (r"100\%", Some('\\'), r"^(?s:100\%)$"),
            ("100!%!!", Some('!'), r"^(?s:100\%\!)$"),
            (r"a\%", None, r"^(?s:a\\.*)$"),
            ("[^a-c%]{2}", Some('\\'), r"^(?s:[^a-c\%]{2})$"),
            ("[[:alpha:]_]%", Some('\\'), r"^(?s:[[:alpha:]\_].*)$"),
            ("[[&&]", Some('\\'), r"^(?s:[\[\&\&])$"),
            (r"x\", Some('\\'), r"^(?s:x\\)$"),
        ] {
            assert_eq!(regex(pattern, escape), expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_of_like_gets_the_backslash_for_its_escape() {
        for (pattern, escape, expected) in [
            ("a%b_", Some('!'), "a%b_"),
            ("100!%!!!_", Some('!'), r"100\%!\_"),
            (r"a\%", Some('!'), r"a\\%"),
            (r"a\%", None, r"a\\%"),
            ("x%%", Some('%'), r"x\%"),
            ("x!", Some('!'), "x!"),
            ("x.!y", Some('!'), "x.y"),
        ] {
            assert_eq!(escaped_by_backslash(pattern, escape), expected, "{pattern}");
        }
    }

    #[test]
    fn an_escape_is_one_character() {
        assert_eq!(only_character("").unwrap(), None);
        assert_eq!(only_character("é").unwrap(), Some('é'));
        assert!(only_character("!!").unwrap_err().to_string().contains("longer than one"));
    }
}

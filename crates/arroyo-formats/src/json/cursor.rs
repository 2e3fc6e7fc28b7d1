//! Walks over the text of one JSON document without building it.

/// Documents nested deeper than this are refused.
const MAX_DEPTH: u32 = 128;

/// What is wrong with a document.
type Syntax = String;

/// A position in a JSON text.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    pos: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, pos: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.pos..).unwrap_or_default()
    }

    /// The next byte that is not white space, without taking it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.pos) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(*byte);
            }
            self.pos += 1;
        }
        None
    }

    /// Takes `byte` if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.pos += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8, place: &str) -> Result<(), Syntax> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected(&format!("`{}` {place}", char::from(byte)))) }
    }

    pub(super) fn unexpected(&mut self, wanted: &str) -> Syntax {
        match self.peek() {
            None => format!("the JSON ends where {wanted} should be"),
            Some(_) => {
                let found = self.text.get(self.pos..).and_then(|rest| rest.chars().next()).unwrap_or('?');
                format!("invalid JSON: expected {wanted} at byte {}, found `{found}`", self.pos)
            }
        }
    }

    /// Takes a literal such as `null`.
    pub(super) fn literal(&mut self, literal: &str) -> Result<(), Syntax> {
        if self.rest().starts_with(literal.as_bytes()) {
            self.pos += literal.len();
            Ok(())
        } else {
            Err(self.unexpected("a value"))
        }
    }

    /// Takes a number and returns its text.
    pub(super) fn number(&mut self) -> Result<&'a str, Syntax> {
        let start = self.pos;
        let bytes = self.text.as_bytes();
        let digits = |pos: &mut usize| {
            let first = *pos;
            while bytes.get(*pos).is_some_and(u8::is_ascii_digit) {
                *pos += 1;
            }
            *pos - first
        };
        let mut pos = start;
        pos += usize::from(bytes.get(pos) == Some(&b'-'));
        let leading_zero = bytes.get(pos) == Some(&b'0');
        let whole = digits(&mut pos);
        let mut valid = whole > 0 && !(leading_zero && whole > 1);
        if bytes.get(pos) == Some(&b'.') {
            pos += 1;
            valid &= digits(&mut pos) > 0;
        }
        if matches!(bytes.get(pos), Some(b'e' | b'E')) {
            pos += 1;
            pos += usize::from(matches!(bytes.get(pos), Some(b'+' | b'-')));
            valid &= digits(&mut pos) > 0;
        }
        if !valid {
            return Err(self.unexpected("a value"));
        }
        self.pos = pos;
        Ok(self.text.get(start..pos).unwrap_or_default())
    }

    /// Takes a string and returns its text; `scratch` holds it if there are escapes.
    pub(super) fn string<'s>(&mut self, scratch: &'s mut String) -> Result<&'s str, Syntax>
    where
        'a: 's,
    {
        self.expect(b'"', "of a string")?;
        let start = self.pos;
        self.pos += plain_length(self.rest());
        if self.rest().first() == Some(&b'"') {
            let text = self.text.get(start..self.pos).unwrap_or_default();
            self.pos += 1;
            return Ok(text);
        }
        scratch.clear();
        scratch.push_str(self.text.get(start..self.pos).unwrap_or_default());
        loop {
            match self.rest().first() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(scratch);
                }
                Some(b'\\') => {
                    self.pos += 1;
                    scratch.push(self.escape()?);
                }
                Some(_) => return Err(format!("invalid JSON: a control character in a string at byte {}", self.pos)),
                None => return Err("the JSON ends within a string".to_string()),
            }
            let start = self.pos;
            self.pos += plain_length(self.rest());
            scratch.push_str(self.text.get(start..self.pos).unwrap_or_default());
        }
    }

    fn escape(&mut self) -> Result<char, Syntax> {
        let byte = self.rest().first().copied();
        self.pos += usize::from(byte.is_some());
        Ok(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex4()?;
                let code = match first {
                    0xd800..=0xdbff if self.rest().starts_with(b"\\u") => {
                        self.pos += 2;
                        let second = self.hex4()?;
                        if !(0xdc00..=0xdfff).contains(&second) {
                            return Err(self.bad_escape());
                        }
                        0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    code => code,
                };
                char::from_u32(code).ok_or_else(|| self.bad_escape())?
            }
            _ => return Err(self.bad_escape()),
        })
    }

    fn bad_escape(&self) -> Syntax {
        format!("invalid JSON: a bad escape in a string before byte {}", self.pos)
    }

    fn hex4(&mut self) -> Result<u32, Syntax> {
        let digits = self.rest().get(..4).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.bad_escape())?;
        self.pos += 4;
        Ok(code)
    }

    /// Takes a string whose text nobody wants.
    fn skip_string(&mut self) -> Result<(), Syntax> {
        self.expect(b'"', "of a string")?;
        loop {
            self.pos += plain_length(self.rest());
            match self.rest().first() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.pos += 1;
                    self.escape()?;
                }
                Some(_) => return Err(format!("invalid JSON: a control character in a string at byte {}", self.pos)),
                None => return Err("the JSON ends within a string".to_string()),
            }
        }
    }

    /// Takes a whole value of any kind and returns its text.
    pub(super) fn skip(&mut self) -> Result<&'a str, Syntax> {
        self.peek();
        let start = self.pos;
        let mut depth = 0u32;
        // One bit per open bracket, the innermost lowest: 1 for an object.
        let mut objects = 0u128;
        loop {
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    self.pos += 1;
                    let is_object = open == b'{';
                    if self.eat(if is_object { b'}' } else { b']' }) {
                        // An empty one: a complete value.
                    } else if depth == MAX_DEPTH {
                        return Err(format!("the JSON is nested more than {MAX_DEPTH} levels deep"));
                    } else {
                        depth += 1;
                        objects = (objects << 1) | u128::from(is_object);
                        if is_object {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.skip_string()?,
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                Some(b'n') => self.literal("null")?,
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                }
                _ => return Err(self.unexpected("a value")),
            }
            // A value is complete: close what it completes.
            loop {
                if depth == 0 {
                    return Ok(self.text.get(start..self.pos).unwrap_or_default());
                }
                let in_object = objects & 1 == 1;
                if self.eat(b',') {
                    if in_object {
                        self.skip_key()?;
                    }
                    break;
                }
                self.expect(if in_object { b'}' } else { b']' }, "or `,`")?;
                depth -= 1;
                objects >>= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Syntax> {
        self.skip_string()?;
        self.expect(b':', "after a key")
    }

    /// Whether only white space is left.
    pub(super) fn at_end(&mut self) -> bool {
        self.peek().is_none()
    }
}

/// Whether `text` is one complete JSON document.
pub(crate) fn is_document(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip().is_ok() && cursor.at_end()
}

/// How many bytes at the start of `bytes` are neither `"` nor `\` nor control characters; eight at a time.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, tail) = bytes.as_chunks::<8>();
    let mut length = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quotes = zero_bytes(word ^ (ONES * u64::from(b'"')));
        let backslashes = zero_bytes(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = quotes | backslashes | controls;
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + tail.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(tail.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_length_finds_the_first_special_byte_at_every_place() {
        for special in [b'"', b'\\', b'\n', 0] {
            for place in 0..40 {
                let mut bytes = vec![b'a'; 40];
                bytes[place] = special;
                assert_eq!(plain_length(&bytes), place);
            }
        }
        assert_eq!(plain_length("ä€😀 plain text, longer than a word".as_bytes()), 40);
    }

    #[test]
    fn documents() {
        for good in ["{}", "[]", " null ", "-1.5e+3", "[1, {\"a\": [true, \"\\u00e4\\\"\"]}, []]", "\"\\ud83d\\ude00\""]
        {
            assert!(is_document(good), "{good}");
        }
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "1.",
            "nul",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\\ud83dx\"",
            "[1}",
            "1 2",
            "\"\n\"",
            "-",
            "+1",
            "\"\\u12\"",
            "\"\\u+123\"",
        ] {
            assert!(!is_document(bad), "{bad}");
        }
        assert!(is_document(&("[".repeat(128) + &"]".repeat(128))));
        assert!(!is_document(&("[".repeat(129) + "1" + &"]".repeat(129))));
        assert!(!is_document(&"[".repeat(1_000_000)));
    }
}

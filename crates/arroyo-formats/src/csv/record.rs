//! Where records and fields end.

/// The length of the first record of `data` with its line break; `None` if it is not complete.
/// Line breaks within quotes belong to the record.
pub(crate) fn record_length(data: &[u8], end_of_input: bool) -> Option<usize> {
    let mut quoted = false;
    let mut from = 0;
    loop {
        let rest = data.get(from..).unwrap_or_default();
        let Some(at) = rest.iter().position(|byte| *byte == b'\n') else {
            return (end_of_input && !data.is_empty()).then_some(data.len());
        };
        let line = rest.get(..at).unwrap_or_default();
        // An escaped quote is two quotes, so that only the number of quotes matters.
        let quotes = line.iter().filter(|byte| **byte == b'"').count();
        quoted ^= quotes % 2 == 1;
        from += at + 1;
        if !quoted {
            return Some(from);
        }
    }
}

/// One field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldText<'a> {
    /// Between the separators, without outer quotes; quotes within are still doubled.
    pub(super) raw: &'a str,
    /// Whether it was quoted: then it is never NULL.
    pub(super) quoted: bool,
}

/// Cuts a record (without its line break) into fields.
pub(super) struct Fields<'a> {
    rest: Option<&'a str>,
    delimiter: char,
}

impl<'a> Fields<'a> {
    pub(super) fn new(record: &'a str, delimiter: char) -> Self {
        Self { rest: Some(record), delimiter }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<FieldText<'a>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let Some(body) = rest.strip_prefix('"') else {
            let (raw, tail) = match rest.split_once(self.delimiter) {
                Some((raw, tail)) => (raw, Some(tail)),
                None => (rest, None),
            };
            self.rest = tail;
            return Some(Ok(FieldText { raw, quoted: false }));
        };
        let mut from = 0;
        loop {
            let Some(at) = body.get(from..).and_then(|rest| rest.find('"')) else {
                return Some(Err("a quoted field has no closing quote".to_string()));
            };
            let close = from + at;
            let tail = body.get(close + 1..).unwrap_or_default();
            if tail.starts_with('"') {
                from = close + 2;
                continue;
            }
            let raw = body.get(..close).unwrap_or_default();
            if let Some(next) = tail.strip_prefix(self.delimiter) {
                self.rest = Some(next);
            } else if !tail.is_empty() {
                return Some(Err(format!("text after the closing quote of the field \"{raw}\"")));
            }
            return Some(Ok(FieldText { raw, quoted: true }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_outside_of_quotes() {
        assert_eq!(record_length(b"a,b\nc", false), Some(4));
        assert_eq!(record_length(b"a,\"b\nc\"\nd", false), Some(8));
        assert_eq!(record_length(b"a,\"b\"\"\n\"\nd", false), Some(9));
        assert_eq!(record_length(b"a,b", false), None);
        assert_eq!(record_length(b"a,b", true), Some(3));
        assert_eq!(record_length(b"", true), None);
    }

    fn fields(record: &str) -> Result<Vec<(&str, bool)>, String> {
        Fields::new(record, ',').map(|field| field.map(|field| (field.raw, field.quoted))).collect()
    }

    #[test]
    fn fields_of_records() {
        assert_eq!(fields("a,,\"b,c\""), Ok(vec![("a", false), ("", false), ("b,c", true)]));
        assert_eq!(fields("\"a\"\"b\",c"), Ok(vec![("a\"\"b", true), ("c", false)]));
        assert_eq!(fields("a,"), Ok(vec![("a", false), ("", false)]));
        assert_eq!(fields("\"\""), Ok(vec![("", true)]));
        assert!(fields("\"a").is_err());
        assert!(fields("\"a\"b").is_err());
    }
}

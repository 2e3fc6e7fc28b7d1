//! The `text/event-stream` format, as far as servers of ours use it (WHATWG HTML, 9.2.6).

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Event {
    /// Its id, if it has one.
    pub(crate) id: Option<String>,
    /// Its data lines, joined by newlines.
    pub(crate) data: String,
}

/// Bytes of one event; more is not an event of ours.
const EVENT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Bytes in, events out.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// Bytes of a line that has not ended.
    line: Vec<u8>,
    id: Option<String>,
    data: Option<String>,
}

/// An event is too large.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Parser {
    /// Adds bytes as they arrive, cut anywhere, and returns the events that they complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>, TooLarge> {
        let mut events = Vec::new();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            self.line.extend_from_slice(line);
            rest = after.get(1..).unwrap_or_default();
            let line = std::mem::take(&mut self.line);
            let text = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned();
            events.extend(self.end_line(&text));
        }
        self.line.extend_from_slice(rest);
        if self.line.len() + self.data.as_ref().map_or(0, String::len) > EVENT_BYTES_MAX {
            return Err(TooLarge);
        }
        Ok(events)
    }

    fn end_line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let id = self.id.take();
            return self.data.take().map(|data| Event { id, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_string()),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_string()),
            },
            // Comments (an empty field), `event` and `retry`.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        ": keep-alive\n\nid: 7\ndata: {\"a\":\ndata: 1}\n\nevent: x\r\ndata:no space\r\n\r\nid: 8\n\ndata: é\n\n";

    fn expected() -> Vec<Event> {
        let event = |id: Option<&str>, data: &str| Event { id: id.map(Into::into), data: data.into() };
        vec![event(Some("7"), "{\"a\":\n1}"), event(None, "no space"), event(None, "é")]
    }

    #[test]
    fn events_are_read_however_the_bytes_are_cut() {
        for size in 1..TEXT.len() {
            let mut parser = Parser::default();
            let mut events = Vec::new();
            for piece in TEXT.as_bytes().chunks(size) {
                events.extend(parser.push(piece).unwrap());
            }
            assert_eq!(events, expected(), "pieces of {size}");
        }
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut parser = Parser::default();
        let piece = vec![b'x'; 1 << 20];
        let refused = (0..100).any(|_| parser.push(&piece) == Err(TooLarge));
        assert!(refused);
    }
}

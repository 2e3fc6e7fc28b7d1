//! Debezium's envelopes → rows with `_change`.
//!
//! ```text
//! {"before": {"id": 1, "n": 3}, "after": {"id": 1, "n": 4}, "op": "u"}     →  −1 (1, 3)
//!                                                                             +1 (1, 4)
//! ```
//!
//! `c`, `r` (a row of a snapshot), `u` and `d`, in the envelope alone or in Kafka Connect's `{"schema": …, "payload": …}`.
//! A record that is `null` (a tombstone) changes nothing; neither do messages of Debezium (`m`).

use super::cursor::Cursor;
use super::decode::{JsonDecoder, end};
use crate::column::{Columns, Fault};

/// The parts of an envelope, as text; what is `null` is not there.
#[derive(Debug, Default)]
struct Envelope<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
    op: Option<&'a str>,
    payload: Option<&'a str>,
    is_wrapped: bool,
}

impl<'a> Envelope<'a> {
    /// `None` for a tombstone.
    fn of(text: &'a str) -> Result<Option<Self>, Fault> {
        let mut cursor = Cursor::new(text);
        if cursor.peek() == Some(b'n') {
            cursor.literal("null")?;
            return end(&mut cursor).map(|()| None);
        }
        let mut envelope = Self::default();
        let mut keys = String::new();
        cursor.expect(b'{', "of Debezium's envelope")?;
        if !cursor.eat(b'}') {
            loop {
                let part = match cursor.string(&mut keys)? {
                    "before" => Some(&mut envelope.before),
                    "after" => Some(&mut envelope.after),
                    "op" => Some(&mut envelope.op),
                    "payload" => {
                        envelope.is_wrapped = true;
                        Some(&mut envelope.payload)
                    }
                    _ => None,
                };
                cursor.expect(b':', "after a key")?;
                let value = Some(cursor.skip()?.trim()).filter(|value| *value != "null");
                if let Some(part) = part {
                    *part = value;
                }
                if !cursor.eat(b',') {
                    break;
                }
            }
            cursor.expect(b'}', "or `,`")?;
        }
        end(&mut cursor)?;
        Ok(Some(envelope))
    }

    /// The envelope without Kafka Connect's around it.
    fn unwrapped(text: &'a str) -> Result<Option<Self>, Fault> {
        match Self::of(text)? {
            Some(Self { is_wrapped: true, op: None, payload, .. }) => match payload {
                Some(payload) => Self::of(payload),
                None => Ok(None),
            },
            envelope => Ok(envelope),
        }
    }
}

fn needed<'a>(side: Option<&'a str>, name: &str) -> Result<&'a str, Fault> {
    side.ok_or_else(|| format!("the change has no `{name}`"))
}

impl JsonDecoder {
    /// Appends the rows of a change from the row `row` on, and returns how many. `change` is the place of `_change`.
    pub(crate) fn change(
        &mut self,
        text: &str,
        columns: &mut Columns,
        row: usize,
        change: Option<usize>,
    ) -> Result<usize, Fault> {
        let Some(envelope) = Envelope::unwrapped(text)? else { return Ok(0) };
        let (before, after) = (envelope.before, envelope.after);
        match envelope.op.map(|op| op.trim_matches('"')) {
            Some("c" | "r") => {
                self.signed(needed(after, "after")?, columns, row, change, "1")?;
                Ok(1)
            }
            Some("u") => {
                let mut rows = 0;
                if let Some(before) = before {
                    self.signed(before, columns, row, change, "-1")?;
                    rows += 1;
                }
                self.signed(needed(after, "after")?, columns, row + rows, change, "1")?;
                Ok(rows + 1)
            }
            Some("d") => {
                self.signed(needed(before, "before")?, columns, row, change, "-1")?;
                Ok(1)
            }
            Some("m") => Ok(0),
            Some(other) => Err(format!("`{other}` is not an operation that can be applied; known are c, r, u and d")),
            None => Err("the record has no `op`: it is not in Debezium's envelope".to_string()),
        }
    }

    fn signed(
        &mut self,
        text: &str,
        columns: &mut Columns,
        row: usize,
        change: Option<usize>,
        sign: &str,
    ) -> Result<(), Fault> {
        let set = |columns: &mut Columns| match change.and_then(|place| columns.columns.get_mut(place)) {
            Some(column) => {
                column.truncate(row);
                column.push_number(sign)
            }
            None => Ok(()),
        };
        // Before the record, because it is missing there, and after it, because a record may have a key of this name.
        set(columns)?;
        self.record(text, columns, row)?;
        set(columns)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, RecordBatch};
    use arrow::datatypes::{DataType, Field, Int8Type, Int64Type, Schema};
    use arroyo_types::CHANGE_FIELD;

    use crate::{BadData, DebeziumJsonFormat, Deserializer, Format, FormatOptions};

    fn decode(records: &[&str]) -> (Option<RecordBatch>, u64) {
        let schema = Arc::new(Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("n", DataType::Int64, true),
            Field::new(CHANGE_FIELD, DataType::Int8, false),
        ]));
        let format = FormatOptions::new(Format::DebeziumJson(DebeziumJsonFormat::default()));
        let mut decoder = Deserializer::new(&FormatOptions { bad_data: BadData::Drop, ..format }, schema).unwrap();
        let dropped = records.iter().map(|record| decoder.push(record.as_bytes()).unwrap().dropped).sum();
        (decoder.flush().unwrap(), dropped)
    }

    fn changes(records: &[&str]) -> Vec<(i8, i64, Option<i64>)> {
        let (batch, dropped) = decode(records);
        assert_eq!(dropped, 0);
        let Some(batch) = batch else { return Vec::new() };
        let (ids, ns) = (batch.column(0).as_primitive::<Int64Type>(), batch.column(1).as_primitive::<Int64Type>());
        let signs = batch.column(2).as_primitive::<Int8Type>();
        let rows = signs.values().iter().zip(ids.values()).zip(ns);
        rows.map(|((sign, id), n)| (*sign, *id, n)).collect()
    }

    #[test]
    fn operations_become_changes() {
        let records = [
            r#"{"before": null, "after": {"id": 1, "n": 3}, "op": "c", "ts_ms": 5}"#,
            r#"{"after": {"id": 2}, "op": "r"}"#,
            r#"{"op": "u", "before": {"id": 1, "n": 3}, "after": {"id": 1, "n": 4, "_change": 7}}"#,
            r#"{"op": "d", "before": {"id": 2, "n": null}, "after": null}"#,
        ];
        let expected = [(1, 1, Some(3)), (1, 2, None), (-1, 1, Some(3)), (1, 1, Some(4)), (-1, 2, None)];
        assert_eq!(changes(&records), expected);
    }

    #[test]
    fn connects_envelope_is_taken_off_and_tombstones_change_nothing() {
        let records = [
            r#"{"schema": {"type": "struct"}, "payload": {"after": {"id": 1, "n": 2}, "op": "c"}}"#,
            "null",
            "",
            r#"{"schema": null, "payload": null}"#,
            r#"{"op": "m", "message": {}}"#,
            r#"{"op": "u", "after": {"id": 1, "n": 5}}"#,
        ];
        assert_eq!(changes(&records), [(1, 1, Some(2)), (1, 1, Some(5))]);
    }

    #[test]
    fn broken_records_leave_nothing_behind() {
        let broken = [
            r#"{"id": 1, "n": 2}"#,
            r#"{"op": "x", "after": {"id": 1}}"#,
            r#"{"op": "c"}"#,
            r#"{"op": "d", "after": {"id": 1}}"#,
            r#"{"op": "u", "before": {"id": 1}, "after": {"id": "one"}}"#,
            r#"{"op": "u", "before": {"n": 1}, "after": {"id": 1}}"#,
            "[1]",
            "{",
        ];
        let (batch, dropped) = decode(&broken);
        assert_eq!((batch, dropped), (None, broken.len() as u64));
    }
}

//! JSON records → columns, without a tree in between: what is not in the schema is only skipped.

use crate::column::{Column, Columns, Fault, Values};

use super::cursor::Cursor;

/// Decodes records, keeping its buffers.
#[derive(Debug, Default)]
pub(crate) struct JsonDecoder {
    keys: String,
    texts: String,
}

/// Decodes `text` into one value of `column`: lists and structs within other formats.
pub(crate) fn decode_nested(text: &str, column: &mut Column) -> Result<(), Fault> {
    let mut cursor = Cursor::new(text);
    JsonDecoder::default().value(&mut cursor, column)?;
    end(&mut cursor)
}

/// Nothing must follow.
pub(super) fn end(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if cursor.at_end() { Ok(()) } else { Err(cursor.unexpected("the end of the record")) }
}

impl JsonDecoder {
    /// Appends the record `text` as the row `row`. After a fault the columns may hold parts of it: truncate them.
    pub(crate) fn record(&mut self, text: &str, columns: &mut Columns, row: usize) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text);
        if cursor.peek() != Some(b'{') {
            return Err(cursor.unexpected("an object"));
        }
        self.object(&mut cursor, columns, row)?;
        end(&mut cursor)
    }

    /// Appends the record `text` as a whole to its column.
    pub(crate) fn unstructured(&mut self, text: &str, columns: &mut Columns) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text);
        let document = cursor.skip()?;
        for column in &mut columns.columns {
            column.push_json(document)?;
        }
        end(&mut cursor)
    }

    fn object(&mut self, cursor: &mut Cursor<'_>, columns: &mut Columns, row: usize) -> Result<(), Fault> {
        cursor.expect(b'{', "of an object")?;
        let mut next = 0;
        if !cursor.eat(b'}') {
            loop {
                let found = columns.find(cursor.string(&mut self.keys)?, next);
                cursor.expect(b':', "after a key")?;
                match found.and_then(|index| columns.columns.get_mut(index).map(|column| (index, column))) {
                    Some((index, column)) => {
                        if column.len() > row {
                            // The key is there twice: the last one counts.
                            column.truncate(row);
                        }
                        self.value(cursor, column)?;
                        next = index + 1;
                    }
                    None => {
                        cursor.skip()?;
                    }
                }
                if !cursor.eat(b',') {
                    break;
                }
            }
            cursor.expect(b'}', "or `,`")?;
        }
        columns.fill_missing(row)
    }

    fn value(&mut self, cursor: &mut Cursor<'_>, column: &mut Column) -> Result<(), Fault> {
        let first = cursor.peek();
        if first == Some(b'n') {
            cursor.literal("null")?;
            return column.push_null();
        }
        if matches!(column.values, Values::Json(_)) {
            return column.push_json(cursor.skip()?);
        }
        match first {
            Some(b'"') => column.push_text(cursor.string(&mut self.texts)?),
            Some(b'-' | b'0'..=b'9') => column.push_number(cursor.number()?),
            Some(b't') => cursor.literal("true").and_then(|()| column.push_bool(true)),
            Some(b'f') => cursor.literal("false").and_then(|()| column.push_bool(false)),
            Some(b'{') => {
                let row = column.len();
                let Values::Struct(columns) = &mut column.values else {
                    return Err(column.mismatch("an object"));
                };
                self.object(cursor, columns, row)?;
                column.close_nested()
            }
            Some(b'[') => {
                let Values::List { item, .. } = &mut column.values else {
                    return Err(column.mismatch("an array"));
                };
                self.array(cursor, item)?;
                column.close_nested()
            }
            _ => Err(cursor.unexpected("a value")),
        }
    }

    fn array(&mut self, cursor: &mut Cursor<'_>, item: &mut Column) -> Result<(), Fault> {
        cursor.expect(b'[', "of an array")?;
        if cursor.eat(b']') {
            return Ok(());
        }
        loop {
            self.value(cursor, item)?;
            if !cursor.eat(b',') {
                return cursor.expect(b']', "or `,`");
            }
        }
    }
}

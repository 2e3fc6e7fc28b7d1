//! Columns under construction that can go back to an earlier row, so that a broken record leaves no trace.

mod finish;
mod storage;

use std::collections::HashMap;

use arrow::array::{BooleanBufferBuilder, NullBufferBuilder};
use arrow::datatypes::{DataType, IntervalMonthDayNano, TimeUnit};

use crate::DecimalEncoding;
use crate::scalar::{
    BASE64, parse_bool, parse_date, parse_decimal, parse_decimal_bytes, parse_float, parse_integer, parse_interval,
    parse_time, parse_timestamp,
};
use base64::Engine;

/// Why a value does not fit its column: complete for a user.
pub(crate) type Fault = String;

/// Bytes that columns of one batch may hold at most: offsets are 32 bits.
const MAX_BYTES: usize = i32::MAX as usize;

/// How values are written in payloads.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ValueStyle {
    /// Numbers in timestamp columns are milliseconds, and not the column's own unit.
    pub(crate) numbers_are_millis: bool,
    /// How strings in decimal columns are read.
    pub(crate) decimal: DecimalEncoding,
}

/// A column under construction.
#[derive(Debug)]
pub(crate) struct Column {
    /// The path from the record to here, such as `user.tags[]`.
    pub(crate) path: String,
    /// The type to produce.
    pub(crate) data_type: DataType,
    pub(crate) nullable: bool,
    pub(crate) nulls: NullBufferBuilder,
    pub(crate) values: Values,
    pub(crate) style: ValueStyle,
}

/// The values of a column; nulls have a placeholder.
#[derive(Debug)]
pub(crate) enum Values {
    Null,
    Bool(BooleanBufferBuilder),
    Int(Integer, Vec<i64>),
    Float { single: bool, values: Vec<f64> },
    Decimal { precision: u8, scale: i8, values: Vec<i128> },
    Interval(Vec<IntervalMonthDayNano>),
    Text(Bytes),
    Json(Bytes),
    Binary(Bytes),
    List { offsets: Vec<i32>, item: Box<Column> },
    Struct(Columns),
}

/// What a 64-bit integer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer {
    /// Two's complement of so many bits.
    Signed(u32),
    /// So many bits; 64 bits are kept as they are.
    Unsigned(u32),
    Date,
    /// Nanoseconds since midnight.
    Time,
    Timestamp(TimeUnit),
}

/// Texts or binaries, end to end.
#[derive(Debug)]
pub(crate) struct Bytes {
    pub(crate) data: Vec<u8>,
    pub(crate) offsets: Vec<i32>,
}

impl Bytes {
    pub(crate) fn new() -> Self {
        Self { data: Vec::new(), offsets: vec![0] }
    }

    fn push(&mut self, value: &[u8]) -> Result<(), Fault> {
        if self.data.len() + value.len() > MAX_BYTES {
            return Err("the values of one batch are longer than 2 GiB; use a smaller batch size".to_string());
        }
        self.data.extend_from_slice(value);
        self.offsets.push(self.data.len() as i32);
        Ok(())
    }

    fn truncate(&mut self, rows: usize) {
        self.offsets.truncate(rows + 1);
        self.data.truncate(self.offsets.last().map_or(0, |end| *end as usize));
    }
}

/// Named columns: a record or a struct.
#[derive(Debug)]
pub(crate) struct Columns {
    names: Vec<String>,
    index: HashMap<String, usize>,
    pub(crate) columns: Vec<Column>,
}

impl Columns {
    pub(crate) fn new(names: Vec<String>, columns: Vec<Column>) -> Self {
        let index = names.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect();
        Self { names, index, columns }
    }

    /// The column called `name`, which is likely to be the one at `guess`.
    pub(crate) fn find(&self, name: &str, guess: usize) -> Option<usize> {
        if self.names.get(guess).is_some_and(|guessed| guessed == name) {
            return Some(guess);
        }
        self.index.get(name).copied()
    }

    /// Forgets all rows from `rows` on.
    pub(crate) fn truncate(&mut self, rows: usize) {
        for column in &mut self.columns {
            column.truncate(rows);
        }
    }

    /// Gives a null to each column that has no value in the row `row`.
    pub(crate) fn fill_missing(&mut self, row: usize) -> Result<(), Fault> {
        for column in &mut self.columns {
            if column.len() <= row {
                column.push_missing()?;
            }
        }
        Ok(())
    }
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        self.nulls.len()
    }

    /// Bytes held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        match &self.values {
            Values::Null => 0,
            Values::Text(bytes) | Values::Json(bytes) | Values::Binary(bytes) => bytes.data.len(),
            Values::List { item, .. } => item.bytes(),
            Values::Struct(columns) => columns.columns.iter().map(Column::bytes).sum(),
            _ => self.len() * 8,
        }
    }

    pub(crate) fn fault(&self, reason: impl std::fmt::Display) -> Fault {
        format!("column `{}`: {reason}", self.path)
    }

    /// The type's name in messages.
    fn wanted(&self) -> &'static str {
        match &self.values {
            Values::Null => "null",
            Values::Bool(_) => "a BOOLEAN",
            Values::Int(Integer::Signed(8 | 16), _) | Values::Int(Integer::Unsigned(8 | 16), _) => "a small integer",
            Values::Int(Integer::Signed(32), _) => "an INT",
            Values::Int(Integer::Signed(_), _) => "a BIGINT",
            Values::Int(Integer::Unsigned(_), _) => "an unsigned integer",
            Values::Int(Integer::Date, _) => "a DATE",
            Values::Int(Integer::Time, _) => "a TIME",
            Values::Int(Integer::Timestamp(_), _) => "a TIMESTAMP",
            Values::Float { single: true, .. } => "a FLOAT",
            Values::Float { .. } => "a DOUBLE",
            Values::Decimal { .. } => "a DECIMAL",
            Values::Interval(_) => "an INTERVAL",
            Values::Text(_) => "a TEXT",
            Values::Json(_) => "JSON",
            Values::Binary(_) => "a BYTEA in Base64",
            Values::List { .. } => "an array",
            Values::Struct(_) => "an object",
        }
    }

    /// The fault of a value of a wrong kind.
    pub(crate) fn mismatch(&self, found: &str) -> Fault {
        let shown: String = found.chars().take(60).collect();
        let dots = if shown.len() < found.len() { "…" } else { "" };
        self.fault(format_args!("expected {}, found {shown}{dots}", self.wanted()))
    }

    /// Appends a null that was written as such.
    pub(crate) fn push_null(&mut self) -> Result<(), Fault> {
        if !self.nullable {
            return Err(self.fault("it is NOT NULL and the record has null"));
        }
        self.push_placeholder();
        Ok(())
    }

    fn push_missing(&mut self) -> Result<(), Fault> {
        if !self.nullable {
            return Err(self.fault("it is NOT NULL and the record does not have it"));
        }
        self.push_placeholder();
        Ok(())
    }

    /// Appends a null whatever the schema says: below a null struct.
    fn push_placeholder(&mut self) {
        match &mut self.values {
            Values::Null => {}
            Values::Bool(values) => values.append(false),
            Values::Int(_, values) => values.push(0),
            Values::Float { values, .. } => values.push(0.0),
            Values::Decimal { values, .. } => values.push(0),
            Values::Interval(values) => values.push(IntervalMonthDayNano::ZERO),
            Values::Text(bytes) | Values::Json(bytes) | Values::Binary(bytes) => {
                bytes.offsets.push(bytes.data.len() as i32);
            }
            Values::List { offsets, item } => offsets.push(item.len() as i32),
            Values::Struct(columns) => columns.columns.iter_mut().for_each(Column::push_placeholder),
        }
        self.nulls.append_null();
    }

    /// Marks the row whose values were appended to the items or fields as complete.
    pub(crate) fn close_nested(&mut self) -> Result<(), Fault> {
        if let Values::List { offsets, item } = &mut self.values {
            match i32::try_from(item.len()) {
                Ok(end) => offsets.push(end),
                Err(_) => return Err(self.fault("one batch has too many items; use a smaller batch size")),
            }
        }
        self.nulls.append_non_null();
        Ok(())
    }

    /// Forgets all rows from `rows` on.
    pub(crate) fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Null => {}
            Values::Bool(values) => values.truncate(rows),
            Values::Int(_, values) => values.truncate(rows),
            Values::Float { values, .. } => values.truncate(rows),
            Values::Decimal { values, .. } => values.truncate(rows),
            Values::Interval(values) => values.truncate(rows),
            Values::Text(bytes) | Values::Json(bytes) | Values::Binary(bytes) => bytes.truncate(rows),
            Values::List { offsets, item } => {
                offsets.truncate(rows + 1);
                item.truncate(offsets.last().map_or(0, |end| *end as usize));
            }
            Values::Struct(columns) => columns.truncate(rows),
        }
        self.nulls.truncate(rows);
    }

    /// Appends a boolean.
    pub(crate) fn push_bool(&mut self, value: bool) -> Result<(), Fault> {
        match &mut self.values {
            Values::Bool(values) => values.append(value),
            _ => return Err(self.mismatch(if value { "true" } else { "false" })),
        }
        self.nulls.append_non_null();
        Ok(())
    }

    /// Appends a number, given as its text.
    pub(crate) fn push_number(&mut self, text: &str) -> Result<(), Fault> {
        let done = match &mut self.values {
            Values::Int(kind, values) => {
                let millis = self.style.numbers_are_millis && matches!(kind, Integer::Timestamp(_));
                push_some(values, parse_integer(text).and_then(|number| kind.stored_number(number, millis)))
            }
            Values::Float { single, values } => push_some(values, parse_float_of(text, *single)),
            Values::Decimal { precision, scale, values } => push_some(values, parse_decimal(text, *precision, *scale)),
            _ => false,
        };
        self.finish_push(done, text, "the number ")
    }

    /// Appends a text.
    pub(crate) fn push_text(&mut self, text: &str) -> Result<(), Fault> {
        let decimal = self.style.decimal;
        let done = match &mut self.values {
            Values::Text(bytes) => return bytes.push(text.as_bytes()).map(|()| self.nulls.append_non_null()),
            Values::Bool(values) => parse_bool(text).map(|value| values.append(value)).is_some(),
            Values::Int(kind, values) => push_some(values, kind.stored_text(text)),
            Values::Float { single, values } => push_some(values, parse_float_of(text, *single)),
            Values::Decimal { precision, scale, values } => {
                let value = if decimal == DecimalEncoding::Bytes {
                    let limit = 10i128.checked_pow(u32::from(*precision)).unwrap_or(i128::MAX);
                    parse_decimal_bytes(text).filter(|value| value.unsigned_abs() < limit.unsigned_abs())
                } else {
                    parse_decimal(text, *precision, *scale)
                };
                push_some(values, value)
            }
            Values::Interval(values) => push_some(values, parse_interval(text)),
            Values::Binary(bytes) => match BASE64.decode(text) {
                Ok(value) => {
                    bytes.push(&value)?;
                    true
                }
                Err(_) => false,
            },
            _ => false,
        };
        self.finish_push(done, text, "the text ")
    }

    /// Appends a JSON document, given as its text, to a JSON column.
    pub(crate) fn push_json(&mut self, text: &str) -> Result<(), Fault> {
        match &mut self.values {
            Values::Json(bytes) => bytes.push(text.as_bytes())?,
            _ => return Err(self.mismatch("a document")),
        }
        self.nulls.append_non_null();
        Ok(())
    }

    /// Appends bytes as they are to a text, JSON or binary column.
    pub(crate) fn push_bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        match &mut self.values {
            Values::Binary(bytes) => bytes.push(value)?,
            _ => return Err(self.mismatch("bytes")),
        }
        self.nulls.append_non_null();
        Ok(())
    }

    fn finish_push(&mut self, done: bool, text: &str, what: &str) -> Result<(), Fault> {
        if done {
            self.nulls.append_non_null();
            Ok(())
        } else {
            Err(self.mismatch(&format!("{what}`{text}`")))
        }
    }
}

fn push_some<T>(values: &mut Vec<T>, value: Option<T>) -> bool {
    value.map(|value| values.push(value)).is_some()
}

fn parse_float_of(text: &str, single: bool) -> Option<f64> {
    if single { text.parse::<f32>().ok().map(f64::from) } else { parse_float(text) }
}

impl Integer {
    fn stored_number(self, number: i128, millis: bool) -> Option<i64> {
        match self {
            Self::Signed(bits) => {
                let limit = 1i128.checked_shl(bits.checked_sub(1)?)?;
                (-limit..limit).contains(&number).then_some(number as i64)
            }
            Self::Unsigned(bits) => (0..1i128.checked_shl(bits)?).contains(&number).then_some(number as u64 as i64),
            Self::Date => i32::try_from(number).ok().map(i64::from),
            Self::Time => i64::try_from(number).ok().filter(|nanos| (0..86_400_000_000_000).contains(nanos)),
            Self::Timestamp(unit) if millis => {
                let millis = i64::try_from(number).ok()?;
                to_unit(unit, millis.div_euclid(1_000), millis.rem_euclid(1_000) * 1_000_000)
            }
            Self::Timestamp(_) => i64::try_from(number).ok(),
        }
    }

    fn stored_text(self, text: &str) -> Option<i64> {
        match self {
            Self::Signed(_) | Self::Unsigned(_) => self.stored_number(parse_integer(text)?, false),
            Self::Date => parse_date(text).map(i64::from),
            Self::Time => parse_time(text),
            Self::Timestamp(unit) => parse_timestamp(text).and_then(|(seconds, nanos)| to_unit(unit, seconds, nanos)),
        }
    }
}

fn to_unit(unit: TimeUnit, seconds: i64, nanos: i64) -> Option<i64> {
    let (per_second, per_unit) = match unit {
        TimeUnit::Second => (1, 1_000_000_000),
        TimeUnit::Millisecond => (1_000, 1_000_000),
        TimeUnit::Microsecond => (1_000_000, 1_000),
        TimeUnit::Nanosecond => (1_000_000_000, 1),
    };
    i64::try_from(i128::from(seconds) * per_second + i128::from(nanos / per_unit)).ok()
}

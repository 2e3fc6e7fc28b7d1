//! Columns → JSON text.

use std::io::Write;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, ListArray, MapArray, PrimitiveArray,
    StringArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Field, FieldRef, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, IntervalMonthDayNanoType, IntervalUnit, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use chrono::{DateTime, NaiveDateTime, NaiveTime};
use std::sync::Arc;

use super::cursor::is_document;
use crate::scalar::{BASE64, write_interval};
use crate::{DecimalEncoding, FormatError, JsonFormat, TimestampFormat, is_json_column};

/// The type in which a column is written; `None` if it cannot be.
pub(crate) fn wire_type(data_type: &DataType) -> Option<DataType> {
    let field = |field: &FieldRef| -> Option<FieldRef> {
        Some(Arc::new(field.as_ref().clone().with_data_type(wire_type(field.data_type())?)))
    };
    Some(match data_type {
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(_, _)
        | DataType::Utf8
        | DataType::Binary
        | DataType::Date32
        | DataType::Interval(IntervalUnit::MonthDayNano) => data_type.clone(),
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Decimal256(precision, scale) => DataType::Decimal128(38.min(*precision), *scale),
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Date64 => DataType::Timestamp(TimeUnit::Millisecond, None),
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Nanosecond),
        DataType::Timestamp(unit, _) => DataType::Timestamp(*unit, None),
        DataType::Interval(_) | DataType::Duration(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Dictionary(_, value) => wire_type(value)?,
        DataType::RunEndEncoded(_, values) => wire_type(values.data_type())?,
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            DataType::List(field(item)?)
        }
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect::<Option<Vec<_>>>()?.into()),
        DataType::Map(entries, sorted) => {
            let DataType::Struct(key_value) = entries.data_type() else { return None };
            let [key, _] = key_value.as_ref() else { return None };
            if wire_type(key.data_type())? != DataType::Utf8 {
                return None;
            }
            DataType::Map(field(entries)?, *sorted)
        }
        _ => return None,
    })
}

/// The column in its wire type.
pub(crate) fn normalise(array: &ArrayRef, wire: &DataType) -> Result<ArrayRef, FormatError> {
    match array.data_type() {
        same if same == wire => Ok(array.clone()),
        // The instant is kept, whatever the zone.
        DataType::Timestamp(unit, Some(_)) => {
            let utc = cast(array, &DataType::Timestamp(*unit, Some("+00:00".into())))?;
            Ok(cast(&utc, wire)?)
        }
        _ => Ok(cast(array, wire)?),
    }
}

/// Writes the values of one column, which must be in its wire type.
pub(crate) struct Encoder<'a> {
    array: &'a dyn Array,
    kind: Kind<'a>,
    nullable: bool,
}

enum Kind<'a> {
    Null,
    Bool(&'a BooleanArray),
    Int8(&'a PrimitiveArray<Int8Type>),
    Int16(&'a PrimitiveArray<Int16Type>),
    Int32(&'a PrimitiveArray<Int32Type>),
    Int64(&'a PrimitiveArray<Int64Type>),
    UInt8(&'a PrimitiveArray<UInt8Type>),
    UInt16(&'a PrimitiveArray<UInt16Type>),
    UInt32(&'a PrimitiveArray<UInt32Type>),
    UInt64(&'a PrimitiveArray<UInt64Type>),
    Float32(&'a PrimitiveArray<Float32Type>),
    Float64(&'a PrimitiveArray<Float64Type>),
    Decimal(&'a Decimal128Array, DecimalEncoding),
    Text(&'a StringArray),
    Json(&'a StringArray),
    Binary(&'a BinaryArray),
    Date(&'a PrimitiveArray<Date32Type>),
    Time(&'a PrimitiveArray<Time64NanosecondType>),
    Timestamp(TimestampValues<'a>, TimestampFormat),
    Interval(&'a PrimitiveArray<IntervalMonthDayNanoType>),
    List(&'a ListArray, Box<Encoder<'a>>),
    Struct(Vec<(Vec<u8>, Encoder<'a>)>),
    Map(&'a MapArray, &'a StringArray, Box<Encoder<'a>>),
}

struct TimestampValues<'a> {
    values: &'a [i64],
    per_second: i64,
}

impl<'a> Encoder<'a> {
    /// An encoder of `array` (in its wire type); `field` tells JSON documents from other texts.
    pub(crate) fn new(array: &'a dyn Array, field: &Field, json: &JsonFormat) -> Option<Self> {
        let kind = match array.data_type() {
            DataType::Null => Kind::Null,
            DataType::Boolean => Kind::Bool(array.as_boolean_opt()?),
            DataType::Int8 => Kind::Int8(array.as_primitive_opt()?),
            DataType::Int16 => Kind::Int16(array.as_primitive_opt()?),
            DataType::Int32 => Kind::Int32(array.as_primitive_opt()?),
            DataType::Int64 => Kind::Int64(array.as_primitive_opt()?),
            DataType::UInt8 => Kind::UInt8(array.as_primitive_opt()?),
            DataType::UInt16 => Kind::UInt16(array.as_primitive_opt()?),
            DataType::UInt32 => Kind::UInt32(array.as_primitive_opt()?),
            DataType::UInt64 => Kind::UInt64(array.as_primitive_opt()?),
            DataType::Float32 => Kind::Float32(array.as_primitive_opt()?),
            DataType::Float64 => Kind::Float64(array.as_primitive_opt()?),
            DataType::Decimal128(_, _) => Kind::Decimal(array.as_primitive_opt()?, json.decimal_encoding),
            DataType::Utf8 if is_json_column(field) => Kind::Json(array.as_string_opt()?),
            DataType::Utf8 => Kind::Text(array.as_string_opt()?),
            DataType::Binary => Kind::Binary(array.as_binary_opt()?),
            DataType::Date32 => Kind::Date(array.as_primitive_opt()?),
            DataType::Time64(TimeUnit::Nanosecond) => Kind::Time(array.as_primitive_opt()?),
            DataType::Timestamp(unit, _) => {
                let values = match unit {
                    TimeUnit::Second => timestamps::<TimestampSecondType>(array, 1)?,
                    TimeUnit::Millisecond => timestamps::<TimestampMillisecondType>(array, 1_000)?,
                    TimeUnit::Microsecond => timestamps::<TimestampMicrosecondType>(array, 1_000_000)?,
                    TimeUnit::Nanosecond => timestamps::<TimestampNanosecondType>(array, 1_000_000_000)?,
                };
                Kind::Timestamp(values, json.timestamp_format)
            }
            DataType::Interval(IntervalUnit::MonthDayNano) => Kind::Interval(array.as_primitive_opt()?),
            DataType::List(item) => {
                let list: &ListArray = array.as_list_opt()?;
                Kind::List(list, Box::new(Encoder::new(list.values().as_ref(), item, json)?))
            }
            DataType::Struct(fields) => {
                let columns: &StructArray = array.as_struct_opt()?;
                let members = fields
                    .iter()
                    .zip(columns.columns())
                    .map(|(field, column)| Some((quoted(field.name()), Encoder::new(column.as_ref(), field, json)?)));
                Kind::Struct(members.collect::<Option<_>>()?)
            }
            DataType::Map(entries, _) => {
                let map = array.as_map_opt()?;
                let DataType::Struct(key_value) = entries.data_type() else { return None };
                let [_, value] = key_value.as_ref() else { return None };
                let values = Encoder::new(map.values().as_ref(), value, json)?;
                Kind::Map(map, map.keys().as_string_opt()?, Box::new(values))
            }
            _ => return None,
        };
        Some(Self { array, kind, nullable: array.null_count() > 0 || matches!(array.data_type(), DataType::Null) })
    }

    /// Whether the value in `row` is null.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        self.nullable && (matches!(self.kind, Kind::Null) || self.array.is_null(row))
    }

    /// The text of a text or JSON column as it is.
    pub(crate) fn raw_text(&self, row: usize) -> Option<&'a str> {
        match &self.kind {
            Kind::Text(values) | Kind::Json(values) => Some(values.value(row)),
            _ => None,
        }
    }

    /// Appends the value in `row` as JSON. Fails for times outside of the calendar.
    pub(crate) fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<(), String> {
        if self.is_null(row) {
            out.extend_from_slice(b"null");
            return Ok(());
        }
        match &self.kind {
            Kind::Null => out.extend_from_slice(b"null"),
            Kind::Bool(values) => out.extend_from_slice(if values.value(row) { b"true" } else { b"false" }),
            Kind::Int8(values) => number(values.value(row), out),
            Kind::Int16(values) => number(values.value(row), out),
            Kind::Int32(values) => number(values.value(row), out),
            Kind::Int64(values) => number(values.value(row), out),
            Kind::UInt8(values) => number(values.value(row), out),
            Kind::UInt16(values) => number(values.value(row), out),
            Kind::UInt32(values) => number(values.value(row), out),
            Kind::UInt64(values) => number(values.value(row), out),
            Kind::Float32(values) => number(values.value(row), out),
            Kind::Float64(values) => number(values.value(row), out),
            Kind::Decimal(values, encoding) => match encoding {
                DecimalEncoding::Number => decimal(values.value(row), values.scale(), out),
                DecimalEncoding::String => {
                    out.push(b'"');
                    decimal(values.value(row), values.scale(), out);
                    out.push(b'"');
                }
                DecimalEncoding::Bytes => base64(&values.value(row).to_be_bytes(), out),
            },
            Kind::Text(values) => string(values.value(row), out),
            Kind::Json(values) => document(values.value(row), out),
            Kind::Binary(values) => base64(values.value(row), out),
            Kind::Date(values) => {
                let days = values.value(row);
                let date = arrow::datatypes::Date32Type::to_naive_date_opt(days);
                let date = date.ok_or_else(|| format!("{days} days since 1970 are outside of the calendar"))?;
                display(format_args!("\"{date}\""), out);
            }
            Kind::Time(values) => {
                let nanos = values.value(row);
                let time = u32::try_from(nanos.div_euclid(1_000_000_000)).ok().and_then(|seconds| {
                    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos.rem_euclid(1_000_000_000) as u32)
                });
                let time = time.ok_or_else(|| format!("{nanos} ns are not a time of day"))?;
                display(format_args!("\"{time}\""), out);
            }
            Kind::Timestamp(values, format) => values.write(row, *format, out)?,
            Kind::Interval(values) => {
                out.push(b'"');
                write_interval(values.value(row), out);
                out.push(b'"');
            }
            Kind::List(list, items) => write_items(list.value_offsets(), row, items, out)?,
            Kind::Struct(members) => write_members(members, row, out)?,
            Kind::Map(map, keys, values) => write_entries(map.value_offsets(), row, keys, values, out)?,
        }
        Ok(())
    }
}

fn write_items(offsets: &[i32], row: usize, items: &Encoder<'_>, out: &mut Vec<u8>) -> Result<(), String> {
    let start = offset(offsets, row);
    out.push(b'[');
    for item in start..offset(offsets, row + 1) {
        if item > start {
            out.push(b',');
        }
        items.write(item, out)?;
    }
    out.push(b']');
    Ok(())
}

fn write_members(members: &[(Vec<u8>, Encoder<'_>)], row: usize, out: &mut Vec<u8>) -> Result<(), String> {
    out.push(b'{');
    for (index, (key, member)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key);
        out.push(b':');
        member.write(row, out)?;
    }
    out.push(b'}');
    Ok(())
}

fn write_entries(
    offsets: &[i32],
    row: usize,
    keys: &StringArray,
    values: &Encoder<'_>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let start = offset(offsets, row);
    out.push(b'{');
    for entry in start..offset(offsets, row + 1) {
        if entry > start {
            out.push(b',');
        }
        string(keys.value(entry), out);
        out.push(b':');
        values.write(entry, out)?;
    }
    out.push(b'}');
    Ok(())
}

fn offset(offsets: &[i32], index: usize) -> usize {
    offsets.get(index).map_or(0, |offset| *offset as usize)
}

fn timestamps<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, per_second: i64) -> Option<TimestampValues<'_>> {
    Some(TimestampValues { values: array.as_primitive_opt::<T>()?.values(), per_second })
}

impl TimestampValues<'_> {
    fn write(&self, row: usize, format: TimestampFormat, out: &mut Vec<u8>) -> Result<(), String> {
        let value = self.values.get(row).copied().unwrap_or_default();
        let seconds = value.div_euclid(self.per_second);
        let nanos = value.rem_euclid(self.per_second) * (1_000_000_000 / self.per_second);
        match format {
            TimestampFormat::UnixMillis => {
                number(i128::from(seconds) * 1_000 + i128::from(nanos / 1_000_000), out);
                Ok(())
            }
            TimestampFormat::Rfc3339 => {
                let time: NaiveDateTime = DateTime::from_timestamp(seconds, nanos as u32)
                    .ok_or_else(|| format!("{seconds} seconds since 1970 are outside of the calendar"))?
                    .naive_utc();
                display(format_args!("\"{time:?}\""), out);
                Ok(())
            }
        }
    }
}

/// A number; floats that are not finite become null, as JSON has no form for them.
fn number<T: serde::Serialize>(value: T, out: &mut Vec<u8>) {
    // Writing a number to a Vec cannot fail.
    let _ = serde_json::to_writer(out, &value);
}

/// A decimal with all digits of its scale.
fn decimal(value: i128, scale: i8, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let start = out.len();
    number(value.unsigned_abs(), out);
    if scale < 0 && value != 0 {
        out.extend(std::iter::repeat_n(b'0', usize::from(scale.unsigned_abs())));
    } else if let Ok(scale @ 1..) = usize::try_from(scale) {
        let missing = (scale + 1).saturating_sub(out.len() - start);
        out.splice(start..start, std::iter::repeat_n(b'0', missing));
        out.insert(out.len() - scale, b'.');
    }
}

fn display(value: std::fmt::Arguments<'_>, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = out.write_fmt(value);
}

fn text(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(value.as_bytes());
}

fn string(value: &str, out: &mut Vec<u8>) {
    // Writing a string to a Vec cannot fail.
    let _ = serde_json::to_writer(out, value);
}

fn quoted(value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 2);
    string(value, &mut out);
    out
}

/// A JSON document as it is, on one line; what is no document becomes a string.
fn document(value: &str, out: &mut Vec<u8>) {
    if !is_document(value) {
        string(value, out);
    } else if value.contains(['\n', '\r']) {
        // Line breaks in a document can only stand between its tokens.
        out.extend(value.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
    } else {
        text(value.trim(), out);
    }
}

fn base64(value: &[u8], out: &mut Vec<u8>) {
    display(format_args!("\"{}\"", base64::display::Base64Display::new(value, &BASE64)), out);
}

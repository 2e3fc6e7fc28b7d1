//! Which storage each Arrow type has while it is built.

use arrow::array::{BooleanBufferBuilder, NullBufferBuilder};
use arrow::datatypes::{DataType, Field, TimeUnit};

use super::{Bytes, Column, Columns, Integer, ValueStyle, Values};
use crate::{FormatError, is_json_column};

/// Rows for which room is made at first.
const CAPACITY: usize = 1024;

impl Columns {
    /// Empty columns for `fields`; `prefix` is the path to them, `format` the format's name for messages.
    pub(crate) fn of_fields<'a>(
        fields: impl IntoIterator<Item = &'a Field>,
        prefix: &str,
        style: ValueStyle,
        format: &'static str,
    ) -> Result<Self, FormatError> {
        let mut names = Vec::new();
        let mut columns = Vec::new();
        for field in fields {
            names.push(field.name().clone());
            columns.push(Column::new(field, format!("{prefix}{}", field.name()), style, format)?);
        }
        Ok(Self::new(names, columns))
    }
}

impl Column {
    fn new(field: &Field, path: String, style: ValueStyle, format: &'static str) -> Result<Self, FormatError> {
        let values = values_of(field, field.data_type(), &path, style, format)?;
        Ok(Self {
            path,
            data_type: field.data_type().clone(),
            nullable: field.is_nullable(),
            nulls: NullBufferBuilder::new(CAPACITY),
            values,
            style,
        })
    }
}

fn values_of(
    field: &Field,
    data_type: &DataType,
    path: &str,
    style: ValueStyle,
    format: &'static str,
) -> Result<Values, FormatError> {
    let int = |kind| Values::Int(kind, Vec::with_capacity(CAPACITY));
    Ok(match data_type {
        DataType::Null => Values::Null,
        DataType::Boolean => Values::Bool(BooleanBufferBuilder::new(CAPACITY)),
        DataType::Int8 => int(Integer::Signed(8)),
        DataType::Int16 => int(Integer::Signed(16)),
        DataType::Int32 => int(Integer::Signed(32)),
        DataType::Int64 => int(Integer::Signed(64)),
        DataType::UInt8 => int(Integer::Unsigned(8)),
        DataType::UInt16 => int(Integer::Unsigned(16)),
        DataType::UInt32 => int(Integer::Unsigned(32)),
        DataType::UInt64 => int(Integer::Unsigned(64)),
        DataType::Date32 => int(Integer::Date),
        DataType::Date64 => int(Integer::Timestamp(TimeUnit::Millisecond)),
        DataType::Time32(_) | DataType::Time64(_) => int(Integer::Time),
        DataType::Timestamp(unit, _) => int(Integer::Timestamp(*unit)),
        DataType::Float16 | DataType::Float32 => Values::Float { single: true, values: Vec::with_capacity(CAPACITY) },
        DataType::Float64 => Values::Float { single: false, values: Vec::with_capacity(CAPACITY) },
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale) => {
            Values::Decimal { precision: *precision, scale: *scale, values: Vec::with_capacity(CAPACITY) }
        }
        DataType::Interval(arrow::datatypes::IntervalUnit::MonthDayNano) => Values::Interval(Vec::new()),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if is_json_column(field) => {
            Values::Json(Bytes::new())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Values::Text(Bytes::new()),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            Values::Binary(Bytes::new())
        }
        DataType::Dictionary(_, value) => values_of(field, value, path, style, format)?,
        DataType::List(item) => {
            let item = Column::new(item, format!("{path}[]"), style, format)?;
            Values::List { offsets: vec![0], item: Box::new(item) }
        }
        DataType::Struct(fields) => {
            let fields = fields.iter().map(|field| field.as_ref());
            Values::Struct(Columns::of_fields(fields, &format!("{path}."), style, format)?)
        }
        other => {
            return Err(FormatError::UnsupportedType {
                column: path.to_string(),
                data_type: other.to_string(),
                format,
                action: "read",
            });
        }
    })
}

//! SQL's types and Arrow's.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, IntervalUnit, TimeUnit};
use arroyo_formats::{EXTENSION_NAME_KEY, JSON_EXTENSION};
use datafusion::common::not_impl_err;
use datafusion::logical_expr::planner::TypePlanner;
use datafusion::sql::sqlparser::ast::{self, ArrayElemTypeDef, ExactNumberInfo, TimezoneInfo};

/// A type and the metadata of its field.
pub(crate) type SqlType = (DataType, HashMap<String, String>);

/// The Arrow type of an SQL type.
///
/// # Errors
///
/// What is wrong with the type, and advice.
pub(crate) fn arrow_type(sql_type: &ast::DataType) -> Result<SqlType, (String, Option<String>)> {
    use ast::DataType as Sql;
    let plain = |data_type| Ok((data_type, HashMap::new()));
    match sql_type {
        Sql::Boolean | Sql::Bool => plain(DataType::Boolean),
        Sql::TinyInt(_) => plain(DataType::Int8),
        Sql::SmallInt(_) | Sql::Int2(_) | Sql::Int16 => plain(DataType::Int16),
        Sql::Int(_) | Sql::Integer(_) | Sql::Int4(_) | Sql::Int32 => plain(DataType::Int32),
        Sql::BigInt(_) | Sql::Int8(_) | Sql::Int64 => plain(DataType::Int64),
        Sql::TinyIntUnsigned(_) | Sql::UInt8 => plain(DataType::UInt8),
        Sql::SmallIntUnsigned(_) | Sql::Int2Unsigned(_) | Sql::UInt16 => plain(DataType::UInt16),
        Sql::IntUnsigned(_) | Sql::IntegerUnsigned(_) | Sql::Int4Unsigned(_) | Sql::UInt32 => plain(DataType::UInt32),
        Sql::BigIntUnsigned(_) | Sql::Int8Unsigned(_) | Sql::UInt64 => plain(DataType::UInt64),
        Sql::Float(_) | Sql::Real | Sql::Float4 | Sql::Float32 => plain(DataType::Float32),
        Sql::Double(_) | Sql::DoublePrecision | Sql::Float8 | Sql::Float64 => plain(DataType::Float64),
        Sql::Char(_)
        | Sql::Character(_)
        | Sql::Varchar(_)
        | Sql::CharacterVarying(_)
        | Sql::CharVarying(_)
        | Sql::Nvarchar(_)
        | Sql::Text
        | Sql::String(_)
        | Sql::Uuid => plain(DataType::Utf8),
        Sql::JSON | Sql::JSONB => {
            Ok((DataType::Utf8, HashMap::from([(EXTENSION_NAME_KEY.to_owned(), JSON_EXTENSION.to_owned())])))
        }
        Sql::Timestamp(precision, zone) => {
            if matches!(zone, TimezoneInfo::Tz | TimezoneInfo::WithTimeZone) {
                return Err((
                    format!("the type {sql_type} is not supported"),
                    Some("timestamps have no time zone and mean UTC: use TIMESTAMP".to_owned()),
                ));
            }
            timestamp(*precision).and_then(plain)
        }
        Sql::Datetime(precision) => timestamp(*precision).and_then(plain),
        Sql::Date | Sql::Date32 => plain(DataType::Date32),
        Sql::Time(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
            plain(DataType::Time64(TimeUnit::Nanosecond))
        }
        Sql::Numeric(info) | Sql::Decimal(info) | Sql::Dec(info) => decimal(info).and_then(plain),
        Sql::Bytea | Sql::Bytes(_) | Sql::Binary(_) | Sql::Varbinary(_) | Sql::Blob(_) => plain(DataType::Binary),
        Sql::Interval { fields: None, precision: None } => plain(DataType::Interval(IntervalUnit::MonthDayNano)),
        Sql::Array(ArrayElemTypeDef::AngleBracket(inner) | ArrayElemTypeDef::SquareBracket(inner, None)) => {
            let (data_type, metadata) = arrow_type(inner)?;
            plain(DataType::List(Arc::new(Field::new("item", data_type, true).with_metadata(metadata))))
        }
        Sql::Array(ArrayElemTypeDef::SquareBracket(inner, Some(_))) => Err((
            format!("the type {sql_type} has a fixed length"),
            Some(format!("write {inner}[]: arrays have any length")),
        )),
        Sql::Struct(fields, _) => {
            let mut arrow_fields = Vec::with_capacity(fields.len());
            for field in fields {
                let Some(name) = &field.field_name else {
                    return Err((
                        format!("a field of {sql_type} has no name"),
                        Some("write STRUCT<name TYPE, …>".to_owned()),
                    ));
                };
                let (data_type, metadata) = arrow_type(&field.field_type)?;
                arrow_fields.push(Field::new(&name.value, data_type, true).with_metadata(metadata));
            }
            if arrow_fields.is_empty() {
                return Err((
                    "a STRUCT without fields is not supported".to_owned(),
                    Some("write STRUCT<name TYPE, …>".to_owned()),
                ));
            }
            plain(DataType::Struct(Fields::from(arrow_fields)))
        }
        _ => Err((format!("the type {sql_type} is not supported"), None)),
    }
}

fn timestamp(precision: Option<u64>) -> Result<DataType, (String, Option<String>)> {
    let unit = match precision {
        Some(0) => TimeUnit::Second,
        Some(3) => TimeUnit::Millisecond,
        Some(6) => TimeUnit::Microsecond,
        None | Some(9) => TimeUnit::Nanosecond,
        Some(other) => {
            return Err((
                format!("TIMESTAMP({other}) is not supported"),
                Some("use TIMESTAMP(0), (3), (6) or (9): seconds, milli-, micro- or nanoseconds".to_owned()),
            ));
        }
    };
    Ok(DataType::Timestamp(unit, None))
}

fn decimal(info: &ExactNumberInfo) -> Result<DataType, (String, Option<String>)> {
    let (precision, scale) = match *info {
        ExactNumberInfo::None => (38, 10),
        ExactNumberInfo::Precision(precision) => (precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (precision, scale),
    };
    let parts = (u8::try_from(precision), i8::try_from(scale));
    match parts {
        (Ok(p @ 1..=38), Ok(s)) if s >= 0 && s.unsigned_abs() <= p => Ok(DataType::Decimal128(p, s)),
        _ => Err((
            format!("DECIMAL({precision}, {scale}) is not supported"),
            Some("the precision is 1 to 38, the scale 0 to the precision".to_owned()),
        )),
    }
}

/// The name of an Arrow type for people who write SQL.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Null => "NULL".to_owned(),
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Int8 => "TINYINT".to_owned(),
        DataType::Int16 => "SMALLINT".to_owned(),
        DataType::Int32 => "INTEGER".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        DataType::UInt8 => "TINYINT UNSIGNED".to_owned(),
        DataType::UInt16 => "SMALLINT UNSIGNED".to_owned(),
        DataType::UInt32 => "INTEGER UNSIGNED".to_owned(),
        DataType::UInt64 => "BIGINT UNSIGNED".to_owned(),
        DataType::Float16 | DataType::Float32 => "FLOAT".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "TEXT".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "BYTEA".to_owned()
        }
        DataType::Date32 | DataType::Date64 => "DATE".to_owned(),
        DataType::Time32(_) | DataType::Time64(_) => "TIME".to_owned(),
        DataType::Timestamp(TimeUnit::Nanosecond, None) => "TIMESTAMP".to_owned(),
        DataType::Timestamp(unit, None) => {
            let precision = match unit {
                TimeUnit::Second => 0,
                TimeUnit::Millisecond => 3,
                TimeUnit::Microsecond => 6,
                TimeUnit::Nanosecond => 9,
            };
            format!("TIMESTAMP({precision})")
        }
        DataType::Timestamp(_, Some(_)) => "TIMESTAMP WITH TIME ZONE".to_owned(),
        DataType::Interval(_) | DataType::Duration(_) => "INTERVAL".to_owned(),
        DataType::Decimal32(p, s)
        | DataType::Decimal64(p, s)
        | DataType::Decimal128(p, s)
        | DataType::Decimal256(p, s) => {
            format!("DECIMAL({p}, {s})")
        }
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _) => format!("{}[]", type_name(field.data_type())),
        DataType::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{} {}", field.name(), type_name(field.data_type()))).collect();
            format!("STRUCT<{}>", fields.join(", "))
        }
        DataType::Map(..) => "MAP".to_owned(),
        DataType::Dictionary(_, value) => type_name(value),
        DataType::RunEndEncoded(_, values) => type_name(values.data_type()),
        DataType::Union(..) => "JSON".to_owned(),
    }
}

/// Tells DataFusion about our types, so that `CAST` knows the same ones as `CREATE TABLE`.
#[derive(Debug)]
pub(crate) struct SqlTypes;

impl TypePlanner for SqlTypes {
    fn plan_type_field(&self, sql_type: &ast::DataType) -> datafusion::error::Result<Option<FieldRef>> {
        match arrow_type(sql_type) {
            Ok((data_type, metadata)) => Ok(Some(Arc::new(Field::new("", data_type, true).with_metadata(metadata)))),
            Err((message, _)) => not_impl_err!("{message}"),
        }
    }
}

//! Which format records have, and how they are cut out of payloads.

mod parse;

pub use parse::parse_size;

use arrow::datatypes::{DataType, Field, Schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::FormatError;

/// The key of a field's metadata that names its extension type.
pub const EXTENSION_NAME_KEY: &str = "ARROW:extension:name";

/// The extension type of columns that hold JSON documents as text.
pub const JSON_EXTENSION: &str = "arroyo.json";

/// Whether a column holds JSON documents as text.
pub fn is_json_column(field: &Field) -> bool {
    field.metadata().get(EXTENSION_NAME_KEY).is_some_and(|name| name == JSON_EXTENSION)
        && matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// How the records of a table are encoded: goes into the program as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormatOptions {
    /// The encoding of a record.
    pub format: Format,
    /// How a payload is cut into records; without it a payload is one record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
    /// What to do with a record that cannot be decoded.
    #[serde(default)]
    pub bad_data: BadData,
}

impl FormatOptions {
    /// The format with its default framing and handling of bad data.
    pub fn new(format: Format) -> Self {
        Self { format, framing: None, bad_data: BadData::Fail }
    }

    /// Reads what [`FormatOptions::to_json`] wrote; `None` for a table without a format.
    pub fn from_json(value: &serde_json::Value) -> Result<Option<Self>, FormatError> {
        if value.is_null() { Ok(None) } else { Ok(Some(serde::Deserialize::deserialize(value)?)) }
    }

    /// The form that travels in the program.
    pub fn to_json(&self) -> Result<serde_json::Value, FormatError> {
        Ok(serde_json::to_value(self)?)
    }
}

/// The encoding of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Format {
    /// A JSON object per record.
    Json(JsonFormat),
    /// A change of a row per record, in Debezium's envelope of JSON.
    DebeziumJson(DebeziumJsonFormat),
    /// Comma-separated values.
    Csv(CsvFormat),
    /// The whole record is the text column `value`.
    RawString(RawStringFormat),
    /// The whole record is the binary column `value`.
    RawBytes(RawBytesFormat),
    /// Parquet files.
    Parquet(ParquetFormat),
}

impl Format {
    /// Names that `format = '…'` takes.
    pub const NAMES: &[&str] = &["csv", "debezium_json", "json", "parquet", "raw_bytes", "raw_string"];

    /// The name in `format = '…'`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Json(_) => "json",
            Self::DebeziumJson(_) => "debezium_json",
            Self::Csv(_) => "csv",
            Self::RawString(_) => "raw_string",
            Self::RawBytes(_) => "raw_bytes",
            Self::Parquet(_) => "parquet",
        }
    }

    /// The columns that the format dictates whatever the table says; `None` when the user declares them.
    pub fn fixed_schema(&self) -> Option<Schema> {
        let value = |data_type| Field::new("value", data_type, false);
        match self {
            Self::Json(JsonFormat { unstructured: true, .. }) => {
                let json = [(EXTENSION_NAME_KEY.to_string(), JSON_EXTENSION.to_string())].into();
                Some(Schema::new(vec![value(DataType::Utf8).with_metadata(json)]))
            }
            Self::RawString(_) => Some(Schema::new(vec![value(DataType::Utf8)])),
            Self::RawBytes(_) => Some(Schema::new(vec![value(DataType::Binary)])),
            _ => None,
        }
    }
}

/// How JSON records look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JsonFormat {
    /// The whole record becomes one column `value JSON`.
    pub unstructured: bool,
    /// How timestamps are written, and how numbers are read as timestamps.
    pub timestamp_format: TimestampFormat,
    /// How decimals are written, and how strings are read as decimals.
    pub decimal_encoding: DecimalEncoding,
    /// Compression of files (`filesystem` connector only).
    pub compression: JsonCompression,
}

/// How Debezium's records look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DebeziumJsonFormat {
    /// How timestamps are written, and how numbers are read as timestamps.
    pub timestamp_format: TimestampFormat,
    /// How decimals are written, and how strings are read as decimals.
    pub decimal_encoding: DecimalEncoding,
    /// Compression of files (`filesystem` connector only).
    pub compression: JsonCompression,
    /// The columns of the table's primary key: changes are paired by it.
    pub primary_key: Vec<String>,
}

impl Default for DebeziumJsonFormat {
    fn default() -> Self {
        Self {
            timestamp_format: TimestampFormat::UnixMillis,
            decimal_encoding: DecimalEncoding::Bytes,
            compression: JsonCompression::Uncompressed,
            primary_key: Vec::new(),
        }
    }
}

impl DebeziumJsonFormat {
    /// How the rows in the envelope look.
    pub fn json(&self) -> JsonFormat {
        let Self { timestamp_format, decimal_encoding, compression, .. } = *self;
        JsonFormat { unstructured: false, timestamp_format, decimal_encoding, compression }
    }
}

/// How timestamps look in JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimestampFormat {
    /// `"2023-01-01T00:00:00.123456"`, UTC and without a zone.
    #[default]
    Rfc3339,
    /// Milliseconds since the Unix epoch, as a number.
    UnixMillis,
}

/// How decimals look in JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecimalEncoding {
    /// `12.50`.
    #[default]
    Number,
    /// `"12.50"`.
    String,
    /// Base64 of the unscaled value as 16 bytes, big-endian.
    Bytes,
}

/// Compression of JSON files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JsonCompression {
    /// Plain text.
    #[default]
    Uncompressed,
    /// Gzip.
    Gzip,
}

/// How CSV records look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsvFormat {
    /// The first record names the columns.
    pub header: bool,
    /// The character between fields.
    pub delimiter: char,
    /// The unquoted text that stands for NULL.
    pub null_string: String,
    /// The columns in the order of the fields, when there is no header.
    pub columns: Vec<String>,
}

impl Default for CsvFormat {
    fn default() -> Self {
        Self { header: true, delimiter: ',', null_string: String::new(), columns: Vec::new() }
    }
}

/// Raw text has nothing to configure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RawStringFormat {}

/// Raw bytes have nothing to configure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RawBytesFormat {}

/// How Parquet files are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ParquetFormat {
    /// Compression of pages.
    pub compression: ParquetCompression,
    /// Bytes after which a row group is closed.
    pub row_group_bytes: u64,
}

impl Default for ParquetFormat {
    fn default() -> Self {
        Self { compression: ParquetCompression::Zstd, row_group_bytes: 128 << 20 }
    }
}

/// Compression of Parquet pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParquetCompression {
    /// None.
    Uncompressed,
    /// Snappy.
    Snappy,
    /// Gzip.
    Gzip,
    /// Zstandard.
    #[default]
    Zstd,
    /// LZ4 in Hadoop's framing.
    Lz4,
    /// LZ4 blocks.
    Lz4Raw,
}

/// How a payload is cut into records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Framing {
    /// A record per line.
    Newline(NewlineFraming),
}

impl Framing {
    /// Lines of any length.
    pub fn newline() -> Self {
        Self::Newline(NewlineFraming { max_line_length: None })
    }
}

/// Limits of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewlineFraming {
    /// Longer lines are cut to so many bytes.
    #[serde(default)]
    pub max_line_length: Option<u64>,
}

/// What to do with a record that cannot be decoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "behavior", rename_all = "snake_case")]
pub enum BadData {
    /// The pipeline fails.
    #[default]
    Fail,
    /// The record is dropped and counted.
    Drop,
}

//! Formats of records: payload bytes → Arrow batches and back.
//!
//! [`FormatOptions`] says how a table's records look; it is built from SQL options and travels in the program as JSON.
//! A [`Deserializer`] decodes records straight into columns; a [`Serializer`] writes them.
//! A [`SimpleFilter`] says which records need not get further than the decoder.

mod column;
mod csv;
mod debezium;
mod deserializer;
mod error;
mod filter;
mod json;
mod options;
mod scalar;
mod serializer;

pub use deserializer::{Deserializer, Pushed};
pub use error::{BadRecord, FormatError, FormatOptionError};
pub use filter::{Comparison, Condition, Literal, SimpleFilter, Test};
pub use options::{
    BadData, CsvFormat, DebeziumJsonFormat, DecimalEncoding, EXTENSION_NAME_KEY, Format, FormatOptions, Framing,
    JSON_EXTENSION, JsonCompression, JsonFormat, NewlineFraming, ParquetCompression, ParquetFormat, RawBytesFormat,
    RawStringFormat, TimestampFormat, is_json_column, parse_size,
};
pub use serializer::Serializer;

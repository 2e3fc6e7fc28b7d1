//! Comma-separated values (RFC 4180): records, headers, and fields → columns and back.

mod decode;
mod encode;
mod record;

pub(crate) use decode::CsvDecoder;
pub(crate) use encode::{push_delimiter, write_field, write_header};
pub(crate) use record::record_length;

//! JSON: a cursor over text, decoding into columns, and encoding of columns.

mod cursor;
mod debezium;
mod decode;
mod encode;

pub(crate) use decode::{JsonDecoder, decode_nested};
pub(crate) use encode::{Encoder, normalise, wire_type};

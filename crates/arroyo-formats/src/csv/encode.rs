//! Values → fields.

use crate::CsvFormat;
use crate::json::Encoder;

/// Appends the record of column names, without a line break.
pub(crate) fn write_header<'a>(names: impl Iterator<Item = &'a str>, format: &CsvFormat, out: &mut Vec<u8>) {
    for (index, name) in names.enumerate() {
        if index > 0 {
            push_delimiter(format, out);
        }
        write_text(name.as_bytes(), format, false, out);
    }
}

/// Appends the delimiter.
pub(crate) fn push_delimiter(format: &CsvFormat, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    out.extend_from_slice(format.delimiter.encode_utf8(&mut buffer).as_bytes());
}

/// Appends one field; `scratch` is a buffer to reuse. Texts are written as they are, lists and structs as JSON.
pub(crate) fn write_field(
    encoder: &Encoder<'_>,
    row: usize,
    format: &CsvFormat,
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    if encoder.is_null(row) {
        out.extend_from_slice(format.null_string.as_bytes());
        return Ok(());
    }
    if let Some(text) = encoder.raw_text(row) {
        write_text(text.as_bytes(), format, true, out);
        return Ok(());
    }
    scratch.clear();
    encoder.write(row, scratch)?;
    if scratch.as_slice() == b"null" {
        // A float that is not a finite number.
        out.extend_from_slice(format.null_string.as_bytes());
        return Ok(());
    }
    // Times, dates and binaries are JSON strings without escapes.
    let plain = scratch.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(scratch);
    write_text(plain, format, true, out);
    Ok(())
}

/// Quotes what needs it: also a value that could be taken for NULL.
fn write_text(text: &[u8], format: &CsvFormat, guard_null: bool, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    let delimiter = format.delimiter.encode_utf8(&mut buffer).as_bytes().first().copied().unwrap_or(b',');
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    let like_null = guard_null && text == format.null_string.as_bytes();
    if !like_null && !text.iter().any(special) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

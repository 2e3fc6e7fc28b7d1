//! Arrow schemas as text, for manifests.

use std::io::Cursor;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A schema as an Arrow IPC stream without batches, in base64.
pub(crate) fn encode_schema(schema: &Schema) -> Result<String, ArrowError> {
    let mut bytes = Vec::new();
    StreamWriter::try_new(&mut bytes, schema)?.finish()?;
    Ok(STANDARD.encode(bytes))
}

/// The inverse of [`encode_schema`].
pub(crate) fn decode_schema(text: &str) -> Result<SchemaRef, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    let reader = StreamReader::try_new(Cursor::new(bytes), None).map_err(|error| error.to_string())?;
    Ok(reader.schema())
}

/// How the columns of two schemas differ in type, if they do.
///
/// Columns are found by their places: what an operator keeps is part of its id, and what a query calls it is not.
pub(crate) fn difference(stored: &Schema, wanted: &Schema) -> Option<String> {
    let columns = |schema: &Schema| -> Vec<String> {
        schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type())).collect()
    };
    let same = stored.fields().len() == wanted.fields().len()
        && stored.fields().iter().zip(wanted.fields()).all(|(stored, wanted)| stored.data_type() == wanted.data_type());
    (!same).then(|| format!("stored are ({}), wanted are ({})", columns(stored).join(", "), columns(wanted).join(", ")))
}

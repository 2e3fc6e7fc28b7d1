//! Arrow schemas as bytes.

use std::io::Cursor;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use crate::ProgramError;

/// The schema as an Arrow IPC stream without batches.
pub fn encode_schema(schema: &Schema) -> Result<Vec<u8>, ProgramError> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, schema).map_err(ProgramError::Schema)?;
    writer.finish().map_err(ProgramError::Schema)?;
    drop(writer);
    Ok(bytes)
}

/// The inverse of [`encode_schema`].
pub fn decode_schema(bytes: &[u8]) -> Result<SchemaRef, ProgramError> {
    let reader = StreamReader::try_new(Cursor::new(bytes), None).map_err(ProgramError::Schema)?;
    Ok(Arc::new(reader.schema().as_ref().clone()))
}

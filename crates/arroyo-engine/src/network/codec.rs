//! Rows as pieces of an Arrow IPC stream: one stream per channel, one batch per frame.

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;

/// Writes the batches of one channel.
pub(super) struct BatchEncoder {
    writer: StreamWriter<Vec<u8>>,
}

impl BatchEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self, ArrowError> {
        Ok(Self { writer: StreamWriter::try_new(Vec::new(), schema)? })
    }

    /// The next piece of the stream; the first one begins with the schema.
    pub(super) fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
        self.writer.write(batch)?;
        Ok(std::mem::take(self.writer.get_mut()))
    }
}

/// Reads the batches of one channel.
#[derive(Debug)]
pub(super) struct BatchDecoder {
    decoder: StreamDecoder,
    schema: SchemaRef,
}

impl BatchDecoder {
    /// Batches come out with `schema`.
    pub(super) fn new(schema: SchemaRef) -> Self {
        Self { decoder: StreamDecoder::new(), schema }
    }

    /// The batch in the next piece of the stream.
    pub(super) fn decode(&mut self, piece: Vec<u8>) -> Result<RecordBatch, ArrowError> {
        let mut buffer = Buffer::from_vec(piece);
        let mut decoded = None;
        while !buffer.is_empty() {
            if let Some(batch) = self.decoder.decode(&mut buffer)?
                && decoded.replace(batch).is_some()
            {
                return Err(ArrowError::IpcError("two batches in one frame".to_string()));
            }
        }
        let batch = decoded.ok_or_else(|| ArrowError::IpcError("a frame without a whole batch".to_string()))?;
        if batch.schema_ref() == &self.schema {
            return Ok(batch);
        }
        // Also refuses columns that are not the edge's.
        batch.with_schema(self.schema.clone())
    }
}

//! Rows → bytes of one file.

use std::io::Write;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_formats::{Format, FormatError, FormatOptions, JsonCompression, JsonFormat, Serializer};
use arroyo_operator::OperatorError;
use flate2::write::GzEncoder;

use super::parquet::{ParquetEncoder, ParquetLayout, SavedEncoder};

/// Text that is gathered before it is compressed.
const GZIP_BLOCK_BYTES: usize = 4 << 20;

/// How the rows of a table's files are written.
#[derive(Debug, Clone)]
pub(super) enum Layout {
    /// Lines.
    Text { table: Arc<str>, serializer: Arc<Serializer>, gzip: bool },
    /// Parquet.
    Parquet(Arc<ParquetLayout>),
}

impl Layout {
    pub(super) fn new(table: &str, format: &FormatOptions, schema: &SchemaRef) -> Result<Self, OperatorError> {
        if let Format::Parquet(parquet) = &format.format {
            return Ok(Self::Parquet(Arc::new(ParquetLayout::new(table, parquet, schema)?)));
        }
        let serializer = Serializer::new(format, schema).map_err(|error| failed(table, &error))?;
        let gzip = matches!(&format.format, Format::Json(JsonFormat { compression: JsonCompression::Gzip, .. }));
        Ok(Self::Text { table: table.into(), serializer: Arc::new(serializer), gzip })
    }
}

fn failed(table: &str, error: &FormatError) -> OperatorError {
    OperatorError::new(error.kind(), format!("table `{table}`: {error}"))
}

/// Writes the rows of one file.
#[derive(Debug)]
pub(super) enum Encoder {
    /// Lines, compressed in blocks that make valid gzip files one behind the other.
    Text { table: Arc<str>, serializer: Arc<Serializer>, gzip: bool, block: Vec<u8> },
    /// Parquet.
    Parquet(Box<ParquetEncoder>),
}

impl Encoder {
    /// For a new file.
    pub(super) fn new(layout: &Layout) -> Self {
        let mut encoder = Self::continuing(layout);
        if let Self::Text { serializer, block, .. } = &mut encoder {
            block.extend(serializer.header().unwrap_or_default());
        }
        encoder
    }

    fn continuing(layout: &Layout) -> Self {
        match layout.clone() {
            Layout::Text { table, serializer, gzip } => Self::Text { table, serializer, gzip, block: Vec::new() },
            Layout::Parquet(layout) => Self::Parquet(Box::new(ParquetEncoder::new(layout))),
        }
    }

    /// For a file of which a checkpoint holds `saved`, when `length` bytes were encoded.
    pub(super) fn restore(layout: &Layout, saved: SavedEncoder, length: u64) -> Result<Self, OperatorError> {
        match layout {
            Layout::Parquet(layout) => {
                Ok(Self::Parquet(Box::new(ParquetEncoder::restore(layout.clone(), saved, length)?)))
            }
            Layout::Text { .. } => Ok(Self::continuing(layout)),
        }
    }

    /// Takes rows; appends to `out` what is ready.
    pub(super) async fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        match self {
            Self::Text { table, serializer, gzip, block } => {
                let target = if *gzip {
                    &mut *block
                } else {
                    out.append(block);
                    &mut *out
                };
                serializer.serialize(batch, target).map_err(|error| failed(table, &error))?;
                if *gzip && block.len() >= GZIP_BLOCK_BYTES { compress(block, out) } else { Ok(()) }
            }
            Self::Parquet(encoder) => encoder.write(batch, out).await,
        }
    }

    /// At a barrier, or when memory is short: appends what is worth being encoded by itself, of at least `bytes` of memory.
    pub(super) async fn flush(&mut self, bytes: usize, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        match self {
            Self::Text { gzip: true, block, .. } => compress(block, out),
            Self::Text { block, .. } => {
                out.append(block);
                Ok(())
            }
            Self::Parquet(encoder) if encoder.pending_bytes() >= bytes => encoder.close_group(out).await,
            Self::Parquet(_) => Ok(()),
        }
    }

    /// Appends what is left of the file.
    pub(super) async fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        match self {
            Self::Text { .. } => self.flush(0, out).await,
            Self::Parquet(encoder) => encoder.finish(out).await,
        }
    }

    /// Bytes of memory that are not encoded.
    pub(super) fn pending_bytes(&self) -> usize {
        match self {
            Self::Text { block, .. } => block.len(),
            Self::Parquet(encoder) => encoder.pending_bytes(),
        }
    }

    /// The length that they will have in the file.
    pub(super) fn pending_estimate(&self) -> u64 {
        match self {
            Self::Text { block, .. } => block.len() as u64,
            Self::Parquet(encoder) => encoder.pending_estimate(),
        }
    }

    /// For a checkpoint, after [`Encoder::flush`].
    pub(super) fn save(&self) -> Result<SavedEncoder, OperatorError> {
        match self {
            Self::Text { .. } => Ok(SavedEncoder::default()),
            Self::Parquet(encoder) => encoder.save(),
        }
    }
}

/// Compresses a block as a gzip member of its own.
fn compress(block: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<(), OperatorError> {
    if block.is_empty() {
        return Ok(());
    }
    let mut encoder = GzEncoder::new(&mut *out, flate2::Compression::default());
    let written = encoder.write_all(block).and_then(|()| encoder.finish().map(drop));
    written.map_err(|error| OperatorError::bug(format!("cannot compress rows: {error}")))?;
    block.clear();
    Ok(())
}

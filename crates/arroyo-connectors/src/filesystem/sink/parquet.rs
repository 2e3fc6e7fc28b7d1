//! Parquet files that can be continued after a restore.
//!
//! A Parquet file is `PAR1`, row groups, and a footer that says where each of them is. Each row group is encoded by itself and
//! moved to its place, so that what a checkpoint must hold of an unfinished file is the footer so far and the rows that are not
//! in a row group yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{RecordBatch, new_null_array};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arroyo_formats::{ParquetCompression, ParquetFormat};
use arroyo_operator::OperatorError;
use arroyo_types::{ErrorKind, TIMESTAMP_FIELD};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

const MAGIC: &[u8] = b"PAR1";

/// What all files of a table have in common.
#[derive(Debug)]
pub(super) struct ParquetLayout {
    table: String,
    /// The positions of the columns that are written.
    columns: Vec<usize>,
    schema: SchemaRef,
    properties: WriterProperties,
    row_group_bytes: usize,
    /// Bytes in files for a million bytes in memory, as far as known.
    encoded_per_million: AtomicU64,
}

impl ParquetLayout {
    pub(super) fn new(table: &str, format: &ParquetFormat, schema: &SchemaRef) -> Result<Self, OperatorError> {
        let columns: Vec<usize> =
            (0..schema.fields().len()).filter(|index| schema.field(*index).name() != TIMESTAMP_FIELD).collect();
        let written = Arc::new(schema.project(&columns)?);
        let layout = Self {
            table: table.to_string(),
            columns,
            schema: written,
            // Without indexes of pages, whose places would be anywhere in the file.
            properties: WriterProperties::builder()
                .set_compression(codec(format.compression))
                .set_statistics_enabled(EnabledStatistics::Chunk)
                .set_offset_index_disabled(true)
                .set_max_row_group_row_count(None)
                .set_created_by("arroyo".to_string())
                .build(),
            row_group_bytes: usize::try_from(format.row_group_bytes).unwrap_or(usize::MAX),
            encoded_per_million: AtomicU64::new(1_000_000),
        };
        layout.check_types()?;
        Ok(layout)
    }

    /// Finds out before the first row whether the columns can be written.
    fn check_types(&self) -> Result<(), OperatorError> {
        for field in self.schema.fields() {
            let nullable = field.as_ref().clone().with_nullable(true);
            let one = Arc::new(arrow::datatypes::Schema::new(vec![nullable]));
            let null = RecordBatch::try_new(one.clone(), vec![new_null_array(field.data_type(), 1)])?;
            let written = ArrowWriter::try_new(Vec::new(), one, Some(self.properties.clone()))
                .and_then(|mut writer| writer.write(&null).and_then(|()| writer.close().map(drop)));
            if let Err(error) = written {
                return Err(OperatorError::user(format!(
                    "table `{}`: the column `{}` cannot be written to Parquet: {error}",
                    self.table,
                    field.name()
                ))
                .with_hint("cast the column to another type"));
            }
        }
        Ok(())
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> OperatorError {
        OperatorError::user(format!("table `{}`: rows cannot be written to Parquet: {error}", self.table))
    }

    /// Encodes rows as a file of their own.
    fn encode(&self, batches: &[RecordBatch]) -> Result<Encoded, ParquetError> {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, self.schema.clone(), Some(self.properties.clone()))?;
        for batch in batches {
            writer.write(batch)?;
        }
        let metadata = writer.close()?;
        let ends = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns).map(|column| {
            let (start, length) = column.byte_range();
            start + length
        });
        bytes.truncate(usize::try_from(ends.max().unwrap_or_default()).unwrap_or_default());
        bytes.drain(..MAGIC.len().min(bytes.len()));
        Ok(Encoded { body: bytes, metadata })
    }
}

/// Row groups as they stand behind the first four bytes of a file.
struct Encoded {
    body: Vec<u8>,
    metadata: ParquetMetaData,
}

/// Encodes the rows of one file.
#[derive(Debug)]
pub(super) struct ParquetEncoder {
    layout: Arc<ParquetLayout>,
    /// Rows that are not in a row group yet.
    pending: Vec<RecordBatch>,
    pending_bytes: usize,
    groups: Vec<RowGroupMetaData>,
    /// The part of the footer that does not depend on row groups, once there is one.
    file: Option<FileMetaData>,
    /// Bytes encoded so far.
    length: u64,
}

/// What a checkpoint holds of an encoder.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct SavedEncoder {
    /// Parquet: the footer so far; empty without row groups.
    pub(super) footer: Vec<u8>,
    /// Rows that are not encoded, as an Arrow IPC stream; empty without any.
    pub(super) rows: Vec<u8>,
}

impl ParquetEncoder {
    pub(super) fn new(layout: Arc<ParquetLayout>) -> Self {
        Self { layout, pending: Vec::new(), pending_bytes: 0, groups: Vec::new(), file: None, length: 0 }
    }

    /// Takes rows; appends a row group to `out` when enough have come together.
    pub(super) async fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        let rows = batch.project(&self.layout.columns)?;
        self.pending_bytes += memory_of(&rows);
        self.pending.push(rows);
        if self.pending_bytes >= self.layout.row_group_bytes { self.close_group(out).await } else { Ok(()) }
    }

    /// Bytes of memory that wait for their row group.
    pub(super) fn pending_bytes(&self) -> usize {
        self.pending_bytes
    }

    /// The length that what waits for its row group will have in the file, by the experience with earlier ones.
    pub(super) fn pending_estimate(&self) -> u64 {
        let ratio = self.layout.encoded_per_million.load(Ordering::Relaxed);
        (self.pending_bytes as u64).saturating_mul(ratio) / 1_000_000
    }

    /// Encodes the rows that wait as a row group.
    pub(super) async fn close_group(&mut self, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let (layout, batches) = (self.layout.clone(), std::mem::take(&mut self.pending));
        // Takes up to a second for a large row group: not on the runtime's threads.
        let encoded = tokio::task::spawn_blocking(move || layout.encode(&batches))
            .await
            .map_err(|error| OperatorError::bug(format!("the thread that encodes Parquet failed: {error}")))?;
        let Encoded { body, metadata } = encoded.map_err(|error| self.layout.failed(&error))?;
        if self.length == 0 {
            out.extend_from_slice(MAGIC);
            self.length = MAGIC.len() as u64;
        }
        let moved_by = i64::try_from(self.length).unwrap_or(i64::MAX) - MAGIC.len() as i64;
        for group in metadata.row_groups() {
            let ordinal = i16::try_from(self.groups.len()).unwrap_or(i16::MAX);
            let group = moved(group, moved_by, ordinal).map_err(|error| self.layout.failed(&error))?;
            self.groups.push(group);
        }
        self.file.get_or_insert_with(|| metadata.file_metadata().clone());
        if self.pending_bytes > 0 {
            let ratio = (body.len() as u64).saturating_mul(1_000_000) / self.pending_bytes as u64;
            self.layout.encoded_per_million.store(ratio.clamp(1_000, 1_000_000), Ordering::Relaxed);
        }
        self.pending_bytes = 0;
        self.length += body.len() as u64;
        out.extend_from_slice(&body);
        Ok(())
    }

    /// Encodes what is left, and the footer.
    pub(super) async fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), OperatorError> {
        self.close_group(out).await?;
        out.extend_from_slice(&self.footer()?);
        Ok(())
    }

    fn footer(&self) -> Result<Vec<u8>, OperatorError> {
        let Some(first) = &self.file else { return Ok(Vec::new()) };
        let rows = self.groups.iter().map(RowGroupMetaData::num_rows).sum();
        let file = FileMetaData::new(
            first.version(),
            rows,
            first.created_by().map(str::to_string),
            first.key_value_metadata().cloned(),
            first.schema_descr_ptr(),
            first.column_orders().cloned(),
        );
        let metadata = ParquetMetaData::new(file, self.groups.clone());
        let mut footer = Vec::new();
        let written = ParquetMetaDataWriter::new(&mut footer, &metadata).finish();
        written.map_err(|error| self.layout.failed(&error))?;
        Ok(footer)
    }

    /// For a checkpoint.
    pub(super) fn save(&self) -> Result<SavedEncoder, OperatorError> {
        let mut rows = Vec::new();
        if !self.pending.is_empty() {
            let mut writer = StreamWriter::try_new(&mut rows, &self.layout.schema)?;
            for batch in &self.pending {
                writer.write(batch)?;
            }
            writer.finish()?;
        }
        Ok(SavedEncoder { footer: self.footer()?, rows })
    }

    /// The inverse of [`ParquetEncoder::save`] for a file of which `length` bytes were encoded.
    pub(super) fn restore(layout: Arc<ParquetLayout>, saved: SavedEncoder, length: u64) -> Result<Self, OperatorError> {
        let table = layout.table.clone();
        let corrupt = |reason: &dyn std::fmt::Display| {
            let message = format!("table `{table}`: an unfinished Parquet file in the checkpoint is damaged: {reason}");
            OperatorError::new(ErrorKind::Corrupt, message)
        };
        let mut encoder = Self { length, ..Self::new(layout) };
        if !saved.footer.is_empty() {
            let parsed = ParquetMetaDataReader::new().parse_and_finish(&Bytes::from(saved.footer));
            let metadata = parsed.map_err(|error| corrupt(&error))?;
            encoder.groups = metadata.row_groups().to_vec();
            encoder.file = Some(metadata.file_metadata().clone());
        }
        if !saved.rows.is_empty() {
            let batches = StreamReader::try_new(saved.rows.as_slice(), None)
                .and_then(|reader| reader.collect::<Result<Vec<_>, ArrowError>>());
            for batch in batches.map_err(|error| corrupt(&error))? {
                let rows = batch.with_schema(encoder.layout.schema.clone()).map_err(|_| changed_columns(&table))?;
                encoder.pending_bytes += memory_of(&rows);
                encoder.pending.push(rows);
            }
        }
        Ok(encoder)
    }
}

fn changed_columns(table: &str) -> OperatorError {
    OperatorError::user(format!("table `{table}`: the columns of an unfinished file differ from the query's"))
        .with_hint("stop the pipeline with a checkpoint before the query is changed, or start from nothing")
}

/// The same row group so many bytes further on in a file.
fn moved(group: &RowGroupMetaData, by: i64, ordinal: i16) -> Result<RowGroupMetaData, ParquetError> {
    let columns = group.columns().iter().map(|column| {
        let data = column.data_page_offset() + by;
        let dictionary = column.dictionary_page_offset().map(|offset| offset + by);
        column.clone().into_builder().set_data_page_offset(data).set_dictionary_page_offset(dictionary).build()
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let mut builder = group.clone().into_builder().set_column_metadata(columns).set_ordinal(ordinal);
    if let Some(offset) = group.file_offset() {
        builder = builder.set_file_offset(offset + by);
    }
    builder.build()
}

/// The bytes of memory that a batch's own rows take.
fn memory_of(batch: &RecordBatch) -> usize {
    let sizes = batch
        .columns()
        .iter()
        .map(|column| column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size()));
    sizes.sum()
}

fn codec(compression: ParquetCompression) -> Compression {
    match compression {
        ParquetCompression::Uncompressed => Compression::UNCOMPRESSED,
        ParquetCompression::Snappy => Compression::SNAPPY,
        ParquetCompression::Gzip => Compression::GZIP(GzipLevel::default()),
        ParquetCompression::Zstd => Compression::ZSTD(ZstdLevel::default()),
        ParquetCompression::Lz4 => Compression::LZ4,
        ParquetCompression::Lz4Raw => Compression::LZ4_RAW,
    }
}

#[cfg(test)]
mod tests;

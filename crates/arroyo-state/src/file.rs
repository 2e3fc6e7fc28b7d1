//! Rows as Parquet files: payload columns, then `__hash`, and `__time` or `__op`; in order of hash.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BinaryArray, Int8Array, Int64Array, RecordBatch, RecordBatchOptions, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arroyo_types::{EventTime, KeyRange};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;
use xxhash_rust::xxh3::xxh3_64;

use crate::checkpoint::TimeRange;
use crate::rows::slice_to_range;
use crate::{FileRef, TableChange, TableKind};

const HASH: &str = "__hash";
const TIME: &str = "__time";
const OP: &str = "__op";
const KEY: &str = "key";
const VALUE: &str = "value";

/// Small enough that a key range reads little more than its own rows.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// A file that was not yet written.
#[derive(Debug)]
pub(crate) struct EncodedFile {
    pub(crate) bytes: Bytes,
    pub(crate) rows: u64,
    pub(crate) key_range: KeyRange,
    pub(crate) time_range: Option<TimeRange>,
}

/// The checksum of a file's content as it stands in manifests.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}

/// What is wrong with a file's content, if anything.
pub(crate) fn verify(file: &FileRef, bytes: &[u8]) -> Result<(), String> {
    let length = bytes.len() as u64;
    if length != file.bytes {
        return Err(format!("it has {length} bytes instead of {}", file.bytes));
    }
    let found = checksum(bytes);
    if found != file.checksum {
        return Err(format!("its checksum is {found} instead of {}", file.checksum));
    }
    Ok(())
}

fn write_parquet(batch: &RecordBatch) -> Result<Bytes, ArrowError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        // Key ranges are found by row groups.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Most columns differ from row to row, and what repeats compresses well: a dictionary would cost more than it saves.
        .set_dictionary_enabled(false)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(bytes.into())
}

/// Encodes rows that are in order of hash; there must be some.
pub(crate) fn encode(rows: TableChange) -> Result<EncodedFile, ArrowError> {
    let TableChange { rows, hashes, times, ops } = rows;
    let key_range = match (hashes.values().first(), hashes.values().last()) {
        (Some(start), Some(end)) => KeyRange { start: *start, end: *end },
        _ => return Err(ArrowError::InvalidArgumentError("a file without rows".to_string())),
    };
    let time_range = times.as_ref().and_then(|times| {
        let nanos = |time: Option<&i64>| time.copied().map(EventTime::from_nanos);
        let (min, max) = (nanos(times.values().iter().min())?, nanos(times.values().iter().max())?);
        Some(TimeRange { min, max })
    });
    let schema = rows.schema();
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    let mut add = |name: &str, column: ArrayRef| {
        fields.push(Arc::new(Field::new(name, column.data_type().clone(), false)));
        columns.push(column);
    };
    let row_count = hashes.len() as u64;
    add(HASH, Arc::new(hashes));
    if let Some(times) = times {
        add(TIME, Arc::new(times));
    }
    if let Some(ops) = ops {
        add(OP, Arc::new(ops));
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?;
    Ok(EncodedFile { bytes: write_parquet(&batch)?, rows: row_count, key_range, time_range })
}

/// Decodes the rows with a hash in `range`; row groups outside of it are not decoded.
pub(crate) fn decode(
    bytes: Bytes,
    kind: TableKind,
    schema: &SchemaRef,
    range: KeyRange,
) -> Result<Vec<TableChange>, ArrowError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let groups = builder.metadata().row_groups().iter().enumerate();
    let groups = groups.filter(|(_, group)| may_overlap(group, range)).map(|(index, _)| index).collect();
    let mut changes = Vec::new();
    for batch in builder.with_row_groups(groups).with_batch_size(ROWS_PER_GROUP).build()? {
        let change = slice_to_range(&split(&batch?, kind, schema)?, range);
        if !change.hashes.is_empty() {
            changes.push(change);
        }
    }
    Ok(changes)
}

fn may_overlap(group: &RowGroupMetaData, range: KeyRange) -> bool {
    // Nested payload columns have several leaves, so the hash is found by its name, from the end.
    let hash = group.columns().iter().rev().find(|column| column.column_path().string() == HASH);
    match hash.and_then(|column| column.statistics()) {
        Some(Statistics::Int64(statistics)) => match (statistics.min_opt(), statistics.max_opt()) {
            (Some(min), Some(max)) => range.overlaps(&KeyRange { start: *min as u64, end: *max as u64 }),
            _ => true,
        },
        _ => true,
    }
}

fn split(batch: &RecordBatch, kind: TableKind, schema: &SchemaRef) -> Result<TableChange, ArrowError> {
    let payload = schema.fields().len();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    let columns = batch.columns().iter().take(payload).cloned().collect();
    let rows = RecordBatch::try_new_with_options(schema.clone(), columns, &options)?;
    let hashes = column::<UInt64Array>(batch, payload, HASH)?;
    let times =
        matches!(kind, TableKind::TimeKeyed).then(|| column::<Int64Array>(batch, payload + 1, TIME)).transpose()?;
    let ops =
        matches!(kind, TableKind::Keyed { .. }).then(|| column::<Int8Array>(batch, payload + 1, OP)).transpose()?;
    Ok(TableChange { rows, hashes, times, ops })
}

fn column<A: Array + Clone + 'static>(batch: &RecordBatch, index: usize, name: &str) -> Result<A, ArrowError> {
    batch
        .columns()
        .get(index)
        .and_then(|column| column.as_any().downcast_ref::<A>())
        .cloned()
        .ok_or_else(|| ArrowError::SchemaError(format!("column {index} is not `{name}`")))
}

/// Encodes a global table; there must be rows.
pub(crate) fn encode_global(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Result<EncodedFile, ArrowError> {
    let fields = vec![Field::new(KEY, DataType::Binary, false), Field::new(VALUE, DataType::Binary, false)];
    let keys = BinaryArray::from_iter_values(rows.keys());
    let values = BinaryArray::from_iter_values(rows.values());
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), vec![Arc::new(keys), Arc::new(values)])?;
    let bytes = write_parquet(&batch)?;
    Ok(EncodedFile { bytes, rows: rows.len() as u64, key_range: KeyRange::FULL, time_range: None })
}

/// The map of a global table.
pub(crate) type GlobalRows = BTreeMap<Vec<u8>, Vec<u8>>;

/// Decodes a global table.
pub(crate) fn decode_global(bytes: Bytes) -> Result<GlobalRows, ArrowError> {
    let mut rows = GlobalRows::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(bytes)?.build()? {
        let batch = batch?;
        let keys = column::<BinaryArray>(&batch, 0, KEY)?;
        let values = column::<BinaryArray>(&batch, 1, VALUE)?;
        rows.extend(
            keys.iter()
                .zip(values.iter())
                .map(|(key, value)| (key.unwrap_or_default().to_vec(), value.unwrap_or_default().to_vec())),
        );
    }
    Ok(rows)
}

//! A job around the sink, killed wherever it can be.

mod crashes;
mod files;
mod going_back;

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow::array::{ArrayRef, AsArray, Int64Array, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Int64Type};
use arroyo_formats::{Format, JsonFormat, ParquetFormat};
use arroyo_operator::TaskInfo;
use arroyo_storage::{IN_PROGRESS, Storage};
use arroyo_types::Generation;

use super::*;
use crate::conformance::{Globals, TestContext, context, globals, sink_config, stream_schema};

/// A table with the columns `n` and `city`.
#[derive(Clone)]
struct Table {
    options: FileSystemOptions,
    format: FormatOptions,
    part_bytes: Option<(usize, usize)>,
    /// Bytes by which a row of the job is longer than it needs to be.
    padding: usize,
}

fn json() -> FormatOptions {
    FormatOptions::new(Format::Json(JsonFormat::default()))
}

fn parquet_format(row_group_bytes: u64) -> FormatOptions {
    FormatOptions::new(Format::Parquet(ParquetFormat { row_group_bytes, ..ParquetFormat::default() }))
}

fn options(more: serde_json::Value) -> FileSystemOptions {
    let mut options = serde_json::json!({ "path": "memory://unused" });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(options).unwrap()
}

/// Rows `numbers`, in cities that alternate, an hour of event time apart every hundred.
fn rows(numbers: impl Iterator<Item = i64> + Clone) -> RecordBatch {
    padded_rows(numbers, 0)
}

/// [`rows`] in cities with long names.
fn padded_rows(numbers: impl Iterator<Item = i64> + Clone, padding: usize) -> RecordBatch {
    let schema = stream_schema(vec![Field::new("n", DataType::Int64, false), Field::new("city", DataType::Utf8, true)]);
    let cities = numbers.clone().map(|n| {
        let city = ["Rome", "São Paulo"].get((n % 3) as usize)?;
        Some(format!("{city}{}", "!".repeat(padding)))
    });
    let times = numbers.clone().map(|n| n / 100 * 3_600_000_000_000 + n);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(numbers)),
        Arc::new(StringArray::from_iter(cities)),
        Arc::new(TimestampNanosecondArray::from_iter_values(times)),
    ];
    RecordBatch::try_new(schema, columns).unwrap()
}

impl Table {
    fn new(more: serde_json::Value, format: FormatOptions) -> Self {
        Self { options: options(more), format, part_bytes: None, padding: 0 }
    }

    fn sink(&self, storage: &Storage) -> FileSystemSink {
        let schema = rows(0..0).schema();
        let config = sink_config(serde_json::Value::Null, &self.format, schema);
        let mut sink = FileSystemSink::new(self.options.clone(), &config).unwrap();
        sink.medium = Medium { storage: Some(storage.clone()), part_bytes: self.part_bytes };
        sink
    }

    /// Opens one subtask of a start.
    async fn open(
        &self,
        storage: &Storage,
        state: &Globals,
        generation: u64,
        subtask: u32,
        parallelism: u32,
    ) -> Result<Subtask, OperatorError> {
        let mut sink = self.sink(storage);
        let mut context = context(sink.tables(), state, subtask, parallelism);
        let info = TaskInfo { generation: Generation(generation), ..context.ctx.info.as_ref().clone() };
        context.ctx.info = Arc::new(info);
        sink.open(&mut context.ctx).await?;
        Ok(Subtask { sink, context, padding: self.padding })
    }

    /// The only subtask of a first start.
    async fn alone(&self, storage: &Storage) -> Subtask {
        self.open(storage, &Globals::new(), 1, 0, 1).await.unwrap()
    }
}

struct Subtask {
    sink: FileSystemSink,
    context: TestContext,
    padding: usize,
}

impl Subtask {
    async fn write(&mut self, numbers: impl Iterator<Item = i64> + Clone) -> Result<(), OperatorError> {
        self.sink.write(padded_rows(numbers, self.padding), &mut self.context.ctx).await
    }

    async fn pre_commit(&mut self, epoch: u64) -> Result<(Option<Vec<u8>>, Globals), OperatorError> {
        let data = self.sink.pre_commit(Epoch(epoch), &mut self.context.ctx).await?;
        Ok((data, globals(&self.sink.tables(), &self.context.ctx)))
    }

    async fn commit(&mut self, epoch: u64, data: Vec<Vec<u8>>) -> Result<(), OperatorError> {
        self.sink.commit(Epoch(epoch), data, &mut self.context.ctx).await
    }

    /// A checkpoint of a job with this one subtask.
    async fn checkpoint(&mut self, epoch: u64) -> Globals {
        let (data, state) = self.pre_commit(epoch).await.unwrap();
        self.commit(epoch, data.into_iter().collect()).await.unwrap();
        state
    }

    fn pass(&self, seconds: i64) {
        self.context.clock.advance_nanos(seconds * 1_000_000_000);
    }
}

fn memory() -> Storage {
    Storage::open(&format!("memory://{}", uuid::Uuid::new_v4())).unwrap()
}

/// The files that readers see.
async fn visible(storage: &Storage) -> Vec<String> {
    let infos = storage.list("").await.unwrap();
    infos.into_iter().map(|info| info.path).filter(|path| !path.starts_with(IN_PROGRESS)).collect()
}

/// The numbers in a file.
async fn read_file(storage: &Storage, path: &str, format: &Format) -> Vec<i64> {
    let content = storage.get(path).await.unwrap();
    match format {
        Format::Parquet(_) => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(content).unwrap().build().unwrap();
            let batches = reader.map(|batch| batch.unwrap());
            batches
                .flat_map(|batch| batch.column_by_name("n").unwrap().as_primitive::<Int64Type>().values().to_vec())
                .collect()
        }
        _ => {
            let text = String::from_utf8(content.to_vec()).unwrap();
            assert!(text.ends_with('\n'), "{path} ends within a record: {text:?}");
            let records = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
            records.map(|record| record["n"].as_i64().unwrap()).collect()
        }
    }
}

/// The numbers in all visible files, sorted.
async fn read_all(storage: &Storage, format: &Format) -> Vec<i64> {
    let mut numbers = Vec::new();
    for path in visible(storage).await {
        numbers.extend(read_file(storage, &path, format).await);
    }
    numbers.sort_unstable();
    numbers
}

//! Reads files one after another: runs on a blocking thread.

use std::collections::VecDeque;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_formats::{
    DebeziumJsonFormat, Format, FormatError, FormatOptions, JsonCompression, JsonFormat, SimpleFilter,
};
use arroyo_operator::{OperatorError, SourceConfig};

use super::Compression;
use super::parquet::ParquetReader;
use super::place::FilePlace;
use super::position::{FilePosition, FileProgress};
use super::text::{Records, TextReader};

/// What is the same for all files of a table.
#[derive(Debug, Clone)]
pub(crate) struct ReadPlan {
    /// How records look.
    pub(crate) format: FormatOptions,
    /// The columns to read from the files.
    pub(crate) schema: SchemaRef,
    /// Which records to keep; `None`: all.
    pub(crate) filter: Option<SimpleFilter>,
    /// How files are compressed; `None`: as the extension says.
    pub(crate) compression: Option<Compression>,
    /// The most records to read for a batch.
    pub(crate) max_records: usize,
}

impl ReadPlan {
    /// For the table of `config`, whose files have the columns of `schema`.
    pub(super) fn new(
        config: &SourceConfig,
        schema: SchemaRef,
        compression: Option<Compression>,
        max_records: usize,
    ) -> Result<Self, OperatorError> {
        let invalid =
            |error: FormatError| OperatorError::new(error.kind(), format!("table `{}`: {error}", config.table));
        let format = FormatOptions::from_json(&config.format)
            .map_err(invalid)?
            .ok_or_else(|| OperatorError::user(format!("table `{}` needs a format", config.table)))?;
        let filter = SimpleFilter::from_json(&config.filter).map_err(invalid)?;
        Ok(Self { format, schema, filter, compression, max_records })
    }
}

/// A file to read.
#[derive(Debug, Clone)]
pub(crate) struct FileTask {
    /// Its name in the state and in metadata columns.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) place: FilePlace,
    /// Where to start.
    pub(crate) from: FilePosition,
}

/// Rows of one file.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) file: String,
    pub(super) batch: Option<RecordBatch>,
    /// After these rows.
    pub(super) progress: FileProgress,
    pub(super) dropped: u64,
    /// What was wrong with the first dropped record, and its text.
    pub(super) first_dropped: Option<(String, String)>,
}

/// Reads the files of a queue.
#[derive(Debug)]
pub(super) struct FilesReader {
    plan: ReadPlan,
    queue: VecDeque<FileTask>,
    current: Option<(FileTask, Open)>,
}

#[derive(Debug)]
enum Open {
    Text(Box<TextReader>),
    Parquet(Box<ParquetReader>),
}

impl FilesReader {
    pub(super) fn new(plan: ReadPlan, queue: VecDeque<FileTask>) -> Self {
        Self { plan, queue, current: None }
    }

    /// The next rows; `None` after the last file.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, OperatorError> {
        let (task, mut open) = match self.current.take() {
            Some(current) => current,
            None => match self.queue.pop_front() {
                None => return Ok(None),
                Some(task) => {
                    let open = self.open(&task)?;
                    (task, open)
                }
            },
        };
        let records = match &mut open {
            Open::Text(reader) => reader.next(self.plan.max_records)?,
            Open::Parquet(reader) => reader.next()?,
        };
        let Records { batch, position, end, dropped, first_dropped } = records;
        let first_dropped = first_dropped
            .map(|(line, bad)| (format!("`{}`, line {line}: {}", task.place.shown(), bad.reason), bad.text.clone()));
        let progress = if end { FileProgress::Finished } else { FileProgress::At(position) };
        let file = task.name.clone();
        if !end {
            self.current = Some((task, open));
        }
        Ok(Some(Chunk { file, batch, progress, dropped, first_dropped }))
    }

    fn open(&self, task: &FileTask) -> Result<Open, OperatorError> {
        if let Format::Parquet(_) = self.plan.format.format {
            let reader = ParquetReader::open(&task.place, &self.plan, task.from)?;
            return Ok(Open::Parquet(Box::new(reader)));
        }
        let by_format = match &self.plan.format.format {
            Format::Json(JsonFormat { compression: JsonCompression::Gzip, .. })
            | Format::DebeziumJson(DebeziumJsonFormat { compression: JsonCompression::Gzip, .. }) => {
                Some(Compression::Gzip)
            }
            _ => None,
        };
        let compression =
            self.plan.compression.or(by_format).unwrap_or_else(|| Compression::of_extension(task.place.file_name()));
        let reader = TextReader::open(&task.place, compression, &self.plan, task.from)?;
        Ok(Open::Text(Box::new(reader)))
    }
}

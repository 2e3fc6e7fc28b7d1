//! The rows of a subtask's files, as sources return them.

use std::collections::{BTreeMap, VecDeque};

use arrow::array::RecordBatch;
use arroyo_operator::{OperatorContext, OperatorError, SourceConfig, SourceEvent};
use arroyo_types::EventTime;

use super::Compression;
use super::background::Background;
use super::columns::SourceColumns;
use super::position::{FileProgress, encode_progress};
use super::reader::{Chunk, FileTask, FilesReader, ReadPlan};

/// Records of a batch when there is always more to read.
pub(super) const FULL_SPEED_RECORDS: usize = 8192;

/// A configured batch size from which on it is about throughput and not about latency.
const DEFAULT_BATCH_SIZE: usize = 512;

/// Nanoseconds between two reports of dropped records.
const REPORT_EVERY_NANOS: i64 = 5_000_000_000;

/// What a step of reading brought.
#[derive(Debug)]
pub(crate) enum Step {
    /// Rows.
    Rows(RecordBatch),
    /// Records of which the filter kept none; there is more to read.
    Filtered,
    /// Nothing: all files were read.
    End,
}

type Reading = Background<FilesReader, Result<Option<Chunk>, OperatorError>>;

/// Reads files, one batch ahead of what was asked for, and knows how far rows were returned.
#[derive(Debug)]
pub(crate) struct FileRows {
    columns: SourceColumns,
    plan: ReadPlan,
    /// Whether the next batch is read before it is asked for.
    ahead: bool,
    reading: Option<Reading>,
    /// By the file's name: of every file that rows were returned of.
    progress: BTreeMap<String, FileProgress>,
    unreported: u64,
    last_report: Option<EventTime>,
}

impl FileRows {
    /// For the table of `config`. With `one_by_one` each step reads one record, and nothing is read ahead.
    pub(crate) fn new(
        config: &SourceConfig,
        compression: Option<Compression>,
        one_by_one: bool,
    ) -> Result<Self, OperatorError> {
        let columns = SourceColumns::new(config)?;
        let max_records = match config.batch_size {
            _ if one_by_one => 1,
            small if small < DEFAULT_BATCH_SIZE => small.max(1),
            large => large.max(FULL_SPEED_RECORDS),
        };
        let plan = ReadPlan::new(config, columns.payload.clone(), compression, max_records)?;
        Ok(Self {
            columns,
            plan,
            ahead: !one_by_one,
            reading: None,
            progress: BTreeMap::new(),
            unreported: 0,
            last_report: None,
        })
    }

    /// Begins to read `files` in order; `progress` says what was read of them (and of others) before.
    pub(crate) fn open(&mut self, files: VecDeque<FileTask>, progress: BTreeMap<String, FileProgress>) {
        self.progress = progress;
        self.reading = Some(Reading::new(FilesReader::new(self.plan.clone(), files)));
    }

    /// The next rows. Cancel safe: rows that were read and not returned are returned by the next call.
    pub(crate) async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        loop {
            match self.step(ctx).await? {
                Step::Rows(rows) => return Ok(SourceEvent::Batch(rows)),
                Step::Filtered => {}
                Step::End => return Ok(SourceEvent::End),
            }
        }
    }

    /// Reads the records of one batch. Cancel safe like [`FileRows::next`].
    pub(crate) async fn step(&mut self, ctx: &mut OperatorContext) -> Result<Step, OperatorError> {
        loop {
            let Some(reading) = self.reading.as_mut() else { return Ok(Step::End) };
            reading.start(FilesReader::next);
            let chunk = reading.finish().await?;
            // Nothing is awaited between here and the return: the progress and the rows go together.
            let Some(chunk) = chunk? else {
                self.reading = None;
                self.report_rest(ctx);
                return Ok(Step::End);
            };
            if self.ahead {
                reading.start(FilesReader::next);
            }
            self.count_dropped(&chunk, ctx);
            self.progress.insert(chunk.file.clone(), chunk.progress);
            match (&chunk.batch, chunk.progress) {
                (Some(rows), _) => return Ok(Step::Rows(self.columns.assemble(rows, &chunk.file, ctx.clock.now())?)),
                (None, FileProgress::At(_)) => return Ok(Step::Filtered),
                (None, FileProgress::Finished) => {}
            }
        }
    }

    /// The rows of the state table: how far rows were returned, by file.
    pub(crate) fn checkpoint(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        self.progress.iter().map(|(file, at)| (file.clone().into_bytes(), encode_progress(*at))).collect()
    }

    fn count_dropped(&mut self, chunk: &Chunk, ctx: &OperatorContext) {
        if chunk.dropped == 0 {
            return;
        }
        ctx.counters.add_bad_records(chunk.dropped);
        self.unreported += chunk.dropped;
        let now = ctx.clock.now();
        let due = self.last_report.is_none_or(|last| now >= last.saturating_add_nanos(REPORT_EVERY_NANOS));
        if due && let Some((reason, text)) = &chunk.first_dropped {
            ctx.errors.report_bad_records(self.unreported, Some((reason, text)));
            self.last_report = Some(now);
            self.unreported = 0;
        }
    }

    fn report_rest(&mut self, ctx: &OperatorContext) {
        if self.unreported > 0 {
            ctx.errors.report_bad_records(self.unreported, None);
            self.unreported = 0;
        }
    }
}

//! All rows of some files at once.

use std::collections::VecDeque;

use arrow::array::RecordBatch;
use arroyo_operator::{OperatorError, SourceConfig};
use arroyo_types::EventTime;

use super::Compression;
use super::columns::SourceColumns;
use super::reader::{FileTask, FilesReader, ReadPlan};
use super::rows::FULL_SPEED_RECORDS;

/// Reads files to their ends.
#[derive(Debug)]
pub(crate) struct AllRows {
    columns: SourceColumns,
    plan: ReadPlan,
}

/// What files hold.
#[derive(Debug, Default)]
pub(crate) struct FileContents {
    /// The rows, in order.
    pub(crate) batches: Vec<RecordBatch>,
    /// Records that could not be decoded.
    pub(crate) dropped: u64,
    /// What was wrong with the first of them, and its text.
    pub(crate) first_dropped: Option<(String, String)>,
}

impl AllRows {
    /// For the table of `config`.
    pub(crate) fn new(config: &SourceConfig, compression: Option<Compression>) -> Result<Self, OperatorError> {
        let columns = SourceColumns::new(config)?;
        let plan = ReadPlan::new(config, columns.payload.clone(), compression, FULL_SPEED_RECORDS)?;
        Ok(Self { columns, plan })
    }

    /// Reads `files` in order. After each batch `check` may put an end to it. Blocks.
    pub(crate) fn read(
        &self,
        files: VecDeque<FileTask>,
        mut check: impl FnMut(&RecordBatch) -> Result<(), OperatorError>,
    ) -> Result<FileContents, OperatorError> {
        let mut contents = FileContents::default();
        let mut reader = FilesReader::new(self.plan.clone(), files);
        while let Some(chunk) = reader.next()? {
            contents.dropped += chunk.dropped;
            if contents.first_dropped.is_none() {
                contents.first_dropped = chunk.first_dropped;
            }
            if let Some(rows) = &chunk.batch {
                let rows = self.columns.assemble(rows, &chunk.file, EventTime::from_nanos(0))?;
                check(&rows)?;
                contents.batches.push(rows);
            }
        }
        Ok(contents)
    }
}

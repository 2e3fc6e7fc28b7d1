//! Rows of a Parquet file.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::SchemaRef;
use arroyo_formats::SimpleFilter;
use arroyo_operator::OperatorError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;

use super::place::{FilePlace, OpenFile};
use super::position::FilePosition;
use super::reader::ReadPlan;
use super::text::{Records, format_error, io_error};

/// Reads one Parquet file from a row on, and only the columns that are wanted.
pub(super) struct ParquetReader {
    shown: String,
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    filter: Option<SimpleFilter>,
    total: u64,
    position: FilePosition,
}

impl std::fmt::Debug for ParquetReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetReader").field("path", &self.shown).field("position", &self.position).finish()
    }
}

impl ParquetReader {
    pub(super) fn open(place: &FilePlace, plan: &ReadPlan, from: FilePosition) -> Result<Self, OperatorError> {
        let shown = place.shown();
        let failed = |error: &std::io::Error| io_error(&shown, "opened", error);
        match place.open().map_err(|error| failed(&error))? {
            OpenFile::Local(file) => Self::of(shown, file, plan, from),
            OpenFile::Object(object) => {
                let chunks = object.into_chunks().map_err(|error| failed(&error))?;
                Self::of(shown, chunks, plan, from)
            }
        }
    }

    fn of(
        shown: String,
        file: impl ChunkReader + 'static,
        plan: &ReadPlan,
        from: FilePosition,
    ) -> Result<Self, OperatorError> {
        let schema = plan.schema.clone();
        let invalid = |error: &dyn std::fmt::Display| {
            OperatorError::user(format!("`{shown}` cannot be read as a Parquet file: {error}"))
        };
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| invalid(&error))?;
        let total = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
        if from.records > total {
            return Err(OperatorError::user(format!(
                "`{shown}` has {total} rows, and {} were read of it before the checkpoint",
                from.records
            )));
        }
        let wanted: Vec<usize> = builder
            .schema()
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| schema.field_with_name(field.name()).is_ok())
            .map(|(index, _)| index)
            .collect();
        for field in schema.fields() {
            if !field.is_nullable() && builder.schema().field_with_name(field.name()).is_err() {
                return Err(OperatorError::user(format!(
                    "`{shown}` has no column `{}`, which is NOT NULL",
                    field.name()
                )));
            }
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let reader = builder
            .with_projection(mask)
            .with_batch_size(plan.max_records)
            .with_offset(usize::try_from(from.records).unwrap_or(usize::MAX))
            .build()
            .map_err(|error| invalid(&error))?;
        Ok(Self { shown, reader, schema, filter: plan.filter.clone(), total, position: from })
    }

    pub(super) fn next(&mut self) -> Result<Records, OperatorError> {
        let batch = match self.reader.next() {
            None => None,
            Some(Ok(batch)) => Some(self.adapt(&batch)?),
            Some(Err(error)) => {
                return Err(OperatorError::user(format!("`{}` cannot be read as a Parquet file: {error}", self.shown)));
            }
        };
        self.position.records += batch.as_ref().map_or(0, |batch| batch.num_rows() as u64);
        let end = batch.is_none() || self.position.records >= self.total;
        // The position is past all rows that were read, whether they are kept or not.
        let batch = match (batch, &self.filter) {
            (Some(batch), Some(filter)) => {
                Some(filter.keep(&batch).map_err(|error| format_error(&self.shown, &error))?)
            }
            (batch, _) => batch,
        };
        let batch = batch.filter(|batch| batch.num_rows() > 0);
        Ok(Records { batch, position: self.position, end, dropped: 0, first_dropped: None })
    }

    /// Columns in the declared order and types; what the file does not have is null.
    fn adapt(&self, batch: &RecordBatch) -> Result<RecordBatch, OperatorError> {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for field in self.schema.fields() {
            let column = match batch.column_by_name(field.name()) {
                None => new_null_array(field.data_type(), batch.num_rows()),
                Some(column) if column.data_type() == field.data_type() => Arc::clone(column),
                Some(column) => cast_with_options(column, field.data_type(), &options).map_err(|error| {
                    OperatorError::user(format!(
                        "`{}`: the column `{}` is {} in the file and cannot be read as {}: {error}",
                        self.shown,
                        field.name(),
                        column.data_type(),
                        field.data_type()
                    ))
                })?,
            };
            columns.push(column);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|error| OperatorError::user(format!("`{}`: {error}", self.shown)))
    }
}

//! The columns that do not come from a file's records: event time and metadata.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arroyo_operator::{MetadataKey, OperatorError, SourceConfig};
use arroyo_types::{EventTime, TIMESTAMP_FIELD};

/// The metadata key for the file's name.
const FILENAME_KEY: &str = "filename";

/// The metadata that files have: their path below the table's directory.
pub(crate) fn filename_key() -> MetadataKey {
    MetadataKey { key: FILENAME_KEY, data_type: DataType::Utf8 }
}

/// How a source's rows are put together.
#[derive(Debug)]
pub(super) struct SourceColumns {
    schema: SchemaRef,
    /// The columns that records have.
    pub(super) payload: SchemaRef,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Payload(usize),
    FileName,
    EventTime,
}

impl SourceColumns {
    pub(super) fn new(config: &SourceConfig) -> Result<Self, OperatorError> {
        let mut payload = Vec::new();
        let mut parts = Vec::new();
        for field in config.schema.fields() {
            let metadata = config.metadata.iter().find(|(column, _)| column == field.name());
            parts.push(match metadata {
                Some((_, key)) if key == FILENAME_KEY => Part::FileName,
                Some((column, key)) => {
                    return Err(OperatorError::user(format!(
                        "table `{}`: the column `{column}` wants the metadata `{key}`, which files do not have",
                        config.table
                    ))
                    .with_hint(format!("files have the metadata `{FILENAME_KEY}`")));
                }
                None if field.name() == TIMESTAMP_FIELD => Part::EventTime,
                None => {
                    payload.push(field.clone());
                    Part::Payload(payload.len() - 1)
                }
            });
        }
        Ok(Self { schema: config.schema.clone(), payload: Arc::new(Schema::new(payload)), parts })
    }

    /// Adds the file's name and the event time to rows of a file.
    pub(super) fn assemble(
        &self,
        rows: &RecordBatch,
        file: &str,
        now: EventTime,
    ) -> Result<RecordBatch, OperatorError> {
        let count = rows.num_rows();
        let columns = self.parts.iter().map(|part| -> Result<ArrayRef, OperatorError> {
            Ok(match part {
                Part::Payload(index) => rows
                    .columns()
                    .get(*index)
                    .cloned()
                    .ok_or_else(|| OperatorError::bug("a file reader returned too few columns"))?,
                Part::FileName => Arc::new(StringArray::from_iter_values(std::iter::repeat_n(file, count))),
                Part::EventTime => Arc::new(TimestampNanosecondArray::from_value(now.nanos(), count)),
            })
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }
}

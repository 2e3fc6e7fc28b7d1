//! Rows that are written in the query itself: `VALUES (1, 'a'), (2, 'b')`, and the one row of a `SELECT` without `FROM`.
//!
//! The planner makes these tables; nobody declares one. The rows travel in the options, as an Arrow IPC stream.

use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, TimestampNanosecondArray};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arroyo_operator::{
    Connector, ConnectorDescription, OperatorContext, OperatorError, OptionError, Sink, SinkConfig, Source,
    SourceConfig, SourceEvent, TableOptions, TableRequest,
};
use arroyo_state::TableSpec;
use arroyo_types::TIMESTAMP_FIELD;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::one_role::options_of;
use crate::options::schema_of;

/// The id of the connector.
pub const VALUES: &str = "values";

/// Where the source keeps how many rows it has given.
const TABLE: &str = "position";
const KEY: &[u8] = b"rows";

/// The event time of every row: constants were there before anything happened, so they hold no window open.
const EVENT_TIME_NANOS: i64 = 0;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ValuesOptions {
    /// The rows: an Arrow IPC stream in Base64.
    rows: String,
    /// How many they are; a batch without columns has no other way to say it.
    count: u64,
}

/// The options of a table that consists of `rows`.
///
/// # Errors
///
/// The rows cannot be written as Arrow IPC.
pub fn values_table(rows: &RecordBatch) -> Result<TableOptions, ArrowError> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, rows.schema_ref())?;
    writer.write(rows)?;
    writer.finish()?;
    drop(writer);
    let count = rows.num_rows() as u64;
    let options = ValuesOptions { rows: STANDARD.encode(bytes), count };
    let json = serde_json::to_value(&options).map_err(|error| ArrowError::JsonError(error.to_string()))?;
    Ok(TableOptions {
        json,
        roles: vec![arroyo_operator::Role::Source],
        columns: Some(rows.schema()),
        needs_format: false,
        max_source_parallelism: Some(1),
        max_sink_parallelism: None,
        description: if count == 1 { "Values<1 row>".to_string() } else { format!("Values<{count} rows>") },
    })
}

/// The connector `values`.
pub(crate) struct Values;

impl Connector for Values {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: VALUES,
            name: "Values",
            description: "Gives the rows that are written in the query.",
            icon: "",
            source: true,
            sink: false,
            lookup: false,
            hidden: true,
            custom_schemas: false,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<ValuesOptions>()
    }

    fn validate(&self, _request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        Err(vec![OptionError {
            key: None,
            message: "a `values` table cannot be declared".to_string(),
            help: Some("write the rows in the query: FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)".to_string()),
        }])
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        let options: ValuesOptions = options_of(&config.table, &config.options)?;
        let rows = decode(&options, &config.schema)
            .map_err(|error| OperatorError::bug(format!("rows of table `{}`: {error}", config.table)))?;
        Ok(Box::new(ValuesSource { rows, next: 0, batch_size: config.batch_size.max(1) }))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: the rows of a query cannot be written", config.table)))
    }
}

/// The columns of `schema`, some of those that were written and the event time.
fn decode(options: &ValuesOptions, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let bytes = STANDARD.decode(&options.rows).map_err(|error| ArrowError::ParseError(error.to_string()))?;
    let reader = StreamReader::try_new(Cursor::new(bytes), None)?;
    let written = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let stored = arrow::compute::concat_batches(&written, &batches)?;
    let count = usize::try_from(options.count).map_err(|error| ArrowError::ParseError(error.to_string()))?;
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        TIMESTAMP_FIELD => Ok(Arc::new(TimestampNanosecondArray::from_value(EVENT_TIME_NANOS, count)) as ArrayRef),
        name => stored
            .column_by_name(name)
            .cloned()
            .ok_or_else(|| ArrowError::SchemaError(format!("there is no column `{name}`"))),
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect::<Result<_, _>>()?)
}

struct ValuesSource {
    rows: RecordBatch,
    next: usize,
    batch_size: usize,
}

#[async_trait]
impl Source for ValuesSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let stored = ctx.state.global(TABLE).find(|(key, _)| *key == KEY).map(|(_, value)| value);
        let next = stored.and_then(|value| Some(u64::from_be_bytes(value.try_into().ok()?))).unwrap_or_default();
        self.next = usize::try_from(next).unwrap_or(usize::MAX).min(self.rows.num_rows());
        Ok(())
    }

    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        if ctx.info.task.subtask > 0 || self.next >= self.rows.num_rows() {
            return Ok(SourceEvent::End);
        }
        let batch = self.rows.slice(self.next, self.batch_size.min(self.rows.num_rows() - self.next));
        self.next += batch.num_rows();
        Ok(SourceEvent::Batch(batch))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let position = (self.next as u64).to_be_bytes().to_vec();
        ctx.state.replace_global(TABLE, [(KEY.to_vec(), position)].into())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field, Schema};
    use arroyo_formats::{Format, FormatOptions, RawBytesFormat};

    use super::*;
    use crate::conformance::{read_to_end, source_config, stream_schema};
    use crate::test_context::Globals;

    fn rows() -> RecordBatch {
        let schema =
            Schema::new(vec![Field::new("id", DataType::Int64, true), Field::new("name", DataType::Utf8, true)]);
        let ids: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![1, 2, 3]));
        let names: ArrayRef = Arc::new(arrow::array::StringArray::from(vec![Some("a"), None, Some("c")]));
        RecordBatch::try_new(Arc::new(schema), vec![ids, names]).unwrap()
    }

    fn source(schema: SchemaRef) -> Box<dyn Source> {
        let options = values_table(&rows()).unwrap();
        Values
            .source(source_config(
                options.json,
                &FormatOptions::new(Format::RawBytes(RawBytesFormat::default())),
                schema,
            ))
            .unwrap()
    }

    #[tokio::test]
    async fn every_row_comes_once_from_wherever_it_is_resumed() {
        let schema = stream_schema(vec![Field::new("name", DataType::Utf8, true)]);
        let batches = read_to_end(source(Arc::clone(&schema)), &Globals::new(), 0, 1).await.unwrap();
        let whole = arrow::compute::concat_batches(&schema, batches.iter().map(|(batch, _)| batch)).unwrap();
        assert_eq!(whole.column(0), rows().column(1));
        for (read, (_, state)) in batches.iter().enumerate() {
            let rest = read_to_end(source(Arc::clone(&schema)), state, 0, 1).await.unwrap();
            assert_eq!(rest.iter().map(|(batch, _)| batch.num_rows()).sum::<usize>(), 2 - read);
        }
    }

    #[tokio::test]
    async fn one_subtask_gives_them_and_a_column_that_is_not_there_is_an_error() {
        let schema = stream_schema(vec![]);
        assert!(read_to_end(source(Arc::clone(&schema)), &Globals::new(), 1, 2).await.unwrap().is_empty());
        let options = values_table(&rows()).unwrap().json;
        let other = stream_schema(vec![Field::new("nope", DataType::Int64, true)]);
        let refused = Values
            .source(source_config(options, &FormatOptions::new(Format::RawBytes(RawBytesFormat::default())), other))
            .err()
            .unwrap();
        assert!(refused.to_string().contains("`nope`"), "{refused}");
    }
}

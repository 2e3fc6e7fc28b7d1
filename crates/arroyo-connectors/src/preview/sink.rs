//! Rows as JSON arrays, each row with its event time and its number. Changes of rows come in Debezium's envelope.

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::TimestampNanosecondType;
use arroyo_formats::{
    DebeziumJsonFormat, DecimalEncoding, Format, FormatError, FormatOptions, JsonFormat, Serializer, TimestampFormat,
};
use arroyo_operator::{OperatorContext, OperatorError, Output, Sink, SinkConfig};
use arroyo_state::TableSpec;
use arroyo_types::{CHANGE_FIELD, Epoch, EventTime, TIMESTAMP_FIELD};
use async_trait::async_trait;

const TABLE: &str = "rows";

/// An output is sent when it is longer than this, so that messages stay small.
const OUTPUT_BYTES: usize = 256 * 1024;

/// The sink `preview`.
#[derive(Debug)]
pub(super) struct PreviewSink {
    table: String,
    serializer: Serializer,
    /// Rows written since the job first started.
    rows: u64,
}

impl PreviewSink {
    pub(super) fn new(config: &SinkConfig) -> Result<Self, OperatorError> {
        let format = match config.schema.index_of(CHANGE_FIELD) {
            Ok(_) => Format::DebeziumJson(DebeziumJsonFormat {
                timestamp_format: TimestampFormat::Rfc3339,
                decimal_encoding: DecimalEncoding::Number,
                ..DebeziumJsonFormat::default()
            }),
            Err(_) => Format::Json(JsonFormat::default()),
        };
        let serializer = Serializer::new(&FormatOptions::new(format), &config.schema)
            .map_err(|error| format_failure(&config.table, &error))?;
        Ok(Self { table: config.table.clone(), serializer, rows: 0 })
    }
}

fn format_failure(table: &str, error: &FormatError) -> OperatorError {
    OperatorError::new(error.kind(), format!("table `{table}`: {error}"))
}

/// The event times of a batch in microseconds.
fn times_micros(batch: &RecordBatch) -> Vec<i64> {
    let times =
        batch.column_by_name(TIMESTAMP_FIELD).and_then(|column| column.as_primitive_opt::<TimestampNanosecondType>());
    let times = times.map(|times| times.values().iter().map(|nanos| EventTime::from_nanos(*nanos).micros()).collect());
    times.unwrap_or_else(|| vec![0; batch.num_rows()])
}

#[async_trait]
impl Sink for PreviewSink {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let own = ctx.info.task.subtask.to_be_bytes();
        let stored = ctx.state.global(TABLE).find(|(key, _)| *key == own).map(|(_, value)| value);
        self.rows = stored.and_then(|value| value.try_into().ok()).map_or(0, u64::from_be_bytes);
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (mut bytes, mut records) = (Vec::new(), Vec::with_capacity(batch.num_rows()));
        let serialized = self.serializer.serialize_records_of_rows(&batch, &mut bytes, &mut records);
        serialized.map_err(|error| format_failure(&self.table, &error))?;
        let times = times_micros(&batch);
        let mut outputs: Vec<Output> = Vec::new();
        let mut start = 0;
        for (end, row) in records {
            let record = bytes.get(start..end).unwrap_or_default();
            start = end;
            if outputs.last().is_none_or(|output| output.batch.len() >= OUTPUT_BYTES) {
                outputs.push(Output {
                    operator: ctx.info.operator.clone(),
                    subtask: ctx.info.task.subtask,
                    timestamps_micros: Vec::new(),
                    start_id: self.rows,
                    batch: String::new(),
                });
            }
            if let Some(output) = outputs.last_mut() {
                output.batch.push(if output.timestamps_micros.is_empty() { '[' } else { ',' });
                output.batch.push_str(&String::from_utf8_lossy(record));
                output.timestamps_micros.push(times.get(row).copied().unwrap_or_default());
                self.rows += 1;
            }
        }
        for mut output in outputs {
            output.batch.push(']');
            // Nobody listens any more when the job is being torn down.
            let _ = ctx.output.send(output).await;
        }
        Ok(())
    }

    async fn pre_commit(&mut self, _epoch: Epoch, ctx: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        let own = ctx.info.task.subtask.to_be_bytes().to_vec();
        ctx.state.replace_global(TABLE, [(own, self.rows.to_be_bytes().to_vec())].into())?;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, TimestampNanosecondArray};
    use serde_json::json;

    use super::*;
    use crate::test_context::{Globals, TestContext, context};

    fn batch(ids: std::ops::Range<i64>) -> RecordBatch {
        let times = TimestampNanosecondArray::from_iter_values(ids.clone().map(|id| id * 1_000 + 999));
        let columns: [(&str, ArrayRef); 2] =
            [("id", Arc::new(Int64Array::from_iter_values(ids))), (TIMESTAMP_FIELD, Arc::new(times))];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    #[tokio::test]
    async fn rows_are_numbered_on_across_batches() {
        let config = SinkConfig {
            table: "preview".into(),
            options: json!(null),
            format: json!(null),
            schema: batch(0..0).schema(),
        };
        let mut sink = PreviewSink::new(&config).unwrap();
        let TestContext { mut ctx, mut outputs, .. } = context(sink.tables(), &Globals::new(), 3, 4);
        sink.open(&mut ctx).await.unwrap();
        sink.write(batch(0..2), &mut ctx).await.unwrap();
        sink.write(batch(2..3), &mut ctx).await.unwrap();
        sink.pre_commit(Epoch(1), &mut ctx).await.unwrap();
        let (first, second) = (outputs.recv().await.unwrap(), outputs.recv().await.unwrap());
        assert_eq!((first.subtask, first.start_id, first.batch.as_str()), (3, 0, r#"[{"id":0},{"id":1}]"#));
        assert_eq!(first.timestamps_micros, [0, 1]);
        assert_eq!((second.start_id, second.batch.as_str()), (2, r#"[{"id":2}]"#));
        let stored: Vec<_> = ctx.state.global(TABLE).map(|(_, value)| value.to_vec()).collect();
        assert_eq!(stored, [3u64.to_be_bytes().to_vec()]);
    }

    #[tokio::test]
    async fn long_batches_are_cut() {
        let config = SinkConfig {
            table: "preview".into(),
            options: json!(null),
            format: json!(null),
            schema: batch(0..0).schema(),
        };
        let mut sink = PreviewSink::new(&config).unwrap();
        let TestContext { mut ctx, mut outputs, .. } = context(sink.tables(), &Globals::new(), 0, 1);
        sink.write(batch(0..50_000), &mut ctx).await.unwrap();
        let mut rows = 0;
        while let Ok(output) = outputs.try_recv() {
            assert_eq!(output.start_id, rows);
            assert!(output.batch.len() < OUTPUT_BYTES + 100);
            let parsed: Vec<serde_json::Value> = serde_json::from_str(&output.batch).unwrap();
            assert_eq!(parsed.len(), output.timestamps_micros.len());
            rows += parsed.len() as u64;
        }
        assert_eq!(rows, 50_000);
    }
}

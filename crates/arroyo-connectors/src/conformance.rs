//! What every connector's tests need: a context to run in, and checks that hold for every source and sink.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arroyo_formats::{Comparison, Condition, FormatOptions, Literal, SimpleFilter, Test};
use arroyo_operator::{
    Connector, ErrorReporter, OperatorContext, OperatorError, OptionValue, ReportedError, Role, SinkConfig, Source,
    SourceConfig, SourceEvent, TableRequest, TaskCounters, TaskInfo,
};
use arroyo_state::{OperatorState, StateTask, TableSpec};
use arroyo_types::{EventTime, Generation, JobId, ManualClock, NodeId, OperatorId, TIMESTAMP_FIELD, TaskId};
use tokio::sync::mpsc;

/// The content of global tables by name.
pub(crate) type Globals = BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>;

/// A context and what came out of it.
pub(crate) struct TestContext {
    pub(crate) ctx: OperatorContext,
    pub(crate) errors: mpsc::Receiver<ReportedError>,
}

/// A context of one of `parallelism` subtasks with restored global tables.
pub(crate) fn context(tables: Vec<TableSpec>, restored: &Globals, subtask: u32, parallelism: u32) -> TestContext {
    let operator = OperatorId::from("op");
    let info = Arc::new(TaskInfo {
        job: JobId::from("job"),
        generation: Generation(1),
        task: TaskId { node: NodeId(0), subtask },
        parallelism,
        operator: operator.clone(),
        description: "test".to_string(),
    });
    let mut state = OperatorState::empty(StateTask { operator, subtask, parallelism }, tables);
    for (table, rows) in restored {
        state.replace_global(table, rows.clone()).unwrap();
    }
    let (sender, errors) = mpsc::channel(16);
    let (output, _) = mpsc::channel(1);
    let ctx = OperatorContext {
        errors: ErrorReporter::new(info.clone(), sender),
        info,
        state,
        clock: Arc::new(ManualClock::new(EventTime::from_nanos(1_000))),
        counters: Arc::new(TaskCounters::default()),
        output,
        flush_interval: std::time::Duration::from_secs(1),
    };
    TestContext { ctx, errors }
}

/// The content of the global tables of a context.
pub(crate) fn globals(tables: &[TableSpec], ctx: &OperatorContext) -> Globals {
    let rows = |table: &str| ctx.state.global(table).map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
    tables.iter().map(|table| (table.name.clone(), rows(&table.name))).collect()
}

/// `columns` and the event time.
pub(crate) fn stream_schema(columns: Vec<Field>) -> SchemaRef {
    let mut fields = columns;
    fields.push(Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false));
    Arc::new(Schema::new(Fields::from(fields)))
}

/// Validated options of a table.
pub(crate) fn options(connector: &dyn Connector, role: Role, options: &[(&str, &str)]) -> serde_json::Value {
    let options = options.iter().map(|(key, value)| (key.to_string(), OptionValue::Text(value.to_string()))).collect();
    let request = TableRequest { name: "t".to_string(), options, role: Some(role), columns: None, format: None };
    connector.validate(&request).unwrap().json
}

/// A source's configuration with small batches.
pub(crate) fn source_config(options: serde_json::Value, format: &FormatOptions, schema: SchemaRef) -> SourceConfig {
    SourceConfig {
        table: "t".to_string(),
        options,
        format: format.to_json().unwrap(),
        schema,
        metadata: Vec::new(),
        filter: serde_json::Value::Null,
        batch_size: 1,
        batch_linger: Duration::from_millis(10),
    }
}

/// The filter `column > literal` as the program has it.
pub(crate) fn greater_than(column: &str, literal: i64) -> serde_json::Value {
    let test = Test::Compare { op: Comparison::Gt, literal: Literal::Int(literal) };
    SimpleFilter { all: vec![Condition { column: column.to_string(), test }] }.to_json().unwrap()
}

/// A sink's configuration.
pub(crate) fn sink_config(options: serde_json::Value, format: &FormatOptions, schema: SchemaRef) -> SinkConfig {
    SinkConfig { table: "t".to_string(), options, format: format.to_json().unwrap(), schema }
}

/// Opens a source and reads it to its end; returns every batch and the state after each.
pub(crate) async fn read_to_end(
    mut source: Box<dyn Source>,
    restored: &Globals,
    subtask: u32,
    parallelism: u32,
) -> Result<Vec<(RecordBatch, Globals)>, OperatorError> {
    let tables = source.tables();
    let TestContext { mut ctx, errors: _errors } = context(tables.clone(), restored, subtask, parallelism);
    source.open(&mut ctx).await?;
    let mut batches = Vec::new();
    loop {
        match source.next(&mut ctx).await? {
            SourceEvent::Batch(batch) => {
                source.checkpoint(&mut ctx)?;
                batches.push((batch, globals(&tables, &ctx)));
            }
            SourceEvent::Idle => {}
            SourceEvent::End => return Ok(batches),
        }
    }
}

/// All rows of batches in one.
pub(crate) fn all_rows(batches: &[(RecordBatch, Globals)]) -> Option<RecordBatch> {
    let (first, _) = batches.first()?;
    Some(concat_batches(&first.schema(), batches.iter().map(|(batch, _)| batch)).unwrap())
}

/// A bounded, replayable source returns the same rows when it is stopped after any batch and resumed from the checkpoint
/// taken there, and when the future of `next` is dropped before it is done.
pub(crate) async fn assert_resumes_everywhere(make: impl Fn() -> Box<dyn Source>) {
    let whole = read_to_end(make(), &Globals::new(), 0, 1).await.unwrap();
    let expected = all_rows(&whole).expect("the source has rows");
    for (index, (_, state)) in whole.iter().enumerate() {
        let rest = read_to_end(make(), state, 0, 1).await.unwrap();
        let mut batches = whole[..=index].to_vec();
        batches.extend(rest);
        assert_eq!(all_rows(&batches).as_ref(), Some(&expected), "resumed after batch {index}");
    }

    let mut source = make();
    let TestContext { mut ctx, errors: _errors } = context(source.tables(), &Globals::new(), 0, 1);
    source.open(&mut ctx).await.unwrap();
    let mut batches = Vec::new();
    loop {
        // Polled once and dropped, as the engine does when a barrier is due.
        let polled = futures::FutureExt::now_or_never(source.next(&mut ctx));
        let event = match polled {
            Some(event) => event.unwrap(),
            None => source.next(&mut ctx).await.unwrap(),
        };
        match event {
            SourceEvent::Batch(batch) => batches.push((batch, Globals::new())),
            SourceEvent::Idle => {}
            SourceEvent::End => break,
        }
    }
    assert_eq!(all_rows(&batches), Some(expected), "with dropped futures");
}

//! What every connector's tests need: configurations, and checks that hold for every source and sink.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arroyo_formats::{Comparison, Condition, FormatOptions, Literal, SimpleFilter, Test};
use arroyo_operator::{
    Connector, OperatorContext, OperatorError, OptionValue, Role, SinkConfig, Source, SourceConfig, SourceEvent,
    TableRequest,
};
use arroyo_state::{
    CheckpointWriter, FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, OperatorState, StateTask,
    next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, JobId, OperatorId, TIMESTAMP_FIELD};

pub(crate) use crate::test_context::{Globals, TestContext, context, globals};

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
    let TestContext { mut ctx, .. } = context(tables.clone(), restored, subtask, parallelism);
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
    let TestContext { mut ctx, .. } = context(source.tables(), &Globals::new(), 0, 1);
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

/// Reads up to `batches` batches; says whether the source has ended.
pub(crate) async fn read(
    source: &mut dyn Source,
    ctx: &mut OperatorContext,
    batches: usize,
) -> (Vec<RecordBatch>, bool) {
    let mut read = Vec::new();
    while read.len() < batches {
        match source.next(ctx).await.unwrap() {
            SourceEvent::Batch(batch) => read.push(batch),
            SourceEvent::Idle => break,
            SourceEvent::End => return (read, true),
        }
    }
    (read, false)
}

/// Runs a source through `(parallelism, batches)` with a checkpoint and a restore in between; the last runs to its end.
pub(crate) async fn run_rescaled(
    make: impl Fn() -> Box<dyn Source>,
    steps: &[(u32, usize)],
    last: u32,
) -> Vec<RecordBatch> {
    let job = Storage::open(&format!("memory://{}", JobId::random())).unwrap();
    let mut manifest: Option<Manifest> = None;
    let mut rows = Vec::new();
    let last = [(last, usize::MAX)];
    for (step, (parallelism, batches)) in steps.iter().chain(&last).enumerate() {
        let epoch = Epoch(step as u64 + 1);
        let writer = CheckpointWriter::new(job.clone(), epoch, Generation(1));
        let mut subtasks = BTreeMap::new();
        for subtask in 0..*parallelism {
            let mut source = make();
            let task = StateTask { operator: OperatorId::from("op"), subtask, parallelism: *parallelism };
            let state = match &manifest {
                Some(manifest) => OperatorState::restore(task, source.tables(), manifest, &job).await.unwrap(),
                None => OperatorState::empty(task, source.tables()),
            };
            let TestContext { mut ctx, .. } = TestContext::new(state);
            source.open(&mut ctx).await.unwrap();
            // Subtasks advance differently far.
            let (read, _) = read(source.as_mut(), &mut ctx, batches.saturating_add(subtask as usize)).await;
            rows.extend(read);
            source.checkpoint(&mut ctx).unwrap();
            let tables = ctx.state.take_changes().write(&writer).await.unwrap();
            subtasks.insert(subtask, FinishedSubtask { tables, commit_data: None });
        }
        let operator = FinishedOperator {
            id: OperatorId::from("op"),
            name: String::new(),
            description: String::new(),
            parallelism: *parallelism,
            subtasks,
        };
        let finished = FinishedCheckpoint {
            job: JobId::from("job_test"),
            epoch,
            generation: Generation(1),
            created_at_micros: 0,
            fingerprint: String::new(),
            stopping: false,
            operators: vec![operator],
        };
        manifest = Some(next_manifest(manifest.as_ref(), finished, &[]).unwrap());
    }
    rows
}

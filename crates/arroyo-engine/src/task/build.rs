//! Builds a task's operators and restores their state.

use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Operator as OperatorSpec, decode_schema, names, operators as configs};
use arroyo_operator::{
    ErrorReporter, Lookup, LookupContext, Operator, OperatorContext, OperatorError, OutputSender, ReportedError,
    SinkConfig, SourceConfig, TaskInfo,
};
use arroyo_runtime::{Failpoints, Guard};
use arroyo_state::{Manifest, OperatorState, StateTask, TableSpec};
use arroyo_storage::Storage;
use arroyo_types::{Clock, ErrorKind, Generation, JobId, TaskId};
use prost::Message;
use serde_json::Value;
use tokio::sync::mpsc;

use super::TaskParts;
use super::checkpoint_writer::CheckpointWriter;
use super::lookups::Lookups;
use super::runner::{Runner, SinkLink, SourceLink};
use crate::chain::{Chain, Link, Position};
use crate::event::{TaskEvent, TaskEventKind};
use crate::operators::{LookupJoin, lookup_config};
use crate::request::{Components, SourceBatching};
use crate::state_memory::StateMemory;

/// What all tasks of an engine share.
#[derive(Debug)]
pub(crate) struct TaskEnvironment {
    pub(crate) job: JobId,
    pub(crate) generation: Generation,
    pub(crate) components: Arc<dyn Components>,
    pub(crate) storage: Storage,
    pub(crate) restore: Option<Arc<Manifest>>,
    pub(crate) events: mpsc::Sender<TaskEvent>,
    pub(crate) reports: mpsc::Sender<ReportedError>,
    pub(crate) output: OutputSender,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) batching: SourceBatching,
    pub(crate) report_bad_records: bool,
    pub(crate) flush_interval: Duration,
    pub(crate) state_memory: StateMemory,
    pub(crate) lookups: Lookups,
    pub(crate) failpoints: Failpoints,
    /// Cancelled when a task fails or the engine is stopped at once.
    pub(crate) guard: Guard,
}

impl TaskEnvironment {
    /// Tells the controller.
    pub(crate) async fn report(&self, task: TaskId, kind: TaskEventKind) {
        let event = TaskEvent { time_micros: self.clock.now_micros(), task, kind };
        // The receiver is only gone when the worker is ending.
        let _ = self.events.send(event).await;
    }

    /// Stops all tasks and reports why. Of several failures only the first is reported: the others follow from it.
    pub(crate) async fn fail(&self, task: TaskId, kind: TaskEventKind) {
        let event = TaskEvent { time_micros: self.clock.now_micros(), task, kind };
        let room = self.events.reserve().await;
        if self.guard.is_cancelled() {
            return;
        }
        // There is no await behind the cancellation, at which the caller could be dropped.
        self.guard.cancel();
        if let Ok(room) = room {
            room.send(event);
        }
    }
}

pub(super) async fn build(
    parts: TaskParts,
    environment: Arc<TaskEnvironment>,
    position: Position,
) -> Result<Runner, OperatorError> {
    let mut schemas = parts.input_schemas;
    let mut source = None;
    let mut links = Vec::new();
    let mut sink = None;
    let restorer = Restorer {
        environment: &environment,
        task: parts.task,
        parallelism: parts.node.parallelism,
        meter: parts.meter.clone(),
    };
    for (place, spec) in parts.node.chain.iter().enumerate() {
        position.set(place);
        match spec.name.as_str() {
            names::SOURCE => {
                let (connector, config) = source_config(spec, environment.batching)?;
                schemas = vec![config.schema.clone()];
                let built = environment.components.source(&connector, config)?;
                let context = restorer.context(place, spec, built.tables()).await?;
                source = Some(SourceLink { place, source: built, context });
            }
            names::SINK => {
                let (connector, config) = sink_config(spec)?;
                let built = environment.components.sink(&connector, config)?;
                let context = restorer.context(place, spec, built.tables()).await?;
                sink = Some(SinkLink { place, sink: built, context, unflushed: false });
            }
            names::LOOKUP_JOIN => {
                let (operator, lookup) = lookup_join(&environment, spec, place, &schemas)?;
                let context = restorer.context(place, spec, operator.tables()).await?;
                lookup.open(&LookupContext::of(&context)).await?;
                schemas = output_schema(spec, &schemas)?.into_iter().collect();
                links.push(Link { place, operator: Box::new(operator), context, ended: false });
            }
            _ => {
                let operator = environment.components.operator(spec, &schemas)?;
                let context = restorer.context(place, spec, operator.tables()).await?;
                schemas = output_schema(spec, &schemas)?.into_iter().collect();
                links.push(Link { place, operator, context, ended: false });
            }
        }
    }
    let writer = CheckpointWriter::spawn(parts.task, environment.clone());
    Ok(Runner::new(
        parts.task,
        source,
        Chain::new(links, position.clone(), parts.meter.clone()),
        sink,
        parts.inbox,
        parts.outputs,
        parts.control,
        parts.meter,
        writer,
        environment,
        position,
    ))
}

/// A join with a lookup table, and the table.
fn lookup_join(
    environment: &TaskEnvironment,
    spec: &OperatorSpec,
    place: usize,
    inputs: &[SchemaRef],
) -> Result<(LookupJoin, Arc<dyn Lookup>), OperatorError> {
    let ([input], 0) = (inputs, place) else {
        return Err(invalid(spec, "a lookup join must be the first operator of its task and have one input"));
    };
    let config: configs::LookupJoin = decode(spec)?;
    let lookup = environment.lookups.of(&spec.id, || {
        let (connector, table) = lookup_config(&config)?;
        environment.components.lookup(&connector, table)
    })?;
    Ok((LookupJoin::new(&config, input, lookup.clone())?, lookup))
}

struct Restorer<'a> {
    environment: &'a TaskEnvironment,
    task: TaskId,
    parallelism: u32,
    meter: Arc<crate::metrics::TaskMeter>,
}

impl Restorer<'_> {
    async fn context(
        &self,
        place: usize,
        spec: &OperatorSpec,
        tables: Vec<TableSpec>,
    ) -> Result<OperatorContext, OperatorError> {
        let state_task =
            StateTask { operator: spec.id.clone(), subtask: self.task.subtask, parallelism: self.parallelism };
        let state = match &self.environment.restore {
            Some(manifest) if !tables.is_empty() => {
                let state = OperatorState::restore(state_task, tables, manifest, &self.environment.storage).await?;
                self.environment.failpoints.pass("in restore").await;
                state
            }
            _ => OperatorState::empty(state_task, tables),
        };
        let info = Arc::new(TaskInfo {
            job: self.environment.job.clone(),
            generation: self.environment.generation,
            task: self.task,
            parallelism: self.parallelism,
            operator: spec.id.clone(),
            description: spec.description.clone(),
        });
        Ok(OperatorContext {
            info: info.clone(),
            state,
            clock: self.environment.clock.clone(),
            errors: ErrorReporter::new(info, self.environment.reports.clone())
                .with_bad_records(self.environment.report_bad_records),
            counters: self.meter.counters(place),
            output: self.environment.output.clone(),
            flush_interval: self.environment.flush_interval,
            failpoints: self.environment.failpoints.clone(),
        })
    }
}

fn invalid(spec: &OperatorSpec, why: impl std::fmt::Display) -> OperatorError {
    OperatorError::new(
        ErrorKind::Corrupt,
        format!("the program's configuration of `{}` is invalid: {why}", spec.description),
    )
}

fn decode<M: Message + Default>(spec: &OperatorSpec) -> Result<M, OperatorError> {
    M::decode(spec.config.as_slice()).map_err(|error| invalid(spec, error))
}

fn schema(spec: &OperatorSpec, bytes: &[u8]) -> Result<SchemaRef, OperatorError> {
    decode_schema(bytes).map_err(|error| invalid(spec, error))
}

fn json(spec: &OperatorSpec, text: &str) -> Result<Value, OperatorError> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| invalid(spec, error))
}

fn source_config(spec: &OperatorSpec, batching: SourceBatching) -> Result<(String, SourceConfig), OperatorError> {
    let config: configs::Connector = decode(spec)?;
    let source = SourceConfig {
        options: json(spec, &config.options_json)?,
        format: json(spec, &config.format_json)?,
        schema: schema(spec, &config.schema)?,
        metadata: config.metadata.into_iter().map(|column| (column.column, column.key)).collect(),
        filter: json(spec, &config.filter_json)?,
        table: config.table,
        batch_size: batching.size,
        batch_linger: batching.linger,
    };
    Ok((config.connector, source))
}

fn sink_config(spec: &OperatorSpec) -> Result<(String, SinkConfig), OperatorError> {
    let config: configs::Connector = decode(spec)?;
    let sink = SinkConfig {
        options: json(spec, &config.options_json)?,
        format: json(spec, &config.format_json)?,
        schema: schema(spec, &config.schema)?,
        table: config.table,
    };
    Ok((config.connector, sink))
}

/// What an operator makes of its inputs' schemas; nothing if its configuration does not say so: such an operator stands last.
fn output_schema(spec: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Option<SchemaRef>, OperatorError> {
    let bytes = match spec.name.as_str() {
        names::UPSERT | names::FILTER | names::WATERMARK | names::LIMIT | names::SORT => {
            return Ok(inputs.first().cloned());
        }
        names::PROJECTION => decode::<configs::Projection>(spec)?.schema,
        names::WINDOW_AGGREGATE => decode::<configs::WindowAggregate>(spec)?.schema,
        names::SESSION_AGGREGATE => decode::<configs::SessionAggregate>(spec)?.schema,
        names::INSTANT_AGGREGATE => decode::<configs::InstantAggregate>(spec)?.schema,
        names::OVER_WINDOW | names::OVER_TIME | names::OVER_UPDATING => decode::<configs::Over>(spec)?.schema,
        names::MATCH_RECOGNIZE => decode::<configs::MatchRecognize>(spec)?.schema,
        names::UPDATING_AGGREGATE => decode::<configs::UpdatingAggregate>(spec)?.schema,
        names::UPDATING_WINDOWS => {
            decode::<configs::UpdatingWindows>(spec)?.aggregate.map(|aggregate| aggregate.schema).unwrap_or_default()
        }
        names::UPDATING_SESSIONS => {
            decode::<configs::UpdatingSessions>(spec)?.aggregate.map(|aggregate| aggregate.schema).unwrap_or_default()
        }
        names::LATE_ROWS => decode::<configs::LateRows>(spec)?.schema,
        names::UNNEST => decode::<configs::Unnest>(spec)?.schema,
        names::JOIN => decode::<configs::Join>(spec)?.schema,
        names::LOOKUP_JOIN => decode::<configs::LookupJoin>(spec)?.schema,
        _ => return Ok(None),
    };
    schema(spec, &bytes).map(Some)
}

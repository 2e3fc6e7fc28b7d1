//! A query's operators in one place, one subtask each, driven by hand: rows in, time forward, changes out.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int8Type, SchemaRef};
use arrow::util::display::array_value_to_string;
use arroyo_dataflow::{Node, Program, decode_schema, names, operators as config};
use arroyo_engine::operators::build;
use arroyo_operator::{
    Collector, ErrorReporter, Operator, OperatorContext, OperatorError, TaskCounters, TaskInfo, Watermark,
};
use arroyo_runtime::Failpoints;
use arroyo_state::{OperatorState, StateTask};
use arroyo_types::{CHANGE_FIELD, EventTime, Generation, JobId, ManualClock, NodeId, TIMESTAMP_FIELD, TaskId};
use prost::Message;
use tokio::sync::mpsc;

use crate::plan;

/// The rows of a result and how often each is there.
pub type Rows = BTreeMap<String, i64>;

/// The operators of a query between its sources and its sink.
pub struct HandDriven {
    program: Program,
    operators: BTreeMap<(NodeId, usize), Running>,
    watermarks: BTreeMap<(NodeId, NodeId, u32), Watermark>,
    clock: ManualClock,
    result: Rows,
}

struct Running {
    operator: Box<dyn Operator>,
    context: OperatorContext,
}

/// Something on its way to the operator at a place of a node's chain.
type Underway = (NodeId, usize, u32, Emitted);

enum Emitted {
    Batch(RecordBatch),
    Watermark(Watermark),
}

#[derive(Default)]
struct Gathered(Vec<Emitted>);

impl Collector for Gathered {
    fn collect(&mut self, batch: RecordBatch) -> Result<(), OperatorError> {
        if batch.num_rows() > 0 {
            self.0.push(Emitted::Batch(batch));
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError> {
        self.0.push(Emitted::Watermark(watermark));
        Ok(())
    }
}

impl HandDriven {
    /// The operators of a script with one query.
    ///
    /// # Errors
    ///
    /// Diagnostics, if it has no plan.
    pub fn new(sql: &str, clock: ManualClock) -> Result<Self> {
        let program = plan(sql, 1)?;
        Ok(Self { program, operators: BTreeMap::new(), watermarks: BTreeMap::new(), clock, result: Rows::new() })
    }

    /// Gives rows to every source that reads `table`.
    ///
    /// # Errors
    ///
    /// Whatever an operator says.
    pub fn rows(&mut self, table: &str, batch: &RecordBatch) -> Result<()> {
        let mut sources = Vec::new();
        for node in &self.program.nodes {
            let Some(source) = node.chain.first().filter(|operator| operator.name == names::SOURCE) else { continue };
            let config = config::Connector::decode(source.config.as_slice())?;
            if config.table == table {
                // Only the columns that the query reads.
                let schema = decode_schema(&config.schema)?;
                let columns = schema.fields().iter().map(|field| batch.column_by_name(field.name()).cloned());
                let columns = columns.collect::<Option<Vec<_>>>().context("a column is missing")?;
                sources.push((node.id, 1, 0, Emitted::Batch(RecordBatch::try_new(schema, columns)?)));
            }
        }
        self.deliver(sources.into())
    }

    /// Moves the clock on, and lets every operator do what is due.
    ///
    /// # Errors
    ///
    /// Whatever an operator says.
    pub fn advance(&mut self, time: Duration) -> Result<()> {
        self.clock.advance_nanos(i64::try_from(time.as_nanos())?);
        let places: Vec<(NodeId, usize)> = self.operators.keys().copied().collect();
        for (node, place) in places {
            let Some(running) = self.operators.get_mut(&(node, place)) else { continue };
            let mut out = Gathered::default();
            running.operator.tick(&mut running.context, &mut out)?;
            self.deliver(out.0.into_iter().map(|emitted| (node, place + 1, 0, emitted)).collect())?;
        }
        Ok(())
    }

    /// What is left when all changes so far are applied. A row that was taken back more often than it came has a negative number.
    pub fn result(&self) -> &Rows {
        &self.result
    }

    fn deliver(&mut self, mut underway: VecDeque<Underway>) -> Result<()> {
        while let Some((node, place, input, emitted)) = underway.pop_front() {
            let found = self.program.node(node).context("an edge leads nowhere")?.clone();
            match found.chain.get(place) {
                None => underway.extend(self.along_edges(node, emitted)),
                Some(operator) if operator.name == names::SINK => {
                    if let Emitted::Batch(batch) = emitted {
                        self.write(&batch)?;
                    }
                }
                Some(_) => {
                    let out = self.process(&found, place, input, emitted)?;
                    underway.extend(out.0.into_iter().map(|emitted| (node, place + 1, 0, emitted)));
                }
            }
        }
        Ok(())
    }

    fn process(&mut self, node: &Node, place: usize, input: u32, emitted: Emitted) -> Result<Gathered> {
        let mut out = Gathered::default();
        if !self.operators.contains_key(&(node.id, place)) {
            let schemas = match &emitted {
                _ if place == 0 => self.input_schemas(node.id),
                Emitted::Batch(batch) => vec![batch.schema()],
                // An operator that has seen no rows has nothing to do at a watermark.
                Emitted::Watermark(watermark) => {
                    out.watermark(*watermark)?;
                    return Ok(out);
                }
            };
            self.operators.insert((node.id, place), self.start(node, place, &schemas)?);
        }
        let running = self.operators.get_mut(&(node.id, place)).context("it has just started")?;
        match emitted {
            Emitted::Batch(batch) => running.operator.process_batch(input, batch, &mut running.context, &mut out)?,
            Emitted::Watermark(watermark) => {
                running.operator.process_watermark(watermark, &mut running.context, &mut out)?;
            }
        }
        Ok(out)
    }

    fn along_edges(&mut self, node: NodeId, emitted: Emitted) -> Vec<Underway> {
        let edges: Vec<(NodeId, u32)> = self.program.outputs(node).map(|edge| (edge.dst, edge.dst_input)).collect();
        let mut underway = Vec::new();
        for (to, input) in edges {
            match &emitted {
                Emitted::Batch(batch) => underway.push((to, 0, input, Emitted::Batch(batch.clone()))),
                Emitted::Watermark(watermark) => {
                    self.watermarks.insert((to, node, input), *watermark);
                    underway.extend(self.lowest(to).map(|lowest| (to, 0, 0, Emitted::Watermark(lowest))));
                }
            }
        }
        underway
    }

    /// The watermark of a node, once all of its inputs have one.
    fn lowest(&self, node: NodeId) -> Option<Watermark> {
        let mut lowest = EventTime::MAX;
        for edge in self.program.inputs(node) {
            match self.watermarks.get(&(node, edge.src, edge.dst_input))? {
                Watermark::At(time) => lowest = lowest.min(*time),
                Watermark::Idle => {}
            }
        }
        Some(Watermark::At(lowest))
    }

    fn input_schemas(&self, node: NodeId) -> Vec<SchemaRef> {
        let edges = self.program.inputs(node).map(|edge| (edge.dst_input, Arc::clone(&edge.schema)));
        edges.collect::<BTreeMap<u32, SchemaRef>>().into_values().collect()
    }

    fn start(&self, node: &Node, place: usize, schemas: &[SchemaRef]) -> Result<Running> {
        let spec = node.chain.get(place).context("there is no such operator")?;
        let mut operator = build(spec, schemas)?;
        let info = Arc::new(TaskInfo {
            job: JobId::from("job_test"),
            generation: Generation(1),
            task: TaskId { node: node.id, subtask: 0 },
            parallelism: 1,
            operator: spec.id.clone(),
            description: spec.description.clone(),
        });
        let task = StateTask { operator: spec.id.clone(), subtask: 0, parallelism: 1 };
        let mut context = OperatorContext {
            state: OperatorState::empty(task, operator.tables()),
            clock: Arc::new(self.clock.clone()),
            errors: ErrorReporter::new(Arc::clone(&info), mpsc::channel(1).0),
            info,
            counters: Arc::new(TaskCounters::default()),
            output: mpsc::channel(1).0,
            flush_interval: Duration::from_secs(1),
            failpoints: Failpoints::default(),
        };
        operator.open(&mut context)?;
        Ok(Running { operator, context })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let changes = batch.column_by_name(CHANGE_FIELD).map(|column| column.as_primitive::<Int8Type>());
        for row in 0..batch.num_rows() {
            let mut text = String::new();
            for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                if field.name() != CHANGE_FIELD && field.name() != TIMESTAMP_FIELD {
                    let value =
                        if column.is_null(row) { "NULL".to_string() } else { array_value_to_string(column, row)? };
                    text.push_str(&format!("{value}|"));
                }
            }
            let count = self.result.entry(text).or_default();
            *count += changes.map_or(1, |changes| i64::from(changes.value(row)));
        }
        self.result.retain(|_, count| *count != 0);
        Ok(())
    }
}

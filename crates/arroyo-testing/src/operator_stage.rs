//! An operator at some parallelism, driven by hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::SchemaRef;
use arroyo_engine::operators::build;
use arroyo_expr::hash_columns;
use arroyo_operator::{
    Collector, ErrorReporter, Operator, OperatorContext, OperatorError, TaskCounters, TaskInfo, VecCollector, Watermark,
};
use arroyo_runtime::Failpoints;
use arroyo_state::{
    CheckpointWriter, FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, OperatorState, StateTask,
    next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, EventTime, Generation, JobId, KeyRange, ManualClock, NodeId, TaskId};
use tokio::sync::mpsc;

use crate::oracle::block_on;

/// All subtasks of one operator. Their outputs go into one collector.
pub struct OperatorStage {
    operator: arroyo_dataflow::Operator,
    inputs: Vec<SchemaRef>,
    storage: Storage,
    manifest: Option<Manifest>,
    subtasks: Vec<Subtask>,
    late_rows: u64,
    /// Everything emitted so far. Watermarks are kept once per subtask.
    pub output: VecCollector,
}

/// Takes what comes at the end of a subtask's input.
struct LastOutput<'a> {
    output: &'a mut VecCollector,
    ended: bool,
}

impl Collector for LastOutput<'_> {
    fn collect(&mut self, batch: RecordBatch) -> Result<(), OperatorError> {
        if self.ended && batch.num_rows() > 0 {
            return Err(OperatorError::bug("rows come after the last watermark"));
        }
        self.output.collect(batch)
    }

    fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError> {
        self.ended |= watermark == Watermark::At(EventTime::MAX);
        self.output.watermark(watermark)
    }
}

struct Subtask {
    operator: Box<dyn Operator>,
    context: OperatorContext,
}

impl OperatorStage {
    /// Starts `operator` from nothing. `storage` must not be shared with another stage.
    pub fn new(
        operator: arroyo_dataflow::Operator,
        inputs: Vec<SchemaRef>,
        parallelism: u32,
        storage: Storage,
    ) -> Result<Self> {
        let output = VecCollector::default();
        let mut stage = Self { operator, inputs, storage, manifest: None, subtasks: Vec::new(), late_rows: 0, output };
        stage.start(parallelism)?;
        Ok(stage)
    }

    /// The number of subtasks.
    pub fn parallelism(&self) -> u32 {
        self.subtasks.len() as u32
    }

    /// How many rows were dropped for being late.
    pub fn late_rows(&self) -> u64 {
        let running = self.subtasks.iter().map(|s| s.context.counters.late_rows.load(Ordering::Relaxed));
        self.late_rows + running.sum::<u64>()
    }

    /// Bytes of memory held in state, roughly.
    pub fn state_bytes(&self) -> usize {
        self.subtasks.iter().map(|task| task.operator.state_bytes()).sum()
    }

    /// Gives rows to one subtask.
    pub fn process(&mut self, subtask: u32, batch: RecordBatch) -> Result<()> {
        let Some(task) = self.subtasks.get_mut(subtask as usize) else { bail!("there is no subtask {subtask}") };
        Ok(task.operator.process_batch(0, batch, &mut task.context, &mut self.output)?)
    }

    /// Gives each row to the subtask that owns its key: the columns with these names.
    pub fn process_shuffled(&mut self, batch: &RecordBatch, keys: &[&str]) -> Result<()> {
        let keys: Option<Vec<ArrayRef>> = keys.iter().map(|key| batch.column_by_name(key).cloned()).collect();
        let keys = keys.context("a key column is missing")?;
        let parallelism = self.parallelism();
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.subtasks.len()];
        let hashes = hash_columns(&keys)?;
        for row in 0..batch.num_rows() {
            let hash = if keys.is_empty() { 0 } else { hashes.value(row) };
            if let Some(rows) = rows.get_mut(KeyRange::owner(hash, parallelism) as usize) {
                rows.push(row as u32);
            }
        }
        for (subtask, rows) in rows.into_iter().enumerate() {
            self.process(subtask as u32, take_record_batch(batch, &UInt32Array::from(rows))?)?;
        }
        Ok(())
    }

    /// Gives a watermark to every subtask.
    pub fn watermark(&mut self, watermark: Watermark) -> Result<()> {
        for task in &mut self.subtasks {
            task.operator.process_watermark(watermark, &mut task.context, &mut self.output)?;
        }
        Ok(())
    }

    /// A tick for every subtask.
    pub fn tick(&mut self) -> Result<()> {
        for task in &mut self.subtasks {
            task.operator.tick(&mut task.context, &mut self.output)?;
        }
        Ok(())
    }

    /// Ends the input of every subtask, with a last watermark.
    ///
    /// # Errors
    ///
    /// Rows that come after the last watermark are a fault of the operator.
    pub fn end(&mut self) -> Result<()> {
        for task in &mut self.subtasks {
            let mut last = LastOutput { output: &mut self.output, ended: false };
            task.operator.process_watermark(Watermark::At(EventTime::MAX), &mut task.context, &mut last)?;
            task.operator.end(&mut task.context, &mut last)?;
        }
        Ok(())
    }

    /// Takes the batches emitted so far.
    pub fn take_batches(&mut self) -> Vec<RecordBatch> {
        std::mem::take(&mut self.output.batches)
    }

    /// A barrier for every subtask: writes a checkpoint.
    pub fn checkpoint(&mut self) -> Result<()> {
        let epoch = self.manifest.as_ref().map_or(Epoch(1), |manifest| manifest.epoch.next());
        let writer = CheckpointWriter::new(self.storage.clone(), epoch, Generation(1));
        let mut subtasks = BTreeMap::new();
        for (index, task) in self.subtasks.iter_mut().enumerate() {
            task.operator.checkpoint(&mut task.context, &mut self.output)?;
            let tables = block_on(task.context.state.take_changes().write(&writer))??;
            subtasks.insert(index as u32, FinishedSubtask { tables, commit_data: None });
        }
        let operator = FinishedOperator {
            id: self.operator.id.clone(),
            name: self.operator.name.clone(),
            description: self.operator.description.clone(),
            parallelism: self.parallelism(),
            subtasks,
        };
        let finished = FinishedCheckpoint {
            job: job(),
            epoch,
            generation: Generation(1),
            created_at_micros: 0,
            fingerprint: String::new(),
            stopping: false,
            operators: vec![operator],
        };
        self.manifest = Some(next_manifest(self.manifest.as_ref(), finished, &[])?);
        Ok(())
    }

    /// Throws the subtasks away and starts others from the last checkpoint, or from nothing.
    pub fn restart(&mut self, parallelism: u32) -> Result<()> {
        self.late_rows = self.late_rows();
        self.subtasks.clear();
        self.start(parallelism)
    }

    fn start(&mut self, parallelism: u32) -> Result<()> {
        for subtask in 0..parallelism {
            let mut operator = build(&self.operator, &self.inputs)?;
            let task = StateTask { operator: self.operator.id.clone(), subtask, parallelism };
            let state = match &self.manifest {
                Some(manifest) => block_on(OperatorState::restore(task, operator.tables(), manifest, &self.storage))??,
                None => OperatorState::empty(task, operator.tables()),
            };
            let info = Arc::new(TaskInfo {
                job: job(),
                generation: Generation(1),
                task: TaskId { node: NodeId(0), subtask },
                parallelism,
                operator: self.operator.id.clone(),
                description: self.operator.description.clone(),
            });
            let mut context = OperatorContext {
                state,
                clock: Arc::new(ManualClock::default()),
                errors: ErrorReporter::new(Arc::clone(&info), mpsc::channel(1).0),
                info,
                counters: Arc::new(TaskCounters::default()),
                output: mpsc::channel(1).0,
                flush_interval: std::time::Duration::from_secs(1),
                failpoints: Failpoints::default(),
            };
            operator.open(&mut context)?;
            self.subtasks.push(Subtask { operator, context });
        }
        Ok(())
    }
}

fn job() -> JobId {
    JobId::from("job_test")
}

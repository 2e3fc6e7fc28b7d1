//! A context for tests of sources and sinks.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arroyo_operator::{ErrorReporter, OperatorContext, Output, Source, SourceEvent, TaskCounters, TaskInfo};
use arroyo_state::{
    CheckpointWriter, FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, OperatorState, StateTask,
    TableSpec, next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, EventTime, Generation, JobId, ManualClock, NodeId, OperatorId, TaskId};
use tokio::sync::mpsc;

/// The time of the clock of every test context.
pub(crate) const NOW: EventTime = EventTime::from_nanos(1_700_000_000_000_000_000);

/// A context of one subtask, and where its output goes.
pub(crate) fn context(state: OperatorState) -> (OperatorContext, mpsc::Receiver<Output>) {
    let task = state.task().clone();
    let info = Arc::new(TaskInfo {
        job: JobId::from("job_test"),
        generation: Generation(1),
        task: TaskId { node: NodeId(0), subtask: task.subtask },
        parallelism: task.parallelism,
        operator: task.operator,
        description: "test".to_string(),
    });
    let (output, outputs) = mpsc::channel(16);
    let (errors, _) = mpsc::channel(16);
    let context = OperatorContext {
        errors: ErrorReporter::new(info.clone(), errors),
        info,
        state,
        clock: Arc::new(ManualClock::new(NOW)),
        counters: Arc::new(TaskCounters::default()),
        output,
        flush_interval: std::time::Duration::from_secs(1),
    };
    (context, outputs)
}

/// An empty state of one subtask.
pub(crate) fn empty_state(subtask: u32, parallelism: u32, tables: Vec<TableSpec>) -> OperatorState {
    OperatorState::empty(StateTask { operator: OperatorId::from("op"), subtask, parallelism }, tables)
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
            let (mut ctx, _outputs) = context(state);
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

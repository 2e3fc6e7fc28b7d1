//! What a source or sink runs in during tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_operator::{ErrorReporter, OperatorContext, Output, ReportedError, TaskCounters, TaskInfo};
use arroyo_runtime::Failpoints;
use arroyo_state::{OperatorState, StateTask, TableSpec};
use arroyo_types::{EventTime, Generation, JobId, ManualClock, NodeId, OperatorId, TaskId};
use tokio::sync::mpsc;

/// The time of a test's clock at the start.
pub(crate) const NOW: EventTime = EventTime::from_nanos(1_700_000_000_000_000_000);

/// The content of global tables by name.
pub(crate) type Globals = BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>;

/// A context and what comes out of it.
pub(crate) struct TestContext {
    pub(crate) ctx: OperatorContext,
    pub(crate) errors: mpsc::Receiver<ReportedError>,
    pub(crate) outputs: mpsc::Receiver<Output>,
    pub(crate) clock: Arc<ManualClock>,
}

impl TestContext {
    /// The context of the subtask whose state it is.
    pub(crate) fn new(state: OperatorState) -> Self {
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
        let (sender, errors) = mpsc::channel(16);
        let clock = Arc::new(ManualClock::new(NOW));
        let ctx = OperatorContext {
            errors: ErrorReporter::new(info.clone(), sender),
            info,
            state,
            clock: clock.clone(),
            flush_interval: std::time::Duration::from_secs(1),
            failpoints: Failpoints::default(),
            counters: Arc::new(TaskCounters::default()),
            output,
        };
        Self { ctx, errors, outputs, clock }
    }
}

/// A context of one of `parallelism` subtasks with restored global tables.
pub(crate) fn context(tables: Vec<TableSpec>, restored: &Globals, subtask: u32, parallelism: u32) -> TestContext {
    let task = StateTask { operator: OperatorId::from("op"), subtask, parallelism };
    let mut state = OperatorState::empty(task, tables);
    for (table, rows) in restored {
        state.replace_global(table, rows.clone()).unwrap();
    }
    TestContext::new(state)
}

/// The content of the global tables of a context.
pub(crate) fn globals(tables: &[TableSpec], ctx: &OperatorContext) -> Globals {
    let rows = |table: &str| ctx.state.global(table).map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
    tables.iter().map(|table| (table.name.clone(), rows(&table.name))).collect()
}

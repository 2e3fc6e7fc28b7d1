//! What an engine is started with.

use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::{Operator as OperatorSpec, Program};
use arroyo_operator::{
    Lookup, LookupConfig, Operator, OperatorError, OutputSender, Sink, SinkConfig, Source, SourceConfig,
};
use arroyo_runtime::Failpoints;
use arroyo_state::Manifest;
use arroyo_storage::Storage;
use arroyo_types::{Clock, Generation, JobId, OperatorId, TaskId, WorkerId};
use tokio::sync::mpsc;

use crate::network::DataListener;
use crate::{MetricsHub, TaskEvent};

/// Which worker runs a task, and where that worker takes rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskAssignment {
    /// The task.
    pub task: TaskId,
    /// Its worker.
    pub worker: WorkerId,
    /// The worker's data address, `host:port`.
    pub data_address: String,
}

/// Everything an engine needs.
#[derive(Debug)]
pub struct EngineRequest {
    /// The job.
    pub job: JobId,
    /// The job's generation; other workers' connections of another one are refused.
    pub generation: Generation,
    /// What to run.
    pub program: Arc<Program>,
    /// The worker this engine is in.
    pub worker: WorkerId,
    /// Where every task of the job runs.
    pub assignments: Vec<TaskAssignment>,
    /// Makes operators, sources and sinks.
    pub components: Arc<dyn Components>,
    /// The job's directory, `<checkpoint-url>/<job id>`: state is restored from and written to it.
    pub storage: Storage,
    /// The checkpoint to start from; `None`: from nothing.
    pub restore: Option<Arc<Manifest>>,
    /// Where rows of other workers arrive; needed if there are other workers.
    pub network: Option<DataListener>,
    /// Takes what happens in the tasks.
    pub events: mpsc::Sender<TaskEvent>,
    /// Takes rows of preview sinks.
    pub output: OutputSender,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How much may wait in a queue.
    pub limits: QueueLimits,
    /// The most bytes of memory that the state of all operators may take together (`worker.state-memory-limit`); `None`: any.
    /// The job fails with an error that names the largest operator when it is exceeded.
    pub state_bytes_max: Option<u64>,
    /// How sources gather rows.
    pub batching: SourceBatching,
    /// Whether dropped records are reported to the job's log (`pipeline.store-deserialization-errors`).
    pub report_bad_records: bool,
    /// How often operators emit changes of their results (`pipeline.update-aggregate-flush-interval`).
    pub flush_interval: Duration,
    /// Where the tasks' metrics are shown.
    pub metrics: MetricsHub,
    /// The named steps of the tasks.
    pub failpoints: Failpoints,
}

/// How much may wait in the queue between two subtasks. A batch larger than a limit passes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Rows (`worker.queue-size`).
    pub rows: u32,
    /// Bytes of memory.
    pub bytes: u32,
    /// Messages: batches, watermarks, barriers.
    pub messages: u32,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self { rows: 8192, bytes: 16 << 20, messages: 1024 }
    }
}

/// How sources gather rows into batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceBatching {
    /// Rows (`pipeline.source-batch-size`).
    pub size: usize,
    /// How long to wait for more (`pipeline.source-batch-linger`).
    pub linger: Duration,
}

impl Default for SourceBatching {
    fn default() -> Self {
        Self { size: 512, linger: Duration::from_millis(100) }
    }
}

/// Makes the parts of chains.
pub trait Components: Send + Sync + std::fmt::Debug {
    /// A source of the connector with this id.
    fn source(&self, connector: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError>;

    /// A sink of the connector with this id.
    fn sink(&self, connector: &str, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError>;

    /// A lookup table of the connector with this id, for all subtasks of one operator in this process.
    fn lookup(&self, connector: &str, config: LookupConfig) -> Result<Arc<dyn Lookup>, OperatorError> {
        let table = config.table;
        Err(OperatorError::bug(format!("nothing here makes the lookup table `{table}` of connector `{connector}`")))
    }

    /// An operator between source and sink; `inputs` are the schemas of its inputs in order.
    fn operator(&self, operator: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError>;
}

/// What a sink's subtask needs to make an epoch visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorCommit {
    /// The sink.
    pub operator: OperatorId,
    /// The subtask that gets the data.
    pub subtask: u32,
    /// What subtasks returned from `pre_commit`.
    pub data: Vec<Vec<u8>>,
}

/// How tasks end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Sources end, what is under way is processed to its end.
    Graceful,
    /// Tasks are dropped.
    Immediate,
}

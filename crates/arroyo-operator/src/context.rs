//! What operators, sources and sinks are given to work with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arroyo_runtime::Failpoints;
use arroyo_state::OperatorState;
use arroyo_types::{Clock, ErrorDomain, Generation, JobId, KeyRange, OperatorId, TaskId};
use tokio::sync::mpsc;

/// Which task an operator runs in.
#[derive(Debug, Clone)]
pub struct TaskInfo {
    /// The job.
    pub job: JobId,
    /// The job's generation.
    pub generation: Generation,
    /// Node and subtask.
    pub task: TaskId,
    /// The node's number of subtasks.
    pub parallelism: u32,
    /// The operator.
    pub operator: OperatorId,
    /// The operator's description, for messages.
    pub description: String,
}

impl TaskInfo {
    /// The keys that this subtask owns.
    pub fn key_range(&self) -> KeyRange {
        KeyRange::of_subtask(self.task.subtask, self.parallelism)
    }
}

/// What an operator is given with every call.
#[derive(Debug)]
pub struct OperatorContext {
    /// Which task it runs in.
    pub info: Arc<TaskInfo>,
    /// Its tables.
    pub state: OperatorState,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Reports errors that do not end the task.
    pub errors: ErrorReporter,
    /// Counts what passes.
    pub counters: Arc<TaskCounters>,
    /// Takes rows for people who watch the job (the `preview` sink).
    pub output: OutputSender,
    /// How often operators emit changes of their results (`pipeline.update-aggregate-flush-interval`).
    pub flush_interval: Duration,
    /// For sinks that make several things visible in one commit: passed between them.
    pub failpoints: Failpoints,
}

/// Counters of one task that operators add to themselves. The engine counts rows, batches and bytes.
#[derive(Debug, Default)]
pub struct TaskCounters {
    /// Records that could not be decoded and were dropped.
    pub bad_records: AtomicU64,
    /// Rows that came too late, because the watermark had passed them: dropped, or sent another way.
    pub late_rows: AtomicU64,
    /// Keys of lookup joins whose rows were remembered.
    pub lookup_hits: AtomicU64,
    /// Keys of lookup joins that were asked for.
    pub lookup_misses: AtomicU64,
}

impl TaskCounters {
    /// Adds to the records that could not be decoded.
    pub fn add_bad_records(&self, count: u64) {
        self.bad_records.fetch_add(count, Ordering::Relaxed);
    }

    /// Adds to the keys of lookup joins: those that were remembered, and those that had to be asked for.
    pub fn add_lookups(&self, hits: u64, misses: u64) {
        self.lookup_hits.fetch_add(hits, Ordering::Relaxed);
        self.lookup_misses.fetch_add(misses, Ordering::Relaxed);
    }

    /// Adds to the late rows.
    pub fn add_late_rows(&self, count: u64) {
        self.late_rows.fetch_add(count, Ordering::Relaxed);
    }
}

/// An error that does not end its task, for the job's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedError {
    /// The operator.
    pub operator: OperatorId,
    /// The task.
    pub task: TaskId,
    /// Whose fault it is.
    pub domain: ErrorDomain,
    /// One line.
    pub message: String,
    /// More, such as the record.
    pub details: String,
}

/// Sends errors that do not end the task to the job's log. When the log cannot keep up, reports are dropped.
#[derive(Debug, Clone)]
pub struct ErrorReporter {
    info: Arc<TaskInfo>,
    sender: mpsc::Sender<ReportedError>,
    bad_records: bool,
}

impl ErrorReporter {
    /// Reports of `info`'s task go to `sender`.
    pub fn new(info: Arc<TaskInfo>, sender: mpsc::Sender<ReportedError>) -> Self {
        Self { info, sender, bad_records: true }
    }

    /// Whether dropped records are reported, too (`pipeline.store-deserialization-errors`); they are counted either way.
    pub fn with_bad_records(self, bad_records: bool) -> Self {
        Self { bad_records, ..self }
    }

    /// Reports that records could not be decoded and were dropped: how many, what was wrong with the first, and its text.
    pub fn report_bad_records(&self, count: u64, first: Option<(&str, &str)>) {
        if !self.bad_records {
            return;
        }
        let (reason, text) = match first {
            Some((reason, text)) => (format!(": {reason}"), text),
            None => (String::new(), ""),
        };
        self.report(ErrorDomain::User, format!("Dropping invalid data ({count}){reason}"), text);
    }

    /// Reports an error.
    pub fn report(&self, domain: ErrorDomain, message: impl Into<String>, details: impl Into<String>) {
        let report = ReportedError {
            operator: self.info.operator.clone(),
            task: self.info.task,
            domain,
            message: message.into(),
            details: details.into(),
        };
        let _ = self.sender.try_send(report);
    }
}

/// Rows for people who watch the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The sink.
    pub operator: OperatorId,
    /// The sink's subtask.
    pub subtask: u32,
    /// The event time of each row, in microseconds since the Unix epoch.
    pub timestamps_micros: Vec<i64>,
    /// The number of this sink subtask's first row in the batch, from 0.
    pub start_id: u64,
    /// The rows as a JSON array of objects.
    pub batch: String,
}

/// Takes rows of preview sinks; bounded, so that a slow reader slows the pipeline.
pub type OutputSender = mpsc::Sender<Output>;

//! What is counted in tasks, and how it is shown.

mod hub;
mod operator;
mod timing;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arroyo_operator::{TaskCounters, Watermark};
use arroyo_types::{OperatorId, TaskId};
use tokio::time::Instant;

pub use self::hub::MetricsHub;
use self::operator::OperatorMeter;
pub use self::operator::OperatorMetrics;
pub(crate) use self::timing::{waiting, working};
use crate::queue::Budget;

/// Totals of one task since its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskMetrics {
    /// The task.
    pub task: TaskId,
    /// Rows that came in; for a source, rows it read.
    pub rows_received: u64,
    /// Rows that went out; for a sink, rows it wrote.
    pub rows_sent: u64,
    /// Batches that came in.
    pub batches_received: u64,
    /// Batches that went out.
    pub batches_sent: u64,
    /// Bytes of memory of the rows that came in.
    pub bytes_received: u64,
    /// Bytes of memory of the rows that went out.
    pub bytes_sent: u64,
    /// Records that could not be decoded.
    pub bad_records: u64,
    /// Rows that came too late: dropped, or written where LATE ROWS INTO says.
    pub late_rows: u64,
    /// Keys of lookup joins whose rows were remembered.
    pub lookup_hits: u64,
    /// Keys of lookup joins that were asked for.
    pub lookup_misses: u64,
    /// Capacity of its outgoing queues, in rows.
    pub queue_size: u64,
    /// Room left in them.
    pub queue_free: u64,
    /// The watermark in nanoseconds since the Unix epoch, once there is one.
    pub watermark_nanos: Option<i64>,
    /// Bytes of memory held in state, roughly.
    pub state_bytes: u64,
    /// Microseconds from its start to its end, or until now.
    pub running_micros: u64,
    /// Microseconds that it waited for room in its outgoing queues.
    pub blocked_micros: u64,
    /// Its operators, in chain order.
    pub operators: Vec<OperatorMetrics>,
}

/// A pair of counters: what came in, what went out.
#[derive(Debug, Default)]
struct Flow {
    rows: AtomicU64,
    batches: AtomicU64,
    bytes: AtomicU64,
}

impl Flow {
    fn add(&self, rows: usize, bytes: usize) {
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// The counters of one task: written by the task, read by whoever asks.
#[derive(Debug)]
pub(crate) struct TaskMeter {
    task: TaskId,
    description: String,
    received: Flow,
    sent: Flow,
    watermark_nanos: AtomicI64,
    blocked_nanos: AtomicU64,
    started: OnceLock<Instant>,
    ran: OnceLock<Duration>,
    operators: Vec<OperatorMeter>,
    queues: Vec<OutgoingRoom>,
}

/// The room of a queue to another task.
#[derive(Debug)]
pub(crate) struct OutgoingRoom {
    /// The task that takes what is sent.
    pub(crate) to: TaskId,
    pub(crate) budget: Arc<Budget>,
}

/// No watermark yet; event times do not reach it.
const NO_WATERMARK: i64 = i64::MIN;

impl TaskMeter {
    /// The counters of a task with these operators, in chain order.
    pub(crate) fn new(
        task: TaskId,
        description: String,
        operators: impl IntoIterator<Item = OperatorId>,
        queues: Vec<OutgoingRoom>,
    ) -> Self {
        Self {
            task,
            description,
            received: Flow::default(),
            sent: Flow::default(),
            watermark_nanos: AtomicI64::new(NO_WATERMARK),
            blocked_nanos: AtomicU64::new(0),
            started: OnceLock::new(),
            ran: OnceLock::new(),
            operators: operators.into_iter().map(OperatorMeter::new).collect(),
            queues,
        }
    }

    /// The counters that the operator with this place in the chain adds to.
    pub(crate) fn counters(&self, place: usize) -> Arc<TaskCounters> {
        self.operators.get(place).map(|operator| operator.counters.clone()).unwrap_or_default()
    }

    /// The task's operators are ready.
    pub(crate) fn started(&self) {
        self.started.get_or_init(Instant::now);
    }

    /// The task's data has ended.
    pub(crate) fn ended(&self) {
        self.ran.get_or_init(|| self.running());
    }

    fn running(&self) -> Duration {
        self.started.get().map(Instant::elapsed).unwrap_or_default()
    }

    /// An operator takes rows.
    pub(crate) fn rows_in(&self, place: usize, rows: usize) {
        if let Some(operator) = self.operators.get(place) {
            operator.rows_in(rows);
        }
    }

    /// An operator gives rows.
    pub(crate) fn rows_out(&self, place: usize, rows: usize) {
        if let Some(operator) = self.operators.get(place) {
            operator.rows_out(rows);
        }
    }

    /// An operator worked.
    pub(crate) fn busy(&self, place: usize, time: Duration) {
        if let Some(operator) = self.operators.get(place) {
            operator.busy(time);
        }
    }

    /// What an operator holds in state now.
    pub(crate) fn state_bytes(&self, place: usize, bytes: u64) {
        if let Some(operator) = self.operators.get(place) {
            operator.state_bytes(bytes);
        }
    }

    /// The task waited for room in its outgoing queues.
    pub(crate) fn blocked(&self, time: Duration) {
        self.blocked_nanos.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn received(&self, rows: usize, bytes: usize) {
        self.received.add(rows, bytes);
    }

    pub(crate) fn sent(&self, rows: usize, bytes: usize) {
        self.sent.add(rows, bytes);
    }

    pub(crate) fn watermark(&self, watermark: Watermark) {
        if let Watermark::At(time) = watermark {
            self.watermark_nanos.store(time.nanos(), Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> TaskMetrics {
        let load = |value: &AtomicU64| value.load(Ordering::Relaxed);
        let (queue_size, queue_free) = self
            .queues
            .iter()
            .map(|queue| queue.budget.rows())
            .fold((0, 0), |(size, free), queue| (size + queue.0, free + queue.1));
        let watermark = self.watermark_nanos.load(Ordering::Relaxed);
        let counted = |part: fn(&TaskCounters) -> &AtomicU64| -> u64 {
            self.operators.iter().map(|operator| load(part(&operator.counters))).sum()
        };
        let operators: Vec<OperatorMetrics> = self.operators.iter().map(OperatorMeter::read).collect();
        let ran = self.ran.get().copied().unwrap_or_else(|| self.running());
        TaskMetrics {
            task: self.task,
            rows_received: load(&self.received.rows),
            rows_sent: load(&self.sent.rows),
            batches_received: load(&self.received.batches),
            batches_sent: load(&self.sent.batches),
            bytes_received: load(&self.received.bytes),
            bytes_sent: load(&self.sent.bytes),
            bad_records: operators.iter().map(|operator| operator.bad_records).sum(),
            late_rows: operators.iter().map(|operator| operator.late_rows).sum(),
            lookup_hits: counted(|counters| &counters.lookup_hits),
            lookup_misses: counted(|counters| &counters.lookup_misses),
            queue_size,
            queue_free,
            watermark_nanos: (watermark != NO_WATERMARK).then_some(watermark),
            state_bytes: operators.iter().map(|operator| operator.state_bytes).sum(),
            running_micros: u64::try_from(ran.as_micros()).unwrap_or(u64::MAX),
            blocked_micros: load(&self.blocked_nanos) / 1_000,
            operators,
        }
    }
}

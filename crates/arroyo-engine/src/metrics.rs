//! What is counted in tasks, and how it is shown.

mod operator;
mod timing;

use std::fmt::Error;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use arroyo_operator::{TaskCounters, Watermark};
use arroyo_types::{OperatorId, TaskId};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use tokio::time::Instant;

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
    queues: Vec<Arc<Budget>>,
}

/// No watermark yet; event times do not reach it.
const NO_WATERMARK: i64 = i64::MIN;

impl TaskMeter {
    /// The counters of a task with these operators, in chain order.
    pub(crate) fn new(
        task: TaskId,
        description: String,
        operators: impl IntoIterator<Item = OperatorId>,
        queues: Vec<Arc<Budget>>,
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
            .map(|queue| queue.rows())
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

/// Shows the metrics of all tasks that run in this process to Prometheus.
///
/// Register it once: `registry.register_collector(Box::new(hub.clone()))`. Engines come and go.
#[derive(Debug, Clone, Default)]
pub struct MetricsHub {
    meters: Arc<Mutex<Vec<Weak<TaskMeter>>>>,
}

impl MetricsHub {
    pub(crate) fn add(&self, meters: &[Arc<TaskMeter>]) {
        let mut all = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|meter| meter.strong_count() > 0);
        all.extend(meters.iter().map(Arc::downgrade));
    }

    fn live(&self) -> Vec<Arc<TaskMeter>> {
        let all = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}

/// A metric's name, its help, its type, and how to read it.
///
/// Totals are shown as of unknown type: OpenMetrics would add `_total` to the names of counters, which dashboards do not expect.
type Shown = (&'static str, &'static str, MetricType, fn(&TaskMetrics) -> Option<i64>);

fn saturate(value: u64) -> Option<i64> {
    Some(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Only tasks that look up show it.
fn looked_up(metrics: &TaskMetrics, value: u64) -> Option<i64> {
    if metrics.lookup_hits + metrics.lookup_misses == 0 { None } else { saturate(value) }
}

const SHOWN: &[Shown] = &[
    ("arroyo_worker_messages_recv", "Rows received", MetricType::Unknown, |m| saturate(m.rows_received)),
    ("arroyo_worker_messages_sent", "Rows sent", MetricType::Unknown, |m| saturate(m.rows_sent)),
    ("arroyo_worker_batches_recv", "Batches received", MetricType::Unknown, |m| saturate(m.batches_received)),
    ("arroyo_worker_batches_sent", "Batches sent", MetricType::Unknown, |m| saturate(m.batches_sent)),
    ("arroyo_worker_bytes_recv", "Bytes received", MetricType::Unknown, |m| saturate(m.bytes_received)),
    ("arroyo_worker_bytes_sent", "Bytes sent", MetricType::Unknown, |m| saturate(m.bytes_sent)),
    ("arroyo_worker_deserialization_errors", "Records that could not be decoded", MetricType::Unknown, |m| {
        saturate(m.bad_records)
    }),
    (
        "arroyo_worker_late_rows",
        "Rows that came too late: dropped, or written where LATE ROWS INTO says",
        MetricType::Unknown,
        |m| saturate(m.late_rows),
    ),
    ("arroyo_worker_lookup_hits", "Keys of lookup joins that were remembered", MetricType::Unknown, |m| {
        looked_up(m, m.lookup_hits)
    }),
    ("arroyo_worker_lookup_misses", "Keys of lookup joins that were asked for", MetricType::Unknown, |m| {
        looked_up(m, m.lookup_misses)
    }),
    ("arroyo_worker_tx_queue_size", "Capacity of outgoing queues in rows", MetricType::Gauge, |m| {
        saturate(m.queue_size)
    }),
    ("arroyo_worker_tx_queue_rem", "Room in outgoing queues in rows", MetricType::Gauge, |m| saturate(m.queue_free)),
    ("arroyo_worker_watermark_nanos", "Event-time watermark", MetricType::Gauge, |m| m.watermark_nanos),
    ("arroyo_worker_state_bytes", "Memory held in state", MetricType::Gauge, |m| saturate(m.state_bytes)),
];

impl Collector for MetricsHub {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let meters = self.live();
        for (name, help, kind, read) in SHOWN {
            let mut family = encoder.encode_descriptor(name, help, None, *kind)?;
            for meter in &meters {
                let Some(value) = read(&meter.read()) else { continue };
                let labels = [
                    ("node_id", meter.task.node.to_string()),
                    ("subtask_idx", meter.task.subtask.to_string()),
                    ("operator_name", meter.description.clone()),
                ];
                let metric = family.encode_family(&labels)?;
                ConstGauge::new(value).encode(metric)?;
            }
        }
        Ok(())
    }
}

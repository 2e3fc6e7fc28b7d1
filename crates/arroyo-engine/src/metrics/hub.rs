//! The metrics of this process's tasks, for Prometheus.

use std::fmt::Error;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arroyo_types::TaskId;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

use super::{TaskMeter, TaskMetrics};
use crate::queue::Budget;

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

/// A metric of a task: its name, its help, its type, and how to read it.
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
    ("arroyo_worker_watermark_nanos", "Event-time watermark", MetricType::Gauge, |m| m.watermark_nanos),
    ("arroyo_worker_state_bytes", "Memory held in state", MetricType::Gauge, |m| saturate(m.state_bytes)),
];

/// A metric of a queue to another task: its name, its help, and how to read it.
type ShownQueue = (&'static str, &'static str, fn(&Budget) -> u64);

const SHOWN_OF_QUEUES: &[ShownQueue] = &[
    ("arroyo_worker_tx_queue_size", "Capacity of an outgoing queue in rows", |queue| queue.rows().0),
    ("arroyo_worker_tx_queue_rem", "Room in an outgoing queue in rows", |queue| queue.rows().1),
    ("arroyo_worker_tx_bytes", "Bytes that wait in an outgoing queue", Budget::bytes_waiting),
];

impl Collector for MetricsHub {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let meters = self.live();
        for (name, help, kind, read) in SHOWN {
            let mut family = encoder.encode_descriptor(name, help, None, *kind)?;
            for meter in &meters {
                let Some(value) = read(&meter.read()) else { continue };
                let [node, subtask] = place(meter.task);
                show(&mut family, &[node, subtask, ("operator_name", meter.description.clone())], value)?;
            }
        }
        for (name, help, read) in SHOWN_OF_QUEUES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for meter in &meters {
                for queue in &meter.queues {
                    let [node, subtask] = place(meter.task);
                    let labels = [
                        node,
                        subtask,
                        ("node_description", meter.description.clone()),
                        ("next_node", queue.to.node.to_string()),
                        ("next_node_idx", queue.to.subtask.to_string()),
                    ];
                    show(&mut family, &labels, i64::try_from(read(&queue.budget)).unwrap_or(i64::MAX))?;
                }
            }
        }
        Ok(())
    }
}

fn place(task: TaskId) -> [(&'static str, String); 2] {
    [("node_id", task.node.to_string()), ("subtask_idx", task.subtask.to_string())]
}

fn show(family: &mut MetricEncoder, labels: &impl EncodeLabelSet, value: i64) -> Result<(), Error> {
    ConstGauge::new(value).encode(family.encode_family(labels)?)
}

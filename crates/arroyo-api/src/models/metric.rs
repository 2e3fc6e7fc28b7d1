//! Metrics of a running job.

use serde::Serialize;
use utoipa::ToSchema;

use super::collection;

collection!(
    /// The metrics of each node of a job's program.
    OperatorMetricGroupCollection of OperatorMetricGroup
);

/// The metrics of a node.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorMetricGroup {
    /// The node of the pipeline's graph.
    pub(crate) node_id: u32,
    /// One for each metric.
    pub(crate) metric_groups: Vec<MetricGroup>,
}

/// A metric of all subtasks of a node.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricGroup {
    /// Which metric.
    pub(crate) name: MetricName,
    /// One for each subtask.
    pub(crate) subtasks: Vec<SubtaskMetrics>,
}

/// A metric of a subtask.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubtaskMetrics {
    /// The subtask, from 0.
    pub(crate) index: u32,
    /// The last five minutes, oldest first.
    pub(crate) metrics: Vec<Metric>,
}

/// A value at a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Metric {
    /// When.
    pub(crate) time: u64,
    /// Per second, or for backpressure from 0 (none) to 1.
    pub(crate) value: f64,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MetricName {
    /// Bytes received per second.
    BytesRecv,
    /// Bytes sent per second.
    BytesSent,
    /// Rows received per second.
    MessagesRecv,
    /// Rows sent per second.
    MessagesSent,
    /// How full the outgoing queues are, from 0 to 1.
    Backpressure,
    /// Bytes of memory held in state.
    StateBytes,
}

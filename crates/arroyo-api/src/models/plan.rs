//! A job's plan with what its operators have done.

use serde::Serialize;
use utoipa::ToSchema;

/// A job's plan with what its operators have done since the last start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobPlan {
    /// The job's state.
    pub(crate) state: String,
    /// When the figures were read.
    pub(crate) time: u64,
    /// The nodes; each is a chain of operators that runs as one task per subtask.
    pub(crate) nodes: Vec<PlanNode>,
}

/// A chain of operators.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanNode {
    /// Its number in the pipeline's graph.
    pub(crate) node_id: u32,
    /// How many subtasks it runs as.
    pub(crate) parallelism: u32,
    /// What it reads.
    pub(crate) inputs: Vec<PlanInput>,
    /// What its tasks did; none if nothing is known of them: they have not started, or the controller has since.
    pub(crate) figures: Option<NodeFigures>,
    /// Its operators, what comes first at first.
    pub(crate) operators: Vec<PlanOperator>,
}

/// A node that another one reads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanInput {
    /// Its number.
    pub(crate) node_id: u32,
    /// How rows find the subtask that reads them: `forward`, `rebalance`, `gather`, `shuffle by k`.
    pub(crate) exchange: String,
}

/// An operator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanOperator {
    /// Its id, which state is kept under.
    pub(crate) operator_id: String,
    /// Its kind.
    pub(crate) name: String,
    /// What it does.
    pub(crate) description: String,
    /// What it did; none if nothing is known of its tasks.
    pub(crate) figures: Option<OperatorFigures>,
}

/// What the tasks of a node did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeFigures {
    /// How many tasks this is of.
    pub(crate) tasks: u32,
    /// Microseconds since the tasks' start, until their end or now.
    pub(crate) running_micros: Figure,
    /// Microseconds that they waited for room in their outgoing queues.
    pub(crate) blocked_micros: Figure,
    /// How full the outgoing queues of the fullest task are, from 0 to 1.
    pub(crate) backpressure: f64,
    /// The lowest watermark in microseconds since the Unix epoch; none before there is one and behind the end of all data.
    pub(crate) watermark_micros: Option<i64>,
}

/// What an operator did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorFigures {
    /// Rows that came in; for a source, rows it read.
    pub(crate) rows_in: Figure,
    /// Rows that went out; for a sink, rows it wrote.
    pub(crate) rows_out: Figure,
    /// Microseconds of work, without waiting.
    pub(crate) busy_micros: Figure,
    /// Bytes of memory held in state now.
    pub(crate) state_bytes: Figure,
    /// The most that it was in each subtask.
    pub(crate) state_bytes_max: Figure,
    /// Rows dropped because the watermark had passed them.
    pub(crate) late_rows: u64,
    /// Records that could not be decoded.
    pub(crate) bad_records: u64,
}

/// A sum over subtasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Figure {
    /// The sum.
    pub(crate) total: u64,
    /// The part of the subtask with the largest.
    pub(crate) max: u64,
}

impl FromIterator<u64> for Figure {
    fn from_iter<T: IntoIterator<Item = u64>>(parts: T) -> Self {
        parts.into_iter().fold(Self::default(), |figure, part| Self {
            total: figure.total.saturating_add(part),
            max: figure.max.max(part),
        })
    }
}

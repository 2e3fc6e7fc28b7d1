//! A task's outgoing edges.

use arrow::array::RecordBatch;
use arroyo_operator::OperatorError;
use arroyo_runtime::Failpoints;

use crate::message::{Message, batch_bytes};
use crate::partition::Partitioner;
use crate::queue::{QueueClosed, QueueSender};
use crate::task::TaskError;

/// Larger batches are cut before they enter a queue, so that queues are bounded and frames small.
const BATCH_BYTES_MAX: usize = 4 << 20;

/// All edges out of one task.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    edges: Vec<OutEdge>,
    parts: Vec<(usize, RecordBatch)>,
}

#[derive(Debug)]
struct OutEdge {
    partitioner: Partitioner,
    destinations: Vec<QueueSender>,
}

impl Outputs {
    pub(crate) fn add(&mut self, partitioner: Partitioner, destinations: Vec<QueueSender>) {
        self.edges.push(OutEdge { partitioner, destinations });
    }

    /// Every queue that this task sends to.
    pub(crate) fn queues(&self) -> impl Iterator<Item = &QueueSender> {
        self.edges.iter().flat_map(|edge| &edge.destinations)
    }

    /// Completes when no receiver wants more rows; never if there are no receivers.
    pub(crate) async fn unwanted(&self) {
        let mut queues = self.queues().peekable();
        if queues.peek().is_none() {
            std::future::pending::<()>().await;
        }
        for queue in queues {
            queue.unwanted().await;
        }
    }

    /// Sends rows to where each edge routes them, waiting for room. One of `failpoints` is passed behind each part.
    pub(crate) async fn send_batch(&mut self, batch: RecordBatch, failpoints: &Failpoints) -> Result<(), TaskError> {
        for edge in &mut self.edges {
            self.parts.clear();
            edge.partitioner.split(batch.clone(), &mut self.parts)?;
            for (destination, part) in self.parts.drain(..) {
                let queue = edge.destinations.get(destination).ok_or_else(|| {
                    OperatorError::bug(format!("rows for subtask {destination}, which does not exist"))
                })?;
                send_in_pieces(queue, part).await?;
                failpoints.pass("in output").await;
            }
        }
        Ok(())
    }

    /// Sends a message to every downstream subtask.
    pub(crate) async fn broadcast(&mut self, message: &Message) -> Result<(), QueueClosed> {
        for queue in self.queues() {
            queue.send(message.clone()).await?;
        }
        Ok(())
    }
}

async fn send_in_pieces(queue: &QueueSender, batch: RecordBatch) -> Result<(), QueueClosed> {
    let rows = batch.num_rows();
    let pieces = batch_bytes(&batch).div_ceil(BATCH_BYTES_MAX).clamp(1, rows.max(1));
    if pieces == 1 {
        return queue.send(Message::Batch(batch)).await;
    }
    let step = rows.div_ceil(pieces);
    for start in (0..rows).step_by(step) {
        queue.send(Message::Batch(batch.slice(start, step.min(rows - start)))).await?;
    }
    Ok(())
}

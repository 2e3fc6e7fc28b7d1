//! Where an operator's output goes.

use arrow::array::RecordBatch;

use crate::{OperatorError, Watermark};

/// Takes an operator's output: the next operator of the chain, or the task's outgoing queues.
pub trait Collector {
    /// Passes rows on. Empty batches are dropped.
    fn collect(&mut self, batch: RecordBatch) -> Result<(), OperatorError>;

    /// Passes a watermark on.
    fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError>;
}

/// Keeps everything in order: for tests.
#[derive(Debug, Default)]
pub struct VecCollector {
    /// Batches in order.
    pub batches: Vec<RecordBatch>,
    /// Watermarks in order.
    pub watermarks: Vec<Watermark>,
}

impl Collector for VecCollector {
    fn collect(&mut self, batch: RecordBatch) -> Result<(), OperatorError> {
        if batch.num_rows() > 0 {
            self.batches.push(batch);
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark) -> Result<(), OperatorError> {
        self.watermarks.push(watermark);
        Ok(())
    }
}

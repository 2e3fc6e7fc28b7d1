//! Where rows go.

use arrow::array::RecordBatch;
use arroyo_state::TableSpec;
use arroyo_types::Epoch;
use async_trait::async_trait;

use crate::{OperatorContext, OperatorError, Watermark};

/// Writes to outside.
///
/// A sink of two phases makes what it wrote since the last barrier durable but invisible in [`Sink::pre_commit`], and visible in
/// [`Sink::commit`], which is called after the checkpoint's manifest is durable, and called again, for the same epoch, after a
/// restore: it must be idempotent.
#[async_trait]
pub trait Sink: Send {
    /// The tables it keeps its position in.
    fn tables(&self) -> Vec<TableSpec> {
        Vec::new()
    }

    /// Called once before anything else: take up the state, discard what was written after the restored checkpoint.
    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError>;

    /// Takes rows. May buffer.
    async fn write(&mut self, batch: RecordBatch, ctx: &mut OperatorContext) -> Result<(), OperatorError>;

    /// Takes the watermark: it comes after the rows it is about, and never goes backwards.
    async fn watermark(&mut self, _watermark: Watermark, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    /// The engine has no more rows for the moment: push out what is buffered for the sake of latency.
    async fn flush(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    /// No row will follow: all input has ended, or the job stops behind the barrier that comes next. Called before
    /// [`Sink::pre_commit`], perhaps more than once: what was kept open for later rows can be closed.
    async fn end_of_rows(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    /// At a barrier: everything written so far must be durable when this returns, its position in `ctx.state`.
    /// Returns the data that [`Sink::commit`] needs, if the sink has two phases; it becomes a part of the manifest.
    async fn pre_commit(&mut self, epoch: Epoch, ctx: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError>;

    /// Bytes of memory that rows wait in, roughly.
    fn buffered_bytes(&self) -> usize {
        0
    }

    /// Makes what was pre-committed in `epoch` visible. `data` holds what this sink's subtasks returned from `pre_commit`:
    /// in a running job this subtask's own; after a restore (perhaps at another parallelism) subtask 0 gets all.
    async fn commit(
        &mut self,
        _epoch: Epoch,
        _data: Vec<Vec<u8>>,
        _ctx: &mut OperatorContext,
    ) -> Result<(), OperatorError> {
        Ok(())
    }

    /// All input has ended and everything was committed: close files and connections.
    async fn close(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }
}

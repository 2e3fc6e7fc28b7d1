//! Where rows come from.

use arrow::array::RecordBatch;
use arroyo_state::TableSpec;
use async_trait::async_trait;

use crate::{OperatorContext, OperatorError};

/// What a source has to say.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceEvent {
    /// Rows in the configured schema, `_timestamp` last.
    Batch(RecordBatch),
    /// This subtask has nothing to read, now or ever (more subtasks than partitions): it holds nobody's watermark up.
    /// The engine goes on calling [`Source::next`].
    Idle,
    /// All input was read.
    End,
}

/// Reads from outside. The engine calls [`Source::next`] in a loop and takes checkpoints between calls.
#[async_trait]
pub trait Source: Send {
    /// The tables it keeps its position in.
    fn tables(&self) -> Vec<TableSpec>;

    /// Called once before anything else: take up the position in `ctx.state`, or start from the beginning.
    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError>;

    /// The next rows.
    ///
    /// Must be *cancel safe*: the engine drops the future at any await when a barrier or a stop is due, and calls again.
    /// Whatever was read and not returned must still be in `self`. A source that has rows but waits for more returns what it
    /// has after the configured linger. A source that computes without awaiting must return at least every 100 ms.
    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError>;

    /// At a barrier: store in `ctx.state` the position after the last row that [`Source::next`] returned.
    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError>;

    /// A checkpoint is durable; the source may acknowledge what it read before it (say, commit offsets to the broker).
    async fn checkpoint_completed(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }
}

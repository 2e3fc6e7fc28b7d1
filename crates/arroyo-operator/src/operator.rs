//! Operators between sources and sinks.

use std::pin::Pin;

use arrow::array::RecordBatch;
use arroyo_state::TableSpec;

use crate::{Collector, OperatorContext, OperatorError, Watermark};

/// Something to wait for before rows are processed. It owns what it needs, and is dropped when the task is.
pub type Prefetch = Pin<Box<dyn Future<Output = Result<(), OperatorError>> + Send>>;

/// A step of a chain. Synchronous: it never waits, and its output is sent on when a call returns.
pub trait Operator: Send {
    /// The tables it keeps state in.
    fn tables(&self) -> Vec<TableSpec> {
        Vec::new()
    }

    /// Called once before anything else; restored state is in `ctx.state`.
    fn open(&mut self, _ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    /// For how many batches at once it may want to wait before it takes them; 0: it never waits, and is never asked
    /// to [`Operator::prefetch`]. An operator that waits must be the first one of its task.
    fn prefetches_max(&self) -> usize {
        0
    }

    /// Called for each batch, in order, before [`Operator::process_batch`] is called for it: begins to fetch what that will
    /// need, and returns what to wait for; `None`: nothing. Meanwhile later batches are prefetched, too; batches and watermarks
    /// are processed in the order in which they came, and a barrier only behind all of them.
    fn prefetch(
        &mut self,
        _input: u32,
        _batch: &RecordBatch,
        _ctx: &mut OperatorContext,
    ) -> Result<Option<Prefetch>, OperatorError> {
        Ok(None)
    }

    /// Takes rows of an input.
    fn process_batch(
        &mut self,
        input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError>;

    /// Takes the watermark of the operator, the minimum over its inputs: it never goes backwards.
    /// An operator that emits because of it passes the watermark on after its rows.
    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        out.watermark(watermark)
    }

    /// Called at a barrier, before the barrier is passed on: hand the change since the last one to `ctx.state`.
    /// An operator without tables that holds rows back must emit them here.
    fn checkpoint(&mut self, _ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        Ok(())
    }

    /// Called when all inputs have ended, after a final watermark of [`arroyo_types::EventTime::MAX`].
    fn end(&mut self, _ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        Ok(())
    }

    /// How often [`Operator::tick`] wants to be called; `None`: never. Asked once, after `open`.
    fn tick_interval(&self) -> Option<std::time::Duration> {
        None
    }

    /// Called at about the interval asked for, between other calls.
    fn tick(&mut self, _ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        Ok(())
    }

    /// Whether further rows can change anything. Once it says no, the tasks that feed the operator are told so, and sources
    /// that nobody else reads end; rows that are under way still arrive. Asked after `open` and after each batch.
    fn wants_input(&self) -> bool {
        true
    }

    /// Bytes of memory held in state, roughly.
    fn state_bytes(&self) -> usize {
        0
    }
}

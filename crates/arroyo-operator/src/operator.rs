//! Operators between sources and sinks.

use arrow::array::RecordBatch;
use arroyo_state::TableSpec;

use crate::{Collector, OperatorContext, OperatorError, Watermark};

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

//! Rows that wait until the watermark has passed them.

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use arroyo_operator::{OperatorContext, OperatorError};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use super::buffer::TimeBuffer;
use crate::operators::output::event_times;
use crate::operators::progress::{progress_table, restored_watermark, store_watermark};

/// Rows that wait, in a time-keyed table, and the watermark: rows behind it are late, dropped and counted.
pub(super) struct Waiting {
    table: &'static str,
    schema: SchemaRef,
    pub(super) buffer: TimeBuffer,
    closed: i64,
}

impl Waiting {
    /// No rows; `table` is the name of their table.
    pub(super) fn new(table: &'static str, schema: &SchemaRef) -> Self {
        Self { table, schema: SchemaRef::clone(schema), buffer: TimeBuffer::default(), closed: i64::MIN }
    }

    /// The tables of the rows and of the watermark.
    pub(super) fn tables(&self) -> [TableSpec; 2] {
        [TableSpec::time_keyed(self.table, SchemaRef::clone(&self.schema)), progress_table()]
    }

    /// Takes up what was stored.
    pub(super) fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.closed = restored_watermark(ctx).unwrap_or(self.closed);
        for batch in ctx.state.take_restored(self.table) {
            self.buffer.add(batch, true)?;
        }
        Ok(())
    }

    /// Adds the rows that are not late.
    pub(super) fn add(&mut self, batch: RecordBatch, ctx: &OperatorContext) -> Result<(), OperatorError> {
        let (batch, late) = drop_late(batch, self.closed)?;
        ctx.counters.add_late_rows(late);
        self.buffer.add(batch, false)
    }

    /// The rows that the watermark `time` has passed, in no order; all of them at the end of the stream.
    pub(super) fn take(&mut self, time: EventTime) -> Result<Vec<RecordBatch>, OperatorError> {
        self.closed = self.closed.max(time.nanos());
        self.buffer.take_before((time != EventTime::MAX).then_some(time.nanos()))
    }

    /// Hands over what has changed since the last barrier; `keys` are the columns that rows are routed by.
    pub(super) fn store(&mut self, keys: &[usize], ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.buffer.store(self.table, keys, ctx)?;
        ctx.state.expire(self.table, EventTime::from_nanos(self.closed))?;
        store_watermark(ctx, self.closed)
    }
}

/// Splits off the rows that come too late; returns how many.
fn drop_late(batch: RecordBatch, closed: i64) -> Result<(RecordBatch, u64), OperatorError> {
    let times = event_times(&batch)?;
    if times.values().iter().all(|time| *time >= closed) {
        return Ok((batch, 0));
    }
    let in_time: BooleanArray = times.values().iter().map(|time| Some(*time >= closed)).collect();
    let kept = filter_record_batch(&batch, &in_time)?;
    let late = batch.num_rows() - kept.num_rows();
    Ok((kept, late as u64))
}

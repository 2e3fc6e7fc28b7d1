//! Puts rows in the order of event time.
//!
//! `ORDER BY at, id`:
//!
//! ```text
//! in:  id=7 at=12     out: id=3 at=10
//!      id=3 at=10          id=5 at=12
//!      id=5 at=12          id=7 at=12
//!      watermark 13        watermark 13
//! ```
//!
//! Rows wait until the watermark has passed them; later ones with an earlier time are dropped and counted.

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use super::buffer::{TimeBuffer, drop_late};
use super::order::{Leading, RowOrder};
use crate::operators::output::collect;
use crate::operators::window_aggregate::{progress_table, restored_watermark, store_watermark};

const ROWS: &str = "rows";

/// See the module's documentation.
pub(in crate::operators) struct Sort {
    schema: SchemaRef,
    order: RowOrder,
    buffer: TimeBuffer,
    closed: i64,
}

impl Sort {
    pub(in crate::operators) fn new(config: &config::Sort, input: &SchemaRef) -> Result<Self, OperatorError> {
        let order = RowOrder::new(input, Vec::new(), &config.keys, Leading::Time)?;
        Ok(Self { schema: SchemaRef::clone(input), order, buffer: TimeBuffer::default(), closed: i64::MIN })
    }
}

impl Operator for Sort {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::time_keyed(ROWS, SchemaRef::clone(&self.schema)), progress_table()]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.closed = restored_watermark(ctx).unwrap_or(self.closed);
        for batch in ctx.state.take_restored(ROWS) {
            self.buffer.add(batch, true)?;
        }
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let (batch, late) = drop_late(batch, self.closed)?;
        ctx.counters.add_late_rows(late);
        self.buffer.add(batch, false)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            let rows = self.buffer.take_before((time != EventTime::MAX).then_some(time.nanos()))?;
            if !rows.is_empty() {
                collect(self.order.sorted(&concat_batches(&self.schema, &rows)?)?, out)?;
            }
            self.closed = self.closed.max(time.nanos());
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.buffer.store(ROWS, &[], ctx)?;
        ctx.state.expire(ROWS, EventTime::from_nanos(self.closed))?;
        store_watermark(ctx, self.closed)
    }

    fn state_bytes(&self) -> usize {
        self.buffer.bytes()
    }
}

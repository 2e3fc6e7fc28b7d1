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

use super::order::{Leading, RowOrder};
use super::waiting::Waiting;
use crate::operators::output::collect;

/// See the module's documentation.
pub(in crate::operators) struct Sort {
    schema: SchemaRef,
    order: RowOrder,
    waiting: Waiting,
}

impl Sort {
    pub(in crate::operators) fn new(config: &config::Sort, input: &SchemaRef) -> Result<Self, OperatorError> {
        let order = RowOrder::new(input, Vec::new(), &config.keys, Leading::Time)?;
        Ok(Self { schema: SchemaRef::clone(input), order, waiting: Waiting::new("rows", input) })
    }
}

impl Operator for Sort {
    fn tables(&self) -> Vec<TableSpec> {
        self.waiting.tables().into()
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.waiting.open(ctx)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.waiting.add(batch, ctx)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            let rows = self.waiting.take(time)?;
            if !rows.is_empty() {
                collect(self.order.sorted(&concat_batches(&self.schema, &rows)?)?, out)?;
            }
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.waiting.store(&[], ctx)
    }

    fn state_bytes(&self) -> usize {
        self.waiting.buffer.bytes()
    }
}

//! Functions with OVER within windows: each partition is whole when the watermark passes its window.
//!
//! `SELECT …, row_number() OVER (PARTITION BY window ORDER BY n DESC)`:
//!
//! ```text
//! in:  window=[0, 10) k=a n=1 _timestamp=9     out: window=[0, 10) k=b n=4 row_number=1 _timestamp=9
//!      window=[0, 10) k=b n=4 _timestamp=9          window=[0, 10) k=a n=1 row_number=2 _timestamp=9
//!      watermark 10                                 watermark 10
//! ```
//!
//! When only the first rows of a partition are wanted (`WHERE row_number <= 3`), the others are given up while they arrive.
//!
//! State: rows that wait are in a time-keyed table and expire with their window.

use std::ops::Range;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use super::order::Leading;
use super::spec::{OverSpec, PartitionRows};
use super::top::Top;
use super::waiting::Waiting;
use crate::operators::output::collect;

/// Rows may double, and be so many more, before those that are not wanted are given up.
const SLACK_ROWS: usize = 8192;

/// See the module's documentation.
pub(in crate::operators) struct WindowedOver {
    spec: OverSpec,
    waiting: Waiting,
    /// The number of rows at which those that are not wanted are given up.
    prune_at: usize,
}

impl WindowedOver {
    pub(in crate::operators) fn new(config: &config::Over, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = OverSpec::new(config, input, Leading::Time)?;
        Ok(Self { waiting: Waiting::new("rows", &spec.input), spec, prune_at: SLACK_ROWS })
    }

    /// Gives up rows that are not among the first of their partition.
    fn prune(&mut self, top: Top) -> Result<(), OperatorError> {
        if self.waiting.buffer.rows() == 0 {
            return Ok(());
        }
        let all = self.waiting.buffer.take_all();
        let batch = concat_batches(&self.spec.input, &all.batches)?;
        let order = self.spec.order.indices(&batch)?;
        let sorted = take_record_batch(&batch, &order)?;
        let kept = self.wanted(&sorted, top)?;
        let kept = kept.into_iter().flatten().filter_map(|place| order.values().get(place).copied());
        let (stored, unstored): (Vec<u32>, Vec<u32>) = kept.partition(|row| (*row as usize) < all.stored);
        self.waiting.buffer.add(take_record_batch(&batch, &UInt32Array::from(stored))?, true)?;
        self.waiting.buffer.add(take_record_batch(&batch, &UInt32Array::from(unstored))?, false)?;
        self.prune_at = self.waiting.buffer.rows() * 2 + SLACK_ROWS;
        Ok(())
    }

    /// The wanted rows of each partition.
    fn wanted(&self, sorted: &RecordBatch, top: Top) -> Result<Vec<Range<usize>>, OperatorError> {
        let mut wanted = Vec::new();
        for range in self.spec.order.partitions(sorted)? {
            let peers = self.spec.order.peers(&sorted.slice(range.start, range.len()))?;
            wanted.push(range.start..range.start + top.wanted(peers).min(range.len()));
        }
        Ok(wanted)
    }

    fn close(&mut self, time: EventTime, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let rows = self.waiting.take(time)?;
        if rows.is_empty() {
            return Ok(());
        }
        let sorted = self.spec.order.sorted(&concat_batches(&self.spec.input, &rows)?)?;
        let partitions = self.spec.order.partitions(&sorted)?;
        let results = self.spec.evaluate(&PartitionRows { rows: &sorted, partitions: &partitions })?;
        collect(self.spec.output(&sorted, results)?, out)
    }
}

impl Operator for WindowedOver {
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
        self.waiting.add(batch, ctx)?;
        match self.spec.top {
            Some(top) if self.waiting.buffer.rows() > self.prune_at => self.prune(top),
            _ => Ok(()),
        }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            self.close(time, out)?;
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        if let Some(top) = self.spec.top {
            self.prune(top)?;
        }
        self.waiting.store(self.spec.order.partition_columns(), ctx)
    }

    fn state_bytes(&self) -> usize {
        self.waiting.buffer.bytes()
    }
}

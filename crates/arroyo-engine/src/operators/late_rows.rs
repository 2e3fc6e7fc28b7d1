//! Tells rows whose windows are all over from others.
//!
//! For `tumble(10)` and a lateness of 5, times in seconds:
//!
//! ```text
//! in:  watermark 16                 out: watermark 16
//!      _timestamp=3, _timestamp=7        (with marks: _late=true, _late=true)
//!      _timestamp=12                     _timestamp=12 (_late=false)
//! ```
//!
//! The window `[0, 10)` is over when the watermark has come to 15. A row is judged where it comes in, by the watermark of its
//! own subtask, which is never behind the one that closes windows after the exchange: what passes is never late there.
//! Marks are set once, before rows go separate ways, so that each row goes exactly one of them.
//!
//! State: the watermark, so that rows are judged the same after a restore.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::compute::{filter_record_batch, not};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;

use super::error::config_schema;
use super::output::{batch_of, event_times};
use super::progress::{progress_table, restored_watermarks, store_watermark};
use super::window_aggregate::WindowSpec;

/// See the module's documentation.
pub(super) struct LateRows {
    /// `None` for sessions, whose rows are late when the watermark is after them.
    windows: Option<WindowSpec>,
    lateness: i64,
    mark: bool,
    schema: SchemaRef,
    watermark: i64,
}

impl LateRows {
    pub(super) fn new(config: &config::LateRows) -> Result<Self, OperatorError> {
        let windows = config::WindowAggregate {
            width_nanos: config.width_nanos,
            slide_nanos: config.slide_nanos,
            offset_nanos: config.offset_nanos,
            cumulate: config.cumulate,
            ..config::WindowAggregate::default()
        };
        Ok(Self {
            windows: if config.session { None } else { Some(WindowSpec::new(&windows)?) },
            lateness: config.lateness_nanos,
            mark: config.mark,
            schema: config_schema(&config.schema)?,
            watermark: i64::MIN,
        })
    }

    fn late(&self, batch: &RecordBatch) -> Result<BooleanArray, OperatorError> {
        let times = event_times(batch)?;
        let over = i128::from(self.watermark) - i128::from(self.lateness);
        let Some(windows) = &self.windows else {
            return Ok(BooleanArray::from_unary(&times, |time| i128::from(time) < over));
        };
        let is_late = |pane| windows.last_window_end(pane) <= over && !windows.is_between_windows(pane);
        Ok(BooleanArray::from_unary(&windows.panes(&times), is_late))
    }
}

impl Operator for LateRows {
    fn tables(&self) -> Vec<TableSpec> {
        vec![progress_table()]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        // The subtask may have got a part of the work of one that was less far.
        self.watermark = restored_watermarks(ctx).min().unwrap_or(i64::MIN);
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let late = self.late(&batch)?;
        let count = late.true_count();
        ctx.counters.add_late_rows(count as u64);
        if self.mark {
            let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
            columns.insert(columns.len().saturating_sub(1), Arc::new(late));
            return out.collect(batch_of(&self.schema, columns, batch.num_rows())?);
        }
        match count {
            0 => out.collect(batch),
            count if count == batch.num_rows() => Ok(()),
            _ => out.collect(filter_record_batch(&batch, &not(&late)?)?),
        }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            self.watermark = self.watermark.max(time.nanos());
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        store_watermark(ctx, self.watermark)
    }
}

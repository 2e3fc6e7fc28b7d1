//! Tells how far event time has come: the largest value of an expression so far, never backwards.
//!
//! `WATERMARK FOR at AS at - INTERVAL '2 seconds'`, times in seconds:
//!
//! ```text
//! in:  at=5, at=3    out: at=5, at=3, watermark 3
//!      at=4               at=4
//!      at=9               at=9, watermark 7
//!      (nothing)          idle, after the configured time
//! ```
//!
//! A row that comes after a pause ends the idleness: the last watermark is repeated before it.

use std::collections::BTreeMap;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::max;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_expr::Compiled;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use super::error::{config_expr, expression_failed};
use super::output::times;

const TABLE: &str = "watermark";

/// The latest watermark that data can cause; [`EventTime::MAX`] means that the input has ended.
const LATEST: i64 = i64::MAX - 1;

/// See the module's documentation.
pub(super) struct WatermarkGenerator {
    expr: Compiled,
    idle_nanos: i64,
    latest: Option<i64>,
    last_input: EventTime,
    /// Whether the last thing said downstream was `latest`: false after a restore and while idle.
    announced: bool,
    idle: bool,
}

impl WatermarkGenerator {
    pub(super) fn new(config: &config::Watermark, input: &SchemaRef) -> Result<Self, OperatorError> {
        Ok(Self {
            expr: config_expr(&config.expr, input)?,
            idle_nanos: config.idle_nanos,
            latest: None,
            last_input: EventTime::MIN,
            announced: true,
            idle: false,
        })
    }

    fn announce(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.announced = true;
        self.latest.map_or(Ok(()), |latest| out.watermark(Watermark::At(EventTime::from_nanos(latest))))
    }
}

impl Operator for WatermarkGenerator {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let restored = ctx.state.global(TABLE).filter_map(|(_, value)| value.try_into().ok().map(i64::from_le_bytes));
        self.latest = restored.min();
        self.announced = self.latest.is_none();
        self.last_input = ctx.clock.now();
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.last_input = ctx.clock.now();
        if std::mem::take(&mut self.idle) || !self.announced {
            self.announce(out)?;
        }
        let values = self.expr.evaluate(&batch).map_err(expression_failed)?;
        let latest = max(&times(&values, "the watermark expression")?).map(|nanos| nanos.min(LATEST));
        out.collect(batch)?;
        if latest > self.latest {
            self.latest = latest;
            self.announce(out)?;
        }
        Ok(())
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        match watermark {
            Watermark::At(EventTime::MAX) => out.watermark(watermark),
            Watermark::Idle => {
                self.idle = true;
                out.watermark(watermark)
            }
            Watermark::At(_) => Ok(()),
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        let key = ctx.info.task.subtask.to_le_bytes().to_vec();
        let row = self.latest.map(|latest| (key, latest.to_le_bytes().to_vec()));
        ctx.state.replace_global(TABLE, row.into_iter().collect::<BTreeMap<_, _>>())?;
        Ok(())
    }

    fn tick_interval(&self) -> Option<Duration> {
        let nanos = u64::try_from(self.idle_nanos).ok().filter(|nanos| *nanos > 0)?;
        Some(Duration::from_nanos(nanos.div_ceil(4)).max(Duration::from_millis(10)))
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let due = self.last_input.saturating_add_nanos(self.idle_nanos);
        if self.idle_nanos > 0 && !self.idle && due <= ctx.clock.now() {
            self.idle = true;
            out.watermark(Watermark::Idle)?;
        }
        Ok(())
    }
}

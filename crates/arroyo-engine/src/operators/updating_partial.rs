//! The local half of an updating aggregate, before the exchange: it sends one row per group instead of one per input.
//!
//! `SELECT k, sum(v) … GROUP BY k`, with one subtask:
//!
//! ```text
//! in:  k=a v=1 _timestamp=3     out: k=a _state_0_0=3 (sum) _state_1_0=7 (time) _timestamp=7
//!      k=a v=2 _timestamp=7          watermark 5
//!      watermark 5
//!      tick
//! ```
//!
//! It keeps no state: it sends everything on at ticks and before barriers, and holds watermarks back until then.
//! Of changes, a retraction is subtracted from what the group has here, whatever is left of it.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_expr::decode;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_types::EventTime;

use super::aggregate::{AggregatePlan, Groups, PlanConfig};
use super::error::{config_schema, expression_failed};
use super::output::{batch_of, collect};

/// Groups held at most before they are sent on.
const MAX_GROUPS: usize = 100_000;

/// How many times in the interval of the global half this one sends: the delays of both add up.
const FLUSHES_PER_INTERVAL: u32 = 4;

/// See the module's documentation.
pub(super) struct UpdatingPartial {
    plan: Arc<AggregatePlan>,
    /// The place of the largest `_timestamp` among the aggregates.
    time: usize,
    schema: SchemaRef,
    groups: Groups,
    held_watermark: Option<Watermark>,
    interval: Duration,
}

impl UpdatingPartial {
    pub(super) fn new(config: &config::UpdatingAggregate) -> Result<Self, OperatorError> {
        let (plan, updating) = AggregatePlan::updating(&PlanConfig {
            group_exprs: &config.group_exprs,
            group_names: &config.group_names,
            aggregate_exprs: &config.aggregate_exprs,
            input_schema: &config.input_schema,
        })?;
        let group = config.group_exprs.iter().map(|expr| decode(expr)).collect::<Result<Vec<_>, _>>();
        let input = config_schema(&config.input_schema)?;
        let schema = group
            .and_then(|group| updating.partial_schema(&input, &group, &config.group_names))
            .map_err(expression_failed)?;
        let plan = Arc::new(plan);
        let groups = Groups::new(&plan);
        Ok(Self { plan, time: updating.time, schema, groups, held_watermark: None, interval: Duration::ZERO })
    }

    fn flush(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        if let Some(rows) = self.groups.drain_states()? {
            let time: Vec<ArrayRef> =
                rows.columns.get(self.time).and_then(|state| state.first()).cloned().into_iter().collect();
            let columns = rows.keys.into_iter().chain(rows.columns.into_iter().flatten()).chain(time).collect();
            collect(batch_of(&self.schema, columns, rows.rows)?, out)?;
        }
        match self.held_watermark.take() {
            Some(watermark) => out.watermark(watermark),
            None => Ok(()),
        }
    }
}

impl Operator for UpdatingPartial {
    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = ctx.flush_interval / FLUSHES_PER_INTERVAL;
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.groups.add(&self.plan.prepare_raw(&batch)?)?;
        if self.groups.len() >= MAX_GROUPS { self.flush(out) } else { Ok(()) }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.held_watermark = Some(watermark);
        let cannot_wait = matches!(watermark, Watermark::Idle | Watermark::At(EventTime::MAX));
        if cannot_wait || self.groups.len() == 0 { self.flush(out) } else { Ok(()) }
    }

    fn checkpoint(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn end(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn state_bytes(&self) -> usize {
        self.groups.bytes()
    }
}

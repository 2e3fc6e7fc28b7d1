//! Aggregates whose results change with every row: emits what changed as retractions and insertions.
//!
//! `SELECT k, sum(v) … GROUP BY k`, from partial rows (see `updating_partial`):
//!
//! ```text
//! in:  k=a state=3     out: k=a sum=3 _change=+1
//!      tick
//!      k=a state=1          k=a sum=3 _change=-1
//!      tick                 k=a sum=4 _change=+1
//! ```
//!
//! Changes are emitted at ticks, at barriers and at the end; a watermark waits for the changes before it.
//! Several changes of a group between two ticks are one, and a result that is as before is not emitted.
//! Over a changelog a group is retracted when all of its rows were. Without groups there is always one result.
//! A group that got no rows for the time to live is retracted and forgotten; the time in which the job does not run does not count.
//! A retraction that comes after that finds no group, and is ignored.
//!
//! State: a keyed table with the result that was last emitted and the states of the aggregates, of which a barrier writes the
//! groups that changed since the last one. Aggregates that need the values themselves (`min` and `max` over changes, `median`,
//! `count(DISTINCT x)`) have a row per value in a table of their own, so that both a flush and a barrier cost what changed.

mod changes;
mod combine;
mod kept;
mod values;

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

pub(super) use self::changes::equal;
pub(super) use self::kept::{ChangeColumns, Keeper, KeptGroups};
use super::aggregate::{AggregatePlan, Groups, PlanConfig};
use super::error::config_schema;
use super::expiry::Expiry;
use super::keyed_table::hand_over;
use super::output::{batch_of, collect};

const GROUPS: &str = "groups";

/// Changed groups held at most before they are emitted.
const MAX_CHANGED: usize = 100_000;

/// See the module's documentation.
pub(super) struct UpdatingAggregate {
    plan: Arc<AggregatePlan>,
    keeper: Arc<Keeper>,
    kept: KeptGroups,
    schema: SchemaRef,
    /// What came since changes were last emitted.
    delta: Groups,
    held_watermark: Option<Watermark>,
    expiry: Option<Expiry>,
    interval: Duration,
}

impl UpdatingAggregate {
    pub(super) fn new(config: &config::UpdatingAggregate) -> Result<Self, OperatorError> {
        let (plan, updating) = AggregatePlan::updating(&PlanConfig {
            group_exprs: &config.group_exprs,
            group_names: &config.group_names,
            aggregate_exprs: &config.aggregate_exprs,
            input_schema: &config.input_schema,
        })?;
        let plan = Arc::new(plan);
        let expiry = Expiry::after(config.ttl_nanos).filter(|_| !plan.key_fields.is_empty());
        let keeper = Arc::new(Keeper::with_values_apart(&plan, updating, expiry.is_some()));
        Ok(Self {
            kept: KeptGroups::new(&keeper)?,
            keeper,
            delta: Groups::new(&plan),
            schema: config_schema(&config.schema)?,
            plan,
            held_watermark: None,
            expiry,
            interval: Duration::ZERO,
        })
    }

    /// Emits what changed, and then the watermark that waited for it.
    fn flush(&mut self, ctx: &OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        if let Some(delta) = self.delta.drain_states()? {
            let changes = self.kept.update(&delta, ctx.clock.now_micros())?;
            self.emit(changes, out)?;
        }
        let Some(watermark) = self.held_watermark.take() else { return Ok(()) };
        if watermark == Watermark::At(EventTime::MAX) {
            self.emit_of_no_rows(ctx, out)?;
        }
        out.watermark(watermark)
    }

    /// An aggregate without groups has a result even if there were no rows. It comes before the final watermark: what is after
    /// that finds nothing to join.
    fn emit_of_no_rows(&mut self, ctx: &OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        if !self.plan.key_fields.is_empty() || !self.kept.is_empty() {
            return Ok(());
        }
        let nothing = self.keeper.no_rows()?;
        let changes = self.kept.update(&nothing, ctx.clock.now_micros())?;
        self.emit(changes, out)
    }

    fn emit(&self, columns: (Vec<ArrayRef>, usize), out: &mut dyn Collector) -> Result<(), OperatorError> {
        let (columns, rows) = columns;
        if rows == 0 {
            return Ok(());
        }
        collect(batch_of(&self.schema, columns, rows)?, out)
    }

    /// Retracts and forgets groups that got no rows for the time to live.
    fn sweep(&mut self, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let Some(before) = self.expiry.as_mut().and_then(|expiry| expiry.due(now)) else { return Ok(()) };
        let retractions = self.kept.forget_unchanged_since(before)?;
        self.emit(retractions, out)
    }
}

impl Operator for UpdatingAggregate {
    fn tables(&self) -> Vec<TableSpec> {
        let state = Arc::clone(self.keeper.state_schema());
        let groups = TableSpec::keyed(GROUPS, state, self.plan.key_fields.len());
        std::iter::once(groups).chain(self.kept.values_table()).collect()
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = ctx.flush_interval;
        let now = ctx.clock.now_micros();
        for batch in ctx.state.take_restored(GROUPS) {
            self.kept.restore(batch, now)?;
        }
        self.kept.restore_values(ctx)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.delta.add(&self.plan.prepare_partial(&batch, 0)?)?;
        if self.delta.len() >= MAX_CHANGED { self.flush(ctx, out) } else { Ok(()) }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.held_watermark = Some(watermark);
        let cannot_wait = matches!(watermark, Watermark::Idle | Watermark::At(EventTime::MAX));
        if cannot_wait || self.delta.len() == 0 { self.flush(ctx, out) } else { Ok(()) }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(ctx, out)?;
        let (changed, deleted) = self.kept.take_changes()?;
        hand_over(GROUPS, deleted, changed, 0..self.plan.key_fields.len(), ctx)?;
        self.kept.store_values(ctx)
    }

    fn end(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(ctx, out)
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(ctx, out)?;
        self.sweep(ctx.clock.now_micros(), out)
    }

    fn state_bytes(&self) -> usize {
        self.kept.bytes() + self.delta.bytes()
    }
}

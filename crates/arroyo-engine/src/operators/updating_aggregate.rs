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
//!
//! State: a keyed table with the result that was last emitted and the states of the aggregates, of which a barrier writes the
//! groups that changed since the last one. Aggregates that need the values themselves (`min` and `max` over changes, `median`,
//! `count(DISTINCT x)`) have a row per value in a table of their own, so that both a flush and a barrier cost what changed.

mod changes;
mod combine;
mod values;

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{filter, filter_record_batch, not};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::changes::Changes;
use self::combine::Combiner;
use self::values::Values;
use super::aggregate::{AggregatePlan, GroupRows, Groups, PlanConfig, key_hashes};
use super::error::config_schema;
use super::output::{batch_of, collect};
use super::row_store::RowStore;

const GROUPS: &str = "groups";

/// The column of the state that holds the event time of the emitted result; NULL if none is emitted.
const EMITTED_FIELD: &str = "_emitted";

/// Changed groups held at most before they are emitted.
const MAX_CHANGED: usize = 100_000;

/// Groups are looked through for expired ones so many times in their time to live.
const SWEEPS_PER_TTL: i64 = 8;

/// See the module's documentation.
pub(super) struct UpdatingAggregate {
    plan: Arc<AggregatePlan>,
    combiner: Combiner,
    schema: SchemaRef,
    state_schema: SchemaRef,
    store: RowStore,
    values: Values,
    /// What came since changes were last emitted.
    delta: Groups,
    held_watermark: Option<Watermark>,
    ttl_micros: Option<i64>,
    next_sweep: i64,
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
        let time = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let results = updating.all.iter().take(updating.calls).enumerate().map(|(index, call)| {
            Arc::new(Field::new(format!("_result_{index}"), call.result_field().data_type().clone(), true))
        });
        let mut fields = plan.key_fields.clone();
        fields.extend(results);
        fields.push(Arc::new(Field::new(EMITTED_FIELD, time, true)));
        fields.extend(plan.own_state_fields());
        let state_schema = Arc::new(Schema::new(fields));
        let has_ttl = config.ttl_nanos > 0 && !plan.key_fields.is_empty();
        Ok(Self {
            store: RowStore::new(Arc::clone(&state_schema), plan.key_fields.clone())?,
            values: Values::new(&plan)?,
            delta: Groups::new(&plan),
            combiner: Combiner::new(&plan, updating),
            schema: config_schema(&config.schema)?,
            state_schema,
            plan,
            held_watermark: None,
            ttl_micros: has_ttl.then_some(config.ttl_nanos / 1000),
            next_sweep: 0,
            interval: Duration::ZERO,
        })
    }

    /// Emits what changed, and then the watermark that waited for it.
    fn flush(&mut self, ctx: &OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        if let Some(delta) = self.delta.drain_states()? {
            self.update(delta, ctx.clock.now_micros(), out)?;
        }
        match self.held_watermark.take() {
            Some(watermark) => out.watermark(watermark),
            None => Ok(()),
        }
    }

    fn update(&mut self, delta: GroupRows, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let slots = self.store.intern(&delta.keys, delta.rows)?;
        // The places, in the delta, of the groups that are there already.
        let known: Vec<usize> =
            slots.iter().enumerate().filter(|(_, slot)| self.store.is_live(**slot)).map(|(index, _)| index).collect();
        let known_slots: Vec<usize> = known.iter().filter_map(|index| slots.get(*index)).copied().collect();
        let old = self.store.rows(&known_slots)?;
        let combined = self.combiner.combine(&delta, &old, &known, &mut self.values)?;
        let changes = Changes::between(&combined, &old, &known, &self.combiner)?;
        self.emit(changes.interleaved(&combined, &old, &self.combiner)?, out)?;

        let kept = combined.kept();
        let gone: Vec<usize> =
            slots.iter().zip(kept.values()).filter(|(_, kept)| !kept).map(|(slot, _)| *slot).collect();
        let stays: Vec<usize> =
            slots.iter().zip(kept.values()).filter(|(_, kept)| *kept).map(|(slot, _)| *slot).collect();
        let rows = batch_of(&self.state_schema, combined.stored(changes.emitted()), slots.len())?;
        if !gone.is_empty() {
            let keys = rows.columns().get(..self.plan.key_fields.len()).unwrap_or_default();
            let gone = not(&kept)?;
            let keys = keys.iter().map(|key| filter(key, &gone)).collect::<Result<Vec<_>, _>>()?;
            self.values.forget(&keys, gone.true_count())?;
        }
        self.store.put(&stays, filter_record_batch(&rows, &kept)?, now)?;
        self.store.remove(&gone);
        self.store.tidy()
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
        let Some(ttl) = self.ttl_micros.filter(|_| now >= self.next_sweep) else { return Ok(()) };
        self.next_sweep = now.saturating_add((ttl / SWEEPS_PER_TTL).max(1));
        let expired = self.store.unchanged_since(now.saturating_sub(ttl));
        if expired.is_empty() {
            return Ok(());
        }
        let old = self.store.rows(&expired)?;
        self.emit(changes::retractions(&old, &self.combiner)?, out)?;
        let keys = old.columns().get(..self.plan.key_fields.len()).unwrap_or_default();
        self.values.forget(keys, old.num_rows())?;
        self.store.remove(&expired);
        self.store.tidy()
    }
}

impl Operator for UpdatingAggregate {
    fn tables(&self) -> Vec<TableSpec> {
        let groups = TableSpec::keyed(GROUPS, Arc::clone(&self.state_schema), self.plan.key_fields.len());
        std::iter::once(groups).chain(self.values.table()).collect()
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = ctx.flush_interval;
        let now = ctx.clock.now_micros();
        for batch in ctx.state.take_restored(GROUPS) {
            self.store.restore(batch, now)?;
        }
        self.values.restore(ctx)
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
        let (changed, deleted) = self.store.take_changes()?;
        let key_columns = self.plan.key_fields.len();
        let hashes =
            |rows: &RecordBatch| key_hashes(rows.columns().get(..key_columns).unwrap_or_default(), rows.num_rows());
        if deleted.num_rows() > 0 {
            let hashes = hashes(&deleted)?;
            ctx.state.delete(GROUPS, deleted, hashes)?;
        }
        if changed.num_rows() > 0 {
            let hashes = hashes(&changed)?;
            ctx.state.put(GROUPS, changed, hashes)?;
        }
        self.values.store(ctx)
    }

    fn end(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(ctx, out)?;
        // An aggregate without groups has a result even if there were no rows.
        if self.plan.key_fields.is_empty() && self.store.is_empty() {
            let nothing = self.combiner.no_rows()?;
            self.update(nothing, ctx.clock.now_micros(), out)?;
        }
        Ok(())
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(ctx, out)?;
        self.sweep(ctx.clock.now_micros(), out)
    }

    fn state_bytes(&self) -> usize {
        self.store.bytes() + self.values.bytes() + self.delta.bytes()
    }
}

//! Tumbling, hopping and cumulating windows whose results are corrected: by early results, and by rows that come after the end.
//!
//! `SELECT k, sum(v) … GROUP BY k, tumble(10) EMIT EVERY … ALLOW LATENESS 5`, from partial rows (see `updating_partial`), each
//! in one window; times in seconds:
//!
//! ```text
//! in:  k=a window=[0, 10) state=3     out: k=a window=[0, 10) sum=3 _change=+1 _timestamp=9
//!      tick
//!      k=a window=[0, 10) state=1          k=a window=[0, 10) sum=3 _change=-1 _timestamp=9
//!      watermark 12                        k=a window=[0, 10) sum=4 _change=+1 _timestamp=9, watermark 12
//!      k=a window=[0, 10) state=2          k=a window=[0, 10) sum=4 _change=-1 _timestamp=9
//!      tick                                k=a window=[0, 10) sum=6 _change=+1 _timestamp=9
//!      watermark 15                        watermark 15
//! ```
//!
//! Ticks emit what changed in windows that are over, and, for early results, in open ones. The watermark emits a window's
//! result before it passes the window's end. A result that is as before is not emitted.
//! A window is forgotten when the watermark has passed its end by the allowed lateness; rows for it are dropped. They are
//! counted where they come in (see `late_rows`): a row may be too late for one of its windows and not for another.
//!
//! State: a keyed table like that of updating aggregates, and the watermark in a global one. Barriers emit nothing.

mod window;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, TimestampNanosecondArray};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::window::{Kit, Window};
use super::aggregate::{AggregatePlan, PlanConfig};
use super::error::config_schema;
use super::keyed_table::hand_over;
use super::output::{batch_of, collect, times};
use super::progress::{progress_table, restored_watermark, store_watermark};
use super::updating_aggregate::{ChangeColumns, Keeper};
use super::window_aggregate::rows_by_pane;

const GROUPS: &str = "groups";

/// See the module's documentation.
pub(super) struct UpdatingWindows {
    kit: Kit,
    schema: SchemaRef,
    /// The place of the window among the key columns.
    window_key: usize,
    /// How often open windows emit their results; `None`: never.
    every: Option<Duration>,
    lateness: i128,
    /// By their ends.
    windows: BTreeMap<i64, Window>,
    /// Keys of stored groups whose windows are forgotten since the last barrier.
    gone: Vec<RecordBatch>,
    watermark: i128,
    interval: Duration,
}

impl UpdatingWindows {
    pub(super) fn new(config: &config::UpdatingWindows) -> Result<Self, OperatorError> {
        let aggregate = config.aggregate.as_ref();
        let aggregate = aggregate.ok_or_else(|| OperatorError::bug("windows that are updated have no aggregate"))?;
        let (plan, updating) = AggregatePlan::updating(&PlanConfig {
            group_exprs: &aggregate.group_exprs,
            group_names: &aggregate.group_names,
            aggregate_exprs: &aggregate.aggregate_exprs,
            input_schema: &aggregate.input_schema,
        })?;
        let plan = Arc::new(plan);
        let every = u64::try_from(config.every_nanos).unwrap_or(0);
        Ok(Self {
            kit: Kit::new(Arc::new(Keeper::new(&plan, updating)), &plan),
            schema: config_schema(&aggregate.schema)?,
            window_key: config.window_key as usize,
            every: (every > 0).then_some(Duration::from_nanos(every)),
            lateness: i128::from(config.lateness_nanos),
            windows: BTreeMap::new(),
            gone: Vec::new(),
            watermark: i128::from(i64::MIN),
            interval: Duration::ZERO,
        })
    }

    /// The ends of the windows that rows are in.
    fn ends(&self, keys: &[ArrayRef]) -> Result<TimestampNanosecondArray, OperatorError> {
        let bounds = keys.get(self.window_key).and_then(|window| window.as_struct_opt());
        match bounds.map(|bounds| bounds.columns()) {
            Some([_, ends]) if ends.null_count() == 0 => times(ends, "window"),
            _ => Err(OperatorError::bug("rows of windows have no window")),
        }
    }

    fn is_forgotten(&self, end: i64) -> bool {
        i128::from(end) + self.lateness <= self.watermark
    }

    fn emit(&self, changes: ChangeColumns, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let (columns, rows) = changes;
        if rows == 0 { Ok(()) } else { collect(batch_of(&self.schema, columns, rows)?, out) }
    }

    /// Emits results of windows that end before `watermark`, and forgets windows that take no more rows.
    fn advance(&mut self, watermark: i128, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let before = self.watermark;
        self.watermark = before.max(watermark);
        let over: Vec<i64> =
            self.windows.keys().copied().take_while(|end| i128::from(*end) <= self.watermark).collect();
        for end in over {
            let is_forgotten = self.is_forgotten(end);
            if i128::from(end) <= before && !is_forgotten {
                continue;
            }
            let Some(window) = self.windows.get_mut(&end) else { continue };
            let changes = window.emit(&self.kit, now)?;
            if is_forgotten && let Some(window) = self.windows.remove(&end) {
                self.gone.extend(window.into_stored()?);
            }
            self.emit(changes, out)?;
        }
        Ok(())
    }

    /// Windows that were forgotten since the last barrier, and groups that changed.
    fn take_changes(&mut self, now: i64) -> Result<(RecordBatch, RecordBatch), OperatorError> {
        let mut changed = Vec::new();
        for window in self.windows.values_mut() {
            window.settle(now)?;
            changed.push(window.take_changes()?.0);
        }
        let schema = self.kit.keeper.state_schema();
        Ok((concat_batches(schema, &std::mem::take(&mut self.gone))?, concat_batches(schema, &changed)?))
    }
}

fn window_of<'a>(windows: &'a mut BTreeMap<i64, Window>, end: i64, kit: &Kit) -> Result<&'a mut Window, OperatorError> {
    match windows.entry(end) {
        Entry::Occupied(window) => Ok(window.into_mut()),
        Entry::Vacant(place) => Ok(place.insert(Window::new(kit)?)),
    }
}

impl Operator for UpdatingWindows {
    fn tables(&self) -> Vec<TableSpec> {
        let state = Arc::clone(self.kit.keeper.state_schema());
        vec![TableSpec::keyed(GROUPS, state, self.kit.key_columns()), progress_table()]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = self.every.unwrap_or(ctx.flush_interval);
        self.watermark = restored_watermark(ctx).map_or(self.watermark, i128::from);
        let now = ctx.clock.now_micros();
        for batch in ctx.state.take_restored(GROUPS) {
            let keys = batch.columns().get(..self.kit.key_columns()).unwrap_or_default().to_vec();
            for (end, rows) in rows_by_pane(&self.ends(&keys)?) {
                let rows = match rows {
                    None => batch.clone(),
                    Some(rows) => arrow::compute::take_record_batch(&batch, &rows)?,
                };
                let window = window_of(&mut self.windows, end, &self.kit)?;
                window.restore(&self.kit, rows, now)?;
            }
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
        let rows = self.kit.plan.prepare_partial(&batch, 0)?;
        for (end, indices) in rows_by_pane(&self.ends(&rows.keys)?) {
            if self.is_forgotten(end) {
                continue;
            }
            let window = window_of(&mut self.windows, end, &self.kit)?;
            match indices {
                None => window.add(&rows, ctx.clock.now_micros())?,
                Some(indices) => window.add(&rows.take(&indices)?, ctx.clock.now_micros())?,
            }
        }
        Ok(())
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        match watermark {
            Watermark::At(EventTime::MAX) => self.advance(i128::MAX / 2, now, out)?,
            Watermark::At(time) => self.advance(i128::from(time.nanos()), now, out)?,
            Watermark::Idle => {}
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        let (gone, changed) = self.take_changes(ctx.clock.now_micros())?;
        hand_over(GROUPS, gone, changed, 0..self.kit.key_columns(), ctx)?;
        store_watermark(ctx, i64::try_from(self.watermark).unwrap_or(i64::MAX))
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        let mut emitted = Vec::new();
        for (end, window) in &mut self.windows {
            if self.every.is_some() || i128::from(*end) <= self.watermark {
                emitted.push(window.emit(&self.kit, now)?);
            }
        }
        emitted.into_iter().try_for_each(|changes| self.emit(changes, out))
    }

    fn state_bytes(&self) -> usize {
        self.windows.values().map(Window::bytes).sum()
    }
}

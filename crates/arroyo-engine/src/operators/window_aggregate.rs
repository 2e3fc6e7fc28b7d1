//! Tumbling, hopping and cumulating aggregates: emits each window once, when the watermark passes its end.
//!
//! `SELECT k, sum(v) … GROUP BY k, hop(5, 10)`, from partial rows (see `window_partial`):
//!
//! ```text
//! in:  k=a _pane=0 state=1     out: window=[-5, 5)  k=a sum=1, _timestamp=4
//!      k=a _pane=5 state=2          window=[0, 10)  k=a sum=3, _timestamp=9
//!      watermark 10                 watermark 10
//!      watermark max                window=[5, 15)  k=a sum=2, _timestamp=14
//!                                   watermark max
//! ```
//!
//! Rows are kept per pane, and a window is the merge of its panes; a tumbling window is its pane.
//! Where windows overlap, what was merged for one is used for the next ([`sliding`]).
//! A row is late, and dropped and counted, when the last window of its pane has been emitted.
//! A window without rows emits nothing.
//!
//! State: at a barrier the groups that changed since the last one go, as partial rows, into a time-keyed table; they expire
//! with their pane. A global table holds the watermark, so that late rows are judged the same after a restore.

mod pane;
mod sliding;
mod spec;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StructArray, TimestampNanosecondArray, UInt32Array};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, SchemaRef, TimeUnit};
use arroyo_dataflow::operators as config;
use arroyo_expr::PANE_FIELD;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::pane::Pane;
use self::sliding::Sliding;
pub(super) use self::spec::WindowSpec;
use self::spec::clamp;
use super::aggregate::{AggregatePlan, GroupRows, Groups, PlanConfig, Prepared, key_hashes};
use super::error::config_schema;
use super::output::{batch_of, collect, event_times, times};
use super::progress::{progress_table, restored_watermark, store_watermark};

const PANES: &str = "panes";

/// See the module's documentation.
pub(super) struct WindowAggregate {
    plan: Arc<AggregatePlan>,
    windows: WindowSpec,
    schema: SchemaRef,
    state_schema: SchemaRef,
    window_index: Option<usize>,
    input_is_partial: bool,
    panes: BTreeMap<i64, Pane>,
    /// Where windows overlap: what is merged already.
    sliding: Option<Sliding>,
    /// Windows that end here or before are over.
    closed: i128,
}

/// Aggregates rows of equal `_timestamp`: a window as long as one nanosecond.
///
/// `SELECT window, max(n) FROM (… GROUP BY k, tumble(10)) GROUP BY window`:
///
/// ```text
/// in:  window=[0, 10) n=1 _timestamp=9     out: window=[0, 10) max=4 _timestamp=9
///      window=[0, 10) n=4 _timestamp=9          watermark 10
///      watermark 10
/// ```
pub(super) fn instant(config: config::InstantAggregate) -> Result<WindowAggregate, OperatorError> {
    WindowAggregate::new(&config::WindowAggregate {
        group_exprs: config.group_exprs,
        group_names: config.group_names,
        aggregate_exprs: config.aggregate_exprs,
        aggregate_names: config.aggregate_names,
        input_schema: config.input_schema,
        schema: config.schema,
        width_nanos: 1,
        slide_nanos: 1,
        window_index: None,
        input_is_partial: false,
        offset_nanos: 0,
        cumulate: false,
    })
}

impl WindowAggregate {
    pub(super) fn new(config: &config::WindowAggregate) -> Result<Self, OperatorError> {
        let plan = AggregatePlan::new(&PlanConfig {
            group_exprs: &config.group_exprs,
            group_names: &config.group_names,
            aggregate_exprs: &config.aggregate_exprs,
            input_schema: &config.input_schema,
        })?;
        let pane = Field::new(PANE_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false);
        let plan = Arc::new(plan);
        let windows = WindowSpec::new(config)?;
        Ok(Self {
            state_schema: plan.state_schema([pane]),
            sliding: windows.overlap().then(|| Sliding::new(&plan, config.cumulate)),
            plan,
            windows,
            schema: config_schema(&config.schema)?,
            window_index: config.window_index.map(|index| index as usize),
            input_is_partial: config.input_is_partial,
            panes: BTreeMap::new(),
            closed: i128::from(i64::MIN),
        })
    }

    fn is_late(&self, pane: i64) -> bool {
        self.windows.last_window_end(pane) <= self.closed
    }

    /// Adds rows to their panes; returns how many were late.
    fn add(&mut self, rows: &Prepared, panes: &TimestampNanosecondArray) -> Result<u64, OperatorError> {
        let mut late = 0;
        for (pane, indices) in rows_by_pane(panes) {
            if self.windows.is_between_windows(pane) {
                continue;
            }
            if self.is_late(pane) {
                late += indices.as_ref().map_or(rows.rows, UInt32Array::len) as u64;
                continue;
            }
            let held = self.panes.entry(pane).or_insert_with(|| Pane::new(&self.plan));
            match indices {
                None => held.add(rows)?,
                Some(indices) => held.add(&rows.take(&indices)?)?,
            }
        }
        Ok(late)
    }

    /// Emits the windows that end at `watermark` or before.
    fn close(&mut self, watermark: i128, out: &mut dyn Collector) -> Result<(), OperatorError> {
        while let Some(first) = self.panes.keys().next().copied() {
            let Some(end) = self.windows.next_window_end(first, self.closed) else {
                self.panes.remove(&first);
                continue;
            };
            if end > watermark {
                break;
            }
            let results = self.window(end)?;
            self.closed = end;
            if let Some(results) = results {
                collect(self.output(results, end)?, out)?;
            }
        }
        self.closed = self.closed.max(watermark);
        Ok(())
    }

    /// The results of the window that ends at `end`; the panes that it is the last one of are given up.
    fn window(&mut self, end: i128) -> Result<Option<GroupRows>, OperatorError> {
        let start = self.windows.window_start(end);
        let window: Vec<i64> = self.panes.range(clamp(start)..).map(|(pane, _)| *pane).collect();
        let window: Vec<i64> = window.into_iter().take_while(|pane| i128::from(*pane) < end).collect();
        let windows = self.windows;
        let is_last = |pane: &i64| windows.last_window_end(*pane) <= end;
        if let ([pane], None) = (window.as_slice(), &self.sliding)
            && is_last(pane)
        {
            return self.panes.remove(pane).map_or(Ok(None), Pane::into_results);
        }
        let results = match &mut self.sliding {
            Some(sliding) => sliding.results(&mut self.panes, &window)?,
            None => {
                let mut groups = Groups::new(&self.plan);
                for pane in &window {
                    let Some(held) = self.panes.get_mut(pane) else { continue };
                    held.settle()?;
                    for rows in held.pieces() {
                        groups.add(&rows.to_prepared())?;
                    }
                }
                groups.drain_results()?
            }
        };
        let gone = window.into_iter().filter(is_last);
        let gone: Vec<(i64, Pane)> =
            gone.filter_map(|pane| self.panes.remove(&pane).map(|held| (pane, held))).collect();
        if let Some(sliding) = &mut self.sliding {
            sliding.leave(&gone)?;
        }
        Ok(results)
    }

    fn output(&self, results: GroupRows, end: i128) -> Result<RecordBatch, OperatorError> {
        let rows = results.rows;
        let mut columns = results.keys;
        if let Some(index) = self.window_index {
            let start = TimestampNanosecondArray::from_value(clamp(self.windows.window_start(end)), rows);
            let end = TimestampNanosecondArray::from_value(clamp(end), rows);
            let window = window_column(&self.schema, index, start, end)?;
            columns.insert(index.min(columns.len()), window);
        }
        columns.extend(results.columns.into_iter().flatten());
        columns.push(Arc::new(TimestampNanosecondArray::from_value(clamp(end).saturating_sub(1), rows)));
        batch_of(&self.schema, columns, rows)
    }

    fn restore(&mut self, batch: &RecordBatch) -> Result<(), OperatorError> {
        let index = self.plan.key_fields.len();
        let column = batch.columns().get(index).ok_or_else(|| OperatorError::bug("stored panes have no time"))?;
        let panes = times(column, PANE_FIELD)?;
        let rows = self.plan.prepare_partial(batch, 1)?;
        for (pane, indices) in rows_by_pane(&panes) {
            if self.is_late(pane) {
                continue;
            }
            let rows = match indices {
                None => GroupRows { rows: rows.rows, keys: rows.keys.clone(), columns: rows.inputs.clone() },
                Some(indices) => {
                    let taken = rows.take(&indices)?;
                    GroupRows { rows: taken.rows, keys: taken.keys, columns: taken.inputs }
                }
            };
            self.panes.entry(pane).or_insert_with(|| Pane::new(&self.plan)).restore(rows);
        }
        Ok(())
    }

    /// What is stored of `rows`.
    fn stored(&self, pane: i64, rows: GroupRows) -> Result<RecordBatch, OperatorError> {
        let count = rows.rows;
        let pane: ArrayRef = Arc::new(TimestampNanosecondArray::from_value(pane, count));
        let columns = rows.keys.into_iter().chain([pane]).chain(rows.columns.into_iter().flatten()).collect();
        batch_of(&self.state_schema, columns, count)
    }
}

impl Operator for WindowAggregate {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::time_keyed(PANES, Arc::clone(&self.state_schema)), progress_table()]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.closed = restored_watermark(ctx).map_or(self.closed, i128::from);
        for batch in ctx.state.take_restored(PANES) {
            self.restore(&batch)?;
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
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let (rows, panes) = if self.input_is_partial {
            let column = batch.column_by_name(PANE_FIELD);
            let column = column.ok_or_else(|| OperatorError::bug("partial rows have no pane"))?;
            (self.plan.prepare_partial(&batch, 1)?, times(column, PANE_FIELD)?)
        } else {
            (self.plan.prepare_raw(&batch)?, self.windows.panes(&event_times(&batch)?))
        };
        let late = self.add(&rows, &panes)?;
        ctx.counters.add_late_rows(late);
        Ok(())
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        match watermark {
            Watermark::At(EventTime::MAX) => {
                self.close(i128::MAX / 2, out)?;
            }
            Watermark::At(time) => self.close(i128::from(time.nanos()), out)?,
            Watermark::Idle => {}
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        let mut unstored = Vec::new();
        for (pane, held) in &mut self.panes {
            unstored.extend(held.take_unstored()?.into_iter().map(|rows| (*pane, rows)));
        }
        let panes_of_rows: Vec<i64> =
            unstored.iter().flat_map(|(pane, rows)| std::iter::repeat_n(*pane, rows.rows)).collect();
        let batches = unstored.into_iter().map(|(pane, rows)| self.stored(pane, rows));
        let batches = batches.collect::<Result<Vec<_>, _>>()?;
        if !batches.is_empty() {
            let rows = concat_batches(&self.state_schema, &batches)?;
            let key_columns = self.plan.key_fields.len();
            let hashes = key_hashes(rows.columns().get(..key_columns).unwrap_or_default(), rows.num_rows())?;
            let panes = Int64Array::from(panes_of_rows);
            ctx.state.append(PANES, rows, hashes, panes)?;
        }
        ctx.state.expire(PANES, EventTime::from_nanos(clamp(self.windows.earliest_open_pane(self.closed))))?;
        store_watermark(ctx, clamp(self.closed))
    }

    fn state_bytes(&self) -> usize {
        let merged = self.sliding.as_ref().map_or(0, Sliding::bytes);
        merged + self.panes.values().map(Pane::bytes).sum::<usize>()
    }
}

/// The rows of each pane; `None` if all rows are of one.
pub(super) fn rows_by_pane(panes: &TimestampNanosecondArray) -> Vec<(i64, Option<UInt32Array>)> {
    let Some(first) = panes.values().first().copied() else { return Vec::new() };
    if panes.values().iter().all(|pane| *pane == first) {
        return vec![(first, None)];
    }
    let mut by_pane: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (row, pane) in panes.values().iter().enumerate() {
        by_pane.entry(*pane).or_default().push(row as u32);
    }
    by_pane.into_iter().map(|(pane, rows)| (pane, Some(UInt32Array::from(rows)))).collect()
}

/// The struct column of windows as the output's schema declares it.
pub(super) fn window_column(
    schema: &SchemaRef,
    index: usize,
    start: TimestampNanosecondArray,
    end: TimestampNanosecondArray,
) -> Result<ArrayRef, OperatorError> {
    match schema.fields().get(index).map(|field| field.data_type()) {
        Some(DataType::Struct(fields)) if fields.len() == 2 => {
            Ok(Arc::new(StructArray::try_new(fields.clone(), vec![Arc::new(start), Arc::new(end)], None)?))
        }
        _ => Err(OperatorError::bug(format!("column {index} of an aggregate's output is not a window"))),
    }
}

//! Session aggregates: rows of a key with no more than a gap of time between neighbours.
//!
//! `SELECT k, count(*) … GROUP BY k, session(5)`:
//!
//! ```text
//! in:  k=a _timestamp=1     out: window=[1, 9) k=a count=2, _timestamp=8
//!      k=a _timestamp=4          watermark 12
//!      k=a _timestamp=20         window=[20, 25) k=a count=1, _timestamp=24
//!      watermark 12              watermark max
//!      watermark max
//! ```
//!
//! A session starts with its first event and ends a gap after its last one; it is emitted when the watermark is after its end.
//! A row can join two sessions into one. A row before the watermark is late, dropped and counted.
//!
//! State: a keyed table with a row per session (key and start → last event and states) and the watermark in a global one.

mod queue;
mod session;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, TimestampNanosecondArray, UInt32Array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, SchemaRef, TimeUnit};
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;
use datafusion::common::ScalarValue;
use foldhash::fast::FixedState;

use self::queue::DeadlineQueue;
use self::session::{KeySessions, Session};
use super::aggregate::{AggregatePlan, PlanConfig, Prepared, key_hashes};
use super::error::{config_schema, grouping_failed};
use super::output::{batch_of, collect, event_times, fit, times};
use super::progress::{progress_table, restored_watermark, store_watermark};
use super::window_aggregate::window_column;

const SESSIONS: &str = "sessions";
const START_FIELD: &str = "_start";
const LAST_FIELD: &str = "_last";

/// A key as an Arrow row.
type Key = Arc<[u8]>;

/// See the module's documentation.
pub(super) struct SessionAggregate {
    plan: Arc<AggregatePlan>,
    gap: i64,
    schema: SchemaRef,
    state_schema: SchemaRef,
    window_index: Option<usize>,
    converter: Option<RowConverter>,
    keys: HashMap<Key, KeySessions, FixedState>,
    deadlines: DeadlineQueue,
    watermark: i64,
    /// Keys with sessions that changed since the last barrier.
    changed: BTreeSet<Key>,
    /// Stored sessions that are gone since the last barrier.
    gone: Vec<(Key, i64)>,
}

impl SessionAggregate {
    pub(super) fn new(config: &config::SessionAggregate) -> Result<Self, OperatorError> {
        let plan = AggregatePlan::new(&PlanConfig {
            group_exprs: &config.group_exprs,
            group_names: &config.group_names,
            aggregate_exprs: &config.aggregate_exprs,
            input_schema: &config.input_schema,
        })?;
        if config.gap_nanos <= 0 {
            return Err(OperatorError::bug(format!("a session gap of {} ns makes no sense", config.gap_nanos)));
        }
        let timestamp = DataType::Timestamp(TimeUnit::Nanosecond, None);
        let times = [Field::new(START_FIELD, timestamp.clone(), false), Field::new(LAST_FIELD, timestamp, false)];
        let sort_fields: Vec<SortField> =
            plan.key_fields.iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let converter = if sort_fields.is_empty() { None } else { Some(RowConverter::new(sort_fields)?) };
        Ok(Self {
            state_schema: plan.state_schema(times),
            plan: Arc::new(plan),
            gap: config.gap_nanos,
            schema: config_schema(&config.schema)?,
            window_index: config.window_index.map(|index| index as usize),
            converter,
            keys: HashMap::default(),
            deadlines: DeadlineQueue::default(),
            watermark: i64::MIN,
            changed: BTreeSet::new(),
            gone: Vec::new(),
        })
    }

    /// Adds rows run by run; a run is rows of one key without a gap between them.
    fn add(&mut self, rows: &Prepared, event_times: &[i64]) -> Result<(), OperatorError> {
        let converted = self.converter.as_ref().map(|converter| converter.convert_columns(&rows.keys)).transpose()?;
        let key = |row: u32| converted.as_ref().map_or(&[] as &[u8], |rows| rows.row(row as usize).data());
        let time = |row: u32| event_times.get(row as usize).copied().unwrap_or_default();
        let mut order: Vec<u32> = (0..rows.rows as u32).collect();
        order.sort_by(|a, b| key(*a).cmp(key(*b)).then(time(*a).cmp(&time(*b))));
        let sorted = rows.take(&UInt32Array::from(order.clone()))?;
        let gap = self.gap;
        let mut start = 0;
        for run in order.chunk_by(|a, b| key(*a) == key(*b) && time(*b) <= time(*a).saturating_add(gap)) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                let piece = slice(&sorted, start, run.len());
                self.add_run(key(*first), (time(*first), time(*last)), &piece)?;
            }
            start += run.len();
        }
        Ok(())
    }

    fn add_run(&mut self, key: &[u8], range: (i64, i64), rows: &Prepared) -> Result<(), OperatorError> {
        let key: Key = match self.keys.get_key_value(key) {
            Some((key, _)) => Arc::clone(key),
            None => key.into(),
        };
        let sessions = self.keys.entry(Arc::clone(&key)).or_default();
        let gone = sessions.add(&self.plan, self.gap, range, rows)?;
        self.gone.extend(gone.into_iter().map(|start| (Arc::clone(&key), start)));
        self.deadlines.schedule(&key, sessions);
        self.changed.insert(key);
        Ok(())
    }

    /// Emits the sessions that end before the watermark.
    fn close(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let mut closed: Vec<(Key, Session)> = Vec::new();
        while let Some((deadline, key)) = self.deadlines.pop_due(self.gap, self.watermark) {
            let Some(sessions) = self.keys.get_mut(&key) else { continue };
            if sessions.scheduled != Some(deadline) {
                continue;
            }
            for session in sessions.close(self.gap, self.watermark) {
                self.gone.extend(session.stored_start.map(|start| (Arc::clone(&key), start)));
                closed.push((Arc::clone(&key), session));
            }
            if sessions.sessions.is_empty() {
                self.keys.remove(&key);
                self.changed.remove(&key);
            } else {
                sessions.scheduled = None;
                self.deadlines.schedule(&key, sessions);
            }
        }
        if closed.is_empty() {
            return Ok(());
        }
        collect(self.output(closed)?, out)
    }

    fn key_columns<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Result<Vec<ArrayRef>, OperatorError> {
        let Some(converter) = &self.converter else { return Ok(Vec::new()) };
        let parser = converter.parser();
        let columns = converter.convert_rows(keys.map(|key| parser.parse(key)))?;
        let fitted =
            columns.into_iter().zip(&self.plan.key_fields).map(|(column, field)| fit(column, field.data_type()));
        fitted.collect()
    }

    fn output(&self, closed: Vec<(Key, Session)>) -> Result<RecordBatch, OperatorError> {
        let rows = closed.len();
        let mut columns = self.key_columns(closed.iter().map(|(key, _)| key))?;
        let end = |session: &Session| session.last.saturating_add(self.gap);
        let starts = TimestampNanosecondArray::from_iter_values(closed.iter().map(|(_, session)| session.start));
        let ends = TimestampNanosecondArray::from_iter_values(closed.iter().map(|(_, session)| end(session)));
        let event_times: TimestampNanosecondArray = ends.unary(|end| end.saturating_sub(1));
        if let Some(index) = self.window_index {
            columns.insert(index.min(columns.len()), window_column(&self.schema, index, starts, ends)?);
        }
        let mut results: Vec<Vec<ScalarValue>> = vec![Vec::with_capacity(rows); self.plan.aggregates.len()];
        for (_, mut session) in closed {
            for (column, value) in results.iter_mut().zip(session.results(&self.plan)?) {
                column.push(value);
            }
        }
        for values in results {
            columns.push(ScalarValue::iter_to_array(values).map_err(grouping_failed)?);
        }
        columns.push(Arc::new(event_times));
        batch_of(&self.schema, columns, rows)
    }

    fn restore(&mut self, batch: &RecordBatch) -> Result<(), OperatorError> {
        let key_columns = self.plan.key_fields.len();
        let time_column = |offset: usize| match batch.columns().get(key_columns + offset) {
            Some(column) => times(column, START_FIELD),
            None => Err(OperatorError::bug("stored sessions have no times")),
        };
        let (starts, lasts) = (time_column(0)?, time_column(1)?);
        let states = self.plan.prepare_partial(batch, 2)?;
        let rows = self.converter.as_ref().map(|converter| converter.convert_columns(&states.keys)).transpose()?;
        for (row, (start, last)) in starts.values().iter().zip(lasts.values()).enumerate() {
            let key: Key = rows.as_ref().map_or(&[] as &[u8], |rows| rows.row(row).data()).into();
            let mut session = Session::new(&self.plan, *start, *last)?;
            session.restore(&self.plan, &states, row as u32)?;
            let sessions = self.keys.entry(Arc::clone(&key)).or_default();
            let place = sessions.sessions.partition_point(|other| other.start < *start);
            sessions.sessions.insert(place, session);
            self.deadlines.schedule(&key, sessions);
        }
        Ok(())
    }

    /// Rows of the state table: keys, times and, if given, states; without them the state columns are null.
    fn stored(
        &self,
        keys: &[Key],
        starts: Vec<i64>,
        lasts: Vec<i64>,
        states: Option<Vec<ArrayRef>>,
    ) -> Result<RecordBatch, OperatorError> {
        let rows = keys.len();
        let mut columns = self.key_columns(keys.iter())?;
        columns.push(Arc::new(TimestampNanosecondArray::from(starts)));
        columns.push(Arc::new(TimestampNanosecondArray::from(lasts)));
        columns.extend(states.unwrap_or_else(|| {
            self.plan.state_fields().map(|field| arrow::array::new_null_array(field.data_type(), rows)).collect()
        }));
        batch_of(&self.state_schema, columns, rows)
    }

    fn store_gone(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let (keys, starts): (Vec<Key>, Vec<i64>) = std::mem::take(&mut self.gone).into_iter().unzip();
        let rows = self.stored(&keys, starts.clone(), starts, None)?;
        let hashes = self.hashes(&rows)?;
        ctx.state.delete(SESSIONS, rows, hashes)?;
        Ok(())
    }

    fn store_changed(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (mut keys, mut starts, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
        let mut states: Vec<Vec<ArrayRef>> = vec![Vec::new(); self.plan.state_fields().count()];
        for key in std::mem::take(&mut self.changed) {
            let Some(sessions) = self.keys.get_mut(&key) else { continue };
            for session in sessions.sessions.iter_mut().filter(|session| session.changed) {
                keys.push(Arc::clone(&key));
                starts.push(session.start);
                lasts.push(session.last);
                for (column, state) in states.iter_mut().zip(session.states(&self.plan)?) {
                    column.push(state);
                }
                session.changed = false;
                session.stored_start = Some(session.start);
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        let mut columns = Vec::with_capacity(states.len());
        for column in &states {
            let pieces: Vec<&dyn Array> = column.iter().map(AsRef::as_ref).collect();
            columns.push(concat(&pieces)?);
        }
        let rows = self.stored(&keys, starts, lasts, Some(columns))?;
        let hashes = self.hashes(&rows)?;
        ctx.state.put(SESSIONS, rows, hashes)?;
        Ok(())
    }

    fn hashes(&self, rows: &RecordBatch) -> Result<arrow::array::UInt64Array, OperatorError> {
        let keys = rows.columns().get(..self.plan.key_fields.len()).unwrap_or_default();
        key_hashes(keys, rows.num_rows())
    }
}

impl Operator for SessionAggregate {
    fn tables(&self) -> Vec<TableSpec> {
        let key_columns = self.plan.key_fields.len() + 1;
        vec![TableSpec::keyed(SESSIONS, Arc::clone(&self.state_schema), key_columns), progress_table()]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.watermark = restored_watermark(ctx).unwrap_or(i64::MIN);
        for batch in ctx.state.take_restored(SESSIONS) {
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
        let event_times = event_times(&batch)?;
        let in_time = event_times.values().iter().enumerate().filter(|(_, time)| **time >= self.watermark);
        let in_time = UInt32Array::from_iter_values(in_time.map(|(row, _)| row as u32));
        ctx.counters.add_late_rows((batch.num_rows() - in_time.len()) as u64);
        if in_time.is_empty() {
            return Ok(());
        }
        let rows = self.plan.prepare_raw(&batch)?;
        if in_time.len() == batch.num_rows() {
            return self.add(&rows, event_times.values());
        }
        let times: Vec<i64> = event_times.values().iter().copied().filter(|time| *time >= self.watermark).collect();
        self.add(&rows.take(&in_time)?, &times)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark
            && time.nanos() > self.watermark
        {
            self.watermark = time.nanos();
            self.close(out)?;
        }
        match watermark {
            // A session that ends just now is still open, and its result will be before its end.
            Watermark::At(time) if time != EventTime::MAX => {
                out.watermark(Watermark::At(EventTime::from_nanos(self.watermark.saturating_sub(1))))
            }
            other => out.watermark(other),
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        for key in &self.changed {
            let Some(sessions) = self.keys.get(key) else { continue };
            let moved =
                sessions.sessions.iter().filter(|session| session.stored_start.is_some_and(|s| s != session.start));
            self.gone.extend(moved.filter_map(|session| session.stored_start).map(|start| (Arc::clone(key), start)));
        }
        self.store_gone(ctx)?;
        self.store_changed(ctx)?;
        store_watermark(ctx, self.watermark)
    }

    fn state_bytes(&self) -> usize {
        let sessions = self.keys.iter().map(|(key, sessions)| {
            key.len() + size_of::<KeySessions>() + sessions.sessions.iter().map(Session::bytes).sum::<usize>()
        });
        sessions.sum()
    }
}

fn slice(rows: &Prepared, start: usize, length: usize) -> Prepared {
    let columns = |columns: &Vec<ArrayRef>| columns.iter().map(|column| column.slice(start, length)).collect();
    Prepared {
        rows: length,
        keys: columns(&rows.keys),
        inputs: rows.inputs.iter().map(columns).collect(),
        masks: rows.masks.iter().map(|mask| mask.as_ref().map(|mask| mask.slice(start, length))).collect(),
        partial: rows.partial,
    }
}

//! Sessions whose results are corrected: over a changelog, early, and by rows that come after the end.
//!
//! `SELECT k, count(*) … GROUP BY k, session(5)` over a changelog, from partial rows (see `updating_partial`) by key and event
//! time; times in seconds:
//!
//! ```text
//! in:  k=a _at=1 state=1 (rows=+1)      out: k=a window=[1, 12) count=3 _change=+1 _timestamp=11
//!      k=a _at=4 state=1 (rows=+1)
//!      k=a _at=7 state=1 (rows=+1)
//!      tick
//!      k=a _at=4 state=-1 (rows=-1)          k=a window=[1, 12) count=3 _change=-1 _timestamp=11
//!      tick                                  k=a window=[1, 6) count=1 _change=+1 _timestamp=5
//!                                            k=a window=[7, 12) count=1 _change=+1 _timestamp=11
//! ```
//!
//! Rows are kept by instant, and a session is the merge of its instants ([`chains`]): so a row can come, go, join sessions and
//! part them. Over a changelog results are emitted at ticks, and a session that got no rows for the time to live is taken back and
//! forgotten. Over rows the watermark emits a session before it passes the session's end, ticks emit what changed in sessions
//! that are over, and, for early results, in open ones; a session is forgotten when the watermark has passed its end by the
//! allowed lateness. A result that is as before is not emitted.
//!
//! State: keyed tables with the states of all instants, like that of updating aggregates, and with the emitted sessions; the
//! watermark in a global one. Barriers emit nothing.

mod chains;
mod emitted;
mod keys;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::chains::Range;
use self::emitted::Emitted;
use self::keys::{Key, Keys};
use super::aggregate::{AggregatePlan, Groups, PlanConfig};
use super::error::config_schema;
use super::expiry::Expiry;
use super::keyed_table::hand_over;
use super::output::{batch_of, collect};
use super::progress::{progress_table, restored_watermark, store_watermark};
use super::updating_aggregate::{Keeper, KeptGroups};

const INSTANTS: &str = "instants";
const EMITTED: &str = "emitted";

/// Changed instants held at most before they are kept.
const MAX_CHANGED: usize = 100_000;

/// See the module's documentation.
pub(super) struct UpdatingSessions {
    keeper: Arc<Keeper>,
    plan: Arc<AggregatePlan>,
    schema: SchemaRef,
    /// The place of the event time among the key columns, and of the session among the output's.
    time_key: usize,
    gap: i64,
    mode: Mode,
    delta: Groups,
    instants: KeptGroups,
    emitted: Emitted,
    keys: Keys,
    /// When the watermark passes these, a session of the key may be over.
    ends: BTreeSet<(i64, Key)>,
    /// When the watermark passes these, a session of the key may be forgotten.
    farewells: BTreeSet<(i64, Key)>,
    watermark: i64,
    held_watermark: Option<Watermark>,
    interval: Duration,
    expiry: Option<Expiry>,
}

/// What the input is, and what that means for results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Changes,
    Rows { every: Option<Duration>, lateness: i64 },
}

impl UpdatingSessions {
    pub(super) fn new(config: &config::UpdatingSessions) -> Result<Self, OperatorError> {
        let aggregate = config.aggregate.as_ref();
        let aggregate = aggregate.ok_or_else(|| OperatorError::bug("sessions that are updated have no aggregate"))?;
        let (plan, updating) = AggregatePlan::updating(&PlanConfig {
            group_exprs: &aggregate.group_exprs,
            group_names: &aggregate.group_names,
            aggregate_exprs: &aggregate.aggregate_exprs,
            input_schema: &aggregate.input_schema,
        })?;
        if config.gap_nanos <= 0 {
            return Err(OperatorError::bug(format!("a session gap of {} ns makes no sense", config.gap_nanos)));
        }
        let every = u64::try_from(config.every_nanos).ok().filter(|every| *every > 0).map(Duration::from_nanos);
        let is_changelog = updating.rows.is_some();
        let plan = Arc::new(plan);
        let time_key = config.time_key as usize;
        let keeper = Arc::new(Keeper::new(&plan, updating));
        Ok(Self {
            schema: config_schema(&aggregate.schema)?,
            time_key,
            gap: config.gap_nanos,
            mode: match is_changelog {
                true => Mode::Changes,
                false => Mode::Rows { every, lateness: config.lateness_nanos },
            },
            delta: Groups::new(&plan),
            instants: KeptGroups::new(&keeper)?,
            emitted: Emitted::new(&keeper, &plan)?,
            keys: Keys::new(&plan, time_key)?,
            plan,
            keeper,
            ends: BTreeSet::new(),
            farewells: BTreeSet::new(),
            watermark: i64::MIN,
            held_watermark: None,
            interval: Duration::ZERO,
            expiry: Expiry::after(aggregate.ttl_nanos).filter(|_| is_changelog),
        })
    }

    /// Keeps what came, without emitting it.
    fn settle(&mut self, now: i64) -> Result<(), OperatorError> {
        let Some(delta) = self.delta.drain_states()? else { return Ok(()) };
        let is_live = self.instants.add(&delta, now)?;
        let times = self.keys.times_of(&delta.keys)?;
        for (row, key) in self.keys.intern(&delta.keys)?.into_iter().enumerate() {
            let time = times.value(row);
            self.keys.change(&key).change(time, is_live.value(row));
            self.schedule(&key, time);
        }
        Ok(())
    }

    fn schedule(&mut self, key: &Key, last: i64) {
        let Mode::Rows { lateness, .. } = self.mode else { return };
        let end = last.saturating_add(self.gap);
        self.ends.insert((end, Arc::clone(key)));
        self.farewells.insert((end.saturating_add(lateness), Arc::clone(key)));
    }

    /// Emits sessions of `keys` that changed; of those that are still open only if `open`.
    fn emit(
        &mut self,
        keys: impl IntoIterator<Item = Key>,
        open: bool,
        now: i64,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let mut old: Vec<(Key, Range)> = Vec::new();
        let mut new: Vec<(Key, Range)> = Vec::new();
        for key in keys {
            let (gap, watermark) = (self.gap, self.watermark);
            let is_due = |session: &Range| open || session.1.saturating_add(gap) < watermark;
            let Some(times) = self.keys.find(&key) else { continue };
            let (mut gone, mut made) = (BTreeSet::new(), BTreeSet::new());
            let around: Vec<_> = times.changed.iter().map(|time| (*time, times.around(*time, gap))).collect();
            for (time, around) in around {
                if !around.new.iter().all(is_due) {
                    continue;
                }
                gone.extend(around.old);
                made.extend(around.new);
                times.changed.remove(&time);
            }
            for (start, _) in &gone {
                times.emitted.remove(start);
            }
            times.emitted.extend(made.iter().copied());
            old.extend(gone.into_iter().map(|session| (Arc::clone(&key), session)));
            new.extend(made.into_iter().map(|session| (Arc::clone(&key), session)));
            self.keys.leave(&key);
        }
        if old.is_empty() && new.is_empty() {
            return Ok(());
        }
        let (states, groups) = self.states_of(&new)?;
        let results = self.keeper.results(&states, &groups, new.len())?;
        let new_keys = self.keys.columns(&new, |session| session.0)?;
        let old_keys = self.keys.columns(&old, |session| session.0)?;
        let changes = self.emitted.update((&old_keys, &old), (&new_keys, &new), results, now)?;
        let (columns, rows) = changes.output(self.gap, self.time_key, &self.schema)?;
        if rows == 0 { Ok(()) } else { collect(batch_of(&self.schema, columns, rows)?, out) }
    }

    /// The states of all instants of `sessions`, and the place of each one's session.
    fn states_of(&mut self, sessions: &[(Key, Range)]) -> Result<(RecordBatch, Vec<usize>), OperatorError> {
        let mut groups = Vec::new();
        let mut instants: Vec<(Key, Range)> = Vec::new();
        for (place, (key, session)) in sessions.iter().enumerate() {
            let Some(times) = self.keys.find(key) else { continue };
            for time in times.instants(*session) {
                instants.push((Arc::clone(key), (time, time)));
                groups.push(place);
            }
        }
        let columns = self.keys.columns(&instants, |instant| instant.0)?;
        Ok((self.instants.rows_of(&columns, groups.len())?, groups))
    }

    /// Emits sessions that the watermark has passed.
    fn close(&mut self, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let due = self.pop_due(|sessions| &mut sessions.ends);
        self.emit(due.iter().cloned(), false, now, out)?;
        for key in due {
            // A session that got more rows ends later.
            let Some(times) = self.keys.find(&key) else { continue };
            let open: Vec<i64> = times.changed.iter().map(|time| times.session(*time, self.gap).1).collect();
            self.ends.extend(open.into_iter().map(|last| (last.saturating_add(self.gap), Arc::clone(&key))));
        }
        Ok(())
    }

    fn pop_due(&mut self, queue: impl Fn(&mut Self) -> &mut BTreeSet<(i64, Key)>) -> BTreeSet<Key> {
        let watermark = self.watermark;
        let mut due = BTreeSet::new();
        while let Some((time, key)) = queue(self).pop_first() {
            if time >= watermark {
                queue(self).insert((time, key));
                break;
            }
            due.insert(key);
        }
        due
    }

    /// Forgets sessions that take no more rows.
    fn forget(&mut self) -> Result<(), OperatorError> {
        let Mode::Rows { lateness, .. } = self.mode else { return Ok(()) };
        let (gap, watermark) = (self.gap, self.watermark);
        let farewell = |session: &Range| session.1.saturating_add(gap).saturating_add(lateness);
        let mut instants: Vec<(Key, Range)> = Vec::new();
        let mut sessions: Vec<(Key, Range)> = Vec::new();
        for key in self.pop_due(|sessions| &mut sessions.farewells) {
            let Some(times) = self.keys.find(&key) else { continue };
            while let Some(session) = times.first(gap) {
                if farewell(&session) >= watermark {
                    self.farewells.insert((farewell(&session), Arc::clone(&key)));
                    break;
                }
                let (times, emitted) = times.forget(session);
                instants.extend(times.into_iter().map(|time| (Arc::clone(&key), (time, time))));
                sessions.extend(emitted.into_iter().map(|session| (Arc::clone(&key), session)));
            }
            self.keys.leave(&key);
        }
        let columns = self.keys.columns(&instants, |instant| instant.0)?;
        self.instants.remove(&columns, instants.len())?;
        let columns = self.keys.columns(&sessions, |session| session.0)?;
        self.emitted.remove(&columns, sessions.len())
    }

    /// Emits what changed and may be emitted now, and then the watermark that waited for it.
    fn flush(&mut self, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.settle(now)?;
        if let Mode::Rows { every: None, .. } = self.mode {
            self.close(now, out)?;
        } else {
            let changed = self.keys.take_changed();
            self.emit(changed, true, now, out)?;
        }
        match self.held_watermark.take() {
            Some(watermark) => out.watermark(watermark),
            None => Ok(()),
        }
    }

    /// Takes back and forgets sessions of a changelog that got no rows for the time to live.
    fn sweep(&mut self, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let Some(before) = self.expiry.as_mut().and_then(|expiry| expiry.due(now)) else { return Ok(()) };
        let expired = self.instants.unchanged_since(before)?;
        let expired_times = self.keys.times_of(expired.columns())?;
        let expired_keys = self.keys.intern(expired.columns())?;
        let all: BTreeSet<(Key, i64)> = expired_keys.into_iter().zip(expired_times.values().iter().copied()).collect();
        let keys: BTreeSet<Key> = all.iter().map(|(key, _)| Arc::clone(key)).collect();
        let mut instants = Vec::new();
        for key in &keys {
            let Some(times) = self.keys.find(key) else { continue };
            // Retractions whose rows never came.
            let never_came = all.iter().filter(|(of, time)| of == key && !times.has_rows(*time));
            instants.extend(never_came.map(|(_, time)| (Arc::clone(key), (*time, *time))));
            for session in times.sessions(self.gap) {
                if !times.instants(session).all(|time| all.contains(&(Arc::clone(key), time))) {
                    continue;
                }
                for time in times.instants(session).collect::<Vec<_>>() {
                    times.change(time, false);
                    instants.push((Arc::clone(key), (time, time)));
                }
            }
        }
        let columns = self.keys.columns(&instants, |instant| instant.0)?;
        self.instants.remove(&columns, instants.len())?;
        self.emit(keys, true, now, out)
    }

    /// The columns by which rows are routed: an instant's sessions are where the rest of its key is.
    fn routed_by(&self) -> impl Iterator<Item = usize> + use<> {
        let time_key = self.time_key;
        (0..self.plan.key_fields.len()).filter(move |place| *place != time_key)
    }

    /// All instants count as changed: whether their sessions were emitted as they are will be seen.
    fn restore_instants(&mut self, batch: RecordBatch, now: i64) -> Result<(), OperatorError> {
        let times = self.keys.times_of(batch.columns())?;
        let is_live = self.keeper.live(&batch)?;
        for (row, key) in self.keys.intern(batch.columns())?.into_iter().enumerate() {
            self.keys.change(&key).change(times.value(row), is_live.value(row));
            self.schedule(&key, times.value(row));
        }
        self.instants.restore(batch, now)
    }

    fn restore_emitted(&mut self, batch: RecordBatch, now: i64) -> Result<(), OperatorError> {
        let starts = self.keys.times_of(batch.columns())?;
        let lasts = self.emitted.lasts(&batch)?;
        for (row, key) in self.keys.intern(batch.columns())?.into_iter().enumerate() {
            let times = self.keys.change(&key);
            times.emitted.insert(starts.value(row), lasts.value(row));
            times.changed.insert(starts.value(row));
        }
        self.emitted.restore(batch, now)
    }
}

impl Operator for UpdatingSessions {
    fn tables(&self) -> Vec<TableSpec> {
        let keys = self.plan.key_fields.len();
        vec![
            TableSpec::keyed(INSTANTS, Arc::clone(self.keeper.state_schema()), keys),
            TableSpec::keyed(EMITTED, Arc::clone(self.emitted.schema()), keys),
            progress_table(),
        ]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = match self.mode {
            Mode::Rows { every: Some(every), .. } => every,
            _ => ctx.flush_interval,
        };
        self.watermark = restored_watermark(ctx).unwrap_or(i64::MIN);
        let now = ctx.clock.now_micros();
        for batch in ctx.state.take_restored(INSTANTS) {
            self.restore_instants(batch, now)?;
        }
        for batch in ctx.state.take_restored(EMITTED) {
            self.restore_emitted(batch, now)?;
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
        self.delta.add(&self.plan.prepare_partial(&batch, 0)?)?;
        if self.delta.len() >= MAX_CHANGED { self.settle(ctx.clock.now_micros()) } else { Ok(()) }
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        if let Mode::Changes = self.mode {
            self.held_watermark = Some(watermark);
            let cannot_wait = matches!(watermark, Watermark::Idle | Watermark::At(EventTime::MAX));
            return if cannot_wait || self.delta.len() == 0 { self.flush(now, out) } else { Ok(()) };
        }
        if let Watermark::At(time) = watermark {
            self.watermark = self.watermark.max(time.nanos());
            self.settle(now)?;
            self.close(now, out)?;
            self.forget()?;
        }
        match watermark {
            Watermark::At(EventTime::MAX) => {
                // The last sessions may end when time does.
                let changed = self.keys.take_changed();
                self.emit(changed, true, now, out)?;
                out.watermark(watermark)
            }
            // A session that ends just now is still open, and its result will be before its end.
            Watermark::At(_) => out.watermark(Watermark::At(EventTime::from_nanos(self.watermark.saturating_sub(1)))),
            Watermark::Idle => out.watermark(watermark),
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.settle(ctx.clock.now_micros())?;
        let (changed, deleted) = self.instants.take_changes()?;
        hand_over(INSTANTS, deleted, changed, self.routed_by(), ctx)?;
        let (changed, deleted) = self.emitted.take_changes()?;
        hand_over(EMITTED, deleted, changed, self.routed_by(), ctx)?;
        store_watermark(ctx, self.watermark)
    }

    fn end(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        if let Mode::Changes = self.mode { self.flush(ctx.clock.now_micros(), out) } else { Ok(()) }
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        self.flush(now, out)?;
        self.sweep(now, out)
    }

    fn state_bytes(&self) -> usize {
        self.instants.bytes() + self.emitted.bytes() + self.keys.bytes() + self.delta.bytes()
    }
}

//! Joins: rows of two inputs that belong together.
//!
//! `SELECT … FROM a LEFT JOIN b ON a.k = b.k`, whose output is a changelog:
//!
//! ```text
//! in:  a: k=1 x=10 _timestamp=1     out: k=1 x=10 y=NULL _change=+1 _timestamp=1
//!      b: k=1 y=20 _timestamp=2          k=1 x=10 y=NULL _change=-1 _timestamp=1
//!                                        k=1 x=10 y=20   _change=+1 _timestamp=2
//! ```
//!
//! Rows of both inputs are kept; each new row is joined with those of the other side at once. Where a row without a match is in
//! the result (outer, anti and mark joins), the number of its matches is kept with it, and it enters and leaves the result as
//! that number leaves and reaches zero. A row whose key is NULL matches nothing, so it is not kept.
//!
//! With an interval (`a.at BETWEEN b.at AND b.at + 5 s`; the results of one window are an interval of length zero), a row is kept
//! until the watermark says that no match can come any more; only then is it known to have none, and emitted once:
//!
//! ```text
//! in:  a: k=1 x=10 _timestamp=1     out: k=1 x=10 y=20 _timestamp=2
//!      a: k=2 x=11 _timestamp=1          watermark 1
//!      b: k=1 y=20 _timestamp=2          k=2 x=11 y=NULL _timestamp=1
//!      watermark 2
//!      watermark 9
//! ```
//!
//! Such a row keeps its own time, so the watermark that is passed on stays behind by as much as a row may have to wait.
//! Without an interval rows are forgotten `ttl` after their event time: nothing is emitted for it, and a retraction of a
//! forgotten row is ignored.
//!
//! State: a keyed table per side with a row for each entry (equal rows are one with a count), of which a barrier writes what
//! changed, and the watermark in a global table.

mod changes;
mod input;
mod latest;
mod matches;
mod side;
mod spec;
mod stored;
mod versions;

use arrow::array::RecordBatch;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::changes::{Changes, Made};
use self::input::{Input, in_time};
use self::matches::{Matches, columns_of};
use self::side::{NewRow, Side};
use self::spec::{JoinSpec, LEFT};
use super::output::collect;
use super::progress::{progress_table, restored_watermark, store_watermark};

/// The operator that a configuration describes.
pub(super) fn build(config: &config::Join) -> Result<Box<dyn Operator>, OperatorError> {
    Ok(match &config.latest {
        Some(latest) => Box::new(latest::LatestJoin::new(config, latest.strict)?),
        None => Box::new(Join::new(config)?),
    })
}

/// See the module's documentation.
struct Join {
    spec: JoinSpec,
    sides: [Side; 2],
    watermark: i64,
}

impl Join {
    fn new(config: &config::Join) -> Result<Self, OperatorError> {
        Ok(Self { spec: JoinSpec::new(config)?, sides: [Side::default(), Side::default()], watermark: i64::MIN })
    }

    fn join(&mut self, input: &Input, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let (spec, watermark) = (&self.spec, self.watermark);
        let [left, right] = &mut self.sides;
        let (own, other) = if input.side == LEFT { (left, right) } else { (right, left) };
        let mut start = 0;
        while start < input.rows {
            let matches = Matches::find(spec, input, other, start)?;
            let mut changes = Changes::default();
            let mut step = Step { spec, input, watermark, own, other, changes: &mut changes };
            let mut next = 0;
            for row in start..matches.end {
                step.apply(row, matches.of(row, &mut next));
            }
            start = matches.end;
            if !changes.is_empty() {
                let slots = changes.slots();
                let used = matches.into_used(spec.side(1 - input.side), other, &slots)?;
                let places = used.places(&slots);
                collect(changes.into_batch(spec, input.side, &input.values, &used.columns, &places)?, out)?;
            }
        }
        Ok(())
    }

    /// Forgets rows that are no longer needed; those that never had a match are emitted if the result is final.
    fn expire(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let spec = &self.spec;
        for (place, side) in self.sides.iter_mut().enumerate() {
            let expired = side.expire(self.watermark);
            if !spec.is_final() || !spec.emits_alone(place) {
                continue;
            }
            let alone: Vec<_> = expired.into_iter().filter(|entry| entry.matches == 0).collect();
            let mut changes = Changes::default();
            for (row, entry) in alone.iter().enumerate() {
                changes.push(Made::Own(row as u32, false), 1, entry.time, entry.count);
            }
            if !changes.is_empty() {
                let columns = columns_of(spec.side(place), alone.iter().map(|entry| entry.row.as_ref()))?;
                collect(changes.into_batch(spec, place, &columns, &[], &[])?, out)?;
            }
        }
        Ok(())
    }
}

/// Joins rows of a batch one after the other with what is kept of the other side.
struct Step<'a> {
    spec: &'a JoinSpec,
    input: &'a Input,
    watermark: i64,
    own: &'a mut Side,
    other: &'a mut Side,
    changes: &'a mut Changes,
}

impl Step<'_> {
    fn apply(&mut self, row: usize, slots: &[u32]) {
        let (spec, side) = (self.spec, self.input.side);
        let (change, time, number) = (self.input.change(row), self.input.time(row), row as u32);
        let Some(key) = self.input.key(row) else {
            if spec.emits_alone(side) {
                self.changes.push(Made::Own(number, false), change, time, 1);
            }
            return;
        };
        let found = slots.iter().filter_map(|slot| self.other.entry(*slot)).map(|entry| entry.count).sum();
        let mut has_match = found > 0;
        let deadline = spec.deadline(side, time);
        let waits = deadline >= self.watermark;
        if change > 0 {
            let matches = if spec.counts_matches(side) { found } else { 0 };
            let identity = self.input.identity(row);
            if waits {
                self.own.insert(NewRow { key, row: identity, count: 1, matches, time, deadline, restored: false });
            }
        } else {
            let Some(matched) = self.own.remove(self.input.identity(row)) else { return };
            has_match = matched || has_match;
        }
        // With an interval it is the time that tells that no match will come.
        let may_match = has_match || (spec.is_final() && waits);
        if !may_match && spec.emits_alone(side) {
            self.changes.push(Made::Own(number, false), change, time, 1);
        }
        if has_match && spec.emits_matched(side) {
            let time = if spec.is_final() { time } else { self.first_match(slots, time) };
            self.changes.push(Made::Own(number, true), change, time, 1);
        }
        for slot in slots {
            self.pair(number, *slot, change, time);
        }
    }

    /// When the row came to have a match.
    fn first_match(&self, slots: &[u32], time: i64) -> i64 {
        let times = slots.iter().filter_map(|slot| self.other.entry(*slot)).map(|entry| entry.time);
        times.min().map_or(time, |first| first.max(time))
    }

    /// A row of the batch matches one of the other side.
    fn pair(&mut self, row: u32, slot: u32, change: i8, time: i64) {
        let (spec, side) = (self.spec, 1 - self.input.side);
        let Some((count, other_time)) = self.other.entry(slot).map(|entry| (entry.count, entry.time)) else { return };
        let (time, insert) = (time.max(other_time), change > 0);
        let (before, after) =
            if spec.counts_matches(side) { self.other.add_matches(slot, i64::from(change)) } else { (1, 1) };
        let met = insert && before == 0;
        let parted = !insert && before > 0 && after == 0;
        // A row without a match comes and goes at its own time, so that both can be put into the same window.
        if met && spec.emits_alone(side) && !spec.is_final() {
            self.changes.push(Made::Other(slot, false), -1, other_time, count);
        }
        if parted && spec.emits_matched(side) {
            self.changes.push(Made::Other(slot, true), -1, time, count);
        }
        if spec.emits_pairs() {
            self.changes.push(Made::Pair(row, slot), change, time, count);
        }
        if met && spec.emits_matched(side) {
            let time = if spec.is_final() { other_time } else { time };
            self.changes.push(Made::Other(slot, true), 1, time, count);
        }
        if parted && spec.emits_alone(side) {
            self.changes.push(Made::Other(slot, false), 1, other_time, count);
        }
    }
}

impl Operator for Join {
    fn tables(&self) -> Vec<TableSpec> {
        let mut tables = stored::tables(&self.spec);
        tables.push(progress_table());
        tables
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.watermark = restored_watermark(ctx).unwrap_or(i64::MIN);
        self.sides = [stored::restore(&self.spec, 0, ctx)?, stored::restore(&self.spec, 1, ctx)?];
        Ok(())
    }

    fn process_batch(
        &mut self,
        input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if input > 1 {
            return Err(OperatorError::bug(format!("a join has no input {input}")));
        }
        let batch = if self.spec.is_final() {
            let (batch, late) = in_time(batch, self.watermark)?;
            ctx.counters.add_late_rows(late as u64);
            batch
        } else {
            batch
        };
        let input = Input::new(&self.spec, input as usize, &batch)?;
        self.join(&input, out)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let Watermark::At(time) = watermark else { return out.watermark(watermark) };
        if time == EventTime::MAX && !self.spec.is_final() {
            // Nothing follows: what is kept for a time matters no more.
            return out.watermark(watermark);
        }
        self.watermark = self.watermark.max(time.nanos());
        self.expire(out)?;
        if time == EventTime::MAX {
            return out.watermark(watermark);
        }
        let behind = self.watermark.saturating_sub(self.spec.delay());
        out.watermark(Watermark::At(EventTime::from_nanos(behind)))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        for (place, side) in self.sides.iter_mut().enumerate() {
            stored::store(&self.spec, place, side, ctx)?;
        }
        store_watermark(ctx, self.watermark)
    }

    fn state_bytes(&self) -> usize {
        self.sides.iter().map(Side::bytes).sum()
    }
}

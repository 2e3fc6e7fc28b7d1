//! Joins each left row with the latest right row of its key that is not after it.
//!
//! `SELECT … FROM a LEFT JOIN b FOR SYSTEM_TIME AS OF a.at ON a.k = b.k`:
//!
//! ```text
//! in:  b: k=1 y=10 _timestamp=1     out: k=1 y=10   _timestamp=4
//!      a: k=1 _timestamp=4               k=2 y=NULL _timestamp=4
//!      b: k=1 y=20 _timestamp=5          watermark 6
//!      a: k=2 _timestamp=4
//!      watermark 6
//! ```
//!
//! A left row waits until the watermark has passed it: then all versions that count are known. Right rows are the versions of
//! their key. Of two rows of one time and key the one that is larger in all its columns is the version, so that their order of
//! arrival does not matter; in a changelog the later one. A version is kept until the watermark has passed the next one. Late
//! rows are dropped and counted, except those of a changelog.
//!
//! A retraction has the time of the row that it takes back. If an insertion of the same key comes with it, it is an update: the
//! version ends where the new one begins. Else it is a deletion, whose time nobody tells: the version ends at the latest time of
//! right rows.
//!
//! State: left rows that wait in a time-keyed table, versions in a keyed one, the watermark in a global one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type, Schema, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_dataflow::operators::join::Kind;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;
use foldhash::fast::FixedState;

use super::changes::{Changes, Made};
use super::input::{Input, in_time, key_rows};
use super::matches::columns_of;
use super::side::Bytes;
use super::spec::{JoinSpec, LEFT, SideSpec};
use super::versions::{Version, Versions};
use crate::operators::aggregate::key_hashes;
use crate::operators::output::{batch_of, collect};
use crate::operators::progress::{progress_table, restored_watermark, store_watermark};

const WAITING: &str = "waiting";
const VERSIONS: &str = "versions";
const RIGHT: usize = 1 - LEFT;

/// A row and its key; without a key it matches nothing.
type Keyed = (Option<Bytes>, Bytes);

/// See the module's documentation.
pub(super) struct LatestJoin {
    spec: JoinSpec,
    strict: bool,
    /// Left rows by time.
    waiting: BTreeMap<i64, Vec<Keyed>>,
    /// Left rows since the last barrier, which may have been emitted since.
    new_waiting: Vec<(i64, Bytes)>,
    versions: Versions,
    watermark: i64,
}

impl LatestJoin {
    pub(super) fn new(config: &config::Join, strict: bool) -> Result<Self, OperatorError> {
        let spec = JoinSpec::new(config)?;
        if !matches!(spec.kind, Kind::Inner | Kind::Left) || spec.filter.is_some() || spec.side(LEFT).change.is_some() {
            return Err(OperatorError::bug(
                "a join with versions is only possible as INNER or LEFT join of rows by keys",
            ));
        }
        Ok(Self {
            spec,
            strict,
            waiting: BTreeMap::new(),
            new_waiting: Vec::new(),
            versions: Versions::default(),
            watermark: i64::MIN,
        })
    }

    fn wait(&mut self, input: &Input) {
        for row in 0..input.rows {
            let (time, bytes): (i64, Bytes) = (input.time(row), input.identity(row).into());
            self.new_waiting.push((time, Arc::clone(&bytes)));
            self.waiting.entry(time).or_default().push((input.key(row).map(Into::into), bytes));
        }
    }

    fn learn(&mut self, input: &Input) {
        let is_changelog = self.spec.side(RIGHT).change.is_some();
        let replacements = if is_changelog { replacements(input) } else { HashMap::default() };
        for row in 0..input.rows {
            let Some(key) = input.key(row) else { continue };
            let (time, bytes): (i64, Bytes) = (input.time(row), input.identity(row).into());
            match (input.change(row) < 0, replacements.get(&row)) {
                (false, _) => self.versions.begin(key, bytes, time, is_changelog),
                (true, Some(from)) => self.versions.replace(key, &bytes, *from),
                (true, None) => self.versions.end(key, bytes, time),
            }
        }
    }

    /// Emits the left rows before the watermark.
    fn emit(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let later = if self.watermark == i64::MAX { BTreeMap::new() } else { self.waiting.split_off(&self.watermark) };
        let due = std::mem::replace(&mut self.waiting, later);
        let (mut left, mut right): (Vec<Bytes>, Vec<Bytes>) = (Vec::new(), Vec::new());
        let mut changes = Changes::default();
        for (time, rows) in due {
            for (key, row) in rows {
                let found = key.and_then(|key| self.versions.at(&key, time, self.strict));
                let own = left.len() as u32;
                match found {
                    Some(version) => {
                        changes.push(Made::Pair(own, right.len() as u32), 1, time, 1);
                        right.push(version);
                    }
                    None if self.spec.kind == Kind::Left => changes.push(Made::Own(own, false), 1, time, 1),
                    None => continue,
                }
                left.push(row);
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let own = columns_of(self.spec.side(LEFT), left.iter().map(AsRef::as_ref))?;
        let other = columns_of(self.spec.side(RIGHT), right.iter().map(AsRef::as_ref))?;
        let places = changes.slots();
        collect(changes.into_batch(&self.spec, LEFT, &own, &other, &places)?, out)
    }

    fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut waiting = std::mem::take(&mut self.new_waiting);
        waiting.retain(|(time, _)| *time >= self.watermark);
        if !waiting.is_empty() {
            let layout = self.spec.side(LEFT);
            let columns = columns_of(layout, waiting.iter().map(|(_, row)| row.as_ref()))?;
            let hashes = hashes_of(layout, &columns, waiting.len())?;
            let times = waiting.iter().map(|(time, _)| *time).collect();
            ctx.state.append(WAITING, batch_of(&left_schema(layout), columns, waiting.len())?, hashes, times)?;
        }
        ctx.state.expire(WAITING, EventTime::from_nanos(self.watermark))?;
        let changed = self.versions.take_changed();
        for run in changed.chunk_by(|a, b| a.came == b.came) {
            let layout = self.spec.side(RIGHT);
            let mut columns = columns_of(layout, run.iter().map(|changed| changed.version.row.as_ref()))?;
            let hashes = hashes_of(layout, &columns, run.len())?;
            columns.push(Arc::new(run.iter().map(|changed| changed.from).collect::<Int64Array>()));
            columns.push(Arc::new(BooleanArray::from_iter(run.iter().map(|changed| Some(changed.version.ended)))));
            let rows = batch_of(&right_schema(layout), columns, run.len())?;
            if run.first().is_some_and(|changed| changed.came) {
                ctx.state.put(VERSIONS, rows, hashes)?;
            } else {
                ctx.state.delete(VERSIONS, rows, hashes)?;
            }
        }
        store_watermark(ctx, self.watermark)
    }

    fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        for batch in ctx.state.take_restored(WAITING) {
            let input = Input::new(&self.spec, LEFT, &batch)?;
            self.wait(&input);
        }
        self.new_waiting.clear();
        for batch in ctx.state.take_restored(VERSIONS) {
            let layout = self.spec.side(RIGHT);
            let columns = batch.columns().get(..layout.identity).unwrap_or_default();
            let count = batch.num_rows();
            let (rows, keys) = (layout.rows.encode(columns, count)?, key_rows(&self.spec, layout, columns, count)?);
            let (times, ends) = times_and_ends(&batch, layout.identity)?;
            for row in 0..count {
                let key: Bytes = keys.row(row).data().into();
                let version = Version { row: rows.row(row).data().into(), ended: ends.value(row) };
                self.versions.restore(key, times.value(row), version);
            }
        }
        Ok(())
    }
}

/// The rows of a changelog that are taken back because another one of their key comes instead, and its time.
///
/// Those belong together that one change upstream made: retractions, and right behind them insertions.
fn replacements(input: &Input) -> HashMap<usize, i64, FixedState> {
    let mut found = HashMap::default();
    let mut next: HashMap<&[u8], Option<i64>, FixedState> = HashMap::default();
    for row in (0..input.rows).rev() {
        let is_insertion = input.change(row) > 0;
        if is_insertion && row + 1 < input.rows && input.change(row + 1) < 0 {
            next.clear();
        }
        let Some(key) = input.key(row) else { continue };
        let behind = next.insert(key, is_insertion.then(|| input.time(row))).flatten();
        if let Some(time) = behind.filter(|_| !is_insertion) {
            found.insert(row, time);
        }
    }
    found
}

fn hashes_of(layout: &SideSpec, columns: &[ArrayRef], rows: usize) -> Result<arrow::array::UInt64Array, OperatorError> {
    let keys: Vec<ArrayRef> = layout.keys.iter().filter_map(|key| columns.get(*key).cloned()).collect();
    key_hashes(&keys, rows)
}

fn left_schema(layout: &SideSpec) -> SchemaRef {
    Arc::clone(&layout.schema)
}

/// The columns that tell right rows apart, when the version begins, and whether it is the end of one.
fn right_schema(layout: &SideSpec) -> SchemaRef {
    let identity = layout.schema.fields().iter().take(layout.identity);
    let mut fields: Vec<FieldRef> =
        identity.map(|field| Arc::new(field.as_ref().clone().with_nullable(true))).collect();
    fields.push(Arc::new(Field::new("_from", DataType::Int64, false)));
    fields.push(Arc::new(Field::new("_ended", DataType::Boolean, false)));
    Arc::new(Schema::new(fields))
}

fn times_and_ends(batch: &RecordBatch, first: usize) -> Result<(Int64Array, BooleanArray), OperatorError> {
    let times = batch.columns().get(first).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let ends = batch.columns().get(first + 1).and_then(|column| column.as_boolean_opt());
    match (times, ends) {
        (Some(times), Some(ends)) if times.null_count() == 0 => Ok((times.clone(), ends.clone())),
        _ => Err(OperatorError::bug("stored versions of a join lack their times")),
    }
}

impl Operator for LatestJoin {
    fn tables(&self) -> Vec<TableSpec> {
        let right = self.spec.side(RIGHT);
        vec![
            TableSpec::time_keyed(WAITING, left_schema(self.spec.side(LEFT))),
            TableSpec::keyed(VERSIONS, right_schema(right), right.identity + 2),
            progress_table(),
        ]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.watermark = restored_watermark(ctx).unwrap_or(i64::MIN);
        self.restore(ctx)
    }

    fn process_batch(
        &mut self,
        input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        // What a changelog says is never too late: the row that it takes back would be valid for ever.
        let is_changelog = input as usize != LEFT && self.spec.side(RIGHT).change.is_some();
        let (batch, late) = if is_changelog { (batch, 0) } else { in_time(batch, self.watermark)? };
        ctx.counters.add_late_rows(late as u64);
        let input = Input::new(&self.spec, input as usize, &batch)?;
        if input.side == LEFT {
            self.wait(&input)
        } else {
            self.learn(&input)
        }
        Ok(())
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            self.watermark = self.watermark.max(time.nanos());
            self.emit(out)?;
            self.versions.forget(self.watermark);
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.store(ctx)
    }

    fn state_bytes(&self) -> usize {
        let waiting: usize = self.waiting.values().flatten().map(|(_, row)| row.len() + size_of::<Keyed>()).sum();
        waiting + self.versions.bytes()
    }
}

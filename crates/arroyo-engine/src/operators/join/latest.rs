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
//! their key; a retraction ends the version that it takes back, from its time on. Of two rows of one time and key the one that
//! is larger in all its columns is the version, so that their order of arrival does not matter; in a changelog the later one.
//! A version is kept until the watermark has passed the next one. Late rows are dropped and counted.
//!
//! State: left rows that wait in a time-keyed table, versions in a keyed one, the watermark in a global one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
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
use crate::operators::aggregate::key_hashes;
use crate::operators::output::{batch_of, collect};
use crate::operators::progress::{progress_table, restored_watermark, store_watermark};

const WAITING: &str = "waiting";
const VERSIONS: &str = "versions";
const RIGHT: usize = 1 - LEFT;

/// A row and its key; without a key it matches nothing.
type Keyed = (Option<Bytes>, Bytes);

/// The row that is valid from a time on; `None`: there is none any more. The row that was there before is kept, too: it names
/// the stored version.
type Versions = BTreeMap<i64, Version>;

#[derive(Debug, Clone)]
struct Version {
    row: Bytes,
    ended: bool,
}

/// See the module's documentation.
pub(super) struct LatestJoin {
    spec: JoinSpec,
    strict: bool,
    /// Left rows by time.
    waiting: BTreeMap<i64, Vec<Keyed>>,
    /// Left rows since the last barrier, which may have been emitted since.
    new_waiting: Vec<(i64, Bytes)>,
    versions: HashMap<Bytes, Versions, FixedState>,
    /// From when on a key has versions that are of no use any more.
    outdated: BTreeSet<(i64, Bytes)>,
    /// Versions that came or went since the last barrier, in order: the row, from when on, whether it is an end, and whether
    /// it came.
    changed: Vec<(Bytes, i64, bool, bool)>,
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
            versions: HashMap::default(),
            outdated: BTreeSet::new(),
            changed: Vec::new(),
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
        for row in 0..input.rows {
            let Some(key) = input.key(row) else { continue };
            let (time, bytes): (i64, Bytes) = (input.time(row), input.identity(row).into());
            let is_changelog = self.spec.side(RIGHT).change.is_some();
            let versions = match self.versions.get_mut(key) {
                Some(versions) => versions,
                None => self.versions.entry(key.into()).or_default(),
            };
            let ended = input.change(row) < 0;
            if ended {
                let current = versions.range(..=time).next_back().map(|(_, version)| version);
                if current.is_none_or(|current| current.ended || current.row != bytes) {
                    continue;
                }
            }
            let before = versions.get(&time);
            if before.is_some_and(|before| !is_changelog && before.row >= bytes) {
                continue;
            }
            if let Some(before) = versions.insert(time, Version { row: Arc::clone(&bytes), ended }) {
                self.changed.push((before.row, time, before.ended, false));
            }
            self.changed.push((bytes, time, ended, true));
            if versions.len() > 1 || ended {
                let later = versions.range(time..).map(|(time, _)| *time).take(2);
                self.outdated.extend(later.map(|time| (time, Bytes::from(key))));
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
                let found = key.and_then(|key| self.version(&key, time));
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

    fn version(&self, key: &Bytes, time: i64) -> Option<Bytes> {
        let versions = self.versions.get(key)?;
        let latest = if self.strict { versions.range(..time) } else { versions.range(..=time) }.next_back();
        latest.map(|(_, version)| version).filter(|version| !version.ended).map(|version| Arc::clone(&version.row))
    }

    /// Forgets versions that are over for all rows still to come.
    fn forget(&mut self) {
        while let Some((time, _)) = self.outdated.first()
            && *time < self.watermark
            && let Some((_, key)) = self.outdated.pop_first()
        {
            let Some(versions) = self.versions.get_mut(&key) else { continue };
            let Some(latest) = versions.range(..self.watermark).next_back().map(|(time, _)| *time) else { continue };
            let mut kept = versions.split_off(&latest);
            let mut gone = std::mem::take(versions);
            if kept.get(&latest).is_some_and(|latest| latest.ended) {
                gone.extend(kept.remove_entry(&latest));
            }
            *versions = kept;
            if versions.is_empty() {
                self.versions.remove(&key);
            }
            self.changed.extend(gone.into_iter().map(|(time, version)| (version.row, time, version.ended, false)));
        }
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
        let changed = std::mem::take(&mut self.changed);
        for run in changed.chunk_by(|a, b| a.3 == b.3) {
            let layout = self.spec.side(RIGHT);
            let mut columns = columns_of(layout, run.iter().map(|(row, ..)| row.as_ref()))?;
            let hashes = hashes_of(layout, &columns, run.len())?;
            columns.push(Arc::new(run.iter().map(|(_, time, ..)| *time).collect::<Int64Array>()));
            columns.push(Arc::new(BooleanArray::from_iter(run.iter().map(|(_, _, ended, _)| Some(*ended)))));
            let rows = batch_of(&right_schema(layout), columns, run.len())?;
            match run.first() {
                Some((.., true)) => ctx.state.put(VERSIONS, rows, hashes)?,
                _ => ctx.state.delete(VERSIONS, rows, hashes)?,
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
            let (rows, keys) = (layout.rows.convert_columns(columns)?, key_rows(&self.spec, layout, columns)?);
            let (times, ends) = times_and_ends(&batch, layout.identity)?;
            for row in 0..batch.num_rows() {
                let key: Bytes = keys.as_ref().map_or(&[] as &[u8], |keys| keys.row(row).data()).into();
                let version = Version { row: rows.row(row).data().into(), ended: ends.value(row) };
                let time = times.value(row);
                self.outdated.insert((time, Arc::clone(&key)));
                self.versions.entry(key).or_default().insert(time, version);
            }
        }
        Ok(())
    }
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
        let (batch, late) = in_time(batch, self.watermark)?;
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
            self.forget();
        }
        out.watermark(watermark)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.store(ctx)
    }

    fn state_bytes(&self) -> usize {
        let waiting: usize = self.waiting.values().flatten().map(|(_, row)| row.len() + size_of::<Keyed>()).sum();
        let versions = self.versions.values().flatten().map(|(_, version)| version.row.len() + size_of::<Version>());
        waiting + versions.sum::<usize>()
    }
}

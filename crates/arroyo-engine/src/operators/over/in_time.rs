//! What is done partition by partition, with rows in the order of event time.
//!
//! Rows wait in no order until the watermark has passed them; then their place is final and their partition gets them. What a
//! partition makes of its rows is its [`Work`]: functions with OVER, matches of a pattern. Results come in the order of event
//! time; the watermark is held back where a partition can still have results of an earlier time.
//! Rows behind the watermark are late, dropped and counted.
//!
//! State: rows that wait for the watermark are in a time-keyed table; the rows that a partition keeps, and its own state, are in
//! keyed tables, of which a checkpoint gets what has changed.

pub(super) mod stored;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int8Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Field, SchemaRef};
use arrow::row::SortField;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::stored::StoredSchemas;
use super::order::RowOrder;
use super::waiting::Waiting;
use crate::operators::output::{collect, columns_at, event_times};
use crate::operators::row_encoder::RowEncoder;

const KEPT: &str = "kept";
const PARTITIONS: &str = "partitions";

/// The values of PARTITION BY, as bytes.
type Key = Arc<[u8]>;

/// What is done with the rows of a partition, which are numbered from 0 in their order.
pub(in crate::operators) trait Work: Send {
    /// What is known of a partition.
    type Partition: Send;

    /// The columns of the rows.
    fn input(&self) -> &SchemaRef;

    /// The columns of the results.
    fn output(&self) -> &SchemaRef;

    /// The partitions, and the order of their rows.
    fn order(&self) -> &RowOrder;

    /// A partition without rows.
    fn begin(&self) -> Result<Self::Partition, OperatorError>;

    /// Adds rows, which come behind all others, and returns the results that are decided. `watermark`: no row before it comes any
    /// more; `None`: no row at all.
    fn extend(
        &self,
        partition: &mut Self::Partition,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError>;

    /// When the partition matters next.
    fn schedule(&self, partition: &Self::Partition) -> Schedule;

    /// Whether nothing of it can matter any more.
    fn is_over(&self, partition: &Self::Partition) -> bool;

    /// Bytes held, roughly.
    fn bytes(&self, partition: &Self::Partition) -> usize;

    /// The columns of a partition's own state.
    fn state_fields(&self) -> Vec<Field>;

    /// A partition's own state: one row.
    fn state_of(&self, partition: &mut Self::Partition) -> Result<Vec<ArrayRef>, OperatorError>;

    /// The numbers of the rows that are kept.
    fn kept(&self, partition: &Self::Partition) -> Range<u64>;

    /// Some of the rows that are kept.
    fn kept_rows(&self, partition: &Self::Partition, rows: Range<u64>) -> Result<RecordBatch, OperatorError>;

    /// A partition as it was stored: its own state (one row), and the rows that it kept with the number of the first one.
    fn restored(&self, state: &[ArrayRef], kept: Option<(u64, RecordBatch)>) -> Result<Self::Partition, OperatorError>;
}

/// When a partition matters next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::operators) struct Schedule {
    /// Results can still have this event time, and no earlier one.
    pub(super) holds: Option<i64>,
    /// The watermark at which there is something to decide or to forget even if no row comes.
    pub(super) due: Option<i64>,
    /// Whether there is something to decide when no row comes any more.
    pub(super) waits: bool,
}

/// A partition, and what the operator and its tables know of it.
struct Entry<P> {
    partition: P,
    schedule: Schedule,
    /// The numbers of the rows that the state's table has.
    stored: Range<u64>,
    /// Whether the state's table knows the partition.
    is_stored: bool,
}

/// See the module's documentation.
pub(in crate::operators) struct InTime<W: Work> {
    work: W,
    keys: RowEncoder,
    stored: StoredSchemas,
    waiting: Waiting,
    partitions: HashMap<Key, Entry<W::Partition>>,
    /// The event time at which each partition holds the watermark back.
    holding: BTreeSet<(i64, Key)>,
    /// The watermark at which each partition is to be looked at.
    due: BTreeSet<(i64, Key)>,
    /// Partitions that changed since the last barrier.
    dirty: BTreeSet<Key>,
}

impl<W: Work> InTime<W> {
    pub(super) fn of(work: W) -> Result<Self, OperatorError> {
        let stored = StoredSchemas::new(work.input(), work.order().partition_columns(), work.state_fields());
        let keys = RowEncoder::of_keys(stored.key_types().into_iter().map(SortField::new))?;
        Ok(Self {
            waiting: Waiting::new("waiting", work.input()),
            work,
            keys,
            stored,
            partitions: HashMap::new(),
            holding: BTreeSet::new(),
            due: BTreeSet::new(),
            dirty: BTreeSet::new(),
        })
    }

    /// Gives `ready` rows to their partitions and emits what the watermark decides; `None`: there are no more rows.
    fn advance(
        &mut self,
        ready: &[RecordBatch],
        watermark: Option<i64>,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let mut emitted = Vec::new();
        if !ready.is_empty() {
            let sorted = self.work.order().sorted(&concat_batches(self.work.input(), ready)?)?;
            for range in self.work.order().partitions(&sorted)? {
                let rows = sorted.slice(range.start, range.len());
                let key = self.key_of(&rows)?;
                emitted.extend(self.extend(&key, Some(rows), watermark)?);
            }
        }
        for key in self.due_at(watermark) {
            emitted.extend(self.extend(&key, None, watermark)?);
        }
        if emitted.is_empty() {
            return Ok(());
        }
        let rows = concat_batches(self.work.output(), &emitted)?;
        collect(in_order_of_time(&rows)?, out)
    }

    /// The partitions that have something to decide or to forget.
    fn due_at(&self, watermark: Option<i64>) -> Vec<Key> {
        match watermark {
            Some(watermark) => {
                let due = self.due.iter().take_while(|(time, _)| *time <= watermark);
                due.map(|(_, key)| Arc::clone(key)).collect()
            }
            None => {
                let waiting = self.partitions.iter().filter(|(_, entry)| entry.schedule.waits);
                let mut keys: Vec<Key> = waiting.map(|(key, _)| Arc::clone(key)).collect();
                keys.sort_unstable();
                keys
            }
        }
    }

    /// Adds rows to a partition; returns the results that are decided.
    fn extend(
        &mut self,
        key: &Key,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        let mut entry = match self.take(key) {
            Some(entry) => entry,
            None => {
                let partition = self.work.begin()?;
                Entry { partition, schedule: Schedule::default(), stored: 0..0, is_stored: false }
            }
        };
        let decided = self.work.extend(&mut entry.partition, rows, watermark)?;
        entry.schedule = self.work.schedule(&entry.partition);
        self.put(key, entry);
        self.dirty.insert(Arc::clone(key));
        Ok(decided)
    }

    /// Takes a partition out, with its dates.
    fn take(&mut self, key: &Key) -> Option<Entry<W::Partition>> {
        let entry = self.partitions.remove(key)?;
        if let Some(time) = entry.schedule.holds {
            self.holding.remove(&(time, Arc::clone(key)));
        }
        if let Some(time) = entry.schedule.due {
            self.due.remove(&(time, Arc::clone(key)));
        }
        Some(entry)
    }

    /// Puts a partition in, with its dates.
    fn put(&mut self, key: &Key, entry: Entry<W::Partition>) {
        if let Some(time) = entry.schedule.holds {
            self.holding.insert((time, Arc::clone(key)));
        }
        if let Some(time) = entry.schedule.due {
            self.due.insert((time, Arc::clone(key)));
        }
        self.partitions.insert(Arc::clone(key), entry);
    }

    /// The key of rows of one partition.
    fn key_of(&self, rows: &RecordBatch) -> Result<Key, OperatorError> {
        let columns = key_columns(&rows.slice(0, 1), self.work.order().partition_columns())?;
        let converted = self.keys.encode(&columns, 1)?;
        let key = converted.iter().next().map(|row| Arc::from(row.as_ref()));
        key.ok_or_else(|| OperatorError::bug("a partition has no rows"))
    }
}

/// The columns of PARTITION BY; a constant where there are none.
fn key_columns(rows: &RecordBatch, partition: &[usize]) -> Result<Vec<ArrayRef>, OperatorError> {
    if partition.is_empty() {
        return Ok(vec![Arc::new(Int8Array::from_value(0, rows.num_rows()))]);
    }
    columns_at(rows, partition)
}

fn in_order_of_time(rows: &RecordBatch) -> Result<RecordBatch, OperatorError> {
    let times = event_times(rows)?;
    if times.values().is_sorted() {
        return Ok(rows.clone());
    }
    let mut places: Vec<(i64, u32)> = times.values().iter().copied().zip(0u32..).collect();
    places.sort_unstable();
    let places = UInt32Array::from_iter_values(places.into_iter().map(|(_, place)| place));
    Ok(take_record_batch(rows, &places)?)
}

impl<W: Work> Operator for InTime<W> {
    fn tables(&self) -> Vec<TableSpec> {
        let keys = self.stored.key_types().len();
        let [waiting, progress] = self.waiting.tables();
        vec![
            waiting,
            TableSpec::keyed(KEPT, SchemaRef::clone(&self.stored.kept), keys + 1),
            TableSpec::keyed(PARTITIONS, SchemaRef::clone(&self.stored.partitions), keys),
            progress,
        ]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.waiting.open(ctx)?;
        self.restore(ctx)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.waiting.add(batch, ctx)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let Watermark::At(time) = watermark else { return out.watermark(watermark) };
        let ready = self.waiting.take(time)?;
        self.advance(&ready, (time != EventTime::MAX).then_some(time.nanos()), out)?;
        match self.holding.first() {
            Some((first, _)) if *first < time.nanos() => out.watermark(Watermark::At(EventTime::from_nanos(*first))),
            _ => out.watermark(watermark),
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.waiting.store(self.work.order().partition_columns(), ctx)?;
        self.store(ctx)
    }

    fn state_bytes(&self) -> usize {
        let partitions = self.partitions.values().map(|entry| self.work.bytes(&entry.partition));
        self.waiting.buffer.bytes() + partitions.sum::<usize>()
    }
}

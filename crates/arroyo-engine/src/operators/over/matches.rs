//! Matches of a pattern in the rows of each partition, in the order of event time.
//!
//! `PATTERN (A B+) DEFINE B AS B.v > PREV(B.v)`, the greatest value of a match as `top`:
//!
//! ```text
//! in:  k=a v=3 at=12     out: k=a top=5 at=13     (rows at 10 … 13)
//!      k=a v=1 at=10
//!      k=a v=5 at=13
//!      k=a v=2 at=11
//!      k=a v=4 at=14
//!      watermark 15           watermark 15
//! ```
//!
//! Rows wait in no order until the watermark has passed them; then their place is final. In each partition a search goes from row
//! to row: an attempt follows all ways in which the pattern can go on, those that SQL prefers first, until the preferred match is
//! known. So the result does not depend on when rows come. A match has the event time of its last row; the watermark is held
//! back where a match of earlier rows can still follow.
//! A partition keeps the rows from the attempt's first one on, and those before it that PREV can reach. With WITHIN an attempt is
//! given up when the watermark says that no row comes in time.
//! Rows behind the watermark are late, dropped and counted.
//!
//! State: rows that wait for the watermark are in a time-keyed table; the rows that a partition keeps, the place of its search and
//! the number of its matches are in keyed tables, of which a checkpoint gets what has changed. Attempts are made again after a
//! restore.

mod aggregates;
mod attempt;
mod conditions;
mod later;
mod memory;
mod partition;
mod results;
mod rows;
mod seen;
mod spec;
mod stored;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int8Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::partition::Partition;
use self::spec::MatchSpec;
use self::stored::StoredSchemas;
use super::buffer::{TimeBuffer, drop_late};
use super::order::columns_at;
use crate::operators::output::{collect, event_times};
use crate::operators::window_aggregate::{progress_table, restored_watermark, store_watermark};

const WAITING: &str = "waiting";
const KEPT: &str = "kept";
const PARTITIONS: &str = "partitions";

/// The values of PARTITION BY, as bytes.
type Key = Arc<[u8]>;

/// See the module's documentation.
pub(in crate::operators) struct Matches {
    spec: MatchSpec,
    keys: RowConverter,
    stored: StoredSchemas,
    waiting: TimeBuffer,
    partitions: HashMap<Key, Partition>,
    /// The event time before which each partition has no more matches, where that holds the watermark back.
    holding: BTreeSet<(i64, Key)>,
    /// The watermark with which a partition is to be looked at even if no row comes.
    due: BTreeSet<(i64, Key)>,
    /// Partitions that changed since the last barrier.
    dirty: BTreeSet<Key>,
    closed: i64,
}

impl Matches {
    pub(in crate::operators) fn new(config: &config::MatchRecognize, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = MatchSpec::new(config, input)?;
        let stored = StoredSchemas::new(input, spec.order.partition_columns());
        let keys = RowConverter::new(stored.key_types().into_iter().map(SortField::new).collect())?;
        Ok(Self {
            spec,
            keys,
            stored,
            waiting: TimeBuffer::default(),
            partitions: HashMap::new(),
            holding: BTreeSet::new(),
            due: BTreeSet::new(),
            dirty: BTreeSet::new(),
            closed: i64::MIN,
        })
    }

    /// Emits the matches that the watermark decides; `None`: there are no more rows.
    fn advance(&mut self, watermark: Option<i64>, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let mut emitted = Vec::new();
        let ready = self.waiting.take_before(watermark)?;
        if !ready.is_empty() {
            let sorted = self.spec.order.sorted(&concat_batches(&self.spec.input, &ready)?)?;
            for range in self.spec.order.partitions(&sorted)? {
                let rows = sorted.slice(range.start, range.len());
                let key = self.key_of(&rows)?;
                emitted.extend(self.extend(&key, Some(rows), watermark)?);
            }
        }
        for key in self.due_with(watermark) {
            emitted.extend(self.extend(&key, None, watermark)?);
        }
        if emitted.is_empty() {
            return Ok(());
        }
        let rows = concat_batches(&self.spec.schema, &emitted)?;
        collect(in_order_of_time(&rows)?, out)
    }

    /// The partitions that have something to decide.
    fn due_with(&self, watermark: Option<i64>) -> Vec<Key> {
        match watermark {
            Some(watermark) => {
                let due = self.due.iter().take_while(|(time, _)| *time <= watermark);
                due.map(|(_, key)| Arc::clone(key)).collect()
            }
            None => {
                let searching = self.partitions.iter().filter(|(_, partition)| partition.has_rows_to_search());
                let mut keys: Vec<Key> = searching.map(|(key, _)| Arc::clone(key)).collect();
                keys.sort_unstable();
                keys
            }
        }
    }

    /// Adds rows to a partition; returns the matches that are decided.
    fn extend(
        &mut self,
        key: &Key,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        let mut partition = self.partitions.remove(key).unwrap_or_default();
        if let Some(time) = partition.holds {
            self.holding.remove(&(time, Arc::clone(key)));
        }
        if let Some(due) = partition.due {
            self.due.remove(&(due, Arc::clone(key)));
        }
        let found = partition.extend(&self.spec, rows, watermark)?;
        self.track(key, partition);
        self.dirty.insert(Arc::clone(key));
        Ok(found)
    }

    /// Takes a partition up.
    fn track(&mut self, key: &Key, partition: Partition) {
        if let Some(time) = partition.holds {
            self.holding.insert((time, Arc::clone(key)));
        }
        if let Some(due) = partition.due {
            self.due.insert((due, Arc::clone(key)));
        }
        self.partitions.insert(Arc::clone(key), partition);
    }

    /// The key of rows of one partition.
    fn key_of(&self, rows: &RecordBatch) -> Result<Key, OperatorError> {
        let columns = key_columns(&rows.slice(0, 1), self.spec.order.partition_columns())?;
        let converted = self.keys.convert_columns(&columns)?;
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

impl Operator for Matches {
    fn tables(&self) -> Vec<TableSpec> {
        let keys = self.stored.key_types().len();
        vec![
            TableSpec::time_keyed(WAITING, SchemaRef::clone(&self.spec.input)),
            TableSpec::keyed(KEPT, SchemaRef::clone(&self.stored.kept), keys + 1),
            TableSpec::keyed(PARTITIONS, SchemaRef::clone(&self.stored.partitions), keys),
            progress_table(),
        ]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.closed = restored_watermark(ctx).unwrap_or(self.closed);
        for batch in ctx.state.take_restored(WAITING) {
            self.waiting.add(batch, true)?;
        }
        self.restore(ctx)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let (batch, late) = drop_late(batch, self.closed)?;
        ctx.counters.add_late_rows(late);
        self.waiting.add(batch, false)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let Watermark::At(time) = watermark else { return out.watermark(watermark) };
        self.advance((time != EventTime::MAX).then_some(time.nanos()), out)?;
        self.closed = self.closed.max(time.nanos());
        match self.holding.first() {
            Some((first, _)) if *first < time.nanos() => out.watermark(Watermark::At(EventTime::from_nanos(*first))),
            _ => out.watermark(watermark),
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.waiting.store(WAITING, self.spec.order.partition_columns(), ctx)?;
        ctx.state.expire(WAITING, EventTime::from_nanos(self.closed))?;
        self.store(ctx)?;
        store_watermark(ctx, self.closed)
    }

    fn state_bytes(&self) -> usize {
        self.waiting.bytes() + self.partitions.values().map(Partition::bytes).sum::<usize>()
    }
}

//! Functions with OVER on rows in the order of event time.
//!
//! `SELECT …, sum(v) OVER (PARTITION BY k ORDER BY at ROWS 1 PRECEDING)`:
//!
//! ```text
//! in:  k=a v=3 at=12     out: k=a v=1 at=10 sum=1
//!      k=a v=1 at=10          k=b v=2 at=11 sum=2
//!      k=b v=2 at=11          k=a v=3 at=12 sum=4
//!      watermark 13           watermark 13
//! ```
//!
//! Rows wait in no order until the watermark has passed them; then their place is final. A row is emitted when the rows behind
//! it that its frames need have come, too; until then the watermark is held back for it.
//! A partition keeps the rows that later frames can still need, and the accumulators of frames without a start.
//! Rows behind the watermark are late, dropped and counted.
//!
//! State: rows that wait for the watermark are in a time-keyed table; the rows that a partition keeps, and its accumulators, are
//! in keyed tables, of which a checkpoint gets what has changed.

mod partition;
mod results;
mod stored;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int8Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators as config;
use arroyo_expr::OverPlan;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;

use self::partition::Partition;
use self::stored::StoredSchemas;
use super::buffer::{TimeBuffer, drop_late};
use super::order::{Leading, columns_at};
use super::spec::OverSpec;
use crate::operators::output::{collect, event_times};
use crate::operators::window_aggregate::{progress_table, restored_watermark, store_watermark};

const WAITING: &str = "waiting";
const KEPT: &str = "kept";
const PARTITIONS: &str = "partitions";

/// The values of PARTITION BY, as bytes.
type Key = Arc<[u8]>;

/// See the module's documentation.
pub(in crate::operators) struct TimeOver {
    spec: OverSpec,
    plans: Vec<OverPlan>,
    keys: RowConverter,
    stored: StoredSchemas,
    waiting: TimeBuffer,
    partitions: HashMap<Key, Partition>,
    /// The first row of each partition that is not emitted: it holds the watermark back.
    undecided: BTreeSet<(i64, Key)>,
    /// When a partition is to be looked at even if no row comes.
    due: BTreeSet<(i64, Key)>,
    /// Partitions that changed since the last barrier.
    dirty: BTreeSet<Key>,
    closed: i64,
}

impl TimeOver {
    pub(in crate::operators) fn new(config: &config::Over, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = OverSpec::new(config, input, Leading::Partition)?;
        let plans = spec.plans()?;
        let stored = StoredSchemas::new(input, spec.order.partition_columns(), &plans);
        let keys = RowConverter::new(stored.key_types().into_iter().map(SortField::new).collect())?;
        Ok(Self {
            spec,
            plans,
            keys,
            stored,
            waiting: TimeBuffer::default(),
            partitions: HashMap::new(),
            undecided: BTreeSet::new(),
            due: BTreeSet::new(),
            dirty: BTreeSet::new(),
            closed: i64::MIN,
        })
    }

    /// Emits what the watermark decides; `None`: there are no more rows.
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
        for key in self.due_before(watermark) {
            emitted.extend(self.extend(&key, None, watermark)?);
        }
        if emitted.is_empty() {
            return Ok(());
        }
        let rows = concat_batches(&self.spec.schema, &emitted)?;
        collect(in_order_of_time(&rows)?, out)
    }

    /// The partitions that have something to decide or to forget.
    fn due_before(&self, watermark: Option<i64>) -> Vec<Key> {
        match watermark {
            Some(watermark) => {
                let due = self.due.iter().take_while(|(time, _)| *time < watermark);
                due.map(|(_, key)| Arc::clone(key)).collect()
            }
            None => self.undecided.iter().map(|(_, key)| Arc::clone(key)).collect(),
        }
    }

    /// Adds rows to a partition; returns those that are decided, with their results.
    fn extend(
        &mut self,
        key: &Key,
        rows: Option<RecordBatch>,
        watermark: Option<i64>,
    ) -> Result<Option<RecordBatch>, OperatorError> {
        let mut partition = match self.partitions.remove(key) {
            Some(partition) => partition,
            None => Partition::new(&self.plans)?,
        };
        if let Some(first) = partition.first_undecided {
            self.undecided.remove(&(first, Arc::clone(key)));
        }
        if let Some(due) = partition.due {
            self.due.remove(&(due, Arc::clone(key)));
        }
        let decided = partition.extend(&self.spec, &self.plans, rows, watermark)?;
        self.track(key, partition);
        self.dirty.insert(Arc::clone(key));
        Ok(decided)
    }

    /// Takes a partition up.
    fn track(&mut self, key: &Key, partition: Partition) {
        if let Some(first) = partition.first_undecided {
            self.undecided.insert((first, Arc::clone(key)));
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

impl Operator for TimeOver {
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
        match self.undecided.first() {
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

//! Sources, operators and sinks whose doings a test sees and steers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::Operator as OperatorSpec;
use arroyo_engine::Components;
use arroyo_operator::{
    Collector, Operator, OperatorContext, OperatorError, Prefetch, Sink, SinkConfig, Source, SourceConfig, SourceEvent,
    Watermark,
};
use arroyo_state::TableSpec;
use arroyo_types::{Epoch, EventTime, TIMESTAMP_FIELD};
use async_trait::async_trait;
use tokio::sync::watch;

const BATCH_ROWS: i64 = 10;
const TABLE: &str = "t";

/// Rows: `k` and a timestamp of `k` milliseconds.
pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("k", DataType::Int64, false),
        Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false),
    ]))
}

fn rows(keys: impl Iterator<Item = i64> + Clone) -> RecordBatch {
    let times = TimestampNanosecondArray::from_iter_values(keys.clone().map(|key| key * 1_000_000));
    let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from_iter_values(keys)), Arc::new(times)];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn keys(batch: &RecordBatch) -> Vec<i64> {
    batch.column(0).as_primitive::<Int64Type>().values().to_vec()
}

/// What a test sees and steers.
#[derive(Debug)]
pub(crate) struct World {
    /// Rows that "collect" sinks took: (sink's subtask, key).
    pub(crate) collected: Mutex<Vec<(u32, i64)>>,
    /// Keys that "transaction" sinks made visible.
    pub(crate) committed: Mutex<Vec<i64>>,
    /// Watermarks that "seen" operators saw: (subtask, nanoseconds).
    pub(crate) watermarks: Mutex<Vec<(u32, Watermark)>>,
    /// Rows that sources gave out.
    pub(crate) read: AtomicU64,
    /// Sinks' subtasks that do not take rows.
    pub(crate) stalled: watch::Sender<BTreeSet<u32>>,
    /// The key before which sources wait, by table.
    pub(crate) gates: watch::Sender<BTreeMap<String, i64>>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            collected: Mutex::default(),
            committed: Mutex::default(),
            watermarks: Mutex::default(),
            read: AtomicU64::new(0),
            stalled: watch::Sender::new(BTreeSet::new()),
            gates: watch::Sender::new(BTreeMap::new()),
        }
    }
}

impl World {
    /// The collected keys, sorted.
    pub(crate) fn collected_keys(&self) -> Vec<i64> {
        let mut keys: Vec<i64> = self.collected.lock().unwrap().iter().map(|(_, key)| *key).collect();
        keys.sort_unstable();
        keys
    }

    /// The committed keys, sorted.
    pub(crate) fn committed_keys(&self) -> Vec<i64> {
        let mut keys = self.committed.lock().unwrap().clone();
        keys.sort_unstable();
        keys
    }

    /// Lets the sources of a table go on to `key`.
    pub(crate) fn open_gate(&self, table: &str, key: i64) {
        self.gates.send_modify(|gates| {
            gates.insert(table.to_string(), key);
        });
    }
}

/// Makes the components below.
#[derive(Debug, Clone)]
pub(crate) struct TestComponents(pub(crate) Arc<World>);

impl Components for TestComponents {
    fn source(&self, _: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        let end = config.options["rows"].as_i64().unwrap_or(i64::MAX);
        let start = config.options["start"].as_i64().unwrap_or(0);
        Ok(Box::new(Numbers { world: self.0.clone(), table: config.table, next: start, end, step: 1 }))
    }

    fn sink(&self, connector: &str, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        let fail_at = config.options["fail_at"].as_i64();
        let world = self.0.clone();
        match connector {
            "collect" => Ok(Box::new(Collect { world, fail_at })),
            "transaction" => Ok(Box::new(Transaction { world, open: Vec::new() })),
            other => Err(OperatorError::bug(format!("no sink `{other}`"))),
        }
    }

    fn operator(&self, operator: &OperatorSpec, _: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        match operator.name.as_str() {
            "count" => Ok(Box::new(Count { count: 0 })),
            "watermark" => Ok(Box::new(Marks)),
            "waits" => Ok(Box::new(Waits::default())),
            "ordered" => Ok(Box::new(Ordered { last: i64::MIN })),
            "seen" => Ok(Box::new(Seen(self.0.clone()))),
            "panic" => Ok(Box::new(Panics)),
            other => Err(OperatorError::bug(format!("no operator `{other}`"))),
        }
    }
}

/// The numbers below `rows`; subtask i of n has those that are i modulo n.
struct Numbers {
    world: Arc<World>,
    table: String,
    next: i64,
    end: i64,
    step: i64,
}

#[async_trait]
impl Source for Numbers {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let subtask = ctx.info.task.subtask;
        self.step = i64::from(ctx.info.parallelism);
        self.next += i64::from(subtask);
        let stored = ctx.state.global(TABLE).find(|(key, _)| *key == subtask.to_le_bytes());
        if let Some((_, value)) = stored {
            self.next = i64::from_le_bytes(value.try_into().unwrap());
        }
        Ok(())
    }

    async fn next(&mut self, _: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        if self.next >= self.end {
            return Ok(SourceEvent::End);
        }
        let mut gates = self.world.gates.subscribe();
        let table = self.table.clone();
        let next = self.next;
        let opened = gates.wait_for(|gates| gates.get(&table).is_none_or(|gate| next < *gate)).await;
        let gate = opened.unwrap().get(&self.table).copied().unwrap_or(i64::MAX);
        tokio::task::yield_now().await;
        let end = self.end.min(gate).min(self.next + BATCH_ROWS * self.step);
        let batch = rows((self.next..end).step_by(usize::try_from(self.step).unwrap()));
        self.next += i64::try_from(batch.num_rows()).unwrap() * self.step;
        self.world.read.fetch_add(batch.num_rows() as u64, Ordering::SeqCst);
        Ok(SourceEvent::Batch(batch))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let key = ctx.info.task.subtask.to_le_bytes().to_vec();
        let rows = BTreeMap::from([(key, self.next.to_le_bytes().to_vec())]);
        Ok(ctx.state.replace_global(TABLE, rows)?)
    }
}

/// Counts rows and passes them on; the count is its state.
struct Count {
    count: u64,
}

impl Operator for Count {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let subtask = ctx.info.task.subtask.to_le_bytes();
        let stored = ctx.state.global(TABLE).find(|(key, _)| *key == subtask);
        self.count = stored.map_or(0, |(_, value)| u64::from_le_bytes(value.try_into().unwrap()));
        Ok(())
    }

    fn process_batch(
        &mut self,
        _: u32,
        batch: RecordBatch,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.count += batch.num_rows() as u64;
        out.collect(batch)
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _: &mut dyn Collector) -> Result<(), OperatorError> {
        let key = ctx.info.task.subtask.to_le_bytes().to_vec();
        Ok(ctx.state.replace_global(TABLE, BTreeMap::from([(key, self.count.to_le_bytes().to_vec())]))?)
    }
}

/// Waits for each batch, and often longer than for the ones behind it.
#[derive(Default)]
struct Waits {
    prefetched: u64,
    /// For each batch that is waited for, whether it was.
    waiting: VecDeque<Arc<AtomicU64>>,
}

impl Operator for Waits {
    fn prefetches_max(&self) -> usize {
        4
    }

    fn prefetch(
        &mut self,
        _: u32,
        _: &RecordBatch,
        _: &mut OperatorContext,
    ) -> Result<Option<Prefetch>, OperatorError> {
        self.prefetched += 1;
        assert!(self.waiting.len() < 4, "too many batches wait");
        let turns = (7 - self.prefetched % 7) * 3;
        let waited = Arc::new(AtomicU64::new(u64::from(turns == 3)));
        self.waiting.push_back(waited.clone());
        if turns == 3 {
            return Ok(None);
        }
        Ok(Some(Box::pin(async move {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            waited.store(1, Ordering::SeqCst);
            Ok(())
        })))
    }

    fn process_batch(
        &mut self,
        _: u32,
        batch: RecordBatch,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let waited = self.waiting.pop_front().expect("a batch that was prefetched");
        assert_eq!(waited.load(Ordering::SeqCst), 1, "the batch came before what it waits for");
        out.collect(batch)
    }
}

/// Fails if rows are out of order, or behind the watermark.
struct Ordered {
    last: i64,
}

impl Operator for Ordered {
    fn process_batch(
        &mut self,
        _: u32,
        batch: RecordBatch,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        for key in keys(&batch) {
            assert!(key > self.last, "{key} comes behind {}", self.last);
            self.last = key;
        }
        out.collect(batch)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if let Watermark::At(time) = watermark {
            self.last = self.last.max(time.nanos() / 1_000_000);
        }
        out.watermark(watermark)
    }
}

/// The last row's time is the watermark.
struct Marks;

impl Operator for Marks {
    fn process_batch(
        &mut self,
        _: u32,
        batch: RecordBatch,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let last = keys(&batch).last().copied().unwrap_or(0);
        out.collect(batch)?;
        out.watermark(Watermark::At(EventTime::from_nanos(last * 1_000_000)))
    }
}

/// Tells the world which watermarks came.
struct Seen(Arc<World>);

impl Operator for Seen {
    fn process_batch(
        &mut self,
        _: u32,
        batch: RecordBatch,
        _: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        out.collect(batch)
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        self.0.watermarks.lock().unwrap().push((ctx.info.task.subtask, watermark));
        out.watermark(watermark)
    }
}

/// Panics at its first row.
struct Panics;

impl Operator for Panics {
    fn process_batch(
        &mut self,
        _: u32,
        _: RecordBatch,
        _: &mut OperatorContext,
        _: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        panic!("planted")
    }
}

/// Shows rows at once.
struct Collect {
    world: Arc<World>,
    fail_at: Option<i64>,
}

#[async_trait]
impl Sink for Collect {
    async fn open(&mut self, _: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let subtask = ctx.info.task.subtask;
        let mut stalled = self.world.stalled.subscribe();
        let _ = stalled.wait_for(|stalled| !stalled.contains(&subtask)).await;
        let keys = keys(&batch);
        if keys.iter().any(|key| Some(*key) == self.fail_at) {
            return Err(OperatorError::external("the disk is full").with_hint("buy a larger one"));
        }
        self.world.collected.lock().unwrap().extend(keys.into_iter().map(|key| (subtask, key)));
        Ok(())
    }

    async fn pre_commit(&mut self, _: Epoch, _: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        Ok(None)
    }
}

/// Shows rows when their transaction is committed; committing again does nothing.
struct Transaction {
    world: Arc<World>,
    open: Vec<i64>,
}

#[async_trait]
impl Sink for Transaction {
    async fn open(&mut self, _: &mut OperatorContext) -> Result<(), OperatorError> {
        Ok(())
    }

    async fn write(&mut self, batch: RecordBatch, _: &mut OperatorContext) -> Result<(), OperatorError> {
        self.open.extend(keys(&batch));
        Ok(())
    }

    async fn pre_commit(&mut self, _: Epoch, _: &mut OperatorContext) -> Result<Option<Vec<u8>>, OperatorError> {
        let open = std::mem::take(&mut self.open);
        Ok(Some(open.into_iter().flat_map(i64::to_le_bytes).collect()))
    }

    async fn commit(&mut self, _: Epoch, data: Vec<Vec<u8>>, _: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut committed = self.world.committed.lock().unwrap();
        for bytes in data {
            let (keys, _) = bytes.as_chunks::<8>();
            committed.extend(keys.iter().map(|key| i64::from_le_bytes(*key)));
        }
        Ok(())
    }
}

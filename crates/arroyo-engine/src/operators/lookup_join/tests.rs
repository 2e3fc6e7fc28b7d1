use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, Int64Array, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, TimeUnit};
use arroyo_dataflow::encode_schema;
use arroyo_dataflow::operators::lookup_join::Kind;
use arroyo_operator::{ErrorReporter, LookupAnswer, TaskCounters, TaskInfo, VecCollector};
use arroyo_runtime::Failpoints;
use arroyo_state::{FinishedCheckpoint, FinishedOperator, FinishedSubtask, OperatorState, StateTask, next_manifest};
use arroyo_types::{
    CHANGE_FIELD, Epoch, ErrorKind, EventTime, Generation, JobId, ManualClock, NodeId, TIMESTAMP_FIELD, TaskId,
};
use async_trait::async_trait;
use tokio::sync::mpsc;

use super::*;

/// A table whose rows a test changes, and that tells what it was asked.
#[derive(Default)]
struct Names {
    rows: Mutex<BTreeMap<i64, &'static str>>,
    asked: Mutex<Vec<Vec<i64>>>,
    /// How the next calls fail.
    failures: Mutex<VecDeque<OperatorError>>,
    /// Answers with this instead.
    instead: Mutex<Option<LookupAnswer>>,
    many: bool,
    in_memory: bool,
}

fn answer(keys: Vec<u32>, ids: Vec<i64>, names: Vec<&str>) -> LookupAnswer {
    let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ids)), Arc::new(StringArray::from(names))];
    LookupAnswer { keys: UInt32Array::from(keys), rows: RecordBatch::try_new(right(), columns).unwrap() }
}

#[async_trait]
impl Lookup for Names {
    async fn lookup(&self, keys: &RecordBatch, _: &LookupContext) -> Result<LookupAnswer, OperatorError> {
        let keys = keys.column(0).as_primitive::<Int64Type>().values().to_vec();
        self.asked.lock().unwrap().push(keys.clone());
        if let Some(failure) = self.failures.lock().unwrap().pop_front() {
            return Err(failure);
        }
        if let Some(instead) = self.instead.lock().unwrap().clone() {
            return Ok(instead);
        }
        let rows = self.rows.lock().unwrap();
        // In another order than they were asked for.
        let found =
            keys.iter().enumerate().rev().filter_map(|(place, key)| Some((place as u32, *key, *rows.get(key)?)));
        let found: Vec<(u32, i64, &str)> = found.collect();
        Ok(answer(
            found.iter().map(|found| found.0).collect(),
            found.iter().map(|found| found.1).collect(),
            found.iter().map(|found| found.2).collect(),
        ))
    }

    fn has_many_rows_per_key(&self) -> bool {
        self.many
    }

    fn is_in_memory(&self) -> bool {
        self.in_memory
    }
}

fn right() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, false), Field::new("name", DataType::Utf8, true)]))
}

fn left(changes: bool) -> SchemaRef {
    let change = changes.then(|| Field::new(CHANGE_FIELD, DataType::Int8, false));
    let time = Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false);
    Arc::new(Schema::new(
        [Field::new("k", DataType::Int64, true)].into_iter().chain(change).chain([time]).collect::<Vec<_>>(),
    ))
}

fn config(kind: Kind, changes: bool) -> config::LookupJoin {
    let hidden = left(changes);
    let fields = [Field::new("k", DataType::Int64, true), Field::new("name", DataType::Utf8, true)];
    let hidden = hidden.fields().iter().skip(1).map(|field| field.as_ref().clone());
    let schema = Schema::new(fields.into_iter().chain(hidden).collect::<Vec<_>>());
    config::LookupJoin {
        kind: kind.into(),
        connector: Some(config::Connector {
            connector: "names".to_string(),
            table: "people".to_string(),
            schema: encode_schema(&right()).unwrap(),
            ..Default::default()
        }),
        key_columns: vec![0],
        left_values: 1,
        left_keys: vec![0],
        right_values: vec![1],
        schema: encode_schema(&schema).unwrap(),
        cache_bytes_max: 1 << 20,
        ..Default::default()
    }
}

/// A join, its table, and what it runs in.
struct Running {
    join: LookupJoin,
    table: Arc<Names>,
    ctx: OperatorContext,
    clock: ManualClock,
    out: VecCollector,
}

impl Running {
    fn new(config: &config::LookupJoin, table: Names) -> Self {
        let changes = !config.schema.is_empty()
            && arroyo_dataflow::decode_schema(&config.schema).unwrap().column_with_name(CHANGE_FIELD).is_some();
        let table = Arc::new(table);
        let join = LookupJoin::new(config, &left(changes), table.clone()).unwrap();
        let info = Arc::new(TaskInfo {
            job: JobId::from("job_test"),
            generation: Generation(1),
            task: TaskId { node: NodeId(0), subtask: 0 },
            parallelism: 1,
            operator: "lookup".into(),
            description: "lookup people".to_string(),
        });
        let clock = ManualClock::new(EventTime::from_nanos(1_000_000_000));
        let state = StateTask { operator: "lookup".into(), subtask: 0, parallelism: 1 };
        let ctx = OperatorContext {
            errors: ErrorReporter::new(info.clone(), mpsc::channel(1).0),
            info,
            state: OperatorState::empty(state, join.tables()),
            clock: Arc::new(clock.clone()),
            counters: Arc::new(TaskCounters::default()),
            output: mpsc::channel(1).0,
            flush_interval: Duration::from_secs(1),
            failpoints: Failpoints::default(),
        };
        Self { join, table, ctx, clock, out: VecCollector::default() }
    }

    fn with(kind: Kind, rows: &[(i64, &'static str)]) -> Self {
        let table = Names { rows: Mutex::new(rows.iter().copied().collect()), ..Names::default() };
        Self::new(&config(kind, false), table)
    }

    fn prefetch(&mut self, batch: &RecordBatch) -> Option<Prefetch> {
        self.join.prefetch(0, batch, &mut self.ctx).unwrap()
    }

    fn process(&mut self, batch: RecordBatch) -> Vec<String> {
        self.join.process_batch(0, batch, &mut self.ctx, &mut self.out).unwrap();
        self.out.batches.drain(..).flat_map(|batch| texts(&batch)).collect()
    }

    async fn run(&mut self, batch: RecordBatch) -> Result<Vec<String>, OperatorError> {
        if let Some(prefetch) = self.prefetch(&batch) {
            prefetch.await?;
        }
        Ok(self.process(batch))
    }

    fn asked(&self) -> Vec<Vec<i64>> {
        std::mem::take(&mut self.table.asked.lock().unwrap())
    }

    fn set(&self, key: i64, name: &'static str) {
        self.table.rows.lock().unwrap().insert(key, name);
    }
}

fn rows(keys: &[Option<i64>]) -> RecordBatch {
    let times = TimestampNanosecondArray::from_iter_values(0..keys.len() as i64);
    let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(keys.to_vec())), Arc::new(times)];
    RecordBatch::try_new(left(false), columns).unwrap()
}

fn of(keys: &[i64]) -> RecordBatch {
    rows(&keys.iter().copied().map(Some).collect::<Vec<_>>())
}

fn changes(changes: &[(i8, i64)]) -> RecordBatch {
    let times = TimestampNanosecondArray::from_iter_values(0..changes.len() as i64);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(changes.iter().map(|(_, key)| *key))),
        Arc::new(Int8Array::from_iter_values(changes.iter().map(|(change, _)| *change))),
        Arc::new(times),
    ];
    RecordBatch::try_new(left(true), columns).unwrap()
}

fn texts(batch: &RecordBatch) -> Vec<String> {
    let text = |column: &ArrayRef, row| {
        if column.is_null(row) {
            "-".to_string()
        } else {
            arrow::util::display::array_value_to_string(column, row).unwrap()
        }
    };
    let shown = batch.num_columns() - 1;
    (0..batch.num_rows())
        .map(|row| batch.columns().iter().take(shown).map(|column| text(column, row)).collect::<Vec<_>>().join(" "))
        .collect()
}

#[tokio::test]
async fn the_distinct_keys_of_a_batch_are_asked_for_at_once() {
    let mut join = Running::with(Kind::Left, &[(1, "ann"), (2, "bob")]);
    let found = join.run(rows(&[Some(2), None, Some(1), Some(2), Some(3)])).await.unwrap();
    assert_eq!(found, ["2 bob", "- -", "1 ann", "2 bob", "3 -"]);
    assert_eq!(join.asked(), [[2, 1, 3]]);
    let found = join.run(of(&[3, 4, 1])).await.unwrap();
    assert_eq!(found, ["3 -", "4 -", "1 ann"]);
    assert_eq!(join.asked(), [[4]], "what was asked is remembered, also that there is no row");
    assert!(join.prefetch(&of(&[1, 2, 3, 4])).is_none(), "there is nothing to wait for");
    let counters = &join.ctx.counters;
    let load = |value: &std::sync::atomic::AtomicU64| value.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!((load(&counters.lookup_hits), load(&counters.lookup_misses)), (6, 4));
}

#[tokio::test]
async fn inner_joins_drop_rows_without_a_match() {
    let mut join = Running::with(Kind::Inner, &[(1, "ann")]);
    assert_eq!(join.run(rows(&[Some(2), None, Some(1), Some(1)])).await.unwrap(), ["1 ann", "1 ann"]);
    assert_eq!(join.run(of(&[5])).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn answers_may_come_in_another_order_than_batches() {
    let mut join = Running::with(Kind::Inner, &[(1, "ann"), (2, "bob"), (3, "cid")]);
    let batches = [of(&[1, 2]), of(&[2, 3]), of(&[3, 1])];
    let waits: Vec<_> = batches.iter().map(|batch| join.prefetch(batch)).collect();
    let [first, second, third] = <[_; 3]>::try_from(waits).map_err(|_| "three").unwrap();
    assert!(third.is_none(), "both of its keys are asked for already");
    second.unwrap().await.unwrap();
    first.unwrap().await.unwrap();
    assert_eq!(join.asked(), [vec![3], vec![1, 2]]);
    let [first, second, third] = batches;
    assert_eq!(join.process(first), ["1 ann", "2 bob"]);
    assert_eq!(join.process(second), ["2 bob", "3 cid"]);
    assert_eq!(join.process(third), ["3 cid", "1 ann"]);
    assert!(join.join.asked.is_empty() && join.join.waiting.is_empty());
}

#[tokio::test]
async fn answers_are_used_for_their_time() {
    let mut join = Running::new(
        &config::LookupJoin { cache_ttl_nanos: 5_000_000_000, ..config(Kind::Left, false) },
        Names::default(),
    );
    assert_eq!(join.run(of(&[1])).await.unwrap(), ["1 -"]);
    join.set(1, "ann");
    join.clock.advance_nanos(4_999_000_000);
    assert_eq!(join.run(of(&[1])).await.unwrap(), ["1 -"]);
    join.clock.advance_nanos(1_000_000);
    assert_eq!(join.run(of(&[1])).await.unwrap(), ["1 ann"]);
    assert_eq!(join.asked(), [[1], [1]]);
}

#[tokio::test]
async fn without_a_cache_each_batch_asks() {
    let config = config::LookupJoin { cache_bytes_max: 0, ..config(Kind::Left, false) };
    let mut join = Running::new(&config, Names::default());
    for _ in 0..2 {
        join.run(of(&[1, 1])).await.unwrap();
    }
    assert_eq!(join.asked(), [[1], [1]]);
    let mut join = Running::new(&self::config(Kind::Left, false), Names { in_memory: true, ..Names::default() });
    for _ in 0..2 {
        join.run(of(&[1, 1])).await.unwrap();
    }
    assert_eq!(join.asked(), [[1], [1]], "a table in memory is asked again");
}

#[tokio::test(start_paused = true)]
async fn failures_in_passing_are_tried_again() {
    let mut join = Running::with(Kind::Left, &[(1, "ann")]);
    join.table.failures.lock().unwrap().extend([OperatorError::external("away"), OperatorError::external("away")]);
    let started = tokio::time::Instant::now();
    assert_eq!(join.run(of(&[1])).await.unwrap(), ["1 ann"]);
    assert_eq!(started.elapsed().as_millis() / 10, 30, "after 100 ms and 200 ms");
    assert_eq!(join.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn lasting_failures_name_table_connector_and_keys() {
    let mut join = Running::with(Kind::Left, &[]);
    join.table.failures.lock().unwrap().extend(std::iter::repeat_n(OperatorError::external("connection refused"), 9));
    let error = join.run(of(&[1, 2])).await.unwrap_err();
    assert_eq!(
        error.message,
        "the lookup of 2 keys in table `people` (connector `names`) failed, 6 times: connection refused"
    );
    assert_eq!((error.kind, join.asked().len()), (ErrorKind::Retry, 6));

    let mut join = Running::with(Kind::Left, &[]);
    join.table.failures.lock().unwrap().push_back(OperatorError::user("no such column").with_hint("look"));
    let error = join.run(of(&[1])).await.unwrap_err();
    assert_eq!(error.message, "the lookup of 1 key in table `people` (connector `names`) failed: no such column");
    assert_eq!((error.kind, error.hint.as_deref()), (ErrorKind::User, Some("look")));
    assert_eq!(join.asked().len(), 1);
}

#[tokio::test]
async fn answers_that_make_no_sense_are_refused() {
    let wrong = [
        (answer(vec![0, 0], vec![1, 1], vec!["a", "b"]), "with two rows of one key"),
        (answer(vec![7], vec![1], vec!["a"]), "with a key that was not asked for"),
        (LookupAnswer { keys: UInt32Array::from(vec![0, 0]), ..answer(vec![0], vec![1], vec!["a"]) }, "without saying"),
        (LookupAnswer { keys: UInt32Array::from(vec![0]), rows: of(&[1]) }, "with other columns"),
    ];
    for (instead, says) in wrong {
        let mut join = Running::with(Kind::Left, &[]);
        *join.table.instead.lock().unwrap() = Some(instead);
        let error = join.run(of(&[1])).await.unwrap_err();
        assert!(error.message.contains(says) && error.kind == ErrorKind::Bug, "{error}");
    }
}

#[tokio::test]
async fn a_key_may_have_several_rows_if_the_table_says_so() {
    let mut join = Running::new(&config(Kind::Left, false), Names { many: true, ..Names::default() });
    *join.table.instead.lock().unwrap() = Some(answer(vec![1, 0, 1], vec![2, 1, 2], vec!["x", "y", "z"]));
    assert_eq!(join.run(of(&[1, 2, 1])).await.unwrap(), ["1 y", "2 x", "2 z", "1 y"]);
}

#[tokio::test]
async fn what_was_inserted_is_taken_back_whatever_the_table_says_now() {
    let mut join = Running::new(&config(Kind::Left, true), Names::default());
    join.set(1, "ann");
    assert_eq!(join.run(changes(&[(1, 1), (1, 2)])).await.unwrap(), ["1 ann 1", "2 - 1"]);
    join.set(1, "eve");
    join.set(2, "bob");
    join.join.cache = AnswerCache::new(1 << 20, 0);
    assert_eq!(join.run(changes(&[(-1, 1), (1, 1), (-1, 2)])).await.unwrap(), ["1 ann -1", "1 eve 1", "2 - -1"]);
    assert_eq!(join.run(changes(&[(-1, 2)])).await.unwrap(), Vec::<String>::new(), "it is not there any more");
}

/// A checkpoint of the join alone.
fn manifest(tables: Vec<arroyo_state::TableCheckpoint>) -> arroyo_state::Manifest {
    let subtask = FinishedSubtask { tables, commit_data: None };
    let operator = FinishedOperator {
        id: "lookup".into(),
        name: "lookup_join".to_string(),
        description: String::new(),
        parallelism: 1,
        subtasks: BTreeMap::from([(0, subtask)]),
    };
    let finished = FinishedCheckpoint {
        job: JobId::from("job_test"),
        epoch: Epoch(1),
        generation: Generation(1),
        created_at_micros: 0,
        fingerprint: String::new(),
        stopping: false,
        operators: vec![operator],
    };
    next_manifest(None, finished, &[]).unwrap()
}

#[tokio::test]
async fn kept_answers_come_back_from_a_checkpoint() {
    let storage = arroyo_storage::Storage::open("memory://lookup-kept").unwrap();
    let mut join = Running::new(&config(Kind::Left, true), Names { many: true, ..Names::default() });
    *join.table.instead.lock().unwrap() = Some(answer(vec![0, 0], vec![1, 1], vec!["x", "y"]));
    let inserted = join.run(changes(&[(1, 1), (1, 1)])).await.unwrap();
    assert_eq!(inserted, ["1 x 1", "1 y 1", "1 x 1", "1 y 1"]);
    *join.table.instead.lock().unwrap() = None;
    assert_eq!(join.run(changes(&[(1, 2)])).await.unwrap(), ["2 - 1"]);
    join.join.checkpoint(&mut join.ctx, &mut join.out).unwrap();
    let writer = arroyo_state::CheckpointWriter::new(storage.clone(), Epoch(1), Generation(1));
    let tables = join.ctx.state.take_changes().write(&writer).await.unwrap();
    let manifest = manifest(tables);

    let mut restored = Running::new(&config(Kind::Left, true), Names::default());
    let task = StateTask { operator: "lookup".into(), subtask: 0, parallelism: 1 };
    restored.ctx.state = OperatorState::restore(task, restored.join.tables(), &manifest, &storage).await.unwrap();
    restored.join.open(&mut restored.ctx).unwrap();
    let found = restored.run(changes(&[(-1, 1), (-1, 2), (-1, 1), (-1, 1)])).await.unwrap();
    assert_eq!(found, ["1 x -1", "1 y -1", "2 - -1", "1 x -1", "1 y -1"]);
    restored.join.checkpoint(&mut restored.ctx, &mut restored.out).unwrap();
    assert_eq!(restored.join.state_bytes(), 0);
}

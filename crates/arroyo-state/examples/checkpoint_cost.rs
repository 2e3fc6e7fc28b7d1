//! What a checkpoint costs against what has changed, and what a restore costs.
//!
//!     cargo run --release -p arroyo-state --example checkpoint_cost [KEYS]
//!
//! Writes KEYS (10,000,000) rows of a keyed table, then a change of 1 % of them, and restores. Fails when the change costs 5 %
//! of the whole or more, in bytes or in time.

#![expect(clippy::print_stdout, reason = "a report for people")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arroyo_state::{
    CheckpointWriter, FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, Manifests, OperatorState,
    StateTask, TableSpec, next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, JobId, KeyHasher, OperatorId};

const OPERATOR: &str = "sum-by-key";
const BATCH_ROWS: i64 = 65_536;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn schema() -> SchemaRef {
    Arc::new(Schema::new(["key", "count", "sum"].map(|name| Field::new(name, DataType::Int64, false)).to_vec()))
}

fn task() -> StateTask {
    StateTask { operator: OperatorId::from(OPERATOR), subtask: 0, parallelism: 1 }
}

fn specs() -> Vec<TableSpec> {
    vec![TableSpec::keyed("groups", schema(), 1)]
}

/// Puts a row for each of the keys, as an aggregate does at a barrier.
fn put(state: &mut OperatorState, keys: impl Iterator<Item = i64>, round: i64) -> Result<()> {
    let mut keys = keys.peekable();
    while keys.peek().is_some() {
        let chunk: Vec<i64> = keys.by_ref().take(BATCH_ROWS as usize).collect();
        let mut hasher = KeyHasher::default();
        let hashes: UInt64Array = chunk
            .iter()
            .map(|key| {
                hasher.clear();
                hasher.int(*key);
                hasher.finish()
            })
            .collect();
        let column = |value: fn(i64, i64) -> i64| -> ArrayRef {
            Arc::new(chunk.iter().map(|key| value(*key, round)).collect::<Int64Array>())
        };
        let columns = vec![column(|key, _| key), column(|_, round| round), column(|key, round| key % 1000 * round)];
        state.put("groups", RecordBatch::try_new(schema(), columns)?, hashes)?;
    }
    Ok(())
}

struct Cost {
    bytes: u64,
    time: Duration,
}

/// Writes the changes and publishes the manifest.
async fn checkpoint(state: &mut OperatorState, storage: &Storage, last: Option<&Manifest>) -> Result<(Manifest, Cost)> {
    let began = Instant::now();
    let epoch = last.map_or(Epoch(1), |manifest| manifest.epoch.next());
    let writer = CheckpointWriter::new(storage.clone(), epoch, Generation(1));
    let tables = state.take_changes().write(&writer).await?;
    let bytes = tables.iter().map(arroyo_state::TableCheckpoint::bytes).sum();
    let finished = FinishedCheckpoint {
        job: JobId::from("bench"),
        epoch,
        generation: Generation(1),
        created_at_micros: 0,
        fingerprint: String::new(),
        stopping: false,
        operators: vec![FinishedOperator {
            id: OperatorId::from(OPERATOR),
            name: "aggregate".to_string(),
            description: "aggregate".to_string(),
            parallelism: 1,
            subtasks: BTreeMap::from([(0, FinishedSubtask { tables, commit_data: None })]),
        }],
    };
    let manifest = next_manifest(last, finished, &[])?;
    Manifests::new(storage.clone()).publish(&manifest).await?;
    Ok((manifest, Cost { bytes, time: began.elapsed() }))
}

fn report(what: &str, cost: &Cost) {
    println!("{what:16} {:>9.1} MiB {:>7.2} s", cost.bytes as f64 / 1_048_576.0, cost.time.as_secs_f64());
}

#[tokio::main]
async fn main() -> Result<()> {
    let keys: i64 = std::env::args().nth(1).map_or(Ok(10_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let storage = Storage::open(&folder.path().to_string_lossy())?;
    println!("{keys} keys on a local directory");

    let mut state = OperatorState::empty(task(), specs());
    put(&mut state, 0..keys, 1)?;
    let (first, whole) = checkpoint(&mut state, &storage, None).await?;
    report("everything", &whole);

    // Every hundredth key, so that the change is spread over all of them.
    put(&mut state, (0..keys).step_by(100), 2)?;
    let (second, change) = checkpoint(&mut state, &storage, Some(&first)).await?;
    report("1 % changed", &change);

    let began = Instant::now();
    let mut restored = OperatorState::restore(task(), specs(), &second, &storage).await?;
    let rows: usize = restored.take_restored("groups").iter().map(RecordBatch::num_rows).sum();
    println!("{:16} {rows} rows in {:.2} s", "restored", began.elapsed().as_secs_f64());

    let bytes = change.bytes as f64 / whole.bytes as f64;
    let time = change.time.as_secs_f64() / whole.time.as_secs_f64();
    println!(
        "a change of 1 % costs {:.1} % of the bytes and {:.1} % of the time (budget 5 %)",
        bytes * 100.0,
        time * 100.0
    );
    if rows as i64 != keys || bytes >= 0.05 || time >= 0.05 {
        return Err("over budget".into());
    }
    Ok(())
}

//! Operators that wait before they take rows: nothing overtakes, and a barrier finds nobody waiting.

use std::sync::atomic::Ordering;

use arroyo_dataflow::{EdgeKind, Program};
use arroyo_engine::StopMode;
use arroyo_state::{Manifest, OperatorState, StateTask, TableSpec};
use arroyo_storage::Storage;
use serde_json::json;

use crate::harness::{Build, Job, Placement, Start, by_key, sink, source, spread, step, together, until};

const NOTHING: serde_json::Value = serde_json::Value::Null;

/// A source with watermarks, two subtasks that wait, and a sink.
fn program(rows: i64) -> Program {
    Build::default()
        .node(1, vec![source("a", json!({"rows": rows})), step("watermark")])
        .node(2, vec![step("waits"), step("ordered"), step("count"), step("seen")])
        .node(1, vec![sink("collect", NOTHING)])
        .edge(0, 1, by_key())
        .edge(1, 2, EdgeKind::Rebalance)
        .program()
}

/// The sum of what is in the global tables of an operator's subtasks.
async fn total(storage: &Storage, manifest: &Manifest, operator: &str) -> i64 {
    let task = StateTask { operator: operator.into(), subtask: 0, parallelism: 1 };
    let state = OperatorState::restore(task, vec![TableSpec::global("t")], manifest, storage).await.unwrap();
    state.global("t").map(|(_, bytes)| i64::from_le_bytes(bytes.try_into().unwrap())).sum()
}

async fn checkpoints(placement: Placement) {
    let mut job = Start::new(program(i64::MAX), placement).start().await;
    job.all_started().await;
    let mut manifest = None;
    for epoch in 1..=5 {
        job.inject(epoch, false).await;
        let made = job.collect(epoch, manifest.as_ref()).await;
        let read = total(&job.storage, &made, "source-a").await;
        assert_eq!(read, total(&job.storage, &made, "count-").await, "epoch {epoch}");
        manifest = Some(made);
        until(|| job.world.read.load(Ordering::SeqCst) >= 100 * epoch).await;
    }
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn rows_that_wait_leave_before_the_barrier() {
    checkpoints(together).await;
}

#[tokio::test]
async fn rows_that_wait_leave_before_the_barrier_of_another_worker() {
    checkpoints(spread).await;
}

#[tokio::test]
async fn all_rows_leave_before_the_end() {
    let mut job: Job = Start::new(program(5000), together).start().await;
    job.all_finished().await;
    assert_eq!(job.world.collected_keys(), (0..5000).collect::<Vec<_>>());
    let watermarks = job.world.watermarks.lock().unwrap().len();
    assert!(watermarks > 100, "{watermarks} watermarks passed");
    job.stop(StopMode::Immediate).await;
}

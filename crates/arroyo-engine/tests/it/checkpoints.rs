//! Checkpoints are consistent cuts, whatever has ended meanwhile.

use std::collections::BTreeMap;

use arroyo_dataflow::{EdgeKind, Program};
use arroyo_engine::{StopMode, TaskEventKind};
use arroyo_state::{Manifest, OperatorState, StateTask, TableSpec};
use arroyo_storage::Storage;
use serde_json::json;

use crate::harness::{Build, Job, Placement, Start, by_key, sink, source, spread, step, task, together, until};

const NOTHING: serde_json::Value = serde_json::Value::Null;

/// The values in the global tables of an operator's subtasks.
async fn values(storage: &Storage, manifest: &Manifest, operator: &str) -> BTreeMap<u32, i64> {
    let task = StateTask { operator: operator.into(), subtask: 0, parallelism: 1 };
    let state = OperatorState::restore(task, vec![TableSpec::global("t")], manifest, storage).await.unwrap();
    let number = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
    let value = |bytes: &[u8]| i64::from_le_bytes(bytes.try_into().unwrap());
    state.global("t").map(|(key, bytes)| (number(key), value(bytes))).collect()
}

/// Two sources of different speed, three counters, two sinks.
fn program(rows_a: i64, rows_b: i64, sink_kind: &str) -> Program {
    Build::default()
        .node(1, vec![source("a", json!({"rows": rows_a}))])
        .node(1, vec![source("b", json!({"rows": 1_000_000 + rows_b, "start": 1_000_000}))])
        .node(3, vec![step("count")])
        .node(2, vec![sink(sink_kind, NOTHING)])
        .edge(0, 2, by_key())
        .edge(1, 2, by_key())
        .edge(2, 3, EdgeKind::Rebalance)
        .program()
}

/// Rows before the barrier at the sources, and at the counters.
async fn cut(job: &Job, manifest: &Manifest) -> (i64, i64) {
    let a = values(&job.storage, manifest, "source-a").await[&0];
    let b = values(&job.storage, manifest, "source-b").await[&0] - 1_000_000;
    (a + b, values(&job.storage, manifest, "count-").await.values().sum())
}

async fn aligned(placement: Placement) {
    let mut job = Start::new(program(i64::MAX, 1_000_000_000, "collect"), placement).start().await;
    job.all_started().await;
    let mut manifest = None;
    for epoch in 1..=5 {
        job.inject(epoch, false).await;
        let made = job.collect(epoch, manifest.as_ref()).await;
        let (read, counted) = cut(&job, &made).await;
        assert_eq!(read, counted, "epoch {epoch}");
        manifest = Some(made);
    }
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn no_row_behind_a_barrier_is_counted_before_it() {
    aligned(together).await;
}

#[tokio::test]
async fn no_row_behind_a_barrier_is_counted_before_it_between_workers() {
    aligned(spread).await;
}

/// Stops behind a barrier, starts again, and wants each row committed once.
async fn stops_and_resumes(placement: Placement) {
    let start = Start::new(program(500, 700, "transaction"), placement);
    start.world.open_gate("a", 200);
    start.world.open_gate("b", 1_000_300);
    let (world, storage) = (start.world.clone(), start.storage.clone());
    let mut job = start.start().await;
    until(|| world.read.load(std::sync::atomic::Ordering::SeqCst) == 500).await;
    job.inject(1, true).await;
    let manifest = job.collect(1, None).await;
    assert!(world.committed_keys().is_empty());
    job.commit(&manifest).await;
    job.all_finished().await;
    job.stop(StopMode::Graceful).await;
    assert_eq!(world.committed_keys(), (0..200).chain(1_000_000..1_000_300).collect::<Vec<_>>());

    world.open_gate("a", i64::MAX);
    world.open_gate("b", i64::MAX);
    let mut start = Start::new(program(500, 700, "transaction"), placement);
    (start.world, start.storage, start.restore) = (world.clone(), storage, Some(manifest.clone()));
    let mut job = start.start().await;
    job.all_finished().await;
    job.inject(2, true).await;
    let last = job.collect(2, Some(&manifest)).await;
    assert_eq!(cut(&job, &last).await, (1200, 1200));
    job.commit(&last).await;
    let sinks = [task(3, 0), task(3, 1)].into();
    job.each(sinks, |kind| matches!(kind, TaskEventKind::Committed { .. }).then_some(())).await;
    job.stop(StopMode::Graceful).await;
    assert_eq!(world.committed_keys(), (0..500).chain(1_000_000..1_000_700).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stop_behind_a_barrier_resumes_where_it_was() {
    stops_and_resumes(together).await;
}

#[tokio::test]
async fn a_stop_behind_a_barrier_resumes_where_it_was_between_workers() {
    stops_and_resumes(spread).await;
}

/// One source has ended, the other has not.
async fn ended_source(placement: Placement) {
    let start = Start::new(program(100, 700, "collect"), placement);
    start.world.open_gate("b", 1_000_300);
    let mut job = start.start().await;
    let source_a = [task(0, 0)].into();
    job.each(source_a, |kind| matches!(kind, TaskEventKind::Finished(_)).then_some(())).await;
    job.inject(1, false).await;
    let first = job.collect(1, None).await;
    let (read, counted) = cut(&job, &first).await;
    assert_eq!(read, counted);
    assert_eq!(values(&job.storage, &first, "source-a").await[&0], 100, "an ended source keeps its position");
    job.world.open_gate("b", i64::MAX);
    let rest = job.tasks().into_iter().filter(|rest| *rest != task(0, 0)).collect();
    job.each(rest, |kind| matches!(kind, TaskEventKind::Finished(_)).then_some(())).await;
    job.inject(2, false).await;
    let second = job.collect(2, Some(&first)).await;
    assert_eq!(cut(&job, &second).await, (800, 800), "a checkpoint after the end of data is complete");
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn ended_tasks_answer_barriers() {
    ended_source(together).await;
}

#[tokio::test]
async fn ended_tasks_answer_barriers_between_workers() {
    ended_source(spread).await;
}

/// Barriers and the end of data race; each barrier is answered by every task, once.
async fn race(placement: Placement) {
    for round in 0..20 {
        let mut job = Start::new(program(round * 37, round * 11, "collect"), placement).start().await;
        for epoch in 1..=4 {
            job.inject(epoch, epoch == 4).await;
        }
        let mut answers: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        while answers.values().map(Vec::len).sum::<usize>() < 4 * job.tasks().len() {
            let event = job.event().await;
            match event.kind {
                TaskEventKind::Checkpointed(part) => answers.entry(event.task).or_default().push(part.epoch.0),
                TaskEventKind::Failed { error, .. } => panic!("{error}"),
                _ => {}
            }
        }
        assert!(answers.values().all(|epochs| *epochs == [1, 2, 3, 4]), "{answers:?}");
        job.stop(StopMode::Graceful).await;
    }
}

#[tokio::test]
async fn barriers_that_race_with_the_end_are_answered() {
    race(together).await;
}

#[tokio::test]
async fn barriers_that_race_with_the_end_are_answered_between_workers() {
    race(spread).await;
}

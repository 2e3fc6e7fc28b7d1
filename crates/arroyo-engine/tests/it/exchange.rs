//! Rows, watermarks and ends find their way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use arroyo_dataflow::EdgeKind;
use arroyo_engine::{QueueLimits, StopMode};
use arroyo_operator::Watermark;
use arroyo_types::EventTime;
use serde_json::json;

use crate::harness::{Build, Placement, Start, by_key, sink, source, spread, step, together, until};

const NOTHING: serde_json::Value = serde_json::Value::Null;

#[tokio::test]
async fn one_chain_runs_to_its_end() {
    let chain = vec![source("a", json!({"rows": 1000})), step("count"), sink("collect", NOTHING)];
    let mut job = Start::new(Build::default().node(1, chain).program(), together).start().await;
    job.all_finished().await;
    let metrics = job.engines[&1].metrics();
    assert_eq!((metrics[0].rows_received, metrics[0].rows_sent), (1000, 1000));
    let world = job.stop(StopMode::Graceful).await;
    assert_eq!(world.collected_keys(), (0..1000).collect::<Vec<_>>());
}

async fn shuffles(placement: Placement) {
    let program = Build::default()
        .node(1, vec![source("a", json!({"rows": 3000}))])
        .node(3, vec![step("count")])
        .node(2, vec![sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Rebalance)
        .edge(1, 2, by_key())
        .program();
    let mut job = Start::new(program, placement).start().await;
    job.all_finished().await;
    let world = job.stop(StopMode::Graceful).await;
    assert_eq!(world.collected_keys(), (0..3000).collect::<Vec<_>>());
    let sinks: BTreeSet<u32> = world.collected.lock().unwrap().iter().map(|(subtask, _)| *subtask).collect();
    assert_eq!(sinks, BTreeSet::from([0, 1]));
}

#[tokio::test]
async fn every_row_arrives_once_through_shuffles() {
    shuffles(together).await;
}

#[tokio::test]
async fn every_row_arrives_once_through_shuffles_between_workers() {
    shuffles(spread).await;
}

async fn a_key_has_one_place(placement: Placement) {
    // Both sources give out the same keys.
    let program = Build::default()
        .node(1, vec![source("a", json!({"rows": 500}))])
        .node(1, vec![source("b", json!({"rows": 500}))])
        .node(3, vec![sink("collect", NOTHING)])
        .edge(0, 2, by_key())
        .edge(1, 2, by_key())
        .program();
    let mut job = Start::new(program, placement).start().await;
    job.all_finished().await;
    let world = job.stop(StopMode::Graceful).await;
    let mut places: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (subtask, key) in world.collected.lock().unwrap().iter() {
        places.entry(*key).or_default().push(*subtask);
    }
    assert_eq!(places.len(), 500);
    assert!(places.values().all(|places| places.len() == 2 && places[0] == places[1]));
}

#[tokio::test]
async fn a_union_shuffles_a_key_to_one_place() {
    a_key_has_one_place(together).await;
}

#[tokio::test]
async fn a_union_shuffles_a_key_to_one_place_between_workers() {
    a_key_has_one_place(spread).await;
}

async fn watermarks(placement: Placement) {
    let program = Build::default()
        .node(1, vec![source("slow", json!({"rows": 100})), step("watermark")])
        .node(1, vec![source("fast", json!({"rows": 1000})), step("watermark")])
        .node(2, vec![step("seen"), sink("collect", NOTHING)])
        .edge(0, 2, by_key())
        .edge(1, 2, by_key())
        .program();
    let start = Start::new(program, placement);
    start.world.open_gate("slow", 50);
    let mut job = start.start().await;
    let world = job.world.clone();
    until(|| world.collected.lock().unwrap().len() == 1050).await;
    let furthest = |subtask| {
        let seen = world.watermarks.lock().unwrap();
        seen.iter()
            .filter(|(seen, _)| *seen == subtask)
            .filter_map(|(_, mark)| match mark {
                Watermark::At(time) => Some(time.nanos()),
                Watermark::Idle => None,
            })
            .max()
    };
    until(|| furthest(0) == Some(49_000_000) && furthest(1) == Some(49_000_000)).await;
    world.open_gate("slow", 100);
    job.all_finished().await;
    job.stop(StopMode::Graceful).await;
    let seen = world.watermarks.lock().unwrap();
    for subtask in [0, 1] {
        let marks: Vec<i64> = seen
            .iter()
            .filter_map(|(seen, mark)| match mark {
                Watermark::At(time) if *seen == subtask => Some(time.nanos()),
                _ => None,
            })
            .collect();
        assert!(marks.is_sorted(), "{marks:?}");
        assert_eq!(marks.last(), Some(&EventTime::MAX.nanos()));
    }
}

#[tokio::test]
async fn the_slowest_input_holds_the_watermark() {
    watermarks(together).await;
}

#[tokio::test]
async fn the_slowest_input_holds_the_watermark_between_workers() {
    watermarks(spread).await;
}

/// Rows that may be under way in front of a stalled sink.
async fn stalls(placement: Placement) {
    let program = Build::default()
        .node(1, vec![source("a", json!({"rows": 100_000}))])
        .node(1, vec![step("count")])
        .node(1, vec![sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Forward)
        .edge(1, 2, EdgeKind::Forward)
        .program();
    let mut start = Start::new(program, placement);
    start.limits = QueueLimits { rows: 100, ..QueueLimits::default() };
    start.world.stalled.send_replace(BTreeSet::from([0]));
    let mut job = start.start().await;
    job.all_started().await;
    let world = job.world.clone();
    // Two full queues, and a batch in the hands of each of three tasks.
    let full = 2 * 100 + 3 * 10;
    until(|| world.read.load(Ordering::SeqCst) >= full).await;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.read.load(Ordering::SeqCst), full);
    assert_eq!(job.engines.values().flat_map(|engine| engine.metrics()).map(|task| task.queue_free).sum::<u64>(), 0);
    world.stalled.send_replace(BTreeSet::new());
    job.all_finished().await;
    let world = job.stop(StopMode::Graceful).await;
    assert_eq!(world.collected.lock().unwrap().len(), 100_000);
}

#[tokio::test]
async fn a_stalled_sink_stops_the_source() {
    stalls(together).await;
}

#[tokio::test]
async fn a_stalled_sink_stops_the_source_between_workers() {
    stalls(|task| 1 + u64::from(task.node.0 % 2)).await;
}

/// Bytes bound a queue as rows do: the wider the rows, the fewer of them wait.
async fn stalls_by_bytes(placement: Placement) {
    let program = Build::default()
        .node(1, vec![source("a", json!({"rows": 100_000}))])
        .node(1, vec![sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Forward)
        .program();
    let mut waiting = Vec::new();
    for bytes in [2_000, 20_000] {
        let mut start = Start::new(program.clone(), placement);
        start.limits = QueueLimits { bytes, rows: 1 << 20, messages: 1 << 20 };
        start.world.stalled.send_replace(BTreeSet::from([0]));
        let mut job = start.start().await;
        job.all_started().await;
        let world = job.world.clone();
        let mut read = 0;
        // The source stands still when many chances to read more were left unused.
        let mut still = 0;
        while still < 1000 {
            tokio::task::yield_now().await;
            let now = world.read.load(Ordering::SeqCst);
            still = if now == read && now > 0 { still + 1 } else { 0 };
            read = now;
        }
        waiting.push(read);
        world.stalled.send_replace(BTreeSet::new());
        job.all_finished().await;
        assert_eq!(job.stop(StopMode::Graceful).await.collected.lock().unwrap().len(), 100_000);
    }
    assert!(waiting[0] < 1_000 && waiting[0] * 5 < waiting[1] && waiting[1] < 10_000, "{waiting:?}");
}

#[tokio::test]
async fn a_queue_is_bounded_in_bytes() {
    stalls_by_bytes(together).await;
}

#[tokio::test]
async fn a_queue_between_workers_is_bounded_in_bytes() {
    stalls_by_bytes(|task| 1 + u64::from(task.node.0)).await;
}

#[tokio::test]
async fn a_stalled_subtask_does_not_hold_up_its_neighbours_on_the_connection() {
    let program = Build::default()
        .node(2, vec![source("a", json!({"rows": 20_000}))])
        .node(2, vec![sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Forward)
        .program();
    let mut start = Start::new(program, |task| 1 + u64::from(task.node.0));
    start.limits = QueueLimits { rows: 100, ..QueueLimits::default() };
    start.world.stalled.send_replace(BTreeSet::from([0]));
    let mut job = start.start().await;
    let world = job.world.clone();
    until(|| world.collected.lock().unwrap().len() == 10_000).await;
    assert!(world.collected.lock().unwrap().iter().all(|(subtask, _)| *subtask == 1));
    world.stalled.send_replace(BTreeSet::new());
    job.all_finished().await;
    let world = job.stop(StopMode::Graceful).await;
    assert_eq!(world.collected_keys(), (0..20_000).collect::<Vec<_>>());
}

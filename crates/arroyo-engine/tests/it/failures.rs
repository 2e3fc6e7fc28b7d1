//! Failures are reported with their operator, and end the engine.

use std::sync::Arc;
use std::time::Duration;

use arroyo_dataflow::EdgeKind;
use arroyo_engine::{DataListener, StopMode, TaskEventKind};
use arroyo_runtime::Tcp;
use arroyo_types::ErrorKind;
use serde_json::json;

use crate::harness::{Build, Job, PATIENCE, Start, sink, source, step, together, until};

const NOTHING: serde_json::Value = serde_json::Value::Null;

async fn failure(job: &mut Job) -> (String, arroyo_operator::OperatorError) {
    loop {
        if let TaskEventKind::Failed { operator, error, .. } = job.event().await.kind {
            return (operator.0, error);
        }
    }
}

#[tokio::test]
async fn a_failing_sink_is_named_and_the_other_tasks_end() {
    let program = Build::default()
        .node(2, vec![source("a", NOTHING), step("count")])
        .node(2, vec![step("seen"), sink("collect", json!({"fail_at": 1001}))])
        .edge(0, 1, EdgeKind::Forward)
        .program();
    let mut job = Start::new(program, together).start().await;
    let (operator, error) = failure(&mut job).await;
    assert_eq!(operator, "sink-collect");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Retry, "the disk is full"));
    assert_eq!(error.hint.as_deref(), Some("buy a larger one"));
    tokio::time::timeout(PATIENCE, job.engines[&1].ended()).await.unwrap();
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn a_panic_is_a_bug_of_its_operator() {
    let program = Build::default()
        .node(1, vec![source("a", NOTHING)])
        .node(1, vec![step("count"), step("panic"), sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Forward)
        .program();
    let mut job = Start::new(program, together).start().await;
    let (operator, error) = failure(&mut job).await;
    assert_eq!(operator, "panic-");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Bug, "it panicked: planted"));
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn what_cannot_be_built_is_reported() {
    let program = Build::default().node(1, vec![source("a", NOTHING), step("unheard-of")]).program();
    let mut job = Start::new(program, together).start().await;
    let (operator, error) = failure(&mut job).await;
    assert_eq!((operator.as_str(), error.message.as_str()), ("unheard-of-", "no operator `unheard-of`"));
    job.stop(StopMode::Immediate).await;
}

/// A source in worker 1, a sink in worker 2.
fn apart() -> Start {
    let program = Build::default()
        .node(1, vec![source("a", NOTHING)])
        .node(1, vec![sink("collect", NOTHING)])
        .edge(0, 1, EdgeKind::Forward)
        .program();
    Start::new(program, |task| 1 + u64::from(task.node.0))
}

#[tokio::test]
async fn a_worker_that_stops_is_no_failure_for_the_others() {
    let mut job = apart().start().await;
    let world = job.world.clone();
    until(|| !world.collected.lock().unwrap().is_empty()).await;
    job.engines[&2].stop(StopMode::Immediate).await;
    job.engines[&2].ended().await;
    job.engines[&1].stop(StopMode::Immediate).await;
    job.engines[&1].ended().await;
    while let Ok(event) = job.events.try_recv() {
        assert!(!matches!(event.kind, TaskEventKind::Failed { .. }), "{event:?}");
    }
}

#[tokio::test]
async fn an_unreachable_worker_fails_the_tasks_that_send_to_it() {
    let gone = DataListener::bind(Arc::new(Tcp), "127.0.0.1:0").await.unwrap();
    let address = gone.address().to_string();
    drop(gone);
    let mut start = apart();
    start.only = Some((1, address));
    let mut job = start.start().await;
    let (operator, error) = failure(&mut job).await;
    assert_eq!((operator.as_str(), error.kind), ("source-a", ErrorKind::Retry));
    assert!(error.message.starts_with("cannot connect to worker 2 at 127.0.0.1:"), "{}", error.message);
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn a_broken_connection_fails_the_tasks() {
    let peer = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut start = apart();
    start.only = Some((1, peer.local_addr().unwrap().to_string()));
    let mut job = start.start().await;
    let (stream, _) = tokio::time::timeout(Duration::from_secs(10), peer.accept()).await.unwrap().unwrap();
    drop(stream);
    let (operator, error) = failure(&mut job).await;
    assert_eq!((operator.as_str(), error.kind), ("source-a", ErrorKind::Retry));
    job.stop(StopMode::Immediate).await;
}

#[tokio::test]
async fn another_generation_is_refused() {
    let mut zombie = apart();
    zombie.generations.insert(1, 1);
    zombie.generations.insert(2, 2);
    let mut job = zombie.start().await;
    let (operator, error) = failure(&mut job).await;
    assert_eq!((operator.as_str(), error.kind), ("source-a", ErrorKind::Fenced));
    assert_eq!(
        error.message,
        "worker 2 refused the connection of generation 1: this worker runs generation 2 of job_test, \
         worker 1 runs generation 1 of job_test"
    );
    job.stop(StopMode::Immediate).await;
}

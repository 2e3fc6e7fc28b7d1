//! Server-sent events: a job's status, what it does, its rows.

use std::sync::Mutex;
use std::time::Duration;

use arroyo_dataflow::{Node, Operator, Program, names, operators};
use arroyo_metastore::{Checkpoint, CheckpointStatus, Metastore, PipelineUpdate};
use arroyo_rpc::proto::{OutputRows, Task, TaskMetrics};
use arroyo_runtime::Shutdown;
use arroyo_types::{CheckpointId, Epoch, JobState, NodeId, StopMode};
use prost::Message;
use serde_json::{Value, json};

use crate::controller::MockController;
use crate::pipelines::{create, set_state};
use crate::server::Server;

/// Reads events one by one.
struct Events {
    response: reqwest::Response,
    text: String,
}

impl Events {
    async fn open(server: &Server, path: &str) -> Self {
        let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event's id and data; `None` at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_string);
                let parsed = field("data: ").map(|data| (field("id: ").unwrap(), serde_json::from_str(&data).unwrap()));
                self.text = rest.to_string();
                match parsed {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk());
            let chunk = chunk.await.expect("something happens").unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn a_jobs_status_is_streamed_from_the_current_one_to_its_deletion() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let path = format!("/pipelines/{id}/jobs/{job}/state");
    let mut events = Events::open(&server, &path).await;
    assert_eq!(events.next().await.unwrap().1["state"], "Created");
    set_state(&server, &job, JobState::Running).await;
    assert_eq!(events.next().await.unwrap().1["state"], "Running");
    // Written again without a change: no event.
    set_state(&server, &job, JobState::Running).await;
    let stop = PipelineUpdate { stop: Some(StopMode::Checkpoint), ..PipelineUpdate::default() };
    server.metastore.update_pipeline(&id.as_str().into(), &stop, 1).await.unwrap();
    let (_, status) = events.next().await.unwrap();
    assert_eq!((&status["state"], &status["running_desired"]), (&json!("Running"), &json!(false)));
    set_state(&server, &job, JobState::Stopped).await;
    assert_eq!(events.next().await.unwrap().1["state"], "Stopped");
    let mut late = Events::open(&server, &path).await;
    assert_eq!(late.next().await.unwrap().1["state"], "Stopped");
    server.metastore.delete_pipeline(&id.as_str().into()).await.unwrap();
    assert_eq!((events.next().await, late.next().await), (None, None));
    assert_eq!(server.get(&path).await.0, 404);
}

#[tokio::test]
async fn shutdown_ends_streams() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let mut events = Events::open(&server, &format!("/pipelines/{id}/jobs/{job}/state")).await;
    events.next().await.unwrap();
    assert!(server.shutdown.drain(Duration::from_secs(10)).await);
    assert_eq!(events.next().await, None);
}

fn node(id: u32, name: &str) -> Node {
    let config = operators::Connector { connector: "preview".into(), table: "preview".into(), ..Default::default() };
    let operator =
        Operator { id: name.into(), name: name.into(), description: "preview".into(), config: config.encode_to_vec() };
    Node { id: NodeId(id), description: "preview".into(), parallelism: 1, max_parallelism: None, chain: vec![operator] }
}

fn previewing() -> Program {
    Program { nodes: vec![node(0, names::SINK)], edges: Vec::new() }
}

async fn store_program(server: &Server, id: &str, program: &Program) {
    let program = Some(program.encode().unwrap());
    let update = PipelineUpdate { program, ..PipelineUpdate::default() };
    server.metastore.update_pipeline(&id.into(), &update, 1).await.unwrap();
}

#[tokio::test]
async fn rows_of_a_running_job_are_streamed() {
    let shutdown = Shutdown::new("controller");
    let (rows, received) = tokio::sync::mpsc::channel(4);
    let controller = MockController { rows: Mutex::new(Some(received)), tasks: Vec::new() };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let path = format!("/pipelines/{id}/jobs/{job}/output");
    store_program(&server, &id, &Program::default()).await;
    assert_eq!(server.get(&path).await, (400, json!({"error": "Job does not have a preview sink"})));
    store_program(&server, &id, &previewing()).await;
    assert_eq!(server.get(&path).await, (400, json!({"error": "Job must be running to read output"})));
    set_state(&server, &job, JobState::Running).await;
    let mut events = Events::open(&server, &path).await;
    for start_id in [0, 2] {
        let batch = OutputRows {
            operator_id: "sink".into(),
            subtask: 1,
            timestamps_micros: vec![5, 6],
            start_id,
            batch: "[{\"a\":1},{\"a\":2}]".into(),
        };
        rows.send(Ok(batch)).await.unwrap();
    }
    let (number, data) = events.next().await.unwrap();
    assert_eq!(number, "0");
    assert_eq!(
        data,
        json!({"operator_id": "sink", "subtask_idx": 1, "timestamps": [5, 6], "start_id": 0,
               "batch": "[{\"a\":1},{\"a\":2}]"})
    );
    assert_eq!(events.next().await.unwrap().0, "1");
    drop(rows);
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_controller_that_is_away_is_no_error_of_metrics() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let path = format!("/pipelines/{id}/jobs/{job}");
    assert_eq!(server.get(&format!("{path}/operator_metric_groups")).await, (200, json!({"data": []})));
    store_program(&server, &id, &previewing()).await;
    set_state(&server, &job, JobState::Running).await;
    assert_eq!(server.get(&format!("{path}/output")).await, (503, json!({"error": "controller not available"})));
}

fn counted(node: u32, rows_received: u64, rows_sent: u64, watermark_nanos: Option<i64>) -> TaskMetrics {
    let task = Some(Task { node, subtask: 0 });
    TaskMetrics { task, rows_received, rows_sent, watermark_nanos, late_rows: 1, ..TaskMetrics::default() }
}

#[tokio::test]
async fn what_a_job_does_is_streamed_until_its_end() {
    let shutdown = Shutdown::new("controller");
    let tasks = vec![counted(0, 500, 400, Some(7_000_000)), counted(1, 400, 30, Some(5_000_000))];
    let controller = MockController { rows: Mutex::default(), tasks };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let program = Program { nodes: vec![node(0, names::SOURCE), node(1, names::SINK)], edges: Vec::new() };
    store_program(&server, &id, &program).await;
    set_state(&server, &job, JobState::Running).await;
    let path = format!("/pipelines/{id}/jobs/{job}/progress");
    let mut events = Events::open(&server, &path).await;
    let (number, progress) = events.next().await.unwrap();
    assert_eq!(number, "0");
    let running = json!({
        "state": "Running", "rows_in": 500, "rows_out": 30, "rows_in_per_second": 0.0, "rows_out_per_second": 0.0,
        "watermark_micros": 5000, "bad_records": 0, "late_rows": 2, "failed_checkpoints": 0,
    });
    assert_eq!(progress, running);
    let generation = server.metastore.job(&job.as_str().into()).await.unwrap().generation;
    for (epoch, status) in [
        (2, CheckpointStatus::Failed),
        (4, CheckpointStatus::Failed),
        (5, CheckpointStatus::InProgress),
        (3, CheckpointStatus::Ready),
    ] {
        let checkpoint = Checkpoint {
            id: CheckpointId::random(),
            job: job.as_str().into(),
            epoch: Epoch(epoch),
            generation,
            status,
            stopping: false,
            start_time: 1_000,
            finish_time: Some(1_250),
            bytes: 99,
            events: json!([]),
            operators: json!([]),
        };
        server.metastore.put_checkpoint(&checkpoint).await.unwrap();
    }
    let with_checkpoint = loop {
        let (_, progress) = events.next().await.unwrap();
        if progress.get("checkpoint").is_some() {
            break progress;
        }
    };
    let summary = json!({"epoch": 3, "finish_time": 1250, "duration_micros": 250, "bytes": 99});
    assert_eq!((&with_checkpoint["checkpoint"], &with_checkpoint["failed_checkpoints"]), (&summary, &json!(1)));
    let mut ended = server.metastore.job(&job.as_str().into()).await.unwrap();
    (ended.state, ended.rows_in, ended.rows_out) = (JobState::Finished, Some(600), Some(40));
    server.metastore.update_job(&ended).await.unwrap();
    let mut last = None;
    while let Some((_, progress)) = events.next().await {
        last = Some(progress);
    }
    let last = last.unwrap();
    assert_eq!((&last["state"], &last["rows_in"], &last["rows_out"]), (&json!("Finished"), &json!(600), &json!(40)));
    assert_eq!(server.get(&format!("/pipelines/pl_x/jobs/{job}/progress")).await.0, 404);
}

#[tokio::test]
async fn a_controller_that_is_away_is_no_error_of_progress() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let mut events = Events::open(&server, &format!("/pipelines/{id}/jobs/{job}/progress")).await;
    let (_, progress) = events.next().await.unwrap();
    assert_eq!((&progress["state"], &progress["rows_in"]), (&json!("Created"), &json!(0)));
    assert!(server.shutdown.drain(Duration::from_secs(10)).await);
}

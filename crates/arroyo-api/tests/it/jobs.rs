//! Jobs, their errors, checkpoints and savepoints.

use std::sync::Mutex;

use arroyo_metastore::{Checkpoint, CheckpointStatus, Failure, JobLogMessage, LogLevel, Metastore};
use arroyo_rpc::proto::{Task, TaskMetrics};
use arroyo_runtime::Shutdown;
use arroyo_types::{CheckpointId, Epoch, ErrorDomain, Generation, JobLogId, JobState};
use serde_json::json;

use crate::controller::MockController;
use crate::pipelines::{create, set_state};
use crate::server::Server;

#[tokio::test]
async fn a_failed_job_says_why_and_what_to_do() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let mut stored = server.metastore.job(&job.as_str().into()).await.unwrap();
    stored.state = JobState::Failed;
    stored.generation = Generation(4);
    stored.failure = Some(Failure {
        operator: Some("lines".into()),
        message: "no such file".into(),
        hint: Some("make it".into()),
        domain: ErrorDomain::User,
    });
    server.metastore.update_job(&stored).await.unwrap();
    let (_, jobs) = server.get("/jobs").await;
    let body = &jobs["data"][0];
    assert_eq!(
        body["failure_reason"],
        json!({"error": "no such file", "domain": "user", "operator": "lines", "hint": "make it"})
    );
    assert_eq!(
        (&body["state"], &body["run_id"], &body["running_desired"]),
        (&json!("Failed"), &json!(4), &json!(true))
    );
    assert_eq!(server.get(&format!("/pipelines/{id}/jobs")).await.1, jobs);
    assert_eq!(server.get("/pipelines/pl_x/jobs").await.0, 404);
}

#[tokio::test]
async fn a_jobs_errors_are_listed_but_not_of_another_pipeline() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let (other, _) = create(&server).await;
    for (created_at, level) in [(1, LogLevel::Error), (2, LogLevel::Info)] {
        let line = JobLogMessage {
            id: JobLogId::random(),
            job: job.as_str().into(),
            created_at,
            level,
            operator: None,
            subtask: Some(2),
            message: "m".into(),
            details: "d".into(),
            domain: Some(ErrorDomain::External),
        };
        server.metastore.add_job_log(&line).await.unwrap();
    }
    let (_, errors) = server.get(&format!("/pipelines/{id}/jobs/{job}/errors")).await;
    assert_eq!(errors["data"].as_array().map(Vec::len), Some(1), "{errors}");
    assert_eq!(
        (&errors["data"][0]["level"], &errors["data"][0]["error_domain"], &errors["data"][0]["task_index"]),
        (&json!("error"), &json!("external"), &json!(2))
    );
    assert_eq!(server.get(&format!("/pipelines/{other}/jobs/{job}/errors")).await.0, 404);
}

fn checkpoint(job: &str, epoch: u64, status: CheckpointStatus) -> Checkpoint {
    Checkpoint {
        id: CheckpointId::random(),
        job: job.into(),
        epoch: Epoch(epoch),
        generation: Generation(1),
        status,
        stopping: true,
        start_time: 10,
        finish_time: Some(20),
        bytes: 3,
        events: json!([{"start_time": 10, "finish_time": 20, "event": "Checkpointing", "description": "x"}]),
        operators: json!([]),
    }
}

#[tokio::test]
async fn checkpoints_are_listed_with_their_parts() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    let groups = json!([{"operator_id": "a", "bytes": 3, "subtasks": [
        {"index": 0, "bytes": 3, "event_spans": [{"start_time": 1, "finish_time": 2, "event": "Sync", "description": ""}]}
    ]}]);
    for (epoch, status) in
        [(2, CheckpointStatus::Ready), (1, CheckpointStatus::Compacted), (3, CheckpointStatus::Failed)]
    {
        let checkpoint = Checkpoint { operators: groups.clone(), ..checkpoint(&job, epoch, status) };
        server.metastore.put_checkpoint(&checkpoint).await.unwrap();
    }
    let path = format!("/pipelines/{id}/jobs/{job}/checkpoints");
    assert_eq!(
        server.get(&path).await.1["data"],
        json!([{"epoch": 2, "backend": "parquet", "checkpoint_type": "stopping", "start_time": 10, "finish_time": 20,
                "bytes": 3,
                "events": [{"start_time": 10, "finish_time": 20, "event": "Checkpointing", "description": "x"}]}])
    );
    let (_, parts) = server.get(&format!("{path}/2/operator_checkpoint_groups")).await;
    assert_eq!(parts["data"], groups);
    assert_eq!(server.get(&format!("{path}/9/operator_checkpoint_groups")).await.0, 404);
}

#[tokio::test]
async fn the_plan_has_figures_of_what_its_tasks_counted() {
    let shutdown = Shutdown::new("controller");
    let task = |subtask| TaskMetrics {
        task: Some(Task { node: 0, subtask }),
        running_micros: 5,
        rows_received: 1,
        ..TaskMetrics::default()
    };
    let controller = MockController { rows: Mutex::default(), tasks: vec![task(0), task(1)] };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let (status, plan) = server.get(&format!("/pipelines/{id}/jobs/{job}/plan")).await;
    assert_eq!((status, plan["state"].as_str()), (200, Some("Created")), "{plan}");
    let node = &plan["nodes"][0];
    assert_eq!(node["figures"]["tasks"], 2, "{plan}");
    assert_eq!(node["figures"]["running_micros"], json!({"total": 10, "max": 5}));
    assert!(node["operators"][0]["description"].as_str().is_some_and(|text| !text.is_empty()), "{plan}");
    assert_eq!(server.get(&format!("/pipelines/other/jobs/{job}/plan")).await.0, 404);
}

#[tokio::test]
async fn savepoints_are_taken_listed_and_let_go_of() {
    let shutdown = Shutdown::new("controller");
    let controller = MockController { rows: Mutex::default(), tasks: vec![TaskMetrics::default()] };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let path = format!("/pipelines/{id}/jobs/{job}/savepoints");
    let savepoint = json!({"epoch": 7, "created_at": 1_000, "bytes": 30});
    assert_eq!(server.post(&path, json!({})).await, (200, savepoint.clone()));
    assert_eq!(server.get(&path).await, (200, json!({"data": [savepoint]})));
    assert_eq!(server.delete(&format!("{path}/7")).await.0, 200);
    let missing = json!({"error": "there is no savepoint of epoch 8"});
    assert_eq!(server.delete(&format!("{path}/8")).await, (404, missing));
    assert_eq!(server.post(&format!("/pipelines/other/jobs/{job}/savepoints"), json!({})).await.0, 404);
}

#[tokio::test]
async fn a_job_goes_back_to_a_checkpoint() {
    let shutdown = Shutdown::new("controller");
    let controller = MockController { rows: Mutex::default(), tasks: Vec::new() };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let path = |pipeline: &str, epoch: u64| format!("/pipelines/{pipeline}/jobs/{job}/checkpoints/{epoch}/restore");
    assert_eq!(server.post(&path(&id, 7), json!({})).await, (200, json!({"epoch": 12})));
    assert_eq!(server.post(&path(&id, 8), json!({})).await, (404, json!({"error": "there is no checkpoint 8"})));
    assert_eq!(server.post(&path("other", 7), json!({})).await.0, 404);
}

#[tokio::test]
async fn a_pipeline_with_savepoints_is_deleted_only_with_consent() {
    let shutdown = Shutdown::new("controller");
    let controller = MockController { rows: Mutex::default(), tasks: Vec::new() };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    server.metastore.put_checkpoint(&checkpoint(&job, 7, CheckpointStatus::Ready)).await.unwrap();
    set_state(&server, &job, JobState::Stopped).await;
    let (status, body) = server.delete(&format!("/pipelines/{id}")).await;
    assert!(status == 409 && body["error"].as_str().unwrap().contains("has savepoints (7)"), "{body}");
    assert_eq!(server.delete(&format!("/pipelines/{id}?delete_savepoints=perhaps")).await.0, 400);
    assert_eq!(server.delete(&format!("/pipelines/{id}?delete_savepoints=true")).await.0, 200);
    assert_eq!(server.get(&format!("/pipelines/{id}")).await.0, 404);
    assert_eq!(server.metastore.removals().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_pipeline_that_may_have_savepoints_is_not_deleted_without_consent() {
    let server = Server::start().await;
    let (id, job) = create(&server).await;
    server.metastore.put_checkpoint(&checkpoint(&job, 7, CheckpointStatus::Ready)).await.unwrap();
    set_state(&server, &job, JobState::Stopped).await;
    assert_eq!(server.delete(&format!("/pipelines/{id}")).await.0, 503, "the controller is away");
    assert_eq!(server.delete(&format!("/pipelines/{id}?delete_savepoints=true")).await.0, 200);
}

#[tokio::test]
async fn a_savepoint_of_a_job_that_takes_no_checkpoints_is_a_conflict() {
    let shutdown = Shutdown::new("controller");
    let controller = MockController { rows: Mutex::default(), tasks: Vec::new() };
    let server = Server::with(controller.start(&shutdown.guard()).await, |_| {}).await.unwrap();
    let (id, job) = create(&server).await;
    let (status, body) = server.post(&format!("/pipelines/{id}/jobs/{job}/savepoints"), json!({})).await;
    assert_eq!((status, body), (409, json!({"error": format!("job {job} is Created")})));
}

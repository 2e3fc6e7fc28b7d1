//! Other owners, other generations, previews, metrics.

use arroyo_metastore::PipelineUpdate;
use arroyo_rpc::proto;
use arroyo_state::{FinishedCheckpoint, Manifest, next_manifest};
use arroyo_types::{Epoch, Generation, JobState, StopMode};
use tonic::Code;

use crate::cluster::{Cluster, PATIENCE};

/// What another owner would publish.
fn foreign_manifest(cluster: &Cluster, generation: u64) -> Manifest {
    let finished = FinishedCheckpoint {
        job: cluster.job.clone(),
        epoch: Epoch(1),
        generation: Generation(generation),
        created_at_micros: 0,
        fingerprint: "other".to_string(),
        stopping: false,
        operators: Vec::new(),
    };
    next_manifest(None, finished, &[]).unwrap()
}

#[tokio::test]
async fn a_newer_owners_manifest_fences_the_job() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    cluster.manifests().publish(&foreign_manifest(&cluster, 99)).await.unwrap();
    cluster.stop(StopMode::Checkpoint).await;
    let mut ended = worker.ended.subscribe();
    tokio::time::timeout(PATIENCE, ended.wait_for(|ended| *ended)).await.unwrap().unwrap();
    // Nothing was committed, and nothing is written about the job any more.
    assert!(worker.commits.lock().unwrap().is_empty());
    let job = cluster.metastore.job(&cluster.job).await.unwrap();
    assert_eq!((job.state, job.generation), (JobState::CheckpointStopping, Generation(1)));
}

#[tokio::test]
async fn an_older_owners_late_manifest_is_gone_on_from() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    cluster.manifests().publish(&foreign_manifest(&cluster, 0)).await.unwrap();
    cluster.update(PipelineUpdate { checkpoint_interval_micros: Some(1_000), ..PipelineUpdate::default() }).await;
    let job = cluster.job_when("recovered", |job| job.generation.0 == 2 && job.state == JobState::Running).await;
    assert_eq!(job.restarts, 1);
    let worker = cluster.workers.of_generation(2, 1).await.remove(0);
    assert_eq!(worker.start.lock().unwrap().as_ref().unwrap().restore_epoch, Some(1));
}

#[tokio::test]
async fn zombies_are_refused() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let mut client = cluster.client.clone();
    let job_id = cluster.job.0.clone();
    let register = proto::RegisterWorkerRequest {
        worker_id: 1,
        job_id: job_id.clone(),
        generation: 0,
        rpc_address: "http://127.0.0.1:1".to_string(),
        data_address: "127.0.0.1:1".to_string(),
        slots: 1,
    };
    let refused = client.register_worker(register).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(refused.message(), "generation 0 of job job_test is over: the job is at generation 1");
    let events = proto::WorkerEventsRequest { worker_id: 1, job_id: job_id.clone(), generation: 2, events: Vec::new() };
    assert_eq!(client.worker_events(events).await.unwrap_err().code(), Code::FailedPrecondition);
    let stranger =
        proto::WorkerEventsRequest { worker_id: 1, job_id: job_id.clone(), generation: 1, events: Vec::new() };
    assert_eq!(client.worker_events(stranger).await.unwrap_err().code(), Code::FailedPrecondition);
    let output = proto::SendOutputRequest { job_id, generation: 0, rows: Vec::new() };
    assert_eq!(client.send_output(output).await.unwrap_err().code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn preview_rows_reach_an_early_subscriber_and_end_with_the_job() {
    let cluster = Cluster::start(&[]).await;
    let mut client = cluster.client.clone();
    let job_id = cluster.job.0.clone();
    let unknown = client.subscribe_output(proto::SubscribeOutputRequest { job_id: "job_none".to_string() }).await;
    assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
    cluster.submit(|_| ()).await;
    let subscribe = proto::SubscribeOutputRequest { job_id: job_id.clone() };
    let mut rows = client.subscribe_output(subscribe).await.unwrap().into_inner();
    cluster.reaches(JobState::Running).await;
    for start_id in 0..3 {
        let sent = proto::OutputRows { operator_id: "sink".to_string(), start_id, ..proto::OutputRows::default() };
        let request = proto::SendOutputRequest { job_id: job_id.clone(), generation: 1, rows: vec![sent] };
        client.send_output(request).await.unwrap();
    }
    cluster.stop(StopMode::Immediate).await;
    let mut seen = Vec::new();
    while let Some(row) = tokio::time::timeout(PATIENCE, rows.message()).await.unwrap().unwrap() {
        seen.push(row.start_id);
    }
    assert_eq!(seen, [0, 1, 2]);
}

#[tokio::test]
async fn metrics_of_all_workers_come_together() {
    let cluster = Cluster::start(&[("worker.task-slots", "1")]).await;
    let mut client = cluster.client.clone();
    let request = proto::GetJobMetricsRequest { job_id: cluster.job.0.clone(), with_ended: false };
    assert!(client.get_job_metrics(request.clone()).await.unwrap().into_inner().tasks.is_empty());
    cluster.submit(|pipeline| pipeline.parallelism = 2).await;
    cluster.reaches(JobState::Running).await;
    let tasks = client.get_job_metrics(request).await.unwrap().into_inner().tasks;
    let tasks: Vec<_> = tasks.iter().map(|metrics| (metrics.task.unwrap(), metrics.rows_sent)).collect();
    let task = |node, subtask| (proto::Task { node, subtask }, 7);
    assert_eq!(tasks, [task(0, 0), task(0, 1), task(1, 0), task(1, 1)]);
}

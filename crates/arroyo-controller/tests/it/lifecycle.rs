//! From a job's creation to its end, by every way there is.

use arroyo_metastore::{CheckpointStatus, PipelineUpdate, StopReason};
use arroyo_rpc::proto::{ErrorKind, GetJobMetricsRequest, OperatorCommit};
use arroyo_types::{Epoch, JobState, StopMode};

use crate::cluster::{Cluster, PATIENCE};

fn commit(subtask: u32, data: &[&str]) -> OperatorCommit {
    let data = data.iter().map(|data| data.as_bytes().to_vec()).collect();
    OperatorCommit { operator_id: "sink".to_string(), subtask, data }
}

#[tokio::test]
async fn a_bounded_job_commits_and_finishes() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    let job = cluster.reaches(JobState::Running).await;
    assert_eq!((job.generation.0, job.tasks), (1, Some(2)));
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    worker.finish_sources().await;
    let job = cluster.reaches(JobState::Finished).await;
    assert!(job.start_time.is_some() && job.finish_time >= job.start_time);
    assert_eq!(job.failure, None);
    // Of the source 30 rows, of the sink 4: what passes between them does not count.
    assert_eq!((job.rows_in, job.rows_out), (Some(30), Some(4)));
    for (with_ended, counted) in [(false, vec![]), (true, vec![30, 4])] {
        let request = GetJobMetricsRequest { job_id: cluster.job.0.clone(), with_ended };
        let answer = cluster.client.clone().get_job_metrics(request).await.unwrap().into_inner();
        let rows: Vec<u64> = answer.tasks.iter().map(|task| task.rows_received.max(task.rows_sent)).collect();
        assert_eq!(rows.len(), counted.len(), "{rows:?}");
        assert!(rows.iter().zip(counted).all(|(rows, least)| *rows >= least), "{rows:?}");
    }
    let commits = worker.commits.lock().unwrap().clone();
    assert_eq!(commits.len(), 1);
    assert_eq!((commits[0].epoch, commits[0].commits.as_slice()), (1, &[commit(0, &["1/0"])][..]));
    let manifest = cluster.manifests().latest().await.unwrap().unwrap();
    assert_eq!((manifest.epoch, manifest.stopping), (Epoch(1), true));
    let row = cluster.checkpointed(1).await;
    assert_eq!((row.stopping, row.bytes, row.status), (true, 20, CheckpointStatus::Ready));
    assert_eq!(row.operators[0]["subtasks"][0]["index"], 0);
    let events: Vec<_> = row.events.as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["Checkpointing", "CheckpointingOperators", "WritingMetadata", "Committing"]);
}

#[tokio::test]
async fn a_job_stopped_with_a_checkpoint_resumes_from_it_and_commits_again() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.parallelism = 2).await;
    cluster.reaches(JobState::Running).await;
    cluster.stop(StopMode::Checkpoint).await;
    let job = cluster.reaches(JobState::Stopped).await;
    assert_eq!((job.rows_in, job.rows_out), (Some(60), Some(8)));
    cluster.stop(StopMode::None).await;
    let job = cluster.reaches(JobState::Running).await;
    assert_eq!((job.rows_in, job.rows_out), (None, None), "totals are those of the last start");
    let worker = cluster.workers.of_generation(2, 1).await.remove(0);
    assert_eq!(worker.start.lock().unwrap().as_ref().unwrap().restore_epoch, Some(1));
    cluster.stop(StopMode::Checkpoint).await;
    cluster.reaches(JobState::Stopped).await;
    let commits = worker.commits.lock().unwrap().clone();
    let commits: Vec<_> = commits.into_iter().map(|request| (request.epoch, request.commits)).collect();
    let again = (1, vec![commit(0, &["1/0", "1/1"])]);
    // Epoch 2 is the second start's claim.
    assert_eq!(commits, [again, (3, vec![commit(0, &["3/0"]), commit(1, &["3/1"])])]);
}

#[tokio::test]
async fn a_failed_task_is_recovered_from_the_last_manifest() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.checkpoint_interval_micros = 20_000).await;
    cluster.checkpointed(2).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    worker.fail(ErrorKind::Retry).await;
    let job = cluster.job_when("running again", |job| job.state == JobState::Running && job.generation.0 == 2).await;
    assert_eq!(job.restarts, 1);
    let failure = job.failure.unwrap();
    assert_eq!((failure.operator.as_deref(), failure.message.as_str()), (Some("sink orders"), "planted"));
    let worker = cluster.workers.of_generation(2, 1).await.remove(0);
    let restored = worker.start.lock().unwrap().as_ref().unwrap().restore_epoch.unwrap();
    assert!(restored >= 2);
    assert_eq!(cluster.manifests().read(Epoch(restored)).await.unwrap().generation.0, 1);
    // Epochs go on, and every one belongs to one generation.
    let next = cluster.checkpointed(restored + 1).await;
    assert_eq!(next.generation.0, 2);
}

#[tokio::test]
async fn the_users_fault_fails_the_job_with_operator_and_hint_and_a_restart_starts_it_again() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    cluster.workers.of_generation(1, 1).await[0].fail(ErrorKind::User).await;
    let job = cluster.reaches(JobState::Failed).await;
    let failure = job.failure.unwrap();
    assert_eq!(failure.operator.as_deref(), Some("sink orders"));
    assert_eq!((failure.message.as_str(), failure.hint.as_deref()), ("planted", Some("pull it out")));
    cluster.update(PipelineUpdate { restart: Some(false), ..PipelineUpdate::default() }).await;
    let job = cluster.reaches(JobState::Running).await;
    assert_eq!((job.generation.0, job.restart_nonce, job.failure), (2, 1, None));
}

#[tokio::test]
async fn a_reader_that_went_away_leaves_the_job_stopped() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    cluster.workers.of_generation(1, 1).await[0].fail(ErrorKind::OutputClosed).await;
    let job = cluster.reaches(JobState::Stopped).await;
    assert_eq!((job.failure, job.stop_reason), (None, Some(StopReason::OutputClosed)));
    assert_eq!((job.rows_in, job.rows_out), (None, None), "its tasks did not finish");
    let pipeline = cluster.metastore.pipeline(&cluster.pipeline).await.unwrap();
    assert_eq!(pipeline.stop, StopMode::Immediate);
}

#[tokio::test]
async fn rescaling_moves_to_more_workers_at_a_checkpoint() {
    let cluster = Cluster::start(&[("worker.task-slots", "2")]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    cluster.update(PipelineUpdate { parallelism: Some(3), ..PipelineUpdate::default() }).await;
    let job = cluster.job_when("rescaled", |job| job.state == JobState::Running && job.generation.0 == 2).await;
    assert_eq!((job.tasks, job.restarts), (Some(6), 0));
    let workers = cluster.workers.of_generation(2, 2).await;
    let tasks: Vec<usize> = workers.iter().map(|worker| worker.tasks().len()).collect();
    assert_eq!((tasks.iter().sum::<usize>(), tasks.iter().max()), (6, Some(&4)));
    assert_eq!(workers[0].start.lock().unwrap().as_ref().unwrap().restore_epoch, Some(1));
}

#[tokio::test]
async fn a_silent_worker_is_lost() {
    let cluster = Cluster::start(&[("pipeline.worker-heartbeat-timeout", "300ms")]).await;
    cluster.submit(|_| ()).await;
    let job = cluster.job_when("recovered", |job| job.restarts > 0).await;
    assert!(job.failure.unwrap().message.contains("was lost: no heartbeat for 0.3 s"));
}

#[tokio::test]
async fn a_deleted_pipeline_takes_its_workers_with_it() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    cluster.metastore.delete_pipeline(&cluster.pipeline).await.unwrap();
    let mut ended = worker.ended.subscribe();
    tokio::time::timeout(PATIENCE, ended.wait_for(|ended| *ended)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_deleted_pipeline_takes_its_files_with_it() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.checkpoint_interval_micros = 20_000).await;
    cluster.checkpointed(1).await;
    cluster.stop(StopMode::Force).await;
    cluster.reaches(JobState::Stopped).await;
    assert!(!cluster.files().await.is_empty());
    cluster.metastore.delete_pipeline(&cluster.pipeline).await.unwrap();
    cluster.files_are_gone().await;
}

#[tokio::test]
async fn files_of_a_deleted_pipeline_that_were_left_are_deleted_at_the_next_start() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.checkpoint_interval_micros = 20_000).await;
    cluster.checkpointed(1).await;
    cluster.stop(StopMode::Force).await;
    cluster.reaches(JobState::Stopped).await;
    let cluster = cluster.stopped().await;
    cluster.metastore.delete_pipeline(&cluster.pipeline).await.unwrap();
    assert!(!cluster.files().await.is_empty());
    let cluster = cluster.restarted().await;
    cluster.files_are_gone().await;
}

#[tokio::test]
async fn a_new_controller_takes_up_a_running_job_from_the_manifests() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.checkpoint_interval_micros = 20_000).await;
    cluster.checkpointed(1).await;
    let cluster = cluster.restarted().await;
    let worker = cluster.workers.of_generation(2, 1).await.remove(0);
    let restored = worker.start.lock().unwrap().as_ref().unwrap().restore_epoch.unwrap();
    assert_eq!(cluster.manifests().read(Epoch(restored)).await.unwrap().generation.0, 1);
    cluster.stop(StopMode::Force).await;
    cluster.reaches(JobState::Stopped).await;
}

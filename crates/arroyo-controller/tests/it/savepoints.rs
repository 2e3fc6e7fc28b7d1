//! Savepoints of jobs that run, rest, and do neither.

use arroyo_metastore::PipelineUpdate;
use arroyo_rpc::proto;
use arroyo_types::{Epoch, JobState, StopMode};
use tonic::Code;

use crate::cluster::Cluster;

async fn take(cluster: &Cluster) -> Result<u64, tonic::Status> {
    let request = proto::TakeSavepointRequest { job_id: cluster.job.0.clone() };
    let answer = cluster.client.clone().take_savepoint(request).await?;
    Ok(answer.into_inner().savepoint.unwrap().epoch)
}

async fn list(cluster: &Cluster) -> Vec<u64> {
    let request = proto::ListSavepointsRequest { job_id: cluster.job.0.clone() };
    let answer = cluster.client.clone().list_savepoints(request).await.unwrap();
    answer.into_inner().savepoints.into_iter().map(|savepoint| savepoint.epoch).collect()
}

#[tokio::test]
async fn a_running_job_takes_a_checkpoint_which_is_kept() {
    let cluster = Cluster::start(&[("pipeline.checkpoint.keep", "1")]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    assert_eq!(take(&cluster).await.unwrap(), 1);
    assert_eq!(list(&cluster).await, [1]);
    // Behind it are checkpoints as always, and it outlives them.
    cluster.update(PipelineUpdate { checkpoint_interval_micros: Some(1_000), ..PipelineUpdate::default() }).await;
    cluster.checkpointed(4).await;
    cluster.stop(StopMode::Checkpoint).await;
    cluster.reaches(JobState::Stopped).await;
    assert_eq!(list(&cluster).await, [1]);
    let last = cluster.manifests().list().await.unwrap().pop().unwrap();
    assert_eq!(take(&cluster).await.unwrap(), last.0);
    assert_eq!(list(&cluster).await, [1, last.0]);

    let release = |epoch: u64| proto::ReleaseSavepointRequest { job_id: cluster.job.0.clone(), epoch };
    cluster.client.clone().release_savepoint(release(1)).await.unwrap();
    let missing = cluster.client.clone().release_savepoint(release(1)).await.unwrap_err();
    assert_eq!((missing.code(), missing.message()), (Code::NotFound, "there is no savepoint of epoch 1"));
    assert_eq!(list(&cluster).await, [last.0]);
}

#[tokio::test]
async fn a_job_without_checkpoints_has_no_savepoint() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|pipeline| pipeline.stop = StopMode::Checkpoint).await;
    cluster.reaches(JobState::Stopped).await;
    let refused = take(&cluster).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Code::FailedPrecondition, "the job has no checkpoint yet"));
}

#[tokio::test]
async fn a_start_whose_directory_has_seen_a_higher_generation_goes_above_it() {
    let cluster = Cluster::start(&[]).await;
    // As with a metadata database that was restored from an older backup.
    cluster.manifests().take_over(arroyo_types::Generation(6), None).await.unwrap();
    cluster.submit(|_| ()).await;
    let job = cluster.job_when("running", |job| job.state == JobState::Running).await;
    assert_eq!(job.generation.0, 7);
    cluster.stop(StopMode::Checkpoint).await;
    cluster.reaches(JobState::Stopped).await;
    assert_eq!(cluster.manifests().list().await.unwrap(), [Epoch(3)]);
}

#[tokio::test]
async fn a_job_that_rests_goes_back_and_on_from_there() {
    let cluster = Cluster::start(&[("pipeline.checkpoint.keep", "2")]).await;
    cluster.submit(|pipeline| pipeline.checkpoint_interval_micros = 1_000).await;
    cluster.checkpointed(2).await;
    let savepoint = take(&cluster).await.unwrap();
    let go_back = |epoch: u64| {
        let (mut client, job_id) = (cluster.client.clone(), cluster.job.0.clone());
        async move { client.go_back(proto::GoBackRequest { job_id, epoch }).await.map(|answer| answer.into_inner().epoch) }
    };
    let refused = go_back(savepoint).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("stop it first"), "{refused}");
    cluster.checkpointed(savepoint + 4).await;
    cluster.stop(StopMode::Checkpoint).await;
    cluster.reaches(JobState::Stopped).await;
    let last = cluster.manifests().latest().await.unwrap().unwrap();
    let missing = go_back(last.epoch.0 + 7).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound, "{missing}");

    let number = go_back(savepoint).await.unwrap();
    assert!(number > last.epoch.0);
    let manifest = cluster.manifests().latest().await.unwrap().unwrap();
    assert_eq!((manifest.epoch.0, manifest.created_at_micros < last.created_at_micros), (number, true));
    cluster.stop(StopMode::None).await;
    cluster.checkpointed(number + 1).await;
    let worker = cluster.workers.of_generation(2, 1).await.remove(0);
    assert_eq!(worker.start.lock().unwrap().as_ref().unwrap().restore_epoch, Some(number));
}

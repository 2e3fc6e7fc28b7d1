//! What the fence says about the state directory.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use arroyo_controller::{Fence, FenceError};
use arroyo_types::{JobState, StopMode};
use async_trait::async_trait;

use crate::cluster::{Cluster, PATIENCE};

/// A fence that tests steer.
#[derive(Debug, Default)]
pub(crate) struct TestFence {
    /// Somebody else has taken the state over.
    pub(crate) lost: AtomicBool,
    /// So many of the next checks find nothing out.
    pub(crate) unknown: AtomicU32,
}

#[async_trait]
impl Fence for TestFence {
    async fn check(&self) -> Result<(), FenceError> {
        if self.unknown.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(FenceError::Unknown("nobody answers".to_string()));
        }
        if self.is_lost() { Err(FenceError::Lost("taken over".to_string())) } else { Ok(()) }
    }

    fn is_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn who_lost_the_state_publishes_and_commits_nothing() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    cluster.fence.lost.store(true, Ordering::SeqCst);
    cluster.stop(StopMode::Checkpoint).await;
    let mut ended = worker.ended.subscribe();
    tokio::time::timeout(PATIENCE, ended.wait_for(|ended| *ended)).await.unwrap().unwrap();
    assert!(worker.commits.lock().unwrap().is_empty());
    assert!(cluster.manifests().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_fence_that_does_not_answer_is_asked_again() {
    let cluster = Cluster::start(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    cluster.fence.unknown.store(2, Ordering::SeqCst);
    cluster.stop(StopMode::Checkpoint).await;
    let job = cluster.reaches(JobState::Stopped).await;
    assert_eq!(job.restarts, 0);
    assert_eq!(cluster.manifests().list().await.unwrap().len(), 1);
}

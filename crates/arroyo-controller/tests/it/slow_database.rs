//! A metadata database that takes no writes for a while: what can go on without it goes on.

use std::path::Path;
use std::time::Duration;

use arroyo_rpc::proto;
use arroyo_types::JobState;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::cluster::Cluster;
use crate::mock_worker::MockWorker;

/// What does not wait for the database takes no longer, also on a busy machine; a write gives up after 5 s.
const AT_ONCE: Duration = Duration::from_secs(4);

/// Holds the database's lock for writing.
struct Held(SqliteConnection);

impl Held {
    async fn hold(database: &Path) -> Self {
        let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
        Self(connection)
    }

    async fn release(self) {
        self.0.close().await.unwrap();
    }
}

async fn heartbeat(cluster: &Cluster, worker: &MockWorker) {
    let request = proto::WorkerEventsRequest {
        worker_id: worker.options.worker.0,
        job_id: cluster.job.0.clone(),
        generation: worker.options.generation.0,
        events: Vec::new(),
    };
    let mut client = cluster.client.clone();
    tokio::time::timeout(AT_ONCE, client.worker_events(request)).await.expect("the worker is heard").unwrap();
}

#[tokio::test]
async fn checkpoints_are_taken_and_workers_heard_while_nothing_can_be_written() {
    let cluster = Cluster::start_on_file(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    let held = Held::hold(&cluster.database()).await;
    for epoch in 1..=2 {
        let request = proto::TakeSavepointRequest { job_id: cluster.job.0.clone() };
        let mut client = cluster.client.clone();
        let taken = tokio::time::timeout(AT_ONCE, client.take_savepoint(request)).await.expect("a checkpoint is taken");
        assert_eq!(taken.unwrap().into_inner().savepoint.unwrap().epoch, epoch);
        heartbeat(&cluster, &worker).await;
    }
    held.release().await;
    // What is for people comes when it can.
    cluster.checkpointed(2).await;
}

#[tokio::test]
async fn workers_are_heard_while_a_status_waits_and_end_behind_it() {
    let cluster = Cluster::start_on_file(&[]).await;
    cluster.submit(|_| ()).await;
    cluster.reaches(JobState::Running).await;
    let worker = cluster.workers.of_generation(1, 1).await.remove(0);
    let held = Held::hold(&cluster.database()).await;
    worker.fail(proto::ErrorKind::Retry).await;
    // The job is to recover, of which nobody knows yet.
    for _ in 0..3 {
        heartbeat(&cluster, &worker).await;
        tokio::task::yield_now().await;
    }
    assert!(!*worker.ended.borrow(), "nothing happens that another controller would not know of");
    assert_eq!(cluster.metastore.job(&cluster.job).await.unwrap().state, JobState::Running);
    held.release().await;
    let job = cluster.job_when("running again", |job| job.state == JobState::Running && job.generation.0 == 2).await;
    assert_eq!(job.restarts, 1);
    assert!(*worker.ended.borrow());
}

use std::sync::atomic::{AtomicBool, Ordering};

use arroyo_metastore::{Job, Page, Pipeline};
use arroyo_runtime::{Shutdown, Watcher};
use arroyo_types::{Clock, JobId, PipelineId, SystemClock};
use async_trait::async_trait;
use tokio::sync::Notify;

use super::*;
use crate::run::state_dir::{Place, StateDir};

/// Dies before a copy is stored, once it is to.
#[derive(Debug, Default)]
struct Death {
    is_due: AtomicBool,
    reached: Notify,
}

#[async_trait]
impl Watcher for Death {
    async fn reached(&self, step: &'static str) {
        assert_eq!(step, "before upload");
        if self.is_due.load(Ordering::SeqCst) {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

struct Run {
    db: MaybeLocalDb,
    metastore: Arc<SqliteMetastore>,
    clock: Arc<dyn Clock>,
}

impl Run {
    /// Takes the bucket, as a run does that replaces a dead one.
    async fn start(bucket: &str) -> Self {
        let place = Place::Remote(bucket.to_string());
        let dir = StateDir { shown: bucket.to_string(), place, is_default: false };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let db = MaybeLocalDb::from_dir(&dir, Duration::from_secs(15), true, &clock).await.unwrap();
        let metastore = Arc::new(SqliteMetastore::open(db.path()).await.unwrap());
        metastore.integrity_check().await.unwrap();
        Self { db, metastore, clock }
    }

    async fn create(&self, name: &str) {
        let pipeline = Pipeline::new(PipelineId::from(name), name, "SELECT 1", Vec::new(), self.clock.now_micros());
        let job = Job::created(JobId::from(name), &pipeline);
        self.metastore.create_pipeline(&pipeline, &job).await.unwrap();
    }

    async fn pipelines(&self) -> Vec<String> {
        let page = Page { starting_after: None, limit: 10 };
        let pipelines = self.metastore.pipelines(&page).await.unwrap().data;
        pipelines.into_iter().map(|pipeline| pipeline.name).collect()
    }

    fn connection(&self, failpoints: Failpoints) -> BackupConnection {
        BackupConnection::new(self.metastore.clone(), &self.db, failpoints)
    }
}

#[tokio::test]
async fn a_run_that_dies_between_commit_and_upload_has_acknowledged_nothing_and_leaves_the_copy_before() {
    let bucket = "memory://dies-before-upload";
    let first = Run::start(bucket).await;
    let death = Arc::new(Death::default());
    let connection = first.connection(Failpoints::watched_by(death.clone()));
    let shutdown = Shutdown::new("run");
    let durability = Durability::new(first.clock.clone());
    let (stored, requests) = confirmations(&connection, &durability);
    let hour = Duration::from_secs(3_600);
    let backups = Backups::start(connection, requests, hour, durability, &shutdown.guard()).await.unwrap();
    first.create("acknowledged").await;
    stored.stored().await.unwrap();

    death.is_due.store(true, Ordering::SeqCst);
    first.create("not acknowledged").await;
    assert_eq!(first.pipelines().await.len(), 2, "SQLite has committed it");
    let mut answer = Box::pin(stored.stored());
    tokio::select! {
        biased;
        answer = &mut answer => panic!("answered before it is stored: {answer:?}"),
        () = death.reached.notified() => shutdown.cancel(),
    }
    assert_eq!(answer.await, Err("the run is ending".to_string()));
    drop((backups, first));

    let second = Run::start(bucket).await;
    assert_eq!(second.pipelines().await, ["acknowledged"]);
    second.create("again").await;
    second.connection(Failpoints::default()).back_up().await.unwrap();
    drop(second);
    assert_eq!(Run::start(bucket).await.pipelines().await.len(), 2);
}

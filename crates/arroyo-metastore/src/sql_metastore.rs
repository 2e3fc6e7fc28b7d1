//! The one implementation of [`Metastore`], for both databases.

use std::fmt::Debug;

use arroyo_types::{ConnectionProfileId, ConnectionTableId, Epoch, Generation, JobId, PipelineId};
use async_trait::async_trait;

use crate::database::{Database, Pools};
use crate::notify::Subscription;
use crate::queries::{checkpoints, connections, jobs, pipelines, removals};
use crate::{
    Changes, Checkpoint, ConnectionProfile, ConnectionTable, Job, JobLogMessage, Leadership, Listing, Metastore,
    MetastoreError, Page, Pipeline, PipelineUpdate, Removal,
};

/// A metastore in a SQL database; `B` holds what only one kind of database has.
///
/// See [`crate::SqliteMetastore`] and [`crate::PostgresMetastore`] for how to make one.
#[derive(Debug)]
pub struct SqlMetastore<B> {
    pub(crate) database: Database,
    pub(crate) backend: B,
}

impl<B> SqlMetastore<B> {
    /// Closes the connections after those who use them have given them back; later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

#[async_trait]
impl<B: Send + Sync + Debug> Metastore for SqlMetastore<B> {
    async fn cluster_id(&self) -> Result<String, MetastoreError> {
        self.database.row("Cluster id", "SELECT id FROM cluster", []).await?.text("id")
    }

    async fn subscribe(&self) -> Result<Box<dyn Changes>, MetastoreError> {
        Ok(Box::new(Subscription::to(&self.database.subscribers)))
    }

    async fn lead(&self) -> Leadership {
        match &self.database.pools {
            Pools::Sqlite { .. } => Leadership::unrivalled(),
            Pools::Postgres { pool, .. } => Leadership::of_postgres(pool.connect_options().as_ref().clone()).await,
        }
    }

    async fn ping(&self) -> Result<(), MetastoreError> {
        self.database.rows("SELECT 1 AS one", []).await.map(|_| ())
    }

    async fn create_pipeline(&self, pipeline: &Pipeline, job: &Job) -> Result<(), MetastoreError> {
        pipelines::create(&self.database, pipeline, job).await
    }

    async fn pipeline(&self, id: &PipelineId) -> Result<Pipeline, MetastoreError> {
        pipelines::get(&self.database, id).await
    }

    async fn pipelines(&self, page: &Page) -> Result<Listing<Pipeline>, MetastoreError> {
        pipelines::list(&self.database, page).await
    }

    async fn update_pipeline(
        &self,
        id: &PipelineId,
        update: &PipelineUpdate,
        now: i64,
    ) -> Result<Pipeline, MetastoreError> {
        pipelines::update(&self.database, id, update, now).await
    }

    async fn delete_pipeline(&self, id: &PipelineId) -> Result<(), MetastoreError> {
        pipelines::delete(&self.database, id).await
    }

    async fn removals(&self) -> Result<Vec<Removal>, MetastoreError> {
        removals::list(&self.database).await
    }

    async fn removed(&self, job: &JobId) -> Result<(), MetastoreError> {
        removals::done(&self.database, job).await
    }

    async fn job(&self, id: &JobId) -> Result<Job, MetastoreError> {
        jobs::get(&self.database, id).await
    }

    async fn pipeline_jobs(&self, id: &PipelineId) -> Result<Vec<Job>, MetastoreError> {
        jobs::of_pipeline(&self.database, id).await
    }

    async fn jobs(&self, with_previews: bool) -> Result<Vec<Job>, MetastoreError> {
        jobs::list(&self.database, with_previews).await
    }

    async fn update_job(&self, job: &Job) -> Result<(), MetastoreError> {
        jobs::update(&self.database, job).await
    }

    async fn start_job(&self, job: &Job) -> Result<(), MetastoreError> {
        jobs::start(&self.database, job).await
    }

    async fn add_job_log(&self, message: &JobLogMessage) -> Result<(), MetastoreError> {
        jobs::add_log(&self.database, message).await
    }

    async fn job_errors(&self, job: &JobId, page: &Page) -> Result<Listing<JobLogMessage>, MetastoreError> {
        jobs::errors(&self.database, job, page).await
    }

    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), MetastoreError> {
        checkpoints::put(&self.database, checkpoint).await
    }

    async fn compact_checkpoints(&self, job: &JobId, oldest: Epoch) -> Result<(), MetastoreError> {
        checkpoints::compact(&self.database, job, oldest).await
    }

    async fn checkpoints(&self, job: &JobId) -> Result<Vec<Checkpoint>, MetastoreError> {
        checkpoints::list(&self.database, job).await
    }

    async fn last_checkpoint(&self, job: &JobId) -> Result<Option<Checkpoint>, MetastoreError> {
        checkpoints::last(&self.database, job).await
    }

    async fn failed_checkpoints(
        &self,
        job: &JobId,
        after: Epoch,
        generation: Generation,
    ) -> Result<u32, MetastoreError> {
        checkpoints::failed(&self.database, job, after, generation).await
    }

    async fn checkpoint(&self, job: &JobId, epoch: Epoch) -> Result<Checkpoint, MetastoreError> {
        checkpoints::get(&self.database, job, epoch).await
    }

    async fn create_connection_profile(&self, profile: &ConnectionProfile) -> Result<(), MetastoreError> {
        connections::create_profile(&self.database, profile).await
    }

    async fn connection_profiles(&self) -> Result<Vec<ConnectionProfile>, MetastoreError> {
        connections::profiles(&self.database).await
    }

    async fn delete_connection_profile(&self, id: &ConnectionProfileId) -> Result<(), MetastoreError> {
        connections::delete_profile(&self.database, id).await
    }

    async fn create_connection_table(&self, table: &ConnectionTable) -> Result<(), MetastoreError> {
        connections::create_table(&self.database, table).await
    }

    async fn connection_tables(&self, page: &Page) -> Result<Listing<ConnectionTable>, MetastoreError> {
        connections::tables(&self.database, page).await
    }

    async fn all_connection_tables(&self) -> Result<Vec<ConnectionTable>, MetastoreError> {
        connections::all_tables(&self.database).await
    }

    async fn delete_connection_table(&self, id: &ConnectionTableId) -> Result<(), MetastoreError> {
        connections::delete_table(&self.database, id).await
    }
}

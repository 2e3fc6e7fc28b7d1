//! The trait.

use std::fmt::Debug;

use arroyo_types::{ConnectionProfileId, ConnectionTableId, Epoch, Generation, JobId, PipelineId};
use async_trait::async_trait;

use crate::{
    Change, Checkpoint, ConnectionProfile, ConnectionTable, Job, JobLogMessage, Leadership, Listing, MetastoreError,
    Page, Pipeline, PipelineUpdate, Removal,
};

/// A subscription to changes. Dropping it ends it.
#[async_trait]
pub trait Changes: Send {
    /// The next change; [`Change::Everything`] after the subscriber fell behind or the connection was lost and restored.
    /// Yields `None` when the metastore was closed. Cancel safe.
    async fn next(&mut self) -> Option<Change>;
}

/// The metadata database. Every write is durable when its call returns, and is announced to subscribers of every process.
#[async_trait]
pub trait Metastore: Send + Sync + Debug {
    /// Which database this is: a random id made with it.
    async fn cluster_id(&self) -> Result<String, MetastoreError>;

    /// Subscribes to changes from now on.
    async fn subscribe(&self) -> Result<Box<dyn Changes>, MetastoreError>;

    /// Waits until this process is the one that runs jobs.
    async fn lead(&self) -> Leadership {
        Leadership::unrivalled()
    }

    /// Checks that the database answers.
    async fn ping(&self) -> Result<(), MetastoreError>;

    /// Stores a pipeline and its job in one transaction. A second pipeline with the same id is a `Duplicate`.
    async fn create_pipeline(&self, pipeline: &Pipeline, job: &Job) -> Result<(), MetastoreError>;

    /// Reads a pipeline.
    async fn pipeline(&self, id: &PipelineId) -> Result<Pipeline, MetastoreError>;

    /// Pipelines without previews, newest first.
    async fn pipelines(&self, page: &Page) -> Result<Listing<Pipeline>, MetastoreError>;

    /// Changes what is wanted of a pipeline and returns the result.
    async fn update_pipeline(
        &self,
        id: &PipelineId,
        update: &PipelineUpdate,
        now: i64,
    ) -> Result<Pipeline, MetastoreError>;

    /// Deletes a pipeline, its job, log and checkpoints' index, and remembers in the same transaction that the job's files are to
    /// be deleted ([`Metastore::removals`]).
    async fn delete_pipeline(&self, id: &PipelineId) -> Result<(), MetastoreError>;

    /// Jobs of deleted pipelines whose files may still be there.
    async fn removals(&self) -> Result<Vec<Removal>, MetastoreError>;

    /// A deleted job's files are gone.
    async fn removed(&self, job: &JobId) -> Result<(), MetastoreError>;

    /// Reads a job.
    async fn job(&self, id: &JobId) -> Result<Job, MetastoreError>;

    /// Jobs of a pipeline.
    async fn pipeline_jobs(&self, id: &PipelineId) -> Result<Vec<Job>, MetastoreError>;

    /// All jobs, newest first; with those of previews if asked for.
    async fn jobs(&self, with_previews: bool) -> Result<Vec<Job>, MetastoreError>;

    /// Writes a job's whole status. Refused with `Fenced` if the stored generation is higher than `job.generation`.
    async fn update_job(&self, job: &Job) -> Result<(), MetastoreError>;

    /// As [`Metastore::update_job`], for a new start: refused with `Fenced` unless the stored generation is lower, so that of two
    /// controllers that start a job at once only one gets the generation.
    async fn start_job(&self, job: &Job) -> Result<(), MetastoreError>;

    /// Adds a line to a job's log; old lines beyond 1,000 per job are dropped.
    async fn add_job_log(&self, message: &JobLogMessage) -> Result<(), MetastoreError>;

    /// Lines of level error of a job's log, newest first.
    async fn job_errors(&self, job: &JobId, page: &Page) -> Result<Listing<JobLogMessage>, MetastoreError>;

    /// Inserts or replaces a checkpoint (by job and epoch).
    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), MetastoreError>;

    /// Notes that the files of a job's checkpoints before `oldest` are gone; of those, rows beyond 1,000 per job are dropped.
    async fn compact_checkpoints(&self, job: &JobId, oldest: Epoch) -> Result<(), MetastoreError>;

    /// A job's checkpoints by ascending epoch.
    async fn checkpoints(&self, job: &JobId) -> Result<Vec<Checkpoint>, MetastoreError>;

    /// A job's last checkpoint that is complete and whose files are there.
    async fn last_checkpoint(&self, job: &JobId) -> Result<Option<Checkpoint>, MetastoreError>;

    /// How many checkpoints of one generation of a job were given up after that of `after`.
    async fn failed_checkpoints(
        &self,
        job: &JobId,
        after: Epoch,
        generation: Generation,
    ) -> Result<u32, MetastoreError>;

    /// One checkpoint.
    async fn checkpoint(&self, job: &JobId, epoch: Epoch) -> Result<Checkpoint, MetastoreError>;

    /// Stores a connection profile.
    async fn create_connection_profile(&self, profile: &ConnectionProfile) -> Result<(), MetastoreError>;

    /// All connection profiles by name.
    async fn connection_profiles(&self) -> Result<Vec<ConnectionProfile>, MetastoreError>;

    /// Deletes a connection profile; `InUse` if a table refers to it.
    async fn delete_connection_profile(&self, id: &ConnectionProfileId) -> Result<(), MetastoreError>;

    /// Stores a connection table.
    async fn create_connection_table(&self, table: &ConnectionTable) -> Result<(), MetastoreError>;

    /// Connection tables, newest first.
    async fn connection_tables(&self, page: &Page) -> Result<Listing<ConnectionTable>, MetastoreError>;

    /// Every connection table (for the planner's catalog).
    async fn all_connection_tables(&self) -> Result<Vec<ConnectionTable>, MetastoreError>;

    /// Deletes a connection table; `InUse` if a pipeline refers to it.
    async fn delete_connection_table(&self, id: &ConnectionTableId) -> Result<(), MetastoreError>;
}

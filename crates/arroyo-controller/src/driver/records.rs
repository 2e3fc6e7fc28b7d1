//! Writes a job's records to the metadata database, one after the other, in a task of its own: a database that does not answer holds
//! up nobody who can go on without it.
//!
//! Rows of the checkpoints' index and lines of the log are for people: what cannot be written is dropped, with a warning.
//! The status and the wish to stay stopped are written however long it takes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arroyo_metastore::{Checkpoint, Job, JobLogMessage, MetastoreError, Pipeline, PipelineUpdate};
use arroyo_runtime::{Guard, TaskKind};
use arroyo_types::{ErrorKind, Generation, JobId, PipelineId, StopMode};
use tokio::sync::{mpsc, oneshot};

use super::Context;

/// Records that may wait. The last place is for one that somebody waits for.
const QUEUE: usize = 256;
const FIRST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_secs(5);

/// Something to be written.
#[derive(Debug)]
enum Record {
    Checkpoint(Box<Checkpoint>),
    Log(Box<JobLogMessage>),
    Awaited(Awaited, oneshot::Sender<Result<Written, MetastoreError>>),
}

/// Something that somebody waits for.
#[derive(Debug)]
enum Awaited {
    /// The job, and the generation that is stored.
    Status(Box<Job>, Generation),
    Stop(PipelineId, StopMode),
}

/// What was written.
#[derive(Debug)]
pub(super) enum Written {
    /// The job's status.
    Status,
    /// The pipeline as it is now.
    Pipeline(Box<Pipeline>),
}

/// The end of a write; nothing comes if it was given up because the controller ends.
pub(super) type Answer = oneshot::Receiver<Result<Written, MetastoreError>>;

/// The records of one job on their way.
#[derive(Debug)]
pub(super) struct Records {
    job: JobId,
    queue: mpsc::Sender<Record>,
}

impl Records {
    /// Starts the task that writes; it ends when this is dropped and everything is written.
    pub(super) fn start(context: Arc<Context>, job: JobId, guard: &Guard) -> Self {
        let (queue, records) = mpsc::channel(QUEUE);
        let writer = Writer { context, job: job.clone(), guard: guard.clone() };
        guard.spawn("records", TaskKind::FINISHING, async move {
            writer.run(records).await;
            Ok::<_, Infallible>(())
        });
        Self { job, queue }
    }

    /// Writes a row of the checkpoints' index.
    pub(super) fn index(&self, checkpoint: Checkpoint) {
        self.for_people(Record::Checkpoint(Box::new(checkpoint)));
    }

    /// Writes a line of the job's log.
    pub(super) fn log(&self, message: JobLogMessage) {
        self.for_people(Record::Log(Box::new(message)));
    }

    /// Writes the job's status behind everything that came before it. `stored` is the generation that the database knows.
    pub(super) fn status(&self, job: Job, stored: Generation) -> Answer {
        self.awaited(Awaited::Status(Box::new(job), stored))
    }

    /// Notes that the pipeline is to stay stopped.
    pub(super) fn stop(&self, pipeline: PipelineId, stop: StopMode) -> Answer {
        self.awaited(Awaited::Stop(pipeline, stop))
    }

    fn for_people(&self, record: Record) {
        if self.queue.capacity() <= 1 || self.queue.try_send(record).is_err() {
            tracing::warn!(job = %self.job, "a record is dropped: the metadata database does not keep up");
        }
    }

    /// One at a time, so that there is always a place for it.
    fn awaited(&self, awaited: Awaited) -> Answer {
        let (reply, answer) = oneshot::channel();
        // Without its task the answer never comes, and the controller ends.
        let _ = self.queue.try_send(Record::Awaited(awaited, reply));
        answer
    }
}

struct Writer {
    context: Arc<Context>,
    job: JobId,
    guard: Guard,
}

impl Writer {
    async fn run(&self, mut records: mpsc::Receiver<Record>) {
        while let Some(record) = records.recv().await {
            let written = match record {
                Record::Checkpoint(row) => self.index(&row).await,
                Record::Log(message) => self.log(&message).await,
                Record::Awaited(awaited, reply) => match self.insist(&awaited).await {
                    // The driver may have been cancelled.
                    Some(outcome) => reply.send(outcome).is_ok(),
                    None => false,
                },
            };
            if !written && self.guard.is_cancelled() {
                return;
            }
        }
    }

    async fn index(&self, row: &Checkpoint) -> bool {
        self.context.index(row).await
    }

    async fn log(&self, message: &JobLogMessage) -> bool {
        let written = self.context.metastore.add_job_log(message).await;
        if let Err(error) = &written {
            tracing::warn!(job = %self.job, "cannot write to the job's log: {error}");
        }
        written.is_ok()
    }

    /// Tries again until there is an answer; `None` when the controller ends.
    async fn insist(&self, awaited: &Awaited) -> Option<Result<Written, MetastoreError>> {
        let mut pause = FIRST_RETRY;
        // Whether the answer to an earlier try was lost, so that it may have had its effect.
        let mut unanswered = false;
        loop {
            let outcome = match awaited {
                Awaited::Status(job, stored) => self.status(job, *stored, unanswered).await.map(|()| Written::Status),
                Awaited::Stop(pipeline, stop) => self.stop(pipeline, *stop).await,
            };
            match outcome {
                Err(error) if !matches!(error.kind(), ErrorKind::Fenced | ErrorKind::User) => {
                    tracing::warn!(job = %self.job, "cannot write the job's status, trying again: {error}");
                }
                outcome => return Some(outcome),
            }
            unanswered = true;
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_RETRY),
                () = self.guard.cancelled() => return None,
            }
        }
    }

    /// Of two controllers that start the job at once, one gets the generation.
    async fn status(&self, job: &Job, stored: Generation, unanswered: bool) -> Result<(), MetastoreError> {
        let metastore = &self.context.metastore;
        if job.generation <= stored {
            return metastore.update_job(job).await;
        }
        match metastore.start_job(job).await {
            Err(MetastoreError::Fenced) if unanswered && metastore.job(&job.id).await? == *job => Ok(()),
            written => written,
        }
    }

    async fn stop(&self, pipeline: &PipelineId, stop: StopMode) -> Result<Written, MetastoreError> {
        let update = PipelineUpdate { stop: Some(stop), ..PipelineUpdate::default() };
        let now = self.context.clock.now_micros();
        let pipeline = self.context.metastore.update_pipeline(pipeline, &update, now).await?;
        Ok(Written::Pipeline(Box::new(pipeline)))
    }
}

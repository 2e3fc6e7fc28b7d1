//! What is stored. Times are microseconds since the Unix epoch.

use std::collections::BTreeMap;

use arroyo_types::{
    CheckpointId, ConnectionProfileId, ConnectionTableId, Epoch, ErrorDomain, Generation, JobId, JobLogId, JobState,
    OperatorId, PipelineId, StopMode,
};
use serde_json::Value;

/// A SQL program that somebody wants to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Its id.
    pub id: PipelineId,
    /// Its name; need not be unique.
    pub name: String,
    /// The SQL text.
    pub query: String,
    /// The planned program (`arroyo_dataflow::Program::encode`).
    pub program: Vec<u8>,
    /// The wanted parallelism.
    pub parallelism: u32,
    /// Between two checkpoints.
    pub checkpoint_interval_micros: u64,
    /// How it should stop; [`StopMode::None`]: it should run.
    pub stop: StopMode,
    /// Bumped to ask for a restart.
    pub restart_nonce: u64,
    /// Whether the restart asked for last skips the final checkpoint.
    pub restart_force: bool,
    /// Checkpoints before this epoch are not used for recovery (a restart that ignores state).
    pub ignore_state_before: Option<Epoch>,
    /// A preview: short-lived, not listed.
    pub preview: bool,
    /// Stopped after running for so long (previews).
    pub ttl_micros: Option<u64>,
    /// Where its checkpoints go; `None`: as configured.
    pub state_url: Option<String>,
    /// Labels.
    pub tags: BTreeMap<String, String>,
    /// Environment of its workers.
    pub env_vars: BTreeMap<String, String>,
    /// Settings for the scheduler.
    pub scheduler_config: Value,
    /// Stored connection tables that it uses.
    pub connection_tables: Vec<ConnectionTableId>,
    /// When it was created.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

impl Pipeline {
    /// A pipeline that is to run in one subtask, with a checkpoint every ten seconds, and asks for nothing else.
    pub fn new(id: PipelineId, name: impl Into<String>, query: impl Into<String>, program: Vec<u8>, now: i64) -> Self {
        Self {
            id,
            name: name.into(),
            query: query.into(),
            program,
            parallelism: 1,
            checkpoint_interval_micros: 10_000_000,
            stop: StopMode::None,
            restart_nonce: 0,
            restart_force: false,
            ignore_state_before: None,
            preview: false,
            ttl_micros: None,
            state_url: None,
            tags: BTreeMap::new(),
            env_vars: BTreeMap::new(),
            scheduler_config: serde_json::json!({}),
            connection_tables: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether a start may go on from the checkpoint of `epoch`.
    pub fn may_resume_from(&self, epoch: Epoch) -> bool {
        self.ignore_state_before.is_none_or(|before| epoch >= before)
    }

    /// The last checkpoint of its job's `index` that is complete and that a start may go on from.
    pub fn last_complete(&self, index: &[Checkpoint]) -> Option<Epoch> {
        let complete = index.iter().filter(|row| row.is_complete() && self.may_resume_from(row.epoch));
        complete.map(|row| row.epoch).max()
    }
}

/// A change to what is wanted of a pipeline; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PipelineUpdate {
    /// See [`Pipeline::query`]; always with `program`.
    pub query: Option<String>,
    /// See [`Pipeline::program`].
    pub program: Option<Vec<u8>>,
    /// See [`Pipeline::parallelism`].
    pub parallelism: Option<u32>,
    /// See [`Pipeline::checkpoint_interval_micros`].
    pub checkpoint_interval_micros: Option<u64>,
    /// See [`Pipeline::stop`].
    pub stop: Option<StopMode>,
    /// Asks for a restart: increments the nonce; the value is `restart_force`.
    pub restart: Option<bool>,
    /// See [`Pipeline::ignore_state_before`].
    pub ignore_state_before: Option<Epoch>,
    /// See [`Pipeline::env_vars`].
    pub env_vars: Option<BTreeMap<String, String>>,
    /// See [`Pipeline::scheduler_config`].
    pub scheduler_config: Option<Value>,
    /// See [`Pipeline::connection_tables`].
    pub connection_tables: Option<Vec<ConnectionTableId>>,
}

/// One execution of a pipeline, as its controller reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The pipeline it executes.
    pub pipeline: PipelineId,
    /// Where it is.
    pub state: JobState,
    /// Bumped with every start: fences older starts.
    pub generation: Generation,
    /// The restart nonce of the pipeline that the last start honoured.
    pub restart_nonce: u64,
    /// Restarts after failures since it was last healthy.
    pub restarts: u32,
    /// When it first ran.
    pub start_time: Option<i64>,
    /// When it reached a terminal state.
    pub finish_time: Option<i64>,
    /// The number of tasks of the last start.
    pub tasks: Option<u32>,
    /// Why it failed, or the last failure that it recovered from.
    pub failure: Option<Failure>,
    /// Why it stopped without being asked to.
    pub stop_reason: Option<StopReason>,
    /// Rows that sources read in the last start, known when all its tasks have finished.
    pub rows_in: Option<u64>,
    /// Rows that sinks took in the last start, known when all its tasks have finished.
    pub rows_out: Option<u64>,
    /// Rows that came too late in the last start, known when all its tasks have finished.
    pub late_rows: Option<u64>,
    /// When it was created.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

impl Job {
    /// The job of a pipeline that was just created.
    pub fn created(id: JobId, pipeline: &Pipeline) -> Self {
        Self {
            id,
            pipeline: pipeline.id.clone(),
            state: JobState::Created,
            generation: Generation(0),
            restart_nonce: 0,
            restarts: 0,
            start_time: None,
            finish_time: None,
            tasks: None,
            failure: None,
            stop_reason: None,
            rows_in: None,
            rows_out: None,
            late_rows: None,
            created_at: pipeline.created_at,
            updated_at: pipeline.created_at,
        }
    }
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// The operator's description; `None`: not in an operator.
    pub operator: Option<String>,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Whose fault it is.
    pub domain: ErrorDomain,
}

/// Why a job that did not fail stopped without being asked to, or stopped otherwise than it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The reader of its output has gone away.
    OutputClosed,
    /// It was asked to, but its final checkpoint failed: the next start resumes from the one before.
    NoFinalCheckpoint,
    /// It has lived for as long as it may.
    TtlExpired,
}

/// A line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLogMessage {
    /// Its id.
    pub id: JobLogId,
    /// The job.
    pub job: JobId,
    /// When.
    pub created_at: i64,
    /// `info`, `warn`, `error`.
    pub level: LogLevel,
    /// The operator.
    pub operator: Option<OperatorId>,
    /// The subtask.
    pub subtask: Option<u32>,
    /// One line.
    pub message: String,
    /// More.
    pub details: String,
    /// Whose fault it is.
    pub domain: Option<ErrorDomain>,
}

/// How serious a line of a job's log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// For information.
    Info,
    /// Something to look at.
    Warn,
    /// Something failed.
    Error,
}

/// A checkpoint in the index. The manifest in the state directory is the truth; this is for people and for the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Its id.
    pub id: CheckpointId,
    /// The job.
    pub job: JobId,
    /// Its number.
    pub epoch: Epoch,
    /// The generation that made it.
    pub generation: Generation,
    /// Where it is.
    pub status: CheckpointStatus,
    /// Whether it is a final one before a stop.
    pub stopping: bool,
    /// When it started.
    pub start_time: i64,
    /// When it became durable.
    pub finish_time: Option<i64>,
    /// Bytes written.
    pub bytes: u64,
    /// The steps, as the REST API shows them: a JSON array of `{start_time, finish_time, event, description}`.
    pub events: Value,
    /// The subtasks' parts, as the REST API shows them: a JSON array of OperatorCheckpointGroup.
    pub operators: Value,
}

impl Checkpoint {
    /// Whether its manifest was published, and its files are there.
    pub fn is_complete(&self) -> bool {
        matches!(self.status, CheckpointStatus::Committing | CheckpointStatus::Ready)
    }
}

/// A job of a deleted pipeline, whose files are to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The job.
    pub job: JobId,
    /// Where its pipeline kept checkpoints; `None`: in the configured place.
    pub state_url: Option<String>,
}

/// Where a checkpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointStatus {
    /// Being made.
    InProgress,
    /// Its manifest is durable; sinks are being committed.
    Committing,
    /// Done.
    Ready,
    /// Given up.
    Failed,
    /// Collected: its files are gone.
    Compacted,
}

/// A stored connection profile (say, a Kafka cluster).
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionProfile {
    /// Its id.
    pub id: ConnectionProfileId,
    /// Its name, unique.
    pub name: String,
    /// The connector.
    pub connector: String,
    /// The connector's connection options. May hold secrets: never print.
    pub config: Value,
    /// When it was created.
    pub created_at: i64,
}

/// A stored connection table.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionTable {
    /// Its id.
    pub id: ConnectionTableId,
    /// Its name, unique.
    pub name: String,
    /// The connector.
    pub connector: String,
    /// The profile it uses.
    pub profile: Option<ConnectionProfileId>,
    /// `source`, `sink` or `lookup`.
    pub table_type: String,
    /// The connector's table options. May hold secrets: never print.
    pub config: Value,
    /// The REST API's ConnectionSchema.
    pub schema: Value,
    /// How many pipelines use it.
    pub consumers: u32,
    /// When it was created.
    pub created_at: i64,
}

/// A part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Only what comes after this id.
    pub starting_after: Option<String>,
    /// At most so many, from 1.
    pub limit: u32,
}

/// A part of a list and whether there is more.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Whether more rows follow.
    pub has_more: bool,
}

/// What was written; a hint to read it again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Change {
    /// What is wanted of a pipeline, or its removal.
    Pipeline(PipelineId),
    /// A job's status.
    Job(JobId),
    /// A checkpoint of a job.
    Checkpoint(JobId),
    /// Changes may have been missed: read everything again.
    Everything,
}

//! Jobs and their log.

use std::collections::BTreeMap;

use arroyo_metastore as store;
use arroyo_types::StopMode;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{collection, micros};

collection!(
    /// Jobs.
    JobCollection of Job
);

collection!(
    /// A part of a job's log.
    page JobLogMessageCollection of JobLogMessage
);

/// One execution of a pipeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// The pipeline's id.
    pub(crate) pipeline_id: String,
    /// Whether it should run.
    pub(crate) running_desired: bool,
    /// Where it is: `Created`, `Scheduling`, `Running`, `Rescaling`, `CheckpointStopping`, `Stopping`, `Stopped`,
    /// `Finishing`, `Finished`, `Restarting`, `Recovering`, `Failing`, `Failed`.
    pub(crate) state: String,
    /// Counts its starts; the same as `generation`.
    pub(crate) run_id: u64,
    /// Counts its starts: a higher one fences those before.
    pub(crate) generation: u64,
    /// Restarts after failures since it was last healthy.
    pub(crate) restarts: u32,
    /// When it first ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<u64>,
    /// When it reached its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finish_time: Option<u64>,
    /// The number of its tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tasks: Option<u64>,
    /// Why it failed, or the last failure that it recovered from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure_reason: Option<FailureReason>,
    /// Why it stopped without being asked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_reason: Option<StopReason>,
    /// Rows that sources read in the last start; known when all its tasks have finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows_in: Option<u64>,
    /// Rows that sinks took in the last start; known when all its tasks have finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows_out: Option<u64>,
    /// Rows that came too late in the last start; known when all its tasks have finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) late_rows: Option<u64>,
    /// When it was created.
    pub(crate) created_at: u64,
    /// When its status last changed.
    pub(crate) updated_at: u64,
    /// Settings for the scheduler.
    #[schema(value_type = Object)]
    pub(crate) scheduler_config: Value,
    /// Environment of its workers.
    pub(crate) env_vars: BTreeMap<String, String>,
}

/// Why a job failed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FailureReason {
    /// What happened.
    pub(crate) error: String,
    /// Whose fault it is: `user`, `external` or `internal`.
    pub(crate) domain: String,
    /// The operator that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operator: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

/// Why a job that did not fail stopped without being asked to, or stopped otherwise than it was asked to.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StopReason {
    /// The reader of its output has gone away.
    OutputClosed,
    /// It was asked to, but its final checkpoint failed: the next start resumes from the one before.
    NoFinalCheckpoint,
    /// It has lived for as long as it may.
    TtlExpired,
}

impl From<store::StopReason> for StopReason {
    fn from(reason: store::StopReason) -> Self {
        match reason {
            store::StopReason::OutputClosed => Self::OutputClosed,
            store::StopReason::NoFinalCheckpoint => Self::NoFinalCheckpoint,
            store::StopReason::TtlExpired => Self::TtlExpired,
        }
    }
}

impl Job {
    pub(crate) fn new(job: &store::Job, pipeline: &store::Pipeline) -> Self {
        Self {
            id: job.id.0.clone(),
            pipeline_id: job.pipeline.0.clone(),
            running_desired: pipeline.stop == StopMode::None,
            state: job.state.to_string(),
            run_id: job.generation.0,
            generation: job.generation.0,
            restarts: job.restarts,
            start_time: job.start_time.map(micros),
            finish_time: job.finish_time.map(micros),
            tasks: job.tasks.map(u64::from),
            failure_reason: job.failure.as_ref().map(|failure| FailureReason {
                error: failure.message.clone(),
                domain: failure.domain.as_str().to_string(),
                operator: failure.operator.clone(),
                hint: failure.hint.clone(),
            }),
            stop_reason: job.stop_reason.map(StopReason::from),
            rows_in: job.rows_in,
            rows_out: job.rows_out,
            late_rows: job.late_rows,
            created_at: micros(job.created_at),
            updated_at: micros(job.updated_at),
            scheduler_config: match &pipeline.scheduler_config {
                Value::Null => Value::Object(serde_json::Map::new()),
                config => config.clone(),
            },
            env_vars: pipeline.env_vars.clone(),
        }
    }
}

/// A line of a job's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobLogMessage {
    /// Its id.
    pub(crate) id: String,
    /// When.
    pub(crate) created_at: u64,
    /// The operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operator_id: Option<String>,
    /// The subtask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) task_index: Option<u64>,
    /// How serious it is.
    pub(crate) level: JobLogLevel,
    /// One line.
    pub(crate) message: String,
    /// More.
    pub(crate) details: String,
    /// Whose fault it is: `user`, `external` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_domain: Option<String>,
}

/// How serious a line of a log is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobLogLevel {
    /// For information.
    Info,
    /// Something to look at.
    Warn,
    /// Something failed.
    Error,
}

impl JobLogMessage {
    pub(crate) fn new(line: &store::JobLogMessage) -> Self {
        Self {
            id: line.id.0.clone(),
            created_at: micros(line.created_at),
            operator_id: line.operator.as_ref().map(|operator| operator.0.clone()),
            task_index: line.subtask.map(u64::from),
            level: match line.level {
                store::LogLevel::Info => JobLogLevel::Info,
                store::LogLevel::Warn => JobLogLevel::Warn,
                store::LogLevel::Error => JobLogLevel::Error,
            },
            message: line.message.clone(),
            details: line.details.clone(),
            error_domain: line.domain.map(|domain| domain.as_str().to_string()),
        }
    }
}

//! Jobs, their status and their log.

use arroyo_types::{ErrorDomain, Generation, JobId, OperatorId, PipelineId};

use super::{limit, listing, starting_after};
use crate::database::{Arg, Database, Row, Writing, to_json};
use crate::{Change, Job, JobLogMessage, Listing, LogLevel, MetastoreError, Page, StopReason};

const WHAT: &str = "Job";

/// Lines of a job's log that are kept.
const LOG_LINES_MAX: i64 = 1_000;

fn read(row: &Row) -> Result<Job, MetastoreError> {
    Ok(Job {
        id: row.text("id")?.into(),
        pipeline: row.text("pipeline_id")?.into(),
        state: row.named("state")?,
        generation: Generation(row.number("generation")?),
        restart_nonce: row.number("restart_nonce")?,
        restarts: row.number("restarts")?,
        start_time: row.optional_int("start_time")?,
        finish_time: row.optional_int("finish_time")?,
        tasks: row.optional_number("tasks")?,
        failure: row.optional_json("failure")?,
        stop_reason: stop_reason(row)?,
        rows_in: row.optional_number("rows_in")?,
        rows_out: row.optional_number("rows_out")?,
        late_rows: row.optional_number("late_rows")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
    })
}

fn stop_reason_name(reason: StopReason) -> &'static str {
    match reason {
        StopReason::OutputClosed => "output_closed",
        StopReason::NoFinalCheckpoint => "no_final_checkpoint",
        StopReason::TtlExpired => "ttl_expired",
    }
}

fn stop_reason(row: &Row) -> Result<Option<StopReason>, MetastoreError> {
    match row.optional_text("stop_reason")?.as_deref() {
        None => Ok(None),
        Some("output_closed") => Ok(Some(StopReason::OutputClosed)),
        Some("no_final_checkpoint") => Ok(Some(StopReason::NoFinalCheckpoint)),
        Some("ttl_expired") => Ok(Some(StopReason::TtlExpired)),
        Some(other) => {
            Err(MetastoreError::Corrupt { what: "stop_reason", reason: format!("unknown reason `{other}`") })
        }
    }
}

fn status(job: &Job) -> Result<[Arg; 14], MetastoreError> {
    Ok([
        Arg::from(job.id.as_str()),
        Arg::from(job.state.as_str()),
        Arg::from(job.generation.0),
        Arg::from(job.restart_nonce),
        Arg::from(job.restarts),
        Arg::from(job.start_time),
        Arg::from(job.finish_time),
        Arg::from(job.tasks),
        Arg::from(job.failure.as_ref().map(|failure| to_json("failure", failure)).transpose()?),
        Arg::from(job.updated_at),
        Arg::from(job.stop_reason.map(|reason| stop_reason_name(reason).to_string())),
        Arg::from(job.rows_in),
        Arg::from(job.rows_out),
        Arg::from(job.late_rows),
    ])
}

pub(super) async fn insert(writing: &mut Writing<'_>, job: &Job) -> Result<(), MetastoreError> {
    let created = [Arg::from(job.pipeline.as_str()), Arg::from(job.created_at)];
    writing
        .insert(
            "job",
            "Pipeline",
            "INSERT INTO jobs (id, state, generation, restart_nonce, restarts, start_time, finish_time, tasks, failure, \
             updated_at, stop_reason, rows_in, rows_out, late_rows, pipeline_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            status(job)?.into_iter().chain(created),
        )
        .await
}

pub(crate) async fn get(database: &Database, id: &JobId) -> Result<Job, MetastoreError> {
    read(&database.row(WHAT, "SELECT * FROM jobs WHERE id = $1", [Arg::from(id.as_str())]).await?)
}

pub(crate) async fn of_pipeline(database: &Database, id: &PipelineId) -> Result<Vec<Job>, MetastoreError> {
    let sql = "SELECT * FROM jobs WHERE pipeline_id = $1 ORDER BY created_at DESC, id DESC";
    database.rows(sql, [Arg::from(id.as_str())]).await?.iter().map(read).collect()
}

pub(crate) async fn list(database: &Database, with_previews: bool) -> Result<Vec<Job>, MetastoreError> {
    let sql = "SELECT j.* FROM jobs j JOIN pipelines p ON p.id = j.pipeline_id WHERE p.preview <= $1 \
               ORDER BY j.created_at DESC, j.id DESC";
    database.rows(sql, [Arg::from(with_previews)]).await?.iter().map(read).collect()
}

/// Writes [`status`] on a condition.
macro_rules! update_where {
    ($condition:literal) => {
        concat!(
            "UPDATE jobs SET state = $2, generation = $3, restart_nonce = $4, restarts = $5, start_time = $6, ",
            "finish_time = $7, tasks = $8, failure = $9, updated_at = $10, stop_reason = $11, rows_in = $12, ",
            "rows_out = $13, late_rows = $14 WHERE id = $1 AND ",
            $condition
        )
    };
}

pub(crate) async fn update(database: &Database, job: &Job) -> Result<(), MetastoreError> {
    write(database, job, update_where!("generation <= $3")).await
}

pub(crate) async fn start(database: &Database, job: &Job) -> Result<(), MetastoreError> {
    write(database, job, update_where!("generation < $3")).await
}

async fn write(database: &Database, job: &Job, sql: &'static str) -> Result<(), MetastoreError> {
    let mut writing = database.begin().await?;
    let touched = writing.write(sql, status(job)?).await?;
    if touched == 0 {
        let exists = writing.rows("SELECT id FROM jobs WHERE id = $1", [Arg::from(job.id.as_str())]).await?;
        return Err(match exists.is_empty() {
            true => MetastoreError::NotFound { what: WHAT },
            false => MetastoreError::Fenced,
        });
    }
    writing.announce(Change::Job(job.id.clone()));
    writing.commit().await
}

fn level_name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

fn level(row: &Row) -> Result<LogLevel, MetastoreError> {
    match row.text("level")?.as_str() {
        "info" => Ok(LogLevel::Info),
        "warn" => Ok(LogLevel::Warn),
        "error" => Ok(LogLevel::Error),
        other => Err(MetastoreError::Corrupt { what: "level", reason: format!("unknown level `{other}`") }),
    }
}

fn domain(row: &Row) -> Result<Option<ErrorDomain>, MetastoreError> {
    match row.optional_text("domain")?.as_deref() {
        None => Ok(None),
        Some("user") => Ok(Some(ErrorDomain::User)),
        Some("external") => Ok(Some(ErrorDomain::External)),
        Some("internal") => Ok(Some(ErrorDomain::Internal)),
        Some(other) => Err(MetastoreError::Corrupt { what: "domain", reason: format!("unknown domain `{other}`") }),
    }
}

fn read_log(row: &Row) -> Result<JobLogMessage, MetastoreError> {
    Ok(JobLogMessage {
        id: row.text("id")?.into(),
        job: row.text("job_id")?.into(),
        created_at: row.int("created_at")?,
        level: level(row)?,
        operator: row.optional_text("operator")?.map(OperatorId),
        subtask: row.optional_number("subtask")?,
        message: row.text("message")?,
        details: row.text("details")?,
        domain: domain(row)?,
    })
}

pub(crate) async fn add_log(database: &Database, message: &JobLogMessage) -> Result<(), MetastoreError> {
    let args = [
        Arg::from(message.id.as_str()),
        Arg::from(message.job.as_str()),
        Arg::from(message.created_at),
        Arg::from(level_name(message.level)),
        Arg::from(message.operator.as_ref().map(|operator| operator.0.clone())),
        Arg::from(message.subtask),
        Arg::from(message.message.as_str()),
        Arg::from(message.details.as_str()),
        Arg::from(message.domain.map(|domain| domain.as_str().to_string())),
    ];
    let mut writing = database.begin().await?;
    writing
        .insert(
            "line of the job's log",
            WHAT,
            "INSERT INTO job_log (id, job_id, created_at, level, operator, subtask, message, details, domain) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args,
        )
        .await?;
    writing
        .write(
            "DELETE FROM job_log WHERE job_id = $1 AND (created_at, id) <= (SELECT created_at, id FROM job_log \
             WHERE job_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2)",
            [Arg::from(message.job.as_str()), Arg::from(LOG_LINES_MAX)],
        )
        .await?;
    writing.commit().await
}

pub(crate) async fn errors(
    database: &Database,
    job: &JobId,
    page: &Page,
) -> Result<Listing<JobLogMessage>, MetastoreError> {
    let sql = "SELECT * FROM job_log WHERE job_id = $1 AND level = 'error' \
               AND ($2 = '' OR (created_at, id) < (SELECT created_at, id FROM job_log WHERE id = $2)) \
               ORDER BY created_at DESC, id DESC LIMIT $3";
    let args = [Arg::from(job.as_str()), Arg::from(starting_after(page)), Arg::from(limit(page))];
    listing(&database.rows(sql, args).await?, page, read_log)
}

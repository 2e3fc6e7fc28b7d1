//! The checkpoints' index.

use arroyo_types::{Epoch, Generation, JobId};

use crate::database::{Arg, Database, Row, to_json};
use crate::{Change, Checkpoint, CheckpointStatus, MetastoreError};

/// Rows of a job that are kept.
const ROWS_MAX: i64 = 1_000;

fn status_name(status: CheckpointStatus) -> &'static str {
    match status {
        CheckpointStatus::InProgress => "in_progress",
        CheckpointStatus::Committing => "committing",
        CheckpointStatus::Ready => "ready",
        CheckpointStatus::Failed => "failed",
        CheckpointStatus::Compacted => "compacted",
    }
}

fn status(row: &Row) -> Result<CheckpointStatus, MetastoreError> {
    match row.text("status")?.as_str() {
        "in_progress" => Ok(CheckpointStatus::InProgress),
        "committing" => Ok(CheckpointStatus::Committing),
        "ready" => Ok(CheckpointStatus::Ready),
        "failed" => Ok(CheckpointStatus::Failed),
        "compacted" => Ok(CheckpointStatus::Compacted),
        other => Err(MetastoreError::Corrupt { what: "status", reason: format!("unknown status `{other}`") }),
    }
}

fn read(row: &Row) -> Result<Checkpoint, MetastoreError> {
    Ok(Checkpoint {
        id: row.text("id")?.into(),
        job: row.text("job_id")?.into(),
        epoch: Epoch(row.number("epoch")?),
        generation: Generation(row.number("generation")?),
        status: status(row)?,
        stopping: row.flag("stopping")?,
        start_time: row.int("start_time")?,
        finish_time: row.optional_int("finish_time")?,
        bytes: row.number("bytes")?,
        events: row.json("events")?,
        operators: row.json("operators")?,
    })
}

pub(crate) async fn put(database: &Database, checkpoint: &Checkpoint) -> Result<(), MetastoreError> {
    let args = [
        Arg::from(checkpoint.id.as_str()),
        Arg::from(checkpoint.job.as_str()),
        Arg::from(checkpoint.epoch.0),
        Arg::from(checkpoint.generation.0),
        Arg::from(status_name(checkpoint.status)),
        Arg::from(checkpoint.stopping),
        Arg::from(checkpoint.start_time),
        Arg::from(checkpoint.finish_time),
        Arg::from(checkpoint.bytes),
        Arg::from(to_json("events", &checkpoint.events)?),
        Arg::from(to_json("operators", &checkpoint.operators)?),
    ];
    let mut writing = database.begin().await?;
    writing
        .insert(
            "checkpoint",
            "Job",
            "INSERT INTO checkpoints (id, job_id, epoch, generation, status, stopping, start_time, finish_time, bytes, \
             events, operators) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (job_id, epoch) DO UPDATE SET id = excluded.id, generation = excluded.generation, \
             status = excluded.status, stopping = excluded.stopping, start_time = excluded.start_time, \
             finish_time = excluded.finish_time, bytes = excluded.bytes, events = excluded.events, \
             operators = excluded.operators",
            args,
        )
        .await?;
    writing.announce(Change::Checkpoint(checkpoint.job.clone()));
    writing.commit().await
}

/// Notes that the files of checkpoints before `oldest` are gone, without reading the rows: there may be many.
pub(crate) async fn compact(database: &Database, job: &JobId, oldest: Epoch) -> Result<(), MetastoreError> {
    let mut writing = database.begin().await?;
    let job_and_epoch = || [Arg::from(job.as_str()), Arg::from(oldest.0)];
    let status = |status| Arg::from(status_name(status));
    let statuses = [status(CheckpointStatus::Compacted), status(CheckpointStatus::Ready)];
    let compacted = "UPDATE checkpoints SET status = $3 WHERE job_id = $1 AND epoch < $2 AND status = $4";
    writing.write(compacted, job_and_epoch().into_iter().chain(statuses)).await?;
    let dropped = "DELETE FROM checkpoints WHERE job_id = $1 AND epoch < $2 AND epoch <= \
                   (SELECT epoch FROM checkpoints WHERE job_id = $1 ORDER BY epoch DESC LIMIT 1 OFFSET $3)";
    writing.write(dropped, job_and_epoch().into_iter().chain([Arg::from(ROWS_MAX)])).await?;
    writing.announce(Change::Checkpoint(job.clone()));
    writing.commit().await
}

pub(crate) async fn list(database: &Database, job: &JobId) -> Result<Vec<Checkpoint>, MetastoreError> {
    let sql = "SELECT * FROM checkpoints WHERE job_id = $1 ORDER BY epoch";
    database.rows(sql, [Arg::from(job.as_str())]).await?.iter().map(read).collect()
}

pub(crate) async fn last(database: &Database, job: &JobId) -> Result<Option<Checkpoint>, MetastoreError> {
    let sql = "SELECT * FROM checkpoints WHERE job_id = $1 AND status = $2 ORDER BY epoch DESC LIMIT 1";
    let args = [Arg::from(job.as_str()), Arg::from(status_name(CheckpointStatus::Ready))];
    database.rows(sql, args).await?.first().map(read).transpose()
}

pub(crate) async fn failed(
    database: &Database,
    job: &JobId,
    after: Epoch,
    generation: Generation,
) -> Result<u32, MetastoreError> {
    let sql = "SELECT COUNT(*) AS failed FROM checkpoints \
               WHERE job_id = $1 AND status = $2 AND epoch > $3 AND generation = $4";
    let status = Arg::from(status_name(CheckpointStatus::Failed));
    let args = [Arg::from(job.as_str()), status, Arg::from(after.0), Arg::from(generation.0)];
    database.row("checkpoints", sql, args).await?.number("failed")
}

pub(crate) async fn get(database: &Database, job: &JobId, epoch: Epoch) -> Result<Checkpoint, MetastoreError> {
    let sql = "SELECT * FROM checkpoints WHERE job_id = $1 AND epoch = $2";
    read(&database.row("Checkpoint", sql, [Arg::from(job.as_str()), Arg::from(epoch.0)]).await?)
}

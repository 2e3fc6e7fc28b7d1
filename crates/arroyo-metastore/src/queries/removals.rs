//! Jobs of deleted pipelines whose files are still to be deleted.

use arroyo_types::{JobId, PipelineId};

use crate::database::{Arg, Database, Row, Writing};
use crate::{MetastoreError, Removal};

fn read(row: &Row) -> Result<Removal, MetastoreError> {
    Ok(Removal { job: row.text("job_id")?.into(), state_url: row.optional_text("state_url")? })
}

/// The jobs of a pipeline that is about to be deleted.
pub(crate) async fn remember(writing: &mut Writing<'_>, pipeline: &PipelineId) -> Result<(), MetastoreError> {
    let sql = "INSERT INTO removals (job_id, state_url) \
               SELECT j.id, p.state_url FROM jobs j JOIN pipelines p ON p.id = j.pipeline_id WHERE p.id = $1";
    writing.write(sql, [Arg::from(pipeline.as_str())]).await?;
    Ok(())
}

pub(crate) async fn list(database: &Database) -> Result<Vec<Removal>, MetastoreError> {
    database.rows("SELECT * FROM removals ORDER BY job_id", []).await?.iter().map(read).collect()
}

pub(crate) async fn done(database: &Database, job: &JobId) -> Result<(), MetastoreError> {
    let mut writing = database.begin().await?;
    writing.write("DELETE FROM removals WHERE job_id = $1", [Arg::from(job.as_str())]).await?;
    writing.commit().await
}

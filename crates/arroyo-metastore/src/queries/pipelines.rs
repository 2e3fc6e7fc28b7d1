//! Pipelines and what is wanted of them.

use arroyo_types::{ConnectionTableId, Epoch, PipelineId};

use super::{jobs, limit, listing, removals, starting_after};
use crate::database::{Arg, Database, Row, Writing, to_json};
use crate::{Change, Job, Listing, MetastoreError, Page, Pipeline, PipelineUpdate};

const WHAT: &str = "Pipeline";

macro_rules! select_pipelines {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, (SELECT string_agg(l.connection_table_id, ',') FROM pipeline_connection_tables l ",
            "WHERE l.pipeline_id = p.id) AS connection_tables FROM pipelines p ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Pipeline, MetastoreError> {
    let tables = row.optional_text("connection_tables")?.unwrap_or_default();
    let mut connection_tables: Vec<_> =
        tables.split(',').filter(|id| !id.is_empty()).map(ConnectionTableId::from).collect();
    connection_tables.sort_unstable();
    Ok(Pipeline {
        id: row.text("id")?.into(),
        name: row.text("name")?,
        query: row.text("query")?,
        program: row.bytes("program")?,
        parallelism: row.number("parallelism")?,
        checkpoint_interval_micros: row.number("checkpoint_interval_micros")?,
        stop: row.named("stop")?,
        restart_nonce: row.number("restart_nonce")?,
        restart_force: row.flag("restart_force")?,
        ignore_state_before: row.optional_number("ignore_state_before")?.map(Epoch),
        preview: row.flag("preview")?,
        ttl_micros: row.optional_number("ttl_micros")?,
        state_url: row.optional_text("state_url")?,
        tags: row.json("tags")?,
        env_vars: row.json("env_vars")?,
        scheduler_config: row.json("scheduler_config")?,
        connection_tables,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
    })
}

pub(crate) async fn create(database: &Database, pipeline: &Pipeline, job: &Job) -> Result<(), MetastoreError> {
    let mut writing = database.begin().await?;
    let args = [
        Arg::from(pipeline.id.as_str()),
        Arg::from(pipeline.name.as_str()),
        Arg::from(pipeline.query.as_str()),
        Arg::from(pipeline.program.as_slice()),
        Arg::from(pipeline.parallelism),
        Arg::from(pipeline.checkpoint_interval_micros),
        Arg::from(pipeline.stop.as_str()),
        Arg::from(pipeline.restart_nonce),
        Arg::from(pipeline.restart_force),
        Arg::from(pipeline.ignore_state_before.map(|epoch| epoch.0)),
        Arg::from(pipeline.preview),
        Arg::from(pipeline.ttl_micros),
        Arg::from(pipeline.state_url.clone()),
        Arg::from(to_json("tags", &pipeline.tags)?),
        Arg::from(to_json("env_vars", &pipeline.env_vars)?),
        Arg::from(to_json("scheduler_config", &pipeline.scheduler_config)?),
        Arg::from(pipeline.created_at),
        Arg::from(pipeline.updated_at),
    ];
    writing
        .insert(
            "pipeline",
            WHAT,
            "INSERT INTO pipelines (id, name, query, program, parallelism, checkpoint_interval_micros, stop, \
             restart_nonce, restart_force, ignore_state_before, preview, ttl_micros, state_url, tags, env_vars, \
             scheduler_config, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            args,
        )
        .await?;
    use_tables(&mut writing, &pipeline.id, &pipeline.connection_tables).await?;
    jobs::insert(&mut writing, job).await?;
    writing.announce(Change::Pipeline(pipeline.id.clone()));
    writing.announce(Change::Job(job.id.clone()));
    writing.commit().await
}

async fn use_tables(
    writing: &mut Writing<'_>,
    pipeline: &PipelineId,
    tables: &[ConnectionTableId],
) -> Result<(), MetastoreError> {
    for table in tables {
        writing
            .insert(
                "use of a connection table",
                "Connection table",
                "INSERT INTO pipeline_connection_tables (pipeline_id, connection_table_id) VALUES ($1, $2)",
                [Arg::from(pipeline.as_str()), Arg::from(table.as_str())],
            )
            .await?;
    }
    Ok(())
}

pub(crate) async fn get(database: &Database, id: &PipelineId) -> Result<Pipeline, MetastoreError> {
    read(&database.row(WHAT, select_pipelines!("WHERE p.id = $1"), [Arg::from(id.as_str())]).await?)
}

pub(crate) async fn list(database: &Database, page: &Page) -> Result<Listing<Pipeline>, MetastoreError> {
    let sql = select_pipelines!(
        "WHERE p.preview = 0 AND ($1 = '' OR (p.created_at, p.id) < (SELECT created_at, id FROM pipelines WHERE id = $1)) \
         ORDER BY p.created_at DESC, p.id DESC LIMIT $2"
    );
    let rows = database.rows(sql, [Arg::from(starting_after(page)), Arg::from(limit(page))]).await?;
    listing(&rows, page, read)
}

pub(crate) async fn update(
    database: &Database,
    id: &PipelineId,
    update: &PipelineUpdate,
    now: i64,
) -> Result<Pipeline, MetastoreError> {
    let json = |column, value: Option<serde_json::Value>| value.map(|value| to_json(column, &value)).transpose();
    let env_vars = update.env_vars.as_ref().map(|vars| to_json("env_vars", vars)).transpose()?;
    let args = [
        Arg::from(id.as_str()),
        Arg::from(update.query.clone()),
        Arg::from(update.program.clone()),
        Arg::from(update.parallelism),
        Arg::from(update.checkpoint_interval_micros),
        Arg::from(update.stop.map(|stop| stop.as_str().to_string())),
        Arg::from(i64::from(update.restart.is_some())),
        Arg::from(update.restart),
        Arg::from(update.ignore_state_before.map(|epoch| epoch.0)),
        Arg::from(env_vars),
        Arg::from(json("scheduler_config", update.scheduler_config.clone())?),
        Arg::from(now),
    ];
    let mut writing = database.begin().await?;
    let touched = writing
        .write(
            "UPDATE pipelines SET query = COALESCE($2, query), program = COALESCE($3, program), \
             parallelism = COALESCE($4, parallelism), \
             checkpoint_interval_micros = COALESCE($5, checkpoint_interval_micros), stop = COALESCE($6, stop), \
             restart_nonce = restart_nonce + $7, restart_force = COALESCE($8, restart_force), \
             ignore_state_before = COALESCE($9, ignore_state_before), env_vars = COALESCE($10, env_vars), \
             scheduler_config = COALESCE($11, scheduler_config), updated_at = $12 WHERE id = $1",
            args,
        )
        .await?;
    if touched == 0 {
        return Err(MetastoreError::NotFound { what: WHAT });
    }
    if let Some(tables) = &update.connection_tables {
        let forget = "DELETE FROM pipeline_connection_tables WHERE pipeline_id = $1";
        writing.write(forget, [Arg::from(id.as_str())]).await?;
        use_tables(&mut writing, id, tables).await?;
    }
    let updated = get_in(&mut writing, id).await?;
    writing.announce(Change::Pipeline(id.clone()));
    writing.commit().await?;
    Ok(updated)
}

async fn get_in(writing: &mut Writing<'_>, id: &PipelineId) -> Result<Pipeline, MetastoreError> {
    let rows = writing.rows(select_pipelines!("WHERE p.id = $1"), [Arg::from(id.as_str())]).await?;
    read(rows.first().ok_or(MetastoreError::NotFound { what: WHAT })?)
}

pub(crate) async fn delete(database: &Database, id: &PipelineId) -> Result<(), MetastoreError> {
    let mut writing = database.begin().await?;
    removals::remember(&mut writing, id).await?;
    if writing.write("DELETE FROM pipelines WHERE id = $1", [Arg::from(id.as_str())]).await? == 0 {
        return Err(MetastoreError::NotFound { what: WHAT });
    }
    writing.announce(Change::Pipeline(id.clone()));
    writing.commit().await
}

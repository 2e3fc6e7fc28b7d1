//! Steps 7 and 9: the API's client, and the query's way through the API.

use anyhow::Context;
use arroyo_config::{AuthMode, Config};
use arroyo_metastore::{Job, Metastore, Page, PipelineUpdate};
use arroyo_openapi::{Client, types};
use arroyo_planner::{DefaultSink, PlanRequest, StdoutFormat};
use arroyo_types::{Clock, Generation, StopMode};

use super::query_change;
use super::state_dir::StateDir;
use crate::cli::RunArgs;
use crate::commands::query::Query;

/// Pipelines of a state directory are read in parts of this size.
const PAGE_SIZE: u32 = 100;

/// What became of a submitted query.
pub(crate) enum Submission {
    /// A job is on its way.
    Started(StartedJob),
    /// The state directory's run of this query has read all its input.
    AlreadyFinished,
}

/// A job that was asked to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartedJob {
    /// Its pipeline.
    pub(crate) pipeline: String,
    /// Its id.
    pub(crate) job: String,
    /// Its generation before it was asked to run: what is reported of that one is the past.
    pub(crate) generation_before: u64,
    /// Whether it goes on from an earlier run.
    pub(crate) resumed: bool,
}

/// Why a query does not run.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// The query is wrong: rendered diagnostics.
    Query(String),
    /// The query would drop state of the directory, and nobody agreed to that.
    DropsState,
    /// The finished run has savepoints of these epochs, which would go with it, and nobody agreed to that.
    LosesSavepoints(Vec<u64>),
    /// The state directory has no checkpoint to go back to for this query.
    NothingToGoBackTo {
        /// The checkpoint that was asked for.
        epoch: u64,
    },
    /// The API refused or failed.
    Api(String),
}

impl From<arroyo_openapi::Error<types::ErrorBody>> for Rejection {
    fn from(error: arroyo_openapi::Error<types::ErrorBody>) -> Self {
        Self::Api(arroyo_openapi::explain(&error))
    }
}

/// Before the controller starts: what an earlier run left running waits until it is asked for, and jobs start with numbers
/// above those that a runner may use that lost the state directory and does not know it yet.
pub(crate) async fn settle(
    metastore: &dyn Metastore,
    first_generation: Generation,
    clock: &dyn Clock,
) -> anyhow::Result<()> {
    let page = Page { starting_after: None, limit: PAGE_SIZE };
    let update = PipelineUpdate { stop: Some(StopMode::Checkpoint), ..PipelineUpdate::default() };
    let pipelines = metastore.pipelines(&page).await.context("read the state directory's pipelines")?;
    for pipeline in pipelines.data.iter().filter(|pipeline| pipeline.stop != StopMode::Checkpoint) {
        metastore.update_pipeline(&pipeline.id, &update, clock.now_micros()).await?;
    }
    for job in metastore.jobs(true).await?.into_iter().filter(|job| job.generation < first_generation) {
        metastore.update_job(&Job { generation: first_generation, ..job }).await?;
    }
    Ok(())
}

/// The client of the API at `url`.
pub(crate) fn client(config: &Config, url: &str) -> anyhow::Result<Client> {
    arroyo_openapi::client(url, key(config)).context("make the API's client")
}

/// Step 7: the client of this process's own API, which needs no promise that changes are stored: it says itself when they are not,
/// and a stop must not wait for a store that is away.
pub(crate) fn own_client(config: &Config, url: &str) -> anyhow::Result<Client> {
    arroyo_openapi::impatient_client(url, key(config)).context("make the API's client")
}

fn key(config: &Config) -> Option<&str> {
    match &config.api.auth_mode {
        AuthMode::StaticApiKey { api_key } => Some(api_key.expose()),
        AuthMode::None | AuthMode::Mtls { .. } => None,
    }
}

/// Step 9: stores the query as a pipeline and runs it, or goes on with the state directory's pipeline.
///
/// A query that is planned as the same program is the same, whatever its text; another one takes over the state of the
/// operators that both have.
pub(crate) async fn submit(
    client: &Client,
    args: &RunArgs,
    query: &Query,
    state_dir: &StateDir,
    format: StdoutFormat,
) -> Result<Submission, Rejection> {
    let stored = client.list_pipelines(Some(PAGE_SIZE), None).await?.into_inner().data;
    if let Some(pipeline) = stored.iter().find(|pipeline| pipeline.query == query.sql) {
        return resume(client, args, query, state_dir, pipeline, format).await;
    }
    let is_one_of_several = stored.len() > 1;
    let mut newest = None;
    for pipeline in stored {
        let comparison = compare(client, args, query, &pipeline.id, None, format).await?;
        if comparison.same {
            return resume(client, args, query, state_dir, &pipeline, format).await;
        }
        newest.get_or_insert((pipeline, comparison));
    }
    match (newest, args.from_checkpoint) {
        (Some((pipeline, _)), Some(epoch)) if !is_one_of_several => {
            let comparison = compare(client, args, query, &pipeline.id, Some(epoch), format).await?;
            change(client, args, query, state_dir, &pipeline, &comparison).await
        }
        (_, Some(epoch)) => Err(Rejection::NothingToGoBackTo { epoch }),
        (Some((pipeline, comparison)), None) => change(client, args, query, state_dir, &pipeline, &comparison).await,
        (None, None) => create(client, args, query, format).await,
    }
}

/// What the query means for the pipeline's state at a checkpoint, or at the newest.
async fn compare(
    client: &Client,
    args: &RunArgs,
    query: &Query,
    pipeline: &str,
    epoch: Option<u64>,
    format: StdoutFormat,
) -> Result<types::QueryComparison, Rejection> {
    let post = types::CompareQueryPost { query: query.sql.clone(), epoch };
    match client.compare_query(pipeline, &post).await {
        Ok(comparison) => Ok(comparison.into_inner()),
        Err(error) => Err(query_fault(query, args, format).unwrap_or_else(|| error.into())),
    }
}

/// Makes an earlier checkpoint the last one of a job, once it rests. The query has a plan and what it drops is agreed to: from here
/// on nothing should keep the run from going on there.
async fn go_back(client: &Client, pipeline: &str, job: &str, epoch: u64) -> Result<types::Job, Rejection> {
    let job = query_change::wait_for_rest(client, pipeline, job).await?;
    let went = client.restore_checkpoint(pipeline, &job.id, epoch).await?.into_inner();
    tracing::debug!(job = %job.id, epoch, number = went.epoch, "went back to an earlier checkpoint");
    Ok(job)
}

/// Gives the pipeline another query.
async fn change(
    client: &Client,
    args: &RunArgs,
    query: &Query,
    state_dir: &StateDir,
    pipeline: &types::Pipeline,
    comparison: &types::QueryComparison,
) -> Result<Submission, Rejection> {
    let drop_state = query_change::agree(comparison, args, &state_dir.shown).await?;
    let job = job_of(client, &pipeline.id).await?;
    let job = match args.from_checkpoint {
        Some(epoch) => go_back(client, &pipeline.id, &job.id, epoch).await?,
        None => query_change::wait_for_rest(client, &pipeline.id, &job.id).await?,
    };
    let patch = types::PipelinePatch {
        query: Some(query.sql.clone()),
        drop_state: Some(drop_state),
        stop: Some(types::StopType::None),
        parallelism: args.parallelism,
        ..types::PipelinePatch::default()
    };
    client.patch_pipeline(&pipeline.id, &patch).await?;
    Ok(Submission::Started(StartedJob {
        pipeline: pipeline.id.clone(),
        job: job.id,
        generation_before: job.generation,
        resumed: true,
    }))
}

/// The query as a new pipeline.
pub(super) fn pipeline_post(args: &RunArgs, query: &Query) -> types::PipelinePost {
    types::PipelinePost {
        name: args.name.clone(),
        query: query.sql.clone(),
        parallelism: args.parallelism.unwrap_or(1),
        checkpoint_interval_micros: None,
        env_vars: None,
        params: None,
        scheduler_config: None,
        state_url: None,
        tags: None,
        udfs: None,
    }
}

async fn create(client: &Client, args: &RunArgs, query: &Query, format: StdoutFormat) -> Result<Submission, Rejection> {
    let pipeline = match client.create_pipeline(&pipeline_post(args, query)).await {
        Ok(pipeline) => pipeline.into_inner(),
        Err(error) => return Err(query_fault(query, args, format).unwrap_or_else(|| error.into())),
    };
    let job = job_of(client, &pipeline.id).await?;
    Ok(Submission::Started(StartedJob { pipeline: pipeline.id, job: job.id, generation_before: 0, resumed: false }))
}

async fn resume(
    client: &Client,
    args: &RunArgs,
    query: &Query,
    state_dir: &StateDir,
    pipeline: &types::Pipeline,
    format: StdoutFormat,
) -> Result<Submission, Rejection> {
    let mut job = job_of(client, &pipeline.id).await?;
    let mut drop_state = args.force;
    if let Some(epoch) = args.from_checkpoint {
        // The checkpoint may be one of another query that the pipeline had.
        let comparison = compare(client, args, query, &pipeline.id, Some(epoch), format).await?;
        if comparison.drops_state {
            drop_state = query_change::agree(&comparison, args, &state_dir.shown).await?;
        }
        job = go_back(client, &pipeline.id, &job.id, epoch).await?;
    } else if job.state == "Finished" {
        if !state_dir.is_default {
            return Ok(Submission::AlreadyFinished);
        }
        let savepoints = client.list_savepoints(&pipeline.id, &job.id).await?.into_inner().data;
        let epochs: Vec<u64> = savepoints.iter().map(|savepoint| savepoint.epoch).collect();
        let loses = query_change::agree_to_lose(&epochs, args).await?;
        client.delete_pipeline(&pipeline.id, Some(loses)).await?;
        return create(client, args, query, format).await;
    }
    let patch = types::PipelinePatch {
        drop_state: Some(drop_state),
        stop: Some(types::StopType::None),
        parallelism: args.parallelism,
        ..types::PipelinePatch::default()
    };
    client.patch_pipeline(&pipeline.id, &patch).await?;
    Ok(Submission::Started(StartedJob {
        pipeline: pipeline.id.clone(),
        job: job.id,
        generation_before: job.generation,
        resumed: true,
    }))
}

pub(super) async fn job_of(client: &Client, pipeline: &str) -> Result<types::Job, Rejection> {
    let jobs = client.list_pipeline_jobs(pipeline).await?.into_inner().data;
    jobs.into_iter().next().ok_or_else(|| Rejection::Api(format!("the pipeline {pipeline} has no job")))
}

/// Why the query has no plan, rendered with its lines; `None` if it has one.
fn query_fault(query: &Query, args: &RunArgs, format: StdoutFormat) -> Option<Rejection> {
    let request = PlanRequest {
        source_name: query.source_name.clone(),
        parallelism: args.parallelism.unwrap_or(1),
        default_sink: DefaultSink::Stdout { format },
        ..PlanRequest::new(query.sql.as_str())
    };
    let diagnostics = arroyo_planner::plan(&request).err()?;
    Some(Rejection::Query(arroyo_planner::render(&diagnostics.0, &query.sql, &query.source_name)))
}

//! Finds state whose pipeline the metadata database does not know: the database was lost, or is a copy from before it.
//!
//! The manifests are the truth: each names the operators of its program, and operators' ids depend on what they do. A query that
//! is planned as the same operators is the one that left the state, and goes on with it. The state of only one pipeline is that of
//! any query: which of it is kept is found out as for a pipeline whose query changes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use arroyo_config::Config;
use arroyo_dataflow::Program;
use arroyo_metastore::{Job, Metastore, Page, Pipeline};
use arroyo_planner::{DefaultSink, PlanRequest, StdoutFormat};
use arroyo_state::{Manifest, Manifests};
use arroyo_storage::Storage;
use arroyo_types::{Clock, Generation, JobId, JobState, OperatorId, PipelineId, StopMode};

use crate::cli::RunArgs;
use crate::commands::query::Query;

/// Pipelines of a state directory are read in parts of this size.
const PAGE_SIZE: u32 = 100;

/// What is asked for, and where.
pub(crate) struct Wanted<'a> {
    pub(crate) args: &'a RunArgs,
    pub(crate) query: &'a Query,
    pub(crate) config: &'a Config,
    pub(crate) format: StdoutFormat,
    /// The state directory.
    pub(crate) storage: &'a Storage,
    /// Jobs are started with numbers from this one on.
    pub(crate) first_generation: Generation,
}

/// The text of a pipeline of which only the state is known.
const UNKNOWN_QUERY: &str = "-- the query that left this state is not known";

/// Enters the pipeline that has left state into the database, stopped, if it is not there: that of `wanted`, else the only one,
/// under a text that says that its query is not known.
///
/// # Errors
///
/// The database knows no pipeline, and the directory holds the state of several other queries; `--force` ignores those.
pub(crate) async fn adopt_orphan(
    metastore: &dyn Metastore,
    wanted: &Wanted<'_>,
    clock: &dyn Clock,
) -> anyhow::Result<()> {
    let stored = metastore.pipelines(&Page { starting_after: None, limit: PAGE_SIZE }).await?.data;
    if stored.iter().any(|pipeline| pipeline.query == wanted.query.sql) {
        return Ok(());
    }
    let mut known: BTreeSet<JobId> = metastore.jobs(true).await?.into_iter().map(|job| job.id).collect();
    // Of those that were deleted, files may be left: nobody wants them back.
    known.extend(metastore.removals().await?.into_iter().map(|removal| removal.job));
    let orphans = orphans(wanted.storage, &known).await?;
    // A query that has no plan is explained when it is submitted.
    let Some(program) = plan(wanted).filter(|_| !orphans.is_empty()) else { return Ok(()) };
    let operators: BTreeSet<OperatorId> = program.operator_ids().into_iter().cloned().collect();
    if stored.iter().any(|pipeline| has_operators(pipeline, &operators)) {
        return Ok(());
    }
    let matching = orphans.iter().filter(|(_, manifest)| manifest.operators.keys().eq(operators.iter()));
    if let Some((job, manifest)) = matching.max_by_key(|(_, manifest)| manifest.created_at_micros) {
        tracing::warn!(
            %job, epoch = %manifest.epoch,
            "the metadata database does not know the state of this query; it is taken up from its last checkpoint"
        );
        return enter(metastore, rows(wanted, &wanted.query.sql, &program, job, manifest, clock)?).await;
    }
    let mut others = orphans.iter();
    match (others.next(), others.next()) {
        (Some((job, manifest)), None) if stored.is_empty() => {
            tracing::warn!(
                %job, epoch = %manifest.epoch,
                "there is no metadata database that knows the state in this directory; this query is compared with it"
            );
            enter(metastore, rows(wanted, UNKNOWN_QUERY, &program, job, manifest, clock)?).await
        }
        (Some(_), Some(_)) if stored.is_empty() && !wanted.args.force => bail!(
            "the state directory {} holds checkpoints of several other queries, and no metadata database that knows them; \
             run one of them, name another directory with --state-dir, or start from nothing with --force",
            wanted.storage.url()
        ),
        _ => Ok(()),
    }
}

async fn enter(metastore: &dyn Metastore, (pipeline, job): (Pipeline, Job)) -> anyhow::Result<()> {
    metastore.create_pipeline(&pipeline, &job).await.context("enter the pipeline that left this state")
}

/// The latest checkpoints of jobs that the database does not know.
async fn orphans(storage: &Storage, known: &BTreeSet<JobId>) -> anyhow::Result<BTreeMap<JobId, Manifest>> {
    let objects = storage.list("").await?;
    let with_manifests = objects.iter().filter_map(|object| object.path.split_once("/manifests/"));
    let jobs: BTreeSet<JobId> = with_manifests.map(|(job, _)| JobId::from(job)).collect();
    let mut orphans = BTreeMap::new();
    for job in jobs.difference(known) {
        if let Some(manifest) = Manifests::new(storage.child(job.as_str())?).latest().await? {
            orphans.insert(job.clone(), manifest);
        }
    }
    Ok(orphans)
}

/// The query as the API plans it: nothing but the metadata database knows stored tables, and it knows none.
fn plan(wanted: &Wanted<'_>) -> Option<Program> {
    let request = PlanRequest {
        parallelism: wanted.args.parallelism.unwrap_or(1),
        default_sink: DefaultSink::Stdout { format: wanted.format },
        ..PlanRequest::new(wanted.query.sql.as_str())
    };
    arroyo_planner::plan(&request).ok().map(|plan| plan.program)
}

fn has_operators(pipeline: &Pipeline, operators: &BTreeSet<OperatorId>) -> bool {
    Program::decode(&pipeline.program)
        .is_ok_and(|program| program.operator_ids().into_iter().cloned().collect::<BTreeSet<_>>() == *operators)
}

fn rows(
    wanted: &Wanted<'_>,
    sql: &str,
    program: &Program,
    job: &JobId,
    manifest: &Manifest,
    clock: &dyn Clock,
) -> anyhow::Result<(Pipeline, Job)> {
    let now = clock.now_micros();
    let interval = wanted.config.default_checkpoint_interval.0.as_micros();
    let program = program.encode().context("encode the program")?;
    let pipeline = Pipeline {
        parallelism: wanted.args.parallelism.unwrap_or(1),
        checkpoint_interval_micros: u64::try_from(interval).unwrap_or(u64::MAX),
        stop: StopMode::Checkpoint,
        ..Pipeline::new(PipelineId::random(), &wanted.args.name, sql, program, now)
    };
    let job = Job {
        state: JobState::Stopped,
        generation: manifest.generation.max(wanted.first_generation),
        ..Job::created(job.clone(), &pipeline)
    };
    Ok((pipeline, job))
}

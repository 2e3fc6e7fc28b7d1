//! A pipeline with its state from one metadata database and checkpoint store to another.

use anyhow::{Context, bail};
use arroyo_metastore::{Checkpoint, Job, Metastore, MetastoreError, Pipeline};
use arroyo_state::{Copied, copy_job};
use arroyo_storage::Storage;
use arroyo_types::{CheckpointId, JobId, JobState, StopMode};

/// A metadata database and where its jobs keep their checkpoints.
pub(super) struct Side<'a> {
    pub(super) metastore: &'a dyn Metastore,
    pub(super) checkpoint_url: &'a str,
}

/// What was moved.
pub(super) struct Transferred {
    pub(super) job: JobId,
    pub(super) copied: Option<Copied>,
}

/// Copies `pipeline` and the state of its job; on the other side it is Stopped (or Finished, if it has) under a job of its own.
///
/// First the state, every file checked, then the metadata in one transaction: whatever breaks off in between leaves nothing that
/// could run, only files that nobody names.
pub(super) async fn transfer(
    from: Side<'_>,
    to: Side<'_>,
    pipeline: Pipeline,
    job: Job,
) -> anyhow::Result<Transferred> {
    match to.metastore.pipeline(&pipeline.id).await {
        Err(MetastoreError::NotFound { .. }) => {}
        Ok(_) => bail!("pipeline {} is there already; delete it first to replace it by this copy", pipeline.id),
        Err(error) => return Err(error.into()),
    }
    let new_job = JobId::random();
    let source_url = pipeline.state_url.as_deref().unwrap_or(from.checkpoint_url);
    let source = Storage::open_existing(source_url)
        .and_then(|storage| storage.child(job.id.as_str()))
        .with_context(|| format!("cannot read the checkpoints in {source_url}"))?;
    let target = Storage::open(to.checkpoint_url)
        .and_then(|storage| storage.child(new_job.as_str()))
        .with_context(|| format!("cannot write to {}", to.checkpoint_url))?;
    let index = from.metastore.checkpoints(&job.id).await?;
    let complete = pipeline.last_complete(&index);
    let copied = copy_job(&source, &target, complete).await.context("copy checkpoints and savepoints")?;
    let state = if job.state == JobState::Finished { JobState::Finished } else { JobState::Stopped };
    let moved_job = Job { id: new_job.clone(), state, tasks: None, failure: None, ..job };
    // Tables that were stored elsewhere have other ids here; they are found again by name when the pipeline starts.
    let pipeline = Pipeline { stop: StopMode::Checkpoint, state_url: None, connection_tables: Vec::new(), ..pipeline };
    to.metastore.create_pipeline(&pipeline, &moved_job).await.context("store the pipeline")?;
    if let Some(newest) = copied.and_then(|copied| index.into_iter().find(|row| row.epoch == copied.epoch)) {
        let row = Checkpoint { id: CheckpointId::random(), job: new_job.clone(), ..newest };
        to.metastore.put_checkpoint(&row).await.context("index the checkpoint")?;
    }
    Ok(Transferred { job: new_job, copied })
}

/// The pipeline with this id or name, and its job, which must rest.
pub(super) async fn find(metastore: &dyn Metastore, wanted: Option<&str>) -> anyhow::Result<(Pipeline, Job)> {
    let pipelines = metastore.pipelines(&arroyo_metastore::Page { starting_after: None, limit: 10_000 }).await?.data;
    let names: Vec<String> = pipelines.iter().map(|pipeline| format!("{} ({})", pipeline.id, pipeline.name)).collect();
    let mut matching: Vec<Pipeline> = pipelines
        .into_iter()
        .filter(|pipeline| wanted.is_none_or(|wanted| pipeline.id.as_str() == wanted || pipeline.name == wanted))
        .collect();
    let pipeline = match (matching.pop(), matching.is_empty()) {
        (Some(pipeline), true) => pipeline,
        (Some(_), false) => bail!("there are several pipelines: name one by its id of {}", names.join(", ")),
        (None, _) if names.is_empty() => bail!("there is no pipeline"),
        (None, _) => bail!("there is no pipeline `{}`; there is {}", wanted.unwrap_or_default(), names.join(", ")),
    };
    let job = metastore.pipeline_jobs(&pipeline.id).await?.into_iter().next();
    let job = job.with_context(|| format!("pipeline {} has no job", pipeline.id))?;
    Ok((pipeline, job))
}

/// What was copied, for people.
pub(super) fn summary(copied: Option<Copied>) -> String {
    match copied {
        Some(copied) => format!(
            "{} checkpoints{} in {} files ({}), to go on from checkpoint {}",
            copied.checkpoints,
            if copied.savepoints > 0 { format!(" and {} savepoints", copied.savepoints) } else { String::new() },
            copied.files,
            crate::terminal::bytes(copied.bytes),
            copied.epoch
        ),
        None => "no checkpoint: it starts from nothing".to_string(),
    }
}

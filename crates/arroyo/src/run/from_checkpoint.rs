//! `--from-checkpoint`: going back before the run goes on.

use anyhow::{Context, bail};
use arroyo_metastore::{Metastore, Page, Pipeline};
use arroyo_state::Manifests;
use arroyo_storage::Storage;
use arroyo_types::Epoch;

const PAGE_SIZE: u32 = 100;

/// Makes an earlier checkpoint, or a savepoint, the last one of the pipeline of this query. It is kept as a savepoint from now on;
/// those after it stay until they are collected.
///
/// # Errors
///
/// A state directory without such a pipeline, or a pipeline without such a checkpoint: then the message says which there are.
pub(crate) async fn go_back(metastore: &dyn Metastore, state_url: &str, sql: &str, epoch: Epoch) -> anyhow::Result<()> {
    let page = Page { starting_after: None, limit: PAGE_SIZE };
    let pipelines = metastore.pipelines(&page).await.context("read the state directory's pipelines")?.data;
    let pipeline = match (pipelines.iter().find(|pipeline| pipeline.query == sql), pipelines.as_slice()) {
        (Some(pipeline), _) | (None, [pipeline]) => pipeline,
        (None, []) => bail!("--from-checkpoint {epoch}: the state directory holds no pipeline"),
        (None, _) => bail!("--from-checkpoint {epoch}: the state directory holds no pipeline of this query"),
    };
    let url = pipeline.state_url.as_deref().unwrap_or(state_url);
    let mut found = false;
    for job in metastore.jobs(false).await?.iter().filter(|job| job.pipeline == pipeline.id) {
        let state = Storage::open(url)?.child(job.id.as_str())?;
        let number = Manifests::new(state).go_back_to(epoch, None).await.with_context(|| said(pipeline, epoch))?;
        tracing::debug!(job = %job.id, %epoch, %number, "went back to an earlier checkpoint");
        found = true;
    }
    if found { Ok(()) } else { bail!("{}: it has never run", said(pipeline, epoch)) }
}

fn said(pipeline: &Pipeline, epoch: Epoch) -> String {
    format!("go back to checkpoint {epoch} of pipeline {}", pipeline.id)
}

//! Merging checkpoint files in the background: one pass at a time, published with the next manifest.

use std::convert::Infallible;

use arroyo_runtime::TaskKind;
use arroyo_state::{Manifest, Replacement, StateError, compact, tables_to_compact};
use arroyo_storage::Storage;
use arroyo_types::Generation;
use tokio::task::JoinHandle;

use super::{Driver, Internal};

/// A pass takes so many tables at most, so that it ends before many checkpoints have passed.
const TABLES_PER_PASS: usize = 8;

/// Where compaction stands in one start of the job.
#[derive(Debug, Default)]
pub(super) struct Compaction {
    pass: Option<JoinHandle<Option<()>>>,
    finished: Vec<Replacement>,
}

impl Compaction {
    pub(super) fn finished(&mut self, replacements: Vec<Replacement>) {
        self.finished = replacements;
    }

    /// What the next manifest publishes.
    pub(super) fn take_finished(&mut self) -> Vec<Replacement> {
        std::mem::take(&mut self.finished)
    }

    fn is_busy(&self) -> bool {
        !self.finished.is_empty() || self.pass.as_ref().is_some_and(|pass| !pass.is_finished())
    }
}

impl Driver {
    /// Begins a pass over the tables of the last manifest that have many files, unless one goes on or waits to be published.
    ///
    /// It ends with the start that it belongs to; what it has written is collected then. A failure costs nothing but its work: the
    /// next checkpoint begins another pass.
    pub(super) fn compact(&mut self) {
        let Some(max_files) = self.context.options.compact_files else { return };
        let Some(run) = &mut self.run else { return };
        let Some(base) = run.plan.as_ref().and_then(|plan| Some((plan.state.clone(), plan.base.clone()?))) else {
            return;
        };
        if run.compaction.is_busy() || tables_to_compact(&base.1, max_files).is_empty() {
            return;
        }
        let (generation, reply, job) = (run.generation, run.internal.clone(), self.job.id.clone());
        let failpoints = self.context.failpoints.clone();
        let pass = run.guard.spawn("compaction", TaskKind::BACKGROUND, async move {
            let (state, manifest) = base;
            failpoints.pass("before compaction").await;
            match pass(&state, &manifest, generation, max_files).await {
                Ok(replacements) => {
                    failpoints.pass("after compaction").await;
                    // The driver may have gone on to another start.
                    let _ = reply.send(Internal::Compacted(replacements)).await;
                }
                Err(error) => {
                    tracing::warn!(%job, epoch = %manifest.epoch, "cannot compact checkpoint files, trying again later: {error}");
                }
            }
            Ok::<_, Infallible>(())
        });
        run.compaction.pass = Some(pass);
    }
}

/// One table after the other, so that checkpoints have the storage to themselves as far as possible.
async fn pass(
    state: &Storage,
    manifest: &Manifest,
    generation: Generation,
    max_files: usize,
) -> Result<Vec<Replacement>, StateError> {
    let mut replacements = Vec::new();
    for (operator, table) in tables_to_compact(manifest, max_files).into_iter().take(TABLES_PER_PASS) {
        replacements.extend(compact(state, manifest, &operator, &table, generation, max_files).await?);
    }
    Ok(replacements)
}

//! Writing a checkpoint's manifest, and what is collected after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arroyo_dataflow::Program;
use arroyo_runtime::Failpoints;
use arroyo_state::protocol;
use arroyo_state::{
    FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, Manifests, Replacement, StateError, SubtaskCommit,
    collect_garbage, next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, ErrorKind, Generation, JobId, OperatorId};
use thiserror::Error;
use tokio::time::Instant;

use super::Context;
use crate::checkpoint::Part;
use crate::{Fence, FenceError};

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(10);

/// What a manifest is made of.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) job: JobId,
    pub(super) epoch: Epoch,
    /// The last slot of the log that this start knows of.
    pub(super) sealed: Epoch,
    pub(super) generation: Generation,
    pub(super) stopping: bool,
    pub(super) now_micros: i64,
    pub(super) fingerprint: String,
    pub(super) program: Arc<Program>,
    pub(super) base: Option<Manifest>,
    /// Since the last manifest, in order of epochs.
    pub(super) parts: Vec<Part>,
    /// Finished compactions.
    pub(super) replacements: Vec<Replacement>,
    pub(super) manifests: Manifests,
    pub(super) fence: Arc<dyn Fence>,
    pub(super) failpoints: Failpoints,
    pub(super) timeout: Duration,
}

/// Why a manifest was not published.
#[derive(Debug, Error)]
pub(super) enum PublishError {
    /// The manifest could not be made or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// Somebody else owns the state.
    #[error("{0}")]
    Lost(String),
    /// Who owns the state could not be found out in time.
    #[error("{0}")]
    Unknown(String),
}

impl PublishError {
    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            Self::State(error) => error.kind(),
            Self::Lost(_) => ErrorKind::Fenced,
            Self::Unknown(_) => ErrorKind::Retry,
        }
    }

    /// Whether the same call may succeed later.
    fn may_pass(&self) -> bool {
        match self {
            Self::State(StateError::Storage(error)) => error.may_pass(),
            other => other.kind() == ErrorKind::Retry,
        }
    }
}

impl From<FenceError> for PublishError {
    fn from(error: FenceError) -> Self {
        match error {
            FenceError::Lost(reason) => Self::Lost(reason),
            FenceError::Unknown(_) => Self::Unknown(error.to_string()),
        }
    }
}

impl Publication {
    /// Makes the checkpoint exist. Whatever may be mended by waiting is tried again until the timeout.
    pub(super) async fn publish(self) -> Result<Manifest, PublishError> {
        let manifest = self.manifest()?;
        let mut publication = protocol::Publication::new(self.generation, self.epoch, self.sealed);
        let started = Instant::now();
        let mut pause = FIRST_RETRY;
        self.failpoints.pass("before manifest").await;
        loop {
            match self.publish_once(&mut publication, &manifest).await {
                Ok(()) => {
                    self.failpoints.pass("after manifest").await;
                    return Ok(manifest);
                }
                Err(error) if error.may_pass() && started.elapsed() + pause < self.timeout => {
                    tracing::warn!(job = %self.job, epoch = %self.epoch, "cannot write the manifest, trying again: {error}");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_RETRY);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn publish_once(
        &self,
        publication: &mut protocol::Publication,
        manifest: &Manifest,
    ) -> Result<(), PublishError> {
        self.fence.check().await?;
        Ok(self.manifests.go_on_publishing(publication, manifest).await?)
    }

    /// The manifest that follows `base`: the parts of checkpoints that were given up are folded in before the last ones.
    fn manifest(&self) -> Result<Manifest, StateError> {
        let mut by_epoch: BTreeMap<Epoch, Vec<&Part>> = BTreeMap::from([(self.epoch, Vec::new())]);
        for part in self.parts.iter().filter(|part| part.epoch <= self.epoch) {
            by_epoch.entry(part.epoch).or_default().push(part);
        }
        let mut earlier: BTreeMap<OperatorId, Vec<SubtaskCommit>> = BTreeMap::new();
        let mut last = self.base.clone();
        for (epoch, parts) in by_epoch {
            // The files that a compaction replaces are those of `base`.
            let replacements = if epoch == self.epoch { self.replacements.as_slice() } else { &[] };
            let mut manifest = next_manifest(last.as_ref(), self.finished(epoch, &parts), replacements)?;
            for (operator, part) in &mut manifest.operators {
                let commits = earlier.entry(operator.clone()).or_default();
                commits.append(&mut part.commits);
                part.commits.clone_from(commits);
            }
            last = Some(manifest);
        }
        let nothing = || StateError::Incomplete { epoch: self.epoch, reason: "it has no parts".to_string() };
        last.ok_or_else(nothing)
    }

    fn finished(&self, epoch: Epoch, parts: &[&Part]) -> FinishedCheckpoint {
        let operators = self.program.nodes.iter().flat_map(|node| {
            node.chain.iter().map(|operator| FinishedOperator {
                id: operator.id.clone(),
                name: operator.name.clone(),
                description: operator.description.clone(),
                parallelism: node.parallelism,
                subtasks: parts
                    .iter()
                    .filter(|part| part.operator == operator.id)
                    .map(|part| {
                        let (tables, commit_data) = (part.tables.clone(), part.commit_data.clone());
                        (part.subtask, FinishedSubtask { tables, commit_data })
                    })
                    .collect(),
            })
        });
        FinishedCheckpoint {
            job: self.job.clone(),
            epoch,
            generation: self.generation,
            created_at_micros: self.now_micros,
            fingerprint: self.fingerprint.clone(),
            stopping: self.stopping && epoch == self.epoch,
            operators: operators.collect(),
        }
    }
}

/// Deletes all but the last checkpoints, and marks those in the index.
pub(super) async fn clean_up(context: Arc<Context>, job: JobId, state: Storage) -> Result<(), StateError> {
    context.failpoints.pass("before collection").await;
    let collected = collect_garbage(&state, context.options.checkpoints_to_keep, &context.failpoints).await?;
    context.failpoints.pass("after collection").await;
    let Some(oldest) = collected.oldest_kept.filter(|_| collected.manifests > 0) else { return Ok(()) };
    if let Err(error) = context.metastore.compact_checkpoints(&job, oldest).await {
        tracing::warn!(%job, "cannot bring the checkpoints' index up to date: {error}");
    }
    Ok(())
}

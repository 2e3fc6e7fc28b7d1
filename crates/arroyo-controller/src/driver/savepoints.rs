//! Savepoints: checkpoints that people ask for and keep.

use std::convert::Infallible;

use arroyo_metastore::{Checkpoint, CheckpointStatus};
use arroyo_rpc::proto;
use arroyo_runtime::TaskKind;
use arroyo_state::{Manifest, Manifests, Savepoints, StateError};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, ErrorKind, JobId};
use tokio::sync::oneshot;
use tonic::Status;

use super::{Context, Driver};
use crate::machine::Event;

type Reply<T> = oneshot::Sender<Result<T, Status>>;

/// Somebody who waits for a savepoint.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The checkpoint must be a later one than this.
    after: Epoch,
    reply: Reply<proto::Savepoint>,
}

impl Driver {
    /// A running job takes a checkpoint, which is kept when it is complete; of one that rests the last checkpoint is kept.
    pub(super) async fn take_savepoint(&mut self, reply: Reply<proto::Savepoint>) {
        if self.machine.takes_checkpoints() {
            self.savepoints_wanted.push(Waiting { after: self.machine.last_epoch(), reply });
            self.apply(Event::SavepointWanted).await;
        } else if self.machine.state().is_terminal() {
            self.with_state("take-savepoint", reply, |state| async move {
                let last = Manifests::new(state.clone()).list().await?.last().copied();
                let epoch = last.ok_or_else(|| Failure::Precondition("the job has no checkpoint yet".to_string()))?;
                Ok(summary(&Savepoints::new(state).keep(epoch).await?))
            });
        } else {
            let state = self.machine.state();
            let _ = reply.send(Err(Status::failed_precondition(format!(
                "the job is {state}: a savepoint is taken of one that runs, or rests"
            ))));
        }
    }

    /// A checkpoint is complete: it is kept for those who wait for it.
    pub(super) fn keep_savepoints(&mut self, epoch: Epoch) {
        let (ready, waiting) =
            std::mem::take(&mut self.savepoints_wanted).into_iter().partition(|waiting| waiting.after < epoch);
        self.savepoints_wanted = waiting;
        for Waiting { reply, .. } in ready {
            let failpoints = self.context.failpoints.clone();
            self.with_state("take-savepoint", reply, move |state| async move {
                failpoints.pass("before savepoint").await;
                let kept = Savepoints::new(state).keep(epoch).await?;
                failpoints.pass("after savepoint").await;
                Ok(summary(&kept))
            });
        }
    }

    /// The start ends: its checkpoint will not come.
    pub(super) fn refuse_savepoints(&mut self) {
        for Waiting { reply, .. } in self.savepoints_wanted.drain(..) {
            let _ = reply.send(Err(Status::failed_precondition("the job was stopped or started again; try again")));
        }
    }

    pub(super) fn list_savepoints(&self, reply: Reply<Vec<proto::Savepoint>>) {
        self.with_state("list-savepoints", reply, |state| async move {
            let savepoints = Savepoints::new(state);
            let mut summaries = Vec::new();
            for epoch in savepoints.list().await? {
                summaries.push(summary(&savepoints.read(epoch).await?));
            }
            Ok(summaries)
        });
    }

    pub(super) fn release_savepoint(&self, epoch: Epoch, reply: Reply<()>) {
        self.with_state("release-savepoint", reply, move |state| async move {
            let found = Savepoints::new(state).release(epoch).await?;
            if found { Ok(()) } else { Err(Failure::NotFound(format!("there is no savepoint of epoch {epoch}"))) }
        });
    }

    /// A job that rests goes on from an earlier checkpoint when it is started.
    pub(super) fn go_back(&self, epoch: Epoch, reply: Reply<Epoch>) {
        let state = self.machine.state();
        if !state.is_terminal() {
            let _ = reply.send(Err(Status::failed_precondition(format!(
                "the job is {state}: only one that rests goes back to a checkpoint; stop it first"
            ))));
            return;
        }
        let (context, job, generation) = (self.context.clone(), self.job.id.clone(), self.machine.generation());
        self.with_state("go-back", reply, move |state| async move {
            context.failpoints.pass("before going back").await;
            let went =
                Manifests::new(state).go_back_to(epoch, Some(generation)).await.map_err(|error| match error {
                    StateError::NoSuchCheckpoint { .. } => Failure::NotFound(error.to_string()),
                    error => error.into(),
                })?;
            context.failpoints.pass("after going back").await;
            forget_later(&context, &job, went).await;
            Ok(went)
        });
    }

    /// Works on the job's directory in a task of its own, and answers.
    fn with_state<T: Send + 'static, F: Future<Output = Result<T, Failure>> + Send + 'static>(
        &self,
        name: &str,
        reply: Reply<T>,
        work: impl FnOnce(Storage) -> F + Send + 'static,
    ) {
        let url = self.pipeline.state_url.clone().unwrap_or_else(|| self.context.options.checkpoint_url.clone());
        let job = self.job.id.clone();
        self.guard.spawn(name, TaskKind::BACKGROUND, async move {
            let opened = Storage::open(&url).and_then(|storage| storage.child(job.as_str()));
            let answer = match opened {
                Ok(state) => work(state).await,
                Err(error) => Err(StateError::from(error).into()),
            };
            // Whoever asked may have gone away.
            let _ = reply.send(answer.map_err(Status::from));
            Ok::<_, Infallible>(())
        });
    }
}

/// Of checkpoints after the one that the job went back to, the manifests are lost: the index must not miss them for ever.
async fn forget_later(context: &Context, job: &JobId, went: Epoch) {
    let index = context.metastore.checkpoints(job).await.unwrap_or_else(|error| {
        tracing::warn!(%job, "cannot read the checkpoints' index: {error}");
        Vec::new()
    });
    for row in index.into_iter().filter(|row| row.epoch > went && row.is_complete()) {
        context.index(&Checkpoint { status: CheckpointStatus::Compacted, ..row }).await;
    }
}

/// Why a request about savepoints was not served.
enum Failure {
    State(StateError),
    Precondition(String),
    NotFound(String),
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Precondition(reason) => Self::failed_precondition(reason),
            Failure::NotFound(reason) => Self::not_found(reason),
            Failure::State(error) if error.kind() == ErrorKind::Retry => Self::unavailable(error.to_string()),
            Failure::State(error) => Self::failed_precondition(error.to_string()),
        }
    }
}

fn summary(manifest: &Manifest) -> proto::Savepoint {
    proto::Savepoint {
        epoch: manifest.epoch.0,
        created_at_micros: manifest.created_at_micros,
        bytes: manifest.files().map(|file| file.bytes).sum(),
    }
}

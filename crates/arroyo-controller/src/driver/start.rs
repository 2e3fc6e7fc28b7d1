//! Preparing a start: the program, the checkpoint to resume from, the workers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arroyo_dataflow::Program;
use arroyo_metastore::{Checkpoint, CheckpointStatus, Pipeline};
use arroyo_state::{Manifest, Manifests, Resumption};
use arroyo_storage::Storage;
use arroyo_types::{CheckpointId, Epoch, Generation, JobId, KeyHasher, OperatorId, TaskId};
use serde_json::Value;
use tokio::sync::mpsc;

use super::Context;
use crate::ControllerError;
use crate::checkpoint::Commits;
use crate::machine::{Desired, Prepared};
use crate::schedulers::{Patience, StartRequest, WorkerExit};

/// Everything a start needs besides workers.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) program: Arc<Program>,
    pub(super) encoded: Vec<u8>,
    pub(super) fingerprint: String,
    pub(super) checkpoint_url: String,
    pub(super) state: Storage,
    pub(super) manifests: Manifests,
    /// The checkpoint to resume from.
    pub(super) base: Option<Manifest>,
    /// Its sinks' data: subtask 0 gets all of an operator's.
    pub(super) recommits: Commits,
    pub(super) prepared: Prepared,
}

/// What a start is prepared from.
#[derive(Debug)]
pub(super) struct StartInput {
    pub(super) job: JobId,
    pub(super) pipeline: Pipeline,
    pub(super) desired: Desired,
    pub(super) generation: Generation,
    pub(super) exits: mpsc::Sender<WorkerExit>,
}

/// Decodes the program, chooses the checkpoint, and asks the scheduler for workers.
pub(super) async fn prepare(context: &Context, input: StartInput) -> Result<Plan, ControllerError> {
    let StartInput { job, pipeline, desired, generation, exits } = input;
    let mut program = Program::decode(&desired.launch.program)?;
    program.set_parallelism(desired.parallelism.max(1));
    let url = pipeline.state_url.clone().unwrap_or_else(|| context.options.checkpoint_url.clone());
    let state =
        Storage::open(&url).and_then(|storage| storage.child(job.as_str())).map_err(arroyo_state::StateError::from)?;
    let manifests = Manifests::new(state.clone());
    if let Some(last) = context.scheduler.workers(&job).into_keys().filter(|other| *other < generation).max() {
        tracing::warn!(%job, generation = %last, "killing workers of an earlier start");
        context.scheduler.stop(&job, last, Patience::Kill).await;
    }
    let request = StartRequest {
        job: job.clone(),
        pipeline: pipeline.id.clone(),
        generation,
        slots: program.slots(),
        controller_endpoint: context.endpoint.clone(),
        checkpoint_url: url.clone(),
        env_vars: desired.launch.env_vars.clone(),
        exits,
    };
    // Workers come up while the checkpoint is looked for.
    let (started, resume) =
        tokio::join!(context.scheduler.start(request), resume(context, &job, generation, &pipeline, &manifests));
    started?;
    let Resumed { base, last_epoch, sealed } = resume?;
    let recommits = base.as_ref().map(recommits).unwrap_or_default();
    let restore = base.as_ref().map(|base| (base.epoch, commit_tasks(&program, &recommits)));
    let tasks = program.nodes.iter().flat_map(|node| {
        (0..node.parallelism).map(move |subtask| (TaskId { node: node.id, subtask }, node.is_source()))
    });
    let tasks: BTreeMap<TaskId, bool> = tasks.collect();
    let sources = tasks.iter().filter(|(_, source)| **source).map(|(task, _)| *task).collect();
    let prepared = Prepared { tasks: tasks.into_keys().collect(), sources, restore, last_epoch, sealed };
    Ok(Plan {
        fingerprint: fingerprint(&program),
        encoded: program.encode()?,
        program: Arc::new(program),
        checkpoint_url: url,
        state,
        manifests,
        base,
        recommits,
        prepared,
    })
}

struct Resumed {
    /// The checkpoint to resume from.
    base: Option<Manifest>,
    /// The highest epoch ever used.
    last_epoch: Option<Epoch>,
    sealed: Epoch,
}

/// Takes the job over from earlier owners and finds the checkpoint to resume from. The manifests are the truth; the index follows
/// them.
async fn resume(
    context: &Context,
    job: &JobId,
    generation: Generation,
    pipeline: &Pipeline,
    manifests: &Manifests,
) -> Result<Resumed, ControllerError> {
    context.failpoints.pass("before takeover").await;
    let Resumption { sealed, manifest } = manifests.take_over(generation, None).await?;
    context.failpoints.pass("after takeover").await;
    let epochs: BTreeSet<Epoch> = manifests.list().await?.into_iter().collect();
    let indexed = context.metastore.checkpoints(job).await?;
    if let Some(complete) = pipeline.last_complete(&indexed) {
        manifests.check_last(complete).await?;
    }
    let base = manifest.filter(|manifest| pipeline.may_resume_from(manifest.epoch));
    let uncommitted = base.as_ref().filter(|base| has_commits(base)).map(|base| base.epoch);
    for row in &indexed {
        let exists = epochs.contains(&row.epoch);
        let status = match row.status {
            CheckpointStatus::Committing if uncommitted == Some(row.epoch) => continue,
            CheckpointStatus::InProgress if uncommitted == Some(row.epoch) => CheckpointStatus::Committing,
            CheckpointStatus::InProgress | CheckpointStatus::Committing if exists => CheckpointStatus::Ready,
            CheckpointStatus::InProgress | CheckpointStatus::Committing => CheckpointStatus::Failed,
            CheckpointStatus::Ready if !exists => CheckpointStatus::Compacted,
            CheckpointStatus::Failed if exists => CheckpointStatus::Ready,
            _ => continue,
        };
        context.index(&Checkpoint { status, ..row.clone() }).await;
    }
    if let Some(base) = base.as_ref().filter(|base| indexed.iter().all(|row| row.epoch != base.epoch)) {
        context.index(&unindexed(job, base)).await;
    }
    let ignored = pipeline.ignore_state_before.map(|before| Epoch(before.0.saturating_sub(1)));
    let last_indexed = indexed.last().map(|row| row.epoch);
    let last_epoch = [epochs.last().copied(), last_indexed, ignored].into_iter().flatten().max();
    Ok(Resumed { base, last_epoch, sealed })
}

/// The index's row of a checkpoint that the index has lost.
fn unindexed(job: &JobId, manifest: &Manifest) -> Checkpoint {
    Checkpoint {
        id: CheckpointId::random(),
        job: job.clone(),
        epoch: manifest.epoch,
        generation: manifest.generation,
        status: if has_commits(manifest) { CheckpointStatus::Committing } else { CheckpointStatus::Ready },
        stopping: manifest.stopping,
        start_time: manifest.created_at_micros,
        finish_time: Some(manifest.created_at_micros),
        bytes: manifest.files().filter(|file| file.epoch == manifest.epoch).map(|file| file.bytes).sum(),
        events: Value::Array(Vec::new()),
        operators: Value::Array(Vec::new()),
    }
}

/// Whether sinks have something to commit; if nobody knows that they did, they do it again.
fn has_commits(manifest: &Manifest) -> bool {
    manifest.operators.values().any(|operator| !operator.commits.is_empty())
}

fn recommits(manifest: &Manifest) -> Commits {
    let mut commits = Commits::new();
    for (operator, part) in &manifest.operators {
        for commit in &part.commits {
            commits.entry((operator.clone(), 0)).or_default().push(commit.data.clone());
        }
    }
    commits
}

fn commit_tasks(program: &Program, commits: &Commits) -> BTreeSet<TaskId> {
    let sinks: BTreeSet<&OperatorId> = commits.keys().map(|(operator, _)| operator).collect();
    let holds = |node: &&arroyo_dataflow::Node| node.chain.iter().any(|operator| sinks.contains(&operator.id));
    program.nodes.iter().filter(holds).map(|node| TaskId { node: node.id, subtask: 0 }).collect()
}

/// Identifies a program by its operators, whatever its parallelism.
fn fingerprint(program: &Program) -> String {
    let mut hasher = KeyHasher::default();
    for operator in program.operator_ids() {
        hasher.bytes(operator.as_str().as_bytes());
    }
    format!("{:016x}", hasher.finish())
}

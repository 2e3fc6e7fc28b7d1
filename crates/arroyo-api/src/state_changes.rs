//! Which state survives another query: operators are found again by their ids, which depend on what they do and read.

use std::collections::BTreeMap;

use arroyo_dataflow::{Operator, Program, names};
use arroyo_metastore as store;
use arroyo_state::{Manifest, Manifests, OperatorManifest, Savepoints, StateError};
use arroyo_storage::Storage;
use arroyo_types::Epoch;
use axum::http::StatusCode;

use crate::models::{OperatorStateChange, QueryComparison, StateChange};
use crate::planning;
use crate::refusal::Refusal;
use crate::services::AppState;

/// Operators that never keep anything worth mentioning when they are new.
const STATELESS: &[&str] = &[names::PROJECTION, names::FILTER, names::UNNEST, names::WINDOW_PARTIAL];

/// The stored program, and what it means for the state, where a pipeline whose query stays the same goes on with that in place of the
/// program that was compared.
///
/// To another release an operator may have another id. What it has kept is not lost for that: where only the stored program finds the
/// state, it goes on.
pub(crate) async fn stored_instead(
    state: &AppState,
    pipeline: &store::Pipeline,
    job: &store::Job,
    comparison: &QueryComparison,
    epoch: Option<Epoch>,
) -> Result<Option<(Program, QueryComparison)>, Refusal> {
    if !comparison.drops_state {
        return Ok(None);
    }
    let Ok(stored) = Program::decode(&pipeline.program) else { return Ok(None) };
    let of_stored = compare(state, pipeline, job, &stored, epoch).await?;
    let of_stored = QueryComparison { same: comparison.same, ..of_stored };
    Ok((!of_stored.drops_state).then_some((stored, of_stored)))
}

/// Compares `program` with a pipeline's own and with its newest checkpoint, or with that of `epoch`.
pub(crate) async fn compare(
    state: &AppState,
    pipeline: &store::Pipeline,
    job: &store::Job,
    program: &Program,
    epoch: Option<Epoch>,
) -> Result<QueryComparison, Refusal> {
    let manifest = match epoch {
        Some(epoch) => Some(manifest_of(state, pipeline, job, epoch).await?),
        None => newest_manifest(state, pipeline, job).await?,
    };
    let committed = match &manifest {
        // Sinks commit again what they are taken back to.
        Some(_) if epoch.is_some() => false,
        Some(manifest) => is_committed(state, job, manifest).await?,
        None => true,
    };
    let operators = changes(manifest.as_ref(), program, committed);
    Ok(QueryComparison {
        same: is_same(state, pipeline, program).await?,
        epoch: manifest.map(|manifest| manifest.epoch.0),
        drops_state: operators.iter().any(|operator| operator.needs_consent),
        operators,
    })
}

/// Whether the pipeline's own query is planned as this very program.
async fn is_same(state: &AppState, pipeline: &store::Pipeline, program: &Program) -> Result<bool, Refusal> {
    let Ok(own) = planning::plan_stored(state, pipeline, 1).await else { return Ok(false) };
    let mut program = program.clone();
    program.set_parallelism(1);
    Ok(planning::encode(&own.program)? == planning::encode(&program)?)
}

/// The checkpoint that the next start would resume from.
async fn newest_manifest(
    state: &AppState,
    pipeline: &store::Pipeline,
    job: &store::Job,
) -> Result<Option<Manifest>, Refusal> {
    let storage = storage(state, pipeline, job)?;
    let newest = Manifests::new(storage).latest().await.map_err(|error| unreadable(pipeline, &error))?;
    Ok(newest.filter(|newest| pipeline.may_resume_from(newest.epoch)))
}

/// A checkpoint that is still there, or a savepoint.
async fn manifest_of(
    state: &AppState,
    pipeline: &store::Pipeline,
    job: &store::Job,
    epoch: Epoch,
) -> Result<Manifest, Refusal> {
    let storage = storage(state, pipeline, job)?;
    Savepoints::new(storage).read_or_checkpoint(epoch).await.map_err(|error| match error {
        StateError::NoSuchCheckpoint { .. } => Refusal::new(StatusCode::NOT_FOUND, error.to_string()),
        error => unreadable(pipeline, &error),
    })
}

/// The job's directory.
fn storage(state: &AppState, pipeline: &store::Pipeline, job: &store::Job) -> Result<Storage, Refusal> {
    let url = pipeline.state_url.as_deref().unwrap_or(&state.services.config.checkpoint_url);
    let storage = Storage::open(url).and_then(|storage| storage.child(job.id.as_str()));
    storage.map_err(|error| unreadable(pipeline, &error.into()))
}

fn unreadable(pipeline: &store::Pipeline, error: &StateError) -> Refusal {
    tracing::error!(pipeline = %pipeline.id, "the state cannot be read: {error}");
    Refusal::conflict(format!("the state of the pipeline cannot be read: {error}"))
}

/// Whether the job stopped with the checkpoint and all sinks have committed what it holds.
async fn is_committed(state: &AppState, job: &store::Job, manifest: &Manifest) -> Result<bool, Refusal> {
    let indexed = state.metastore().checkpoints(&job.id).await?;
    let row = indexed.iter().find(|row| row.epoch == manifest.epoch);
    let ready = row.is_some_and(|row| row.status == store::CheckpointStatus::Ready);
    Ok(ready && manifest.stopping)
}

/// What becomes of each operator's state. `committed`: sinks have nothing left to do for the checkpoint.
fn changes(manifest: Option<&Manifest>, program: &Program, committed: bool) -> Vec<OperatorStateChange> {
    let wanted: BTreeMap<_, &Operator> =
        program.nodes.iter().flat_map(|node| &node.chain).map(|operator| (&operator.id, operator)).collect();
    let mut changes = Vec::new();
    let stored = manifest.into_iter().flat_map(|manifest| &manifest.operators);
    for (id, operator) in stored {
        let kept = wanted.contains_key(id);
        let (rows, bytes) = size(operator);
        if bytes == 0 && operator.commits.is_empty() {
            continue;
        }
        // What a sink has committed is out; its state says how far it is in an output that is no longer written.
        let is_done = operator.name == names::SINK && committed;
        changes.push(OperatorStateChange {
            operator_id: id.to_string(),
            name: operator.name.clone(),
            description: operator.description.clone(),
            change: if kept { StateChange::Kept } else { StateChange::Dropped },
            rows,
            bytes,
            needs_consent: !kept && !is_done,
            note: (!kept && operator.name == names::SINK).then(|| sink_note(committed)),
        });
    }
    for (id, operator) in wanted {
        let is_known = manifest.is_some_and(|manifest| manifest.operators.contains_key(id));
        if !is_known && !STATELESS.contains(&operator.name.as_str()) {
            changes.push(OperatorStateChange {
                operator_id: id.to_string(),
                name: operator.name.clone(),
                description: operator.description.clone(),
                change: StateChange::New,
                rows: 0,
                bytes: 0,
                needs_consent: false,
                note: None,
            });
        }
    }
    let order = |change: &OperatorStateChange| match change.change {
        StateChange::Kept => 0,
        StateChange::New => 1,
        StateChange::Dropped => 2,
    };
    changes.sort_by(|a, b| (order(a), &a.description).cmp(&(order(b), &b.description)));
    changes
}

fn sink_note(committed: bool) -> String {
    if committed {
        "its output is complete".to_string()
    } else {
        "its last rows may not be committed yet: run the query as it was once more and stop it with a final checkpoint, \
         or lose them"
            .to_string()
    }
}

fn size(operator: &OperatorManifest) -> (u64, u64) {
    let files = operator.tables.values().flat_map(|table| &table.files);
    files.fold((0, 0), |(rows, bytes), file| (rows + file.rows, bytes + file.bytes))
}

/// Refuses a change that drops state without consent.
pub(crate) fn require_consent(comparison: &QueryComparison, consent: bool) -> Result<(), Refusal> {
    if !comparison.drops_state || consent {
        return Ok(());
    }
    let dropped = comparison.operators.iter().filter(|operator| operator.needs_consent);
    let dropped: Vec<String> = dropped.map(|operator| format!("`{}`", operator.description)).collect();
    Err(Refusal::conflict(format!(
        "the query drops the state of {}; ask for it with `drop_state` (`--force` of `arroyo run`), or keep the query as it is",
        dropped.join(", ")
    )))
}

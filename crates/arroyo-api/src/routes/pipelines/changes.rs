//! What a patch means for what is stored.

use arroyo_dataflow::Program;
use arroyo_metastore::{Job, Pipeline, PipelineUpdate};
use arroyo_types::{JobState, StopMode};

use super::checks;
use crate::models::PipelinePatch;
use crate::planning::{self, Planned};
use crate::refusal::Refusal;
use crate::services::AppState;
use crate::state_changes;

/// The changes to `pipeline`.
///
/// A pipeline that is started again is planned anew from its SQL text, as its program may be of an older version, unless only that
/// program finds the state.
/// One that runs keeps its operators and gets only their number changed.
/// Asking a job to run that ended on its own is asking for a restart, because what is wanted of it does not change.
pub(super) async fn of_patch(
    state: &AppState,
    pipeline: &Pipeline,
    job: &Job,
    patch: PipelinePatch,
) -> Result<PipelineUpdate, Refusal> {
    if let Some(parallelism) = patch.parallelism {
        checks::parallelism(parallelism)?;
    }
    if let Some(interval) = patch.checkpoint_interval_micros {
        checks::interval(interval)?;
    }
    let stop = patch.stop.map(StopMode::from);
    let starts = stop == Some(StopMode::None) && job.state.is_terminal();
    let ended_on_its_own = matches!(job.state, JobState::Failed | JobState::Finished);
    let parallelism = patch.parallelism.unwrap_or(pipeline.parallelism);
    let mut connection_tables = None;
    let program = if let Some(sql) = &patch.query {
        let planned = other_query(state, pipeline, job, sql.clone(), parallelism, patch.drop_state).await?;
        connection_tables = Some(planned.connection_tables);
        Some(planning::encode(&planned.program)?)
    } else if starts {
        Some(started_again(state, pipeline, job, parallelism, patch.drop_state).await?)
    } else if parallelism != pipeline.parallelism {
        Some(match Program::decode(&pipeline.program) {
            Ok(mut program) => {
                program.set_parallelism(parallelism);
                planning::encode(&program)?
            }
            Err(_) => planned_anew(state, pipeline, parallelism).await?,
        })
    } else {
        None
    };
    Ok(PipelineUpdate {
        query: patch.query,
        program,
        parallelism: patch.parallelism,
        checkpoint_interval_micros: patch.checkpoint_interval_micros,
        stop,
        restart: (starts && ended_on_its_own && pipeline.stop == StopMode::None).then_some(false),
        ignore_state_before: None,
        env_vars: patch.env_vars,
        scheduler_config: checks::scheduler_config(patch.scheduler_config)?,
        connection_tables,
    })
}

/// The program of a pipeline that rests, for its next start.
async fn started_again(
    state: &AppState,
    pipeline: &Pipeline,
    job: &Job,
    parallelism: u32,
    drop_state: Option<bool>,
) -> Result<Vec<u8>, Refusal> {
    let planned = planning::plan_stored(state, pipeline, parallelism).await?.program;
    let stored = Program::decode(&pipeline.program);
    if stored.is_ok_and(|stored| stored.operator_ids() == planned.operator_ids()) {
        return planning::encode(&planned);
    }
    let comparison = state_changes::compare(state, pipeline, job, &planned, None).await?;
    if let Some((mut stored, _)) = state_changes::stored_instead(state, pipeline, job, &comparison, None).await? {
        stored.set_parallelism(parallelism);
        return planning::encode(&stored);
    }
    state_changes::require_consent(&comparison, drop_state.unwrap_or(false))?;
    planning::encode(&planned)
}

async fn planned_anew(state: &AppState, pipeline: &Pipeline, parallelism: u32) -> Result<Vec<u8>, Refusal> {
    planning::encode(&planning::plan_stored(state, pipeline, parallelism).await?.program)
}

/// The program of another query, if the pipeline rests and no state is dropped that should not be.
///
/// Only at rest: the operators that run have written, and sinks have committed, all that they will.
async fn other_query(
    state: &AppState,
    pipeline: &Pipeline,
    job: &Job,
    sql: String,
    parallelism: u32,
    drop_state: Option<bool>,
) -> Result<Planned, Refusal> {
    if !job.state.is_terminal() {
        return Err(Refusal::conflict(format!(
            "the query of a pipeline in state {} cannot be changed: stop it first, so that it is Stopped, Finished or Failed",
            job.state
        )));
    }
    let planned = planning::plan_for(state, pipeline, sql, parallelism).await?;
    let comparison = state_changes::compare(state, pipeline, job, &planned.program, None).await?;
    state_changes::require_consent(&comparison, drop_state.unwrap_or(false))?;
    Ok(planned)
}

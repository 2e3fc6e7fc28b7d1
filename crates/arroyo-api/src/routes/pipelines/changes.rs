//! What a patch means for what is stored.

use arroyo_dataflow::Program;
use arroyo_metastore::{Job, Pipeline, PipelineUpdate};
use arroyo_planner::SinkMode;
use arroyo_types::{JobState, StopMode};

use super::checks;
use crate::models::PipelinePatch;
use crate::planning;
use crate::refusal::Refusal;
use crate::services::AppState;

/// The changes to `pipeline`.
///
/// A pipeline that is started again is planned anew from its SQL text, as its program may be of an older version.
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
    let program = if starts {
        Some(planned_anew(state, pipeline, parallelism).await?)
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
        query: None,
        program,
        parallelism: patch.parallelism,
        checkpoint_interval_micros: patch.checkpoint_interval_micros,
        stop,
        restart: (starts && ended_on_its_own && pipeline.stop == StopMode::None).then_some(false),
        ignore_state_before: None,
        env_vars: patch.env_vars,
        scheduler_config: checks::scheduler_config(patch.scheduler_config)?,
    })
}

async fn planned_anew(state: &AppState, pipeline: &Pipeline, parallelism: u32) -> Result<Vec<u8>, Refusal> {
    let query = planning::Query {
        sql: pipeline.query.clone(),
        udfs: Vec::new(),
        parallelism,
        sinks: if pipeline.preview { SinkMode::PreviewOnly } else { SinkMode::AsWritten },
        preview: pipeline.preview,
    };
    planning::encode(&planning::plan(state, query).await?.program)
}

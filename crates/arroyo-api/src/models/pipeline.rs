//! Pipelines.

use std::collections::BTreeMap;

use arroyo_metastore as store;
use arroyo_types::{JobState, StopMode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{SqlDiagnostic, collection, micros};
use crate::planning;

collection!(
    /// A part of all pipelines.
    page PipelineCollection of Pipeline
);

/// A pipeline to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelinePost {
    /// Its name; need not be unique.
    pub(crate) name: String,
    /// Its SQL text.
    pub(crate) query: String,
    /// User functions.
    #[serde(default)]
    pub(crate) udfs: Option<Vec<Udf>>,
    /// Values of the query's parameters `:name`: texts, numbers, booleans or null.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) params: Option<Map<String, Value>>,
    /// Subtasks of each operator.
    pub(crate) parallelism: u32,
    /// Between two checkpoints: from 1 second to 1 day.
    #[serde(default)]
    pub(crate) checkpoint_interval_micros: Option<u64>,
    /// Where its checkpoints go, if not where the configuration says.
    #[serde(default)]
    pub(crate) state_url: Option<String>,
    /// Labels.
    #[serde(default)]
    pub(crate) tags: Option<BTreeMap<String, String>>,
    /// Environment of its workers.
    #[serde(default)]
    pub(crate) env_vars: Option<BTreeMap<String, String>>,
    /// Settings for the scheduler.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) scheduler_config: Option<Value>,
}

/// A pipeline to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewPost {
    /// Its SQL text.
    pub(crate) query: String,
    /// User functions.
    #[serde(default)]
    pub(crate) udfs: Option<Vec<Udf>>,
    /// Values of the query's parameters `:name`: texts, numbers, booleans or null.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) params: Option<Map<String, Value>>,
    /// Whether the query's own sinks are written, too.
    #[serde(default)]
    pub(crate) enable_sinks: bool,
}

/// Changes to a pipeline; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelinePatch {
    /// Another SQL text, for a pipeline that is Stopped, Finished or Failed; what its operators keep is found again by what they
    /// do and read (see `compare_query`).
    #[serde(default)]
    pub(crate) query: Option<String>,
    /// Whether `query`, or the stored query when it starts again, may drop the state of operators that it does not have; without it,
    /// such a query is refused.
    #[serde(default)]
    pub(crate) drop_state: Option<bool>,
    /// Subtasks of each operator.
    #[serde(default)]
    pub(crate) parallelism: Option<u32>,
    /// Between two checkpoints: from 1 second to 1 day.
    #[serde(default)]
    pub(crate) checkpoint_interval_micros: Option<u64>,
    /// How to stop; `none`: run.
    #[serde(default)]
    pub(crate) stop: Option<StopType>,
    /// Environment of its workers.
    #[serde(default)]
    pub(crate) env_vars: Option<BTreeMap<String, String>>,
    /// Settings for the scheduler.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) scheduler_config: Option<Value>,
}

/// How a pipeline is restarted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineRestart {
    /// Without a final checkpoint.
    #[serde(default)]
    pub(crate) force: Option<bool>,
    /// From nothing: checkpoints so far are not used.
    #[serde(default)]
    pub(crate) ignore_state: Option<bool>,
}

/// A query to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValidateQueryPost {
    /// The SQL text.
    pub(crate) query: String,
    /// User functions.
    #[serde(default)]
    pub(crate) udfs: Option<Vec<Udf>>,
    /// Values of the query's parameters `:name`: texts, numbers, booleans or null.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) params: Option<Map<String, Value>>,
}

/// What a check of a query found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueryValidationResult {
    /// The planned program, if there are no errors.
    pub(crate) graph: Option<PipelineGraph>,
    /// What keeps the query from running.
    pub(crate) errors: Vec<SqlDiagnostic>,
    /// What does not keep it from running.
    pub(crate) warnings: Vec<SqlDiagnostic>,
}

/// A user function of a query.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Udf {
    /// Its source text.
    pub(crate) definition: String,
    /// Its language.
    #[serde(default = "Udf::default_language")]
    pub(crate) language: String,
}

impl Udf {
    fn default_language() -> String {
        "rust".into()
    }
}

/// How a pipeline stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StopType {
    /// Not at all: it should run.
    None,
    /// After a final checkpoint.
    Checkpoint,
    /// After its sources ended and the rest was drained.
    Graceful,
    /// At once.
    Immediate,
    /// By killing its workers.
    Force,
}

impl From<StopType> for StopMode {
    fn from(stop: StopType) -> Self {
        match stop {
            StopType::None => Self::None,
            StopType::Checkpoint => Self::Checkpoint,
            StopType::Graceful => Self::Graceful,
            StopType::Immediate => Self::Immediate,
            StopType::Force => Self::Force,
        }
    }
}

impl From<StopMode> for StopType {
    fn from(stop: StopMode) -> Self {
        match stop {
            StopMode::None => Self::None,
            StopMode::Checkpoint => Self::Checkpoint,
            StopMode::Graceful => Self::Graceful,
            StopMode::Immediate => Self::Immediate,
            StopMode::Force => Self::Force,
        }
    }
}

/// A pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pipeline {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its SQL text.
    pub(crate) query: String,
    /// User functions.
    pub(crate) udfs: Vec<Udf>,
    /// Subtasks of each operator.
    pub(crate) parallelism: u32,
    /// Between two checkpoints.
    pub(crate) checkpoint_interval_micros: u64,
    /// How it should stop; `none`: it should run.
    pub(crate) stop: StopType,
    /// When it was created.
    pub(crate) created_at: u64,
    /// The state of its job.
    pub(crate) state: String,
    /// What `stop` to ask for next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<StopType>,
    /// A button's text for `action`, or what is going on.
    pub(crate) action_text: String,
    /// Whether something is going on.
    pub(crate) action_in_progress: bool,
    /// Its program.
    pub(crate) graph: PipelineGraph,
    /// Whether it is a preview.
    pub(crate) preview: bool,
    /// Where its checkpoints go, if not where the configuration says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state_url: Option<String>,
    /// Labels.
    pub(crate) tags: BTreeMap<String, String>,
}

impl Pipeline {
    pub(crate) fn new(pipeline: &store::Pipeline, state: JobState) -> Self {
        let running_desired = pipeline.stop == StopMode::None;
        let (action_text, action, action_in_progress) = action(state, running_desired);
        Self {
            id: pipeline.id.0.clone(),
            name: pipeline.name.clone(),
            query: pipeline.query.clone(),
            udfs: Vec::new(),
            parallelism: pipeline.parallelism,
            checkpoint_interval_micros: pipeline.checkpoint_interval_micros,
            stop: pipeline.stop.into(),
            created_at: micros(pipeline.created_at),
            state: state.to_string(),
            action,
            action_text: action_text.into(),
            action_in_progress,
            graph: planning::stored_graph(pipeline),
            preview: pipeline.preview,
            state_url: pipeline.state_url.clone(),
            tags: pipeline.tags.clone(),
        }
    }
}

/// What a user can do next: the text, the stop mode to ask for, whether something is going on.
fn action(state: JobState, running_desired: bool) -> (&'static str, Option<StopType>, bool) {
    use JobState as S;
    match (state, running_desired) {
        (S::Created, false) | (S::Failed, _) => ("Start", Some(StopType::None), false),
        (S::Created | S::Scheduling | S::Rescaling | S::Recovering | S::Restarting, true) => {
            ("Stop", Some(StopType::Checkpoint), true)
        }
        (S::Running, true) => ("Stop", Some(StopType::Checkpoint), false),
        (S::CheckpointStopping, _) => ("Force Stop", Some(StopType::Immediate), true),
        (S::Stopped, true) => ("Starting", None, true),
        (S::Stopped, false) => ("Start", Some(StopType::None), false),
        (S::Finishing, _) => ("Finishing", None, true),
        (S::Finished, _) => ("Finished", None, false),
        (S::Failing, _) => ("Failing", None, true),
        (S::Stopping | S::Scheduling | S::Rescaling | S::Recovering | S::Restarting | S::Running, _) => {
            ("Stopping", None, true)
        }
    }
}

/// A program as a graph.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct PipelineGraph {
    /// Nodes in topological order.
    pub(crate) nodes: Vec<PipelineNode>,
    /// Edges.
    pub(crate) edges: Vec<PipelineEdge>,
}

/// Operators that run in one task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PipelineNode {
    /// Its number within the graph.
    pub(crate) node_id: u32,
    /// The connector of a source or sink, the operator's name, or `chained_op`.
    pub(crate) operator: String,
    /// What it does, for people.
    pub(crate) description: String,
    /// The number of its subtasks.
    pub(crate) parallelism: u32,
}

/// A stream between two nodes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PipelineEdge {
    /// Where rows come from.
    pub(crate) src_id: u32,
    /// Where rows go.
    pub(crate) dest_id: u32,
    /// Always `()`.
    pub(crate) key_type: String,
    /// Always `()`.
    pub(crate) value_type: String,
    /// `Forward`, `Shuffle`, `LeftJoin` or `RightJoin`.
    pub(crate) edge_type: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_an_action_or_says_what_is_going_on() {
        for state in JobState::ALL {
            for running_desired in [true, false] {
                let (text, action, in_progress) = action(*state, running_desired);
                assert!(!text.is_empty());
                assert!(
                    action.is_some() || in_progress || *state == JobState::Finished,
                    "{state} {running_desired}: nothing to do"
                );
            }
        }
    }
}

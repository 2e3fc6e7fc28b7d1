//! Everything that uses the planner: checking queries, programs to store, graphs to show.

use std::collections::BTreeMap;

use arroyo_config::OutputFormat;
use arroyo_dataflow::{EdgeKind, Node, Program, names, operators};
use arroyo_metastore as store;
use arroyo_planner::{
    ColumnDef, DefaultSink, Diagnostic, Plan, PlanRequest, SinkMode, StdoutFormat, StoredProfile, StoredTable,
};
use arroyo_types::ConnectionTableId;
use prost::Message;
use serde_json::{Map, Value};

use crate::models::{PipelineEdge, PipelineGraph, PipelineNode, SqlDiagnostic, Udf};
use crate::refusal::Refusal;
use crate::services::AppState;

/// The connector of sinks whose rows are shown by the API.
const PREVIEW_CONNECTOR: &str = "preview";

/// A query to plan.
pub(crate) struct Query {
    pub(crate) sql: String,
    pub(crate) udfs: Vec<Udf>,
    pub(crate) parallelism: u32,
    pub(crate) sinks: SinkMode,
    /// Rows of a bare `SELECT` always go to the preview.
    pub(crate) preview: bool,
}

/// A planned query.
pub(crate) struct Planned {
    pub(crate) program: Program,
    pub(crate) warnings: Vec<SqlDiagnostic>,
    /// The stored tables it uses.
    pub(crate) connection_tables: Vec<ConnectionTableId>,
}

/// Why there is no plan.
pub(crate) enum Unplanned {
    /// The query is wrong.
    Query(Vec<SqlDiagnostic>),
    /// It could not be planned for another reason.
    Refused(Refusal),
}

impl From<Unplanned> for Refusal {
    fn from(unplanned: Unplanned) -> Self {
        match unplanned {
            Unplanned::Query(diagnostics) => Self::query(diagnostics),
            Unplanned::Refused(refusal) => refusal,
        }
    }
}

impl From<store::MetastoreError> for Unplanned {
    fn from(error: store::MetastoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// The query with values in the place of its parameters `:name`; that is what is stored.
pub(crate) fn bind(sql: String, params: Option<&Map<String, Value>>) -> Result<String, Unplanned> {
    let mut values = BTreeMap::new();
    for (name, value) in params.into_iter().flatten() {
        let literal = match value {
            Value::Null => "NULL".to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::String(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Array(_) | Value::Object(_) => {
                let message = format!("the parameter `{name}` is a text, a number, a boolean or null");
                return Err(Unplanned::Refused(Refusal::bad_request(message)));
            }
        };
        values.insert(name.clone(), literal);
    }
    arroyo_planner::bind_parameters(&sql, &values)
        .map_err(|diagnostics| Unplanned::Query(diagnostics.iter().map(SqlDiagnostic::from).collect()))
}

/// Plans a query with the stored tables and profiles around it.
pub(crate) async fn plan(state: &AppState, query: Query) -> Result<Planned, Unplanned> {
    if !query.udfs.is_empty() {
        return Err(Unplanned::Refused(Refusal::bad_request("UDF is invalid: this build has no user functions")));
    }
    let tables = state.metastore().all_connection_tables().await?;
    let profiles = state.metastore().connection_profiles().await?;
    let request = PlanRequest {
        parallelism: query.parallelism,
        chaining: state.services.config.pipeline.chaining.enabled,
        default_sink: default_sink(state, query.preview),
        sinks: query.sinks,
        stored_tables: tables.iter().map(|table| stored_table(table, &profiles)).collect(),
        profiles: profiles.iter().map(stored_profile).collect(),
        ..PlanRequest::new(query.sql)
    };
    // Planning takes milliseconds of CPU: not on a thread that serves others.
    let Plan { program, warnings, used_tables, .. } =
        tokio::task::spawn_blocking(move || arroyo_planner::plan(&request))
            .await
            .map_err(|error| Unplanned::Refused(Refusal::internal(&error)))?
            .map_err(|diagnostics| Unplanned::Query(diagnostics.iter().map(SqlDiagnostic::from).collect()))?;
    let connection_tables =
        tables.into_iter().filter(|table| used_tables.contains(&table.name)).map(|table| table.id).collect();
    Ok(Planned { program, warnings: warnings.iter().map(SqlDiagnostic::from).collect(), connection_tables })
}

/// Plans a stored pipeline's query again.
pub(crate) async fn plan_stored(
    state: &AppState,
    pipeline: &store::Pipeline,
    parallelism: u32,
) -> Result<Planned, Unplanned> {
    plan_for(state, pipeline, pipeline.query.clone(), parallelism).await
}

/// Plans another query for a stored pipeline.
pub(crate) async fn plan_for(
    state: &AppState,
    pipeline: &store::Pipeline,
    sql: String,
    parallelism: u32,
) -> Result<Planned, Unplanned> {
    let query = Query {
        sql,
        udfs: Vec::new(),
        parallelism,
        sinks: if pipeline.preview { SinkMode::PreviewOnly } else { SinkMode::AsWritten },
        preview: pipeline.preview,
    };
    plan(state, query).await
}

/// The program as it is stored.
pub(crate) fn encode(program: &Program) -> Result<Vec<u8>, Refusal> {
    program.encode().map_err(|error| Refusal::internal(&error))
}

fn default_sink(state: &AppState, preview: bool) -> DefaultSink {
    let config = &state.services.config;
    match config.pipeline.default_sink {
        arroyo_config::DefaultSink::Stdout if !preview => DefaultSink::Stdout {
            format: match config.run.output {
                OutputFormat::Json => StdoutFormat::Json,
                OutputFormat::Csv => StdoutFormat::Csv,
                OutputFormat::Table => StdoutFormat::Table,
            },
        },
        _ => DefaultSink::Preview,
    }
}

fn stored_table(table: &store::ConnectionTable, profiles: &[store::ConnectionProfile]) -> StoredTable {
    let profile = table.profile.as_ref().and_then(|id| profiles.iter().find(|profile| profile.id == *id));
    StoredTable {
        name: table.name.clone(),
        connector: table.connector.clone(),
        profile: profile.map(|profile| profile.name.clone()),
        table_type: table.table_type.clone(),
        config: table.config.clone(),
        schema: table.schema.clone(),
    }
}

/// Checks a table before it is stored, and answers its columns. The error is for people.
pub(crate) fn check_table(
    table: &store::ConnectionTable,
    profiles: &[store::ConnectionProfile],
) -> Result<Vec<ColumnDef>, String> {
    let shared: Vec<StoredProfile> = profiles.iter().map(stored_profile).collect();
    arroyo_planner::check_stored_table(&stored_table(table, profiles), &shared).map_err(|faults| {
        let told = |fault: &Diagnostic| match &fault.help {
            Some(help) => format!("{} ({help})", fault.message),
            None => fault.message.clone(),
        };
        faults.0.iter().map(told).collect::<Vec<_>>().join("; ")
    })
}

fn stored_profile(profile: &store::ConnectionProfile) -> StoredProfile {
    StoredProfile { name: profile.name.clone(), connector: profile.connector.clone(), config: profile.config.clone() }
}

/// The graph of a stored pipeline; empty if another version of Arroyo has planned it.
pub(crate) fn stored_graph(pipeline: &store::Pipeline) -> PipelineGraph {
    match Program::decode(&pipeline.program) {
        Ok(program) => graph(&program),
        Err(error) => {
            tracing::debug!(pipeline = %pipeline.id, "no graph: {error}");
            PipelineGraph::default()
        }
    }
}

/// A program as the API shows it.
pub(crate) fn graph(program: &Program) -> PipelineGraph {
    let nodes = program.nodes.iter().map(|node| PipelineNode {
        node_id: node.id.0,
        operator: operator(node),
        description: node.description.clone(),
        parallelism: node.parallelism,
    });
    let edges = program.edges.iter().map(|edge| PipelineEdge {
        src_id: edge.src.0,
        dest_id: edge.dst.0,
        key_type: "()".into(),
        value_type: "()".into(),
        edge_type: match (&edge.kind, edge.dst_input) {
            (EdgeKind::Forward, _) => "Forward",
            (_, 0) if is_join(program, edge.dst) => "LeftJoin",
            (_, 1) => "RightJoin",
            _ => "Shuffle",
        }
        .into(),
    });
    PipelineGraph { nodes: nodes.collect(), edges: edges.collect() }
}

fn is_join(program: &Program, node: arroyo_types::NodeId) -> bool {
    program.inputs(node).any(|edge| edge.dst_input == 1)
}

fn operator(node: &Node) -> String {
    match node.chain.as_slice() {
        [only] => connector(&only.name, &only.config).unwrap_or_else(|| only.name.clone()),
        // What somebody looks for by its connector: a preview is one even with a projection before it.
        [.., last] if connector(&last.name, &last.config).as_deref() == Some(PREVIEW_CONNECTOR) => {
            PREVIEW_CONNECTOR.into()
        }
        _ => "chained_op".into(),
    }
}

/// The connector of a source or sink.
fn connector(name: &str, config: &[u8]) -> Option<String> {
    let is_connector = name == names::SOURCE || name == names::SINK;
    is_connector.then(|| operators::Connector::decode(config).ok().map(|options| options.connector)).flatten()
}

/// Whether rows of the pipeline can be read through the API.
pub(crate) fn has_preview(pipeline: &store::Pipeline) -> bool {
    Program::decode(&pipeline.program).is_ok_and(|program| {
        let mut chain = program.nodes.iter().flat_map(|node| &node.chain);
        chain.any(|operator| connector(&operator.name, &operator.config).as_deref() == Some(PREVIEW_CONNECTOR))
    })
}

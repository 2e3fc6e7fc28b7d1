//! What the planner is asked and what it answers.

use arroyo_dataflow::Program;
use serde_json::Value;

use crate::{Diagnostic, Diagnostics, codes};

/// A query to plan and what is around it.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The script.
    pub sql: String,
    /// What to call it in rendered messages (`query.sql`).
    pub source_name: String,
    /// How many subtasks to run each operator with.
    pub parallelism: u32,
    /// Whether operators share tasks where they can; without it each has its own, to tell their metrics apart.
    pub chaining: bool,
    /// Where the rows of a bare `SELECT` go.
    pub default_sink: DefaultSink,
    /// What happens to the sinks of the script.
    pub sinks: SinkMode,
    /// Tables that were created outside of the script.
    pub stored_tables: Vec<StoredTable>,
    /// Connection profiles for `connection_profile = 'name'`.
    pub profiles: Vec<StoredProfile>,
    /// Tables of the script that are read from files instead of from where they say, for tests.
    pub fixtures: Vec<Fixture>,
}

impl PlanRequest {
    /// A request with defaults: parallelism 1, operators in chains, bare queries to the preview.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            source_name: "query.sql".to_owned(),
            parallelism: 1,
            chaining: true,
            default_sink: DefaultSink::Preview,
            sinks: SinkMode::AsWritten,
            stored_tables: Vec::new(),
            profiles: Vec::new(),
            fixtures: Vec::new(),
        }
    }
}

/// Rows for a table of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixture {
    /// The table's name, in any case.
    pub table: String,
    /// A file with one JSON object per line; for a table with `format = 'debezium_json'` one change per line.
    /// Metadata columns are fields of the objects, too.
    pub path: String,
}

/// Where the rows of a bare `SELECT` go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultSink {
    /// To whoever watches the job's output.
    Preview,
    /// To the standard output of the worker.
    Stdout {
        /// How rows are written.
        format: StdoutFormat,
    },
}

/// How rows are written to the standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StdoutFormat {
    /// One JSON object per line.
    #[default]
    Json,
    /// Comma separated values with a header.
    Csv,
    /// A table for the eye.
    Table,
}

impl StdoutFormat {
    /// Its name in options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Table => "table",
        }
    }
}

/// What happens to the sinks of the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SinkMode {
    /// They are written.
    #[default]
    AsWritten,
    /// Rows go to the preview instead.
    PreviewOnly,
    /// They are written, and the preview shows the rows, too.
    PreviewToo,
}

/// A table that was created outside of the script (REST API, web UI).
#[derive(Debug, Clone)]
pub struct StoredTable {
    /// Its name.
    pub name: String,
    /// Its connector.
    pub connector: String,
    /// The name of its connection profile.
    pub profile: Option<String>,
    /// `source`, `sink` or `lookup`.
    pub table_type: String,
    /// The connector's options as JSON. May hold secrets.
    pub config: Value,
    /// The REST API's ConnectionSchema: `{format, fields, …}`.
    pub schema: Value,
}

/// A stored set of options that tables of one connector share.
#[derive(Debug, Clone)]
pub struct StoredProfile {
    /// Its name.
    pub name: String,
    /// The connector it is for.
    pub connector: String,
    /// Options as JSON. May hold secrets.
    pub config: Value,
}

/// A planned script.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the engine runs.
    pub program: Program,
    /// Messages that do not keep it from running.
    pub warnings: Vec<Diagnostic>,
    /// The logical plans, indented, one per sink.
    pub logical: String,
    /// The streaming plan, indented.
    pub stream: String,
    /// Names of the stored tables that are read or written.
    pub used_tables: Vec<String>,
}

/// Plans a script.
///
/// # Errors
///
/// Every fault that was found in the script, with the warnings.
pub fn plan(request: &PlanRequest) -> Result<Plan, Diagnostics> {
    with_deep_stack(|| {
        let script = crate::script::build(request)?;
        let lowered = crate::stream::lower(&script, request)?;
        let mut warnings = script.warnings;
        warnings.extend(lowered.warnings);
        Ok(Plan {
            program: lowered.program,
            warnings,
            logical: lowered.logical,
            stream: lowered.stream,
            used_tables: script.used_tables,
        })
    })
}

/// The logical plans of a script, indented, one per sink.
///
/// # Errors
///
/// Every fault that was found in the script; what cannot run as a stream is not among them.
pub fn logical_plans(request: &PlanRequest) -> Result<String, Diagnostics> {
    with_deep_stack(|| crate::script::build(request).map(|script| logical(&script.sinks)))
}

/// Plans are trees that are walked recursively: a chain of thousands of operators is as deep as it is long.
/// Only pages that are touched count.
const STACK_BYTES: usize = 256 << 20;

pub(crate) fn with_deep_stack<T: Send>(
    work: impl FnOnce() -> Result<T, Vec<Diagnostic>> + Send,
) -> Result<T, Diagnostics> {
    let fault = |message: &str| {
        Diagnostics::from(Diagnostic::error(&codes::INTERNAL, message).help("report it, please, with the script"))
    };
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().name("planner".to_owned()).stack_size(STACK_BYTES).spawn_scoped(scope, work);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(result)) => result.map_err(Diagnostics),
            Ok(Err(_)) => Err(fault("the planner failed on this script")),
            Err(error) => Err(fault(&format!("the planner has no thread to run in: {error}"))),
        }
    })
}

fn logical(sinks: &[crate::SinkQuery]) -> String {
    let mut out = String::new();
    for query in sinks {
        out.push_str(&format!("{} ({})\n", query.sink.name, query.sink.connector));
        for line in query.plan.display_indent().to_string().lines() {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out
}

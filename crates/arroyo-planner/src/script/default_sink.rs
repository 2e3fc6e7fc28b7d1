//! Sinks that no statement creates: the preview, and the standard output.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_formats::FormatOptions;
use arroyo_operator::{OptionValue, Role, TableOptions, TableRequest};
use serde_json::{Map, Value};

use super::TableDef;
use crate::request::{DefaultSink, PlanRequest, StdoutFormat};
use crate::{ColumnDef, Diagnostic, codes};

/// The connector of previews.
pub(super) const PREVIEW: &str = "preview";
const STDOUT: &str = "stdout";

/// The sink of the script's `number`th query.
pub(super) fn default_sink(
    request: &PlanRequest,
    columns: Vec<ColumnDef>,
    number: usize,
) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    let numbered = |base: &str| if number == 1 { base.to_owned() } else { format!("{base}_{number}") };
    match request.default_sink {
        DefaultSink::Preview => Ok(preview(&numbered(PREVIEW), columns)),
        DefaultSink::Stdout { format } => stdout(numbered(STDOUT), format, columns),
    }
}

/// A preview of the rows that `name` gets. The preview has no options, and one subtask keeps its rows in order.
pub(super) fn preview(name: &str, columns: Vec<ColumnDef>) -> Arc<TableDef> {
    let options = TableOptions {
        json: Value::Object(Map::new()),
        roles: vec![Role::Sink],
        columns: None,
        needs_format: false,
        max_source_parallelism: None,
        max_sink_parallelism: Some(1),
        description: "Preview".to_owned(),
    };
    Arc::new(sink(name.to_owned(), PREVIEW, options, Value::Null, columns))
}

fn stdout(name: String, format: StdoutFormat, columns: Vec<ColumnDef>) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    let fault = |message: String| vec![Diagnostic::error(&codes::INTERNAL, message)];
    let connector =
        arroyo_connectors::connector(STDOUT).ok_or_else(|| fault(format!("this build has no connector `{STDOUT}`")))?;
    let mut options = BTreeMap::new();
    // A table for the eye is the connector's own layout; the others are formats.
    let (format_name, format) = match format {
        StdoutFormat::Table => {
            options.insert("layout".to_owned(), OptionValue::Text("table".to_owned()));
            (None, Value::Null)
        }
        StdoutFormat::Json | StdoutFormat::Csv => {
            let options = FormatOptions::from_options(format.as_str(), &mut BTreeMap::new(), None)
                .map_err(|errors| errors.into_iter().flat_map(|error| fault(error.message)).collect::<Vec<_>>())?;
            (Some(format.as_str().to_owned()), options.to_json().map_err(|error| fault(error.to_string()))?)
        }
    };
    let columns_schema = Some(super::schema_of(&columns));
    let request = TableRequest {
        name: name.clone(),
        options,
        role: Some(Role::Sink),
        columns: columns_schema,
        format: format_name,
    };
    let validated = connector
        .validate(&request)
        .map_err(|errors| errors.into_iter().flat_map(|error| fault(error.message)).collect::<Vec<_>>())?;
    Ok(Arc::new(sink(name, STDOUT, validated, format, columns)))
}

fn sink(name: String, connector: &str, options: TableOptions, format: Value, columns: Vec<ColumnDef>) -> TableDef {
    TableDef {
        name,
        connector: connector.to_owned(),
        role: Some(Role::Sink),
        lookup: false,
        options,
        format,
        columns,
        watermark: None,
        primary_key: Vec::new(),
        partition_by: Vec::new(),
        idle_nanos: 0,
        span: None,
    }
}

//! Sinks that no statement creates: the preview, and the standard output.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_formats::FormatOptions;
use arroyo_operator::{OptionValue, Role, TableRequest};
use serde_json::Value;

use super::TableDef;
use crate::request::{DefaultSink, PlanRequest, StdoutFormat};
use crate::{ColumnDef, Diagnostic, codes};

/// The connector of previews.
pub(super) const PREVIEW: &str = "preview";
const STDOUT: &str = "stdout";
const BLACKHOLE: &str = "blackhole";

/// The sink of the script's `number`th query.
pub(super) fn default_sink(
    request: &PlanRequest,
    columns: Vec<ColumnDef>,
    number: usize,
) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    let numbered = |base: &str| if number == 1 { base.to_owned() } else { format!("{base}_{number}") };
    match request.default_sink {
        DefaultSink::Preview => preview(&numbered(PREVIEW), columns),
        DefaultSink::Stdout { format } => stdout(numbered(STDOUT), format, columns),
    }
}

/// A preview of the rows that `name` gets.
pub(super) fn preview(name: &str, columns: Vec<ColumnDef>) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    sink(name.to_owned(), PREVIEW, BTreeMap::new(), None, columns)
}

/// The sink of a query whose rows are only counted.
pub(super) fn counting_sink(columns: Vec<ColumnDef>) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    sink("counted".to_owned(), BLACKHOLE, BTreeMap::new(), None, columns)
}

fn stdout(name: String, format: StdoutFormat, columns: Vec<ColumnDef>) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    // A table for the eye is the connector's own layout; the others are formats.
    match format {
        StdoutFormat::Table => {
            let layout = ("layout".to_owned(), OptionValue::Text("table".to_owned()));
            sink(name, STDOUT, BTreeMap::from([layout]), None, columns)
        }
        StdoutFormat::Json | StdoutFormat::Csv => sink(name, STDOUT, BTreeMap::new(), Some(format.as_str()), columns),
    }
}

fn fault(message: impl ToString) -> Diagnostic {
    Diagnostic::error(&codes::INTERNAL, message.to_string())
}

fn sink(
    name: String,
    connector_id: &str,
    options: BTreeMap<String, OptionValue>,
    format_name: Option<&str>,
    columns: Vec<ColumnDef>,
) -> Result<Arc<TableDef>, Vec<Diagnostic>> {
    let connector = arroyo_connectors::connector(connector_id)
        .ok_or_else(|| vec![fault(format!("this build has no connector `{connector_id}`"))])?;
    let schema = super::schema_of(&columns);
    let format = match format_name {
        None => Value::Null,
        Some(format) => FormatOptions::from_options(format, &mut BTreeMap::new(), Some(&schema))
            .map_err(|errors| errors.iter().map(|error| fault(&error.message)).collect::<Vec<_>>())?
            .to_json()
            .map_err(|error| vec![fault(error)])?,
    };
    let request = TableRequest {
        name: name.clone(),
        options,
        role: Some(Role::Sink),
        columns: Some(schema),
        format: format_name.map(str::to_owned),
    };
    let options = connector
        .validate(&request)
        .map_err(|errors| errors.iter().map(|error| fault(&error.message)).collect::<Vec<_>>())?;
    Ok(Arc::new(TableDef {
        name,
        connector: connector_id.to_owned(),
        role: Some(Role::Sink),
        lookup: None,
        options,
        format,
        columns,
        watermark: None,
        primary_key: Vec::new(),
        idle_nanos: 0,
        updating_ttl_nanos: None,
        span: None,
    }))
}

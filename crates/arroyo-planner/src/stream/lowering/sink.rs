//! What is written, and whether the sink can take it.

use std::sync::Arc;

use arroyo_formats::{DebeziumJsonFormat, DecimalEncoding, Format, FormatOptions, TimestampFormat};
use datafusion::logical_expr::LogicalPlan;
use serde_json::Value;

use super::Lowering;
use crate::stream::node::StreamNode;
use crate::stream::schema::{column, unique_fields};
use crate::{Diagnostic, SinkQuery, TableDef, codes};

impl Lowering {
    /// What `plan`, the optimised plan of `query`, writes to its sink; `None` if it cannot run, which is then among the faults.
    pub(crate) fn sink(&mut self, plan: &LogicalPlan, query: &SinkQuery) -> Option<Arc<StreamNode>> {
        let sink = &query.sink;
        self.statement = query.span;
        self.ttl_nanos = query.updating_ttl_nanos;
        let input = self.lower(plan)?;
        let values = input.schema.values().iter().map(|value| column(value.field.name()));
        let named = values.zip(unique_fields(plan.schema().fields())).collect();
        let input = self.graph.project(&input, named);
        let sink = if input.schema.is_changelog() { self.checked(for_changes(sink))? } else { Arc::clone(sink) };
        Some(self.graph.sink(&input, &sink))
    }
}

/// The sink as one that takes changes.
fn for_changes(sink: &Arc<TableDef>) -> Result<Arc<TableDef>, Diagnostic> {
    let format = sink.format.pointer("/format/type").and_then(Value::as_str);
    let connector = arroyo_connectors::connector(&sink.connector);
    if connector.is_some_and(|connector| connector.takes_changes(format)) {
        return Ok(Arc::clone(sink));
    }
    if sink.span.is_none() && sink.connector == "stdout" {
        return in_envelopes(sink);
    }
    Err(Diagnostic::error(
        &codes::CHANGES_TO_ROWS,
        format!("the query updates and removes rows, which the sink `{}` cannot express", sink.name),
    )
    .help(match format {
        Some(format) => format!("write `format = 'debezium_json'` instead of '{format}' in `{}`", sink.name),
        None => "use a sink with `format = 'debezium_json'`".to_owned(),
    }))
}

/// The standard output of a query without a sink: as JSON, changes come in Debezium's envelope, with values as in plain JSON.
fn in_envelopes(sink: &Arc<TableDef>) -> Result<Arc<TableDef>, Diagnostic> {
    let format = Format::DebeziumJson(DebeziumJsonFormat {
        timestamp_format: TimestampFormat::Rfc3339,
        decimal_encoding: DecimalEncoding::Number,
        ..DebeziumJsonFormat::default()
    });
    let format =
        FormatOptions::new(format).to_json().map_err(|error| Diagnostic::error(&codes::INTERNAL, error.to_string()))?;
    Ok(Arc::new(TableDef { format, ..sink.as_ref().clone() }))
}

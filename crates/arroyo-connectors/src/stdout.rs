//! Writes rows to the standard output of the process that runs the sink.

mod sink;
mod table;

use arroyo_operator::{
    Connector, ConnectorDescription, OperatorError, OptionError, Role, Sink, SinkConfig, Source, SourceConfig,
    TableOptions, TableRequest,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::one_role::{options_of, refuse_role};
use crate::options::{parse_options, schema_of, to_json};
use sink::StdoutSink;

/// Options of `stdout` tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StdoutOptions {
    /// How rows are laid out: `records` of the table's format, a line each, or an aligned `table` for people.
    #[serde(default)]
    pub(crate) layout: Layout,
}

/// How rows are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Layout {
    /// A record of the table's format per line.
    #[default]
    Records,
    /// Aligned columns under a header.
    Table,
}

/// The connector `stdout`.
pub(crate) struct Stdout;

impl Connector for Stdout {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "stdout",
            name: "StdOut",
            description: "Writes rows to the standard output.",
            icon: "",
            source: false,
            sink: true,
            lookup: false,
            hidden: false,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<StdoutOptions>()
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        refuse_role(request, Role::Source, "stdout")?;
        let options: StdoutOptions = parse_options(&request.options)?;
        // A header stands above all rows, so one subtask writes them.
        let has_header = options.layout == Layout::Table || request.format.as_deref() == Some("csv");
        Ok(TableOptions {
            json: to_json(&options)?,
            roles: vec![Role::Sink],
            columns: None,
            needs_format: options.layout == Layout::Records,
            max_source_parallelism: None,
            max_sink_parallelism: has_header.then_some(1),
            description: "StdOut".to_string(),
        })
    }

    fn takes_changes(&self, format: Option<&str>) -> bool {
        matches!(format, None | Some("csv" | "debezium_json"))
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: the standard output cannot be read", config.table)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        let options = options_of(&config.table, &config.options)?;
        Ok(Box::new(StdoutSink::new(options, config, sink::standard_output())?))
    }
}

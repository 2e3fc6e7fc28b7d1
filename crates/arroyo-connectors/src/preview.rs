//! Sends rows to people who watch the job: in the web UI, or through the API.

mod sink;

use arroyo_operator::{
    Connector, ConnectorDescription, OperatorError, OptionError, Role, Sink, SinkConfig, Source, SourceConfig,
    TableOptions, TableRequest,
};
use serde_json::Value;

use crate::one_role::{NoOptions, refuse_role};
use crate::options::{parse_options, schema_of, to_json};
use sink::PreviewSink;

/// The connector `preview`.
pub(crate) struct Preview;

impl Connector for Preview {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "preview",
            name: "Preview",
            description: "Shows rows to those who watch the job.",
            icon: "",
            source: false,
            sink: true,
            lookup: false,
            hidden: true,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<NoOptions>()
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        refuse_role(request, Role::Source, "preview")?;
        let options: NoOptions = parse_options(&request.options)?;
        Ok(TableOptions {
            json: to_json(&options)?,
            roles: vec![Role::Sink],
            columns: None,
            needs_format: false,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: "Preview".to_string(),
        })
    }

    fn takes_changes(&self, _format: Option<&str>) -> bool {
        true
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: a preview cannot be read", config.table)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Ok(Box::new(PreviewSink::new(&config)?))
    }
}

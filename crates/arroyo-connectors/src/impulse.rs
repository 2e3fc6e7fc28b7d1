//! Generates numbered events at a rate.
//!
//! ```text
//! counter  subtask_index  _timestamp
//!       0              0  12:00:00.0
//!       1              0  12:00:00.1
//! ```

mod options;
mod source;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use arroyo_operator::{
    Connector, ConnectorDescription, OperatorError, OptionError, Role, Sink, SinkConfig, Source, SourceConfig,
    TableOptions, TableRequest,
};
use serde_json::Value;

use crate::one_role::{options_of, refuse_role};
use crate::options::{schema_of, to_json};
use options::ImpulseOptions;
use source::ImpulseSource;

/// The connector `impulse`.
pub(crate) struct Impulse;

impl Connector for Impulse {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "impulse",
            name: "Impulse",
            description: "Generates numbered events at a rate.",
            icon: "",
            source: true,
            sink: false,
            lookup: false,
            hidden: false,
            custom_schemas: false,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<ImpulseOptions>()
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        refuse_role(request, Role::Sink, "impulse")?;
        let options = ImpulseOptions::parse(&request.options)?;
        let columns = ["counter", "subtask_index"].map(|name| Field::new(name, DataType::Int64, false));
        Ok(TableOptions {
            json: to_json(&options)?,
            roles: vec![Role::Source],
            columns: Some(Arc::new(Schema::new(columns.to_vec()))),
            needs_format: false,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: options.description(),
        })
    }

    fn options_without_meaning(&self) -> &'static [&'static str] {
        &["event_rate", "message_count"]
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Ok(Box::new(ImpulseSource::new(options_of(&config.table, &config.options)?, config)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: an impulse cannot be written", config.table)))
    }
}

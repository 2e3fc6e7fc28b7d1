//! One local file, read or written by one subtask: for tests, examples and small jobs.

mod options;
mod sink;
mod source;

use arroyo_operator::{
    Connector, ConnectorDescription, MetadataKey, OperatorError, OptionError, Role, Sink, SinkConfig, Source,
    SourceConfig, TableOptions, TableRequest,
};
use serde_json::Value;

use crate::files::filename_key;
use crate::options::{parse_options, read_options, schema_of};
use options::SingleFileOptions;

/// The connector `single_file`.
pub(crate) struct SingleFile;

impl Connector for SingleFile {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "single_file",
            name: "Single File",
            description: "Reads or writes one local file, in one subtask.",
            icon: "",
            source: true,
            sink: true,
            lookup: false,
            hidden: true,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<SingleFileOptions>()
    }

    fn options_without_meaning(&self) -> &'static [&'static str] {
        &["wait_for_control"]
    }

    fn metadata_keys(&self) -> Vec<MetadataKey> {
        vec![filename_key()]
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        let options: SingleFileOptions = parse_options(&request.options)?;
        options.validate()?;
        Ok(TableOptions {
            json: crate::options::to_json(&options)?,
            roles: request.role.map_or(vec![Role::Source, Role::Sink], |role| vec![role]),
            columns: None,
            needs_format: true,
            max_source_parallelism: Some(1),
            max_sink_parallelism: Some(1),
            description: format!("SingleFile<{}>", options.path),
        })
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        let options: SingleFileOptions = read_options(&config.table, &config.options)?;
        Ok(Box::new(source::SingleFileSource::new(options, &config)?))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        let options: SingleFileOptions = read_options(&config.table, &config.options)?;
        Ok(Box::new(sink::SingleFileSink::new(options, &config)?))
    }
}

#[cfg(test)]
mod tests;

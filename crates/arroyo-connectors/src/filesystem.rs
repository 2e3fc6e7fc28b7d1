//! Directories of files: listed once, shared among subtasks by a fixed hash of their names, each read in order.

mod listing;
mod options;
mod source;

use arroyo_operator::{
    Connector, ConnectorDescription, MetadataKey, OperatorError, OptionError, Role, Sink, SinkConfig, Source,
    SourceConfig, TableOptions, TableRequest,
};
use serde_json::Value;

use crate::files::filename_key;
use crate::options::{parse_options, read_options, schema_of};
use options::FileSystemOptions;

const NO_SINK: &str = "writing with the `filesystem` connector is not supported yet: the filesystem sink comes later";
const NO_SINK_HELP: &str = "write one file with the `single_file` connector";

/// The connector `filesystem`.
pub(crate) struct FileSystem;

impl Connector for FileSystem {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "filesystem",
            name: "File System",
            description: "Reads the files of a local directory once, in parallel.",
            icon: "",
            source: true,
            sink: false,
            hidden: false,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<FileSystemOptions>()
    }

    fn metadata_keys(&self) -> Vec<MetadataKey> {
        vec![filename_key()]
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        if request.role == Some(Role::Sink) {
            return Err(vec![OptionError {
                key: Some("type".to_string()),
                message: NO_SINK.to_string(),
                help: Some(NO_SINK_HELP.to_string()),
            }]);
        }
        let options: FileSystemOptions = parse_options(&request.options)?;
        options.validate()?;
        Ok(TableOptions {
            json: crate::options::to_json(&options)?,
            roles: vec![Role::Source],
            columns: None,
            needs_format: true,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: format!("FileSystem<{}>", options.path),
        })
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        let options: FileSystemOptions = read_options(&config.table, &config.options)?;
        Ok(Box::new(source::FileSystemSource::new(options, &config)?))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: {NO_SINK}", config.table)).with_hint(NO_SINK_HELP))
    }
}

#[cfg(test)]
mod tests;

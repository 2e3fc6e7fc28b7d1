//! Directories of files.

mod options;

use arrow::datatypes::DataType;
use arroyo_operator::{
    Connector, ConnectorDescription, MetadataKey, OperatorError, OptionError, Role, Sink, SinkConfig, Source,
    SourceConfig, TableOptions, TableRequest,
};
use serde_json::Value;

use crate::options::{parse_options, schema_of};
use options::FileSystemOptions;

/// The connector `filesystem`.
pub(crate) struct FileSystem;

impl Connector for FileSystem {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "filesystem",
            name: "File System",
            description: "Reads the files of a directory once, in parallel.",
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
        vec![MetadataKey { key: "filename", data_type: DataType::Utf8 }]
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        if request.role == Some(Role::Sink) {
            return Err(vec![OptionError {
                key: Some("type".to_string()),
                message:
                    "writing with the `filesystem` connector is not supported yet: the filesystem sink comes later"
                        .to_string(),
                help: Some("write one file with the `single_file` connector".to_string()),
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
        Err(OperatorError::user(format!("table `{}`: reading is not supported yet", config.table)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Err(OperatorError::user(format!(
            "table `{}`: writing with the `filesystem` connector is not supported yet",
            config.table
        )))
    }
}

//! Directories of files.
//!
//! Sources list a directory once, share its files among subtasks by a fixed hash of their names, and read each in order.
//! Sinks write files that become visible whole, each row in exactly one of them.
//! Lookup tables hold the rows of their files in memory, and read them again when they change.

mod listing;
mod lookup;
mod options;
mod sink;
mod source;

use std::sync::Arc;

use arroyo_operator::{
    Connector, ConnectorDescription, Lookup, LookupConfig, MetadataKey, OperatorError, OptionError, Role, Sink,
    SinkConfig, Source, SourceConfig, TableOptions, TableRequest,
};
use serde_json::Value;

use crate::files::filename_key;
use crate::options::{parse_options, read_options, schema_of};
use options::FileSystemOptions;

/// The connector `filesystem`.
pub(crate) struct FileSystem;

impl Connector for FileSystem {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "filesystem",
            name: "File System",
            description: "Reads the files of a directory or an object store once, writes such files, and looks up rows by key in them.",
            icon: "",
            source: true,
            sink: true,
            lookup: true,
            hidden: false,
            custom_schemas: true,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<FileSystemOptions>()
    }

    fn names_in_json(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("storage_options.", "storage."),
            ("compression_format", "source.compression"),
            ("regex_pattern", "source.regex_pattern"),
            ("version", "sink.version"),
            ("rolling_policy.file_size_bytes", "rolling_policy.file_size"),
            ("rolling_policy.interval_seconds", "rolling_policy.interval"),
            ("rolling_policy.inactivity_seconds", "rolling_policy.inactivity_interval"),
            ("file_naming.", "filename."),
            ("partitioning.shuffle_by_partition.", "shuffle_by_partition."),
            ("multipart.target_part_size_bytes", "multipart.target_part_size"),
        ]
    }

    fn metadata_keys(&self) -> Vec<MetadataKey> {
        vec![filename_key()]
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        let options: FileSystemOptions = parse_options(&request.options)?;
        options.validate(request)?;
        let roles = match request.role {
            Some(role) => vec![role],
            None => vec![Role::Source, Role::Sink],
        };
        Ok(TableOptions {
            json: crate::options::to_json(&options)?,
            roles,
            columns: None,
            needs_format: true,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: format!("FileSystem<{}>", options.path),
        })
    }

    fn partition_by(&self, table: &mut TableOptions, columns: &[String]) -> Result<(), OptionError> {
        let fault = |key: Option<&str>, message: &str, help: &str| {
            let help = Some(help.to_string());
            OptionError { key: key.map(str::to_string), message: message.to_string(), help }
        };
        let mut options: FileSystemOptions =
            read_options("", &table.json).map_err(|error| fault(None, &error.message, ""))?;
        if !columns.is_empty() && !options.fields.is_empty() {
            let message = "the table has both PARTITIONED BY and `partitioning.fields`";
            return Err(fault(Some("partitioning.fields"), message, "leave one of them out"));
        }
        if columns.is_empty() && options.fields.is_empty() && options.shuffle {
            let message = "rows are shuffled by the columns that the table is partitioned by, and there are none";
            let help = "add PARTITIONED BY (column, …), or leave it out";
            return Err(fault(Some("shuffle_by_partition.enabled"), message, help));
        }
        options.fields.extend_from_slice(columns);
        table.json = crate::options::to_json(&options)
            .map_err(|errors| errors.into_iter().next().unwrap_or_else(|| fault(None, "no options", "")))?;
        Ok(())
    }

    fn shuffle_by(&self, options: &Value) -> Vec<String> {
        let options: Option<FileSystemOptions> = read_options("", options).ok();
        options.filter(|options| options.shuffle).map(|options| options.fields).unwrap_or_default()
    }

    fn options_without_meaning(&self) -> &'static [&'static str] {
        options::WITHOUT_MEANING
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        let options: FileSystemOptions = read_options(&config.table, &config.options)?;
        Ok(Box::new(source::FileSystemSource::new(options, &config)?))
    }

    fn lookup(&self, config: LookupConfig) -> Result<Arc<dyn Lookup>, OperatorError> {
        let options: FileSystemOptions = read_options(&config.table, &config.options)?;
        Ok(Arc::new(lookup::FileTable::new(options, config)?))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        let options: FileSystemOptions = read_options(&config.table, &config.options)?;
        Ok(Box::new(sink::FileSystemSink::new(options, &config)?))
    }
}

#[cfg(test)]
mod tests;

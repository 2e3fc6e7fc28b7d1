//! What a connector is: a description for planner, API and docs, and constructors for the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use serde_json::Value;
use thiserror::Error;

use crate::{Lookup, LookupConfig, OperatorError, Sink, Source};

/// What a table is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Rows are read from it.
    Source,
    /// Rows are written to it.
    Sink,
    /// Rows are asked for by key.
    Lookup,
}

/// What users see of a connector; the JSON schema of its options comes from [`Connector::options_schema`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorDescription {
    /// The value of the `connector` option.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// An SVG, or empty.
    pub icon: &'static str,
    /// Whether tables of it can be read.
    pub source: bool,
    /// Whether tables of it can be written.
    pub sink: bool,
    /// Whether tables of it can be asked for rows by key.
    pub lookup: bool,
    /// Whether it is left out of the web UI's list.
    pub hidden: bool,
    /// Whether users declare the columns (with a format), or the connector has its own.
    pub custom_schemas: bool,
}

/// A column that comes from a record's envelope (topic, offset, file name …) and not from its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataKey {
    /// The key in `METADATA FROM 'key'`.
    pub key: &'static str,
    /// Its type.
    pub data_type: DataType,
}

/// The value of an option as it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// `'text'`.
    Text(String),
    /// `true`, `false`.
    Bool(bool),
    /// `42`, `0.5`.
    Number(String),
    /// `INTERVAL '10 minutes'`, in nanoseconds.
    Interval(i64),
    /// `[a, b]`.
    Array(Vec<OptionValue>),
    /// A bare identifier: the name of a column.
    Identifier(String),
}

impl OptionValue {
    /// The value as plain text, for options that take text whatever way they were written.
    /// Arrays are joined by commas; an interval is its nanoseconds.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Identifier(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Interval(nanos) => nanos.to_string(),
            Self::Array(values) => values.iter().map(Self::to_text).collect::<Vec<_>>().join(","),
        }
    }
}

/// A table as a user declared it, without the options that all connectors share (`connector`, `type`, `format`, …).
#[derive(Debug, Clone, PartialEq)]
pub struct TableRequest {
    /// Its name in the query.
    pub name: String,
    /// The connector's own options by key.
    pub options: BTreeMap<String, OptionValue>,
    /// What `type` said, if it was given.
    pub role: Option<Role>,
    /// The declared columns that the connector produces or takes, without generated columns and without `_timestamp`;
    /// `None` when none were declared.
    pub columns: Option<SchemaRef>,
    /// The format (`json`, …) if one was given.
    pub format: Option<String>,
}

/// A table's validated options and what the planner must know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// The options struct as JSON: goes into the program, and to [`Connector::source`], [`Connector::sink`] and [`Connector::lookup`].
    pub json: Value,
    /// Whether it can be read, written, or both (then the query decides), or asked.
    pub roles: Vec<Role>,
    /// The columns, when the connector has its own (generators); `None`: as declared.
    pub columns: Option<SchemaRef>,
    /// Whether a `format` is needed (`true`), or makes no sense (`false`).
    pub needs_format: bool,
    /// The most subtasks that can read it.
    pub max_source_parallelism: Option<u32>,
    /// The most subtasks that can write it.
    pub max_sink_parallelism: Option<u32>,
    /// A few words for plans and the UI, such as `Impulse<100 eps>`.
    pub description: String,
}

/// An option is wrong. The planner finds its place in the query by `key` and adds the nearest known key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct OptionError {
    /// The option; `None` when one is missing or the fault is not in one option.
    pub key: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What a source is made of.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// The table's name in the query, for messages.
    pub table: String,
    /// [`TableOptions::json`].
    pub options: Value,
    /// `arroyo_formats::FormatOptions` as JSON; `Null` without a format.
    pub format: Value,
    /// The columns to produce, pruned to what is read, `_timestamp` last.
    pub schema: SchemaRef,
    /// Columns that hold metadata: (column, key).
    pub metadata: Vec<(String, String)>,
    /// `arroyo_formats::SimpleFilter` as JSON: records for which it is not true may be left out, and need not be; `Null`
    /// without a filter.
    pub filter: Value,
    /// Rows to gather before a batch is returned (`pipeline.source-batch-size`).
    pub batch_size: usize,
    /// How long to gather (`pipeline.source-batch-linger`).
    pub batch_linger: std::time::Duration,
}

/// What a sink is made of.
#[derive(Debug, Clone)]
pub struct SinkConfig {
    /// The table's name in the query, for messages.
    pub table: String,
    /// [`TableOptions::json`].
    pub options: Value,
    /// `arroyo_formats::FormatOptions` as JSON; `Null` without a format.
    pub format: Value,
    /// The rows' schema, `_timestamp` last (not written unless the format says so).
    pub schema: SchemaRef,
}

/// A kind of table: one folder in `arroyo-connectors`, one line in its registry.
pub trait Connector: Send + Sync {
    /// What users see of it.
    fn description(&self) -> ConnectorDescription;

    /// The JSON schema of the options struct: the only source of SQL options, REST schema and docs page.
    fn options_schema(&self) -> Value;

    /// Options that have another name where a table is JSON (REST API): the name there, without `table_type.`, and the option.
    /// A name that ends with `.` stands for all below it; one that ends with `_seconds` has a number of them.
    fn names_in_json(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Keys for metadata columns.
    fn metadata_keys(&self) -> Vec<MetadataKey> {
        Vec::new()
    }

    /// Checks a table's options, reporting every fault.
    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>>;

    /// Whether its sinks take changes (rows with `_change`) when written in `format`; `None`: without a format.
    fn takes_changes(&self, format: Option<&str>) -> bool {
        format == Some("debezium_json")
    }

    /// Takes up the columns of `PARTITIONED BY (…)`; none if the table was declared without.
    fn partition_by(&self, _options: &mut TableOptions, columns: &[String]) -> Result<(), OptionError> {
        if columns.is_empty() {
            return Ok(());
        }
        Err(OptionError {
            key: Some("PARTITIONED BY".to_string()),
            message: format!("tables of the connector `{}` have no partitions", self.description().id),
            help: Some("leave out PARTITIONED BY".to_string()),
        })
    }

    /// The columns whose rows with equal values go to one subtask of the sink; none: rows stay where they are.
    /// `options` are [`TableOptions::json`].
    fn shuffle_by(&self, _options: &Value) -> Vec<String> {
        Vec::new()
    }

    /// The keys in [`TableOptions::json`] that decide neither what rows are nor what state means, such as how fast a source reads
    /// and where it ends: when only they change, a table goes on with its state.
    fn options_without_meaning(&self) -> &'static [&'static str] {
        &[]
    }

    /// A reader for one subtask.
    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError>;

    /// A writer for one subtask.
    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError>;

    /// A lookup table for the subtasks of one operator.
    fn lookup(&self, config: LookupConfig) -> Result<Arc<dyn Lookup>, OperatorError> {
        Err(OperatorError::bug(format!(
            "table `{}`: the connector `{}` has no lookup tables",
            config.table,
            self.description().id
        )))
    }
}

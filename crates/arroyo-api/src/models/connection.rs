//! Connectors, stored profiles and tables.

use std::collections::BTreeMap;

use arroyo_metastore as store;
use arroyo_operator::Connector as Implementation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{collection, micros};
use crate::masking::mask;

collection!(
    /// All connectors by name.
    ConnectorCollection of Connector
);

collection!(
    /// All connection profiles by name.
    ConnectionProfileCollection of ConnectionProfile
);

collection!(
    /// A part of all connection tables.
    page ConnectionTableCollection of ConnectionTable
);

/// A kind of table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connector {
    /// The value of the `connector` option.
    pub(crate) id: String,
    /// Its name for people.
    pub(crate) name: String,
    /// An SVG, or empty.
    pub(crate) icon: String,
    /// One sentence.
    pub(crate) description: String,
    /// The JSON schema of a table's options, as text.
    pub(crate) table_config: String,
    /// Whether it can be used.
    pub(crate) enabled: bool,
    /// Whether its tables can be read.
    pub(crate) source: bool,
    /// Whether its tables can be written.
    pub(crate) sink: bool,
    /// Whether its tables can be asked for rows by key.
    pub(crate) lookup: bool,
    /// Whether users declare the columns.
    pub(crate) custom_schemas: bool,
    /// Whether connections can be tested.
    pub(crate) testing: bool,
    /// Whether the web UI leaves it out.
    pub(crate) hidden: bool,
    /// The JSON schema of a profile's options, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection_config: Option<String>,
}

impl From<&dyn Implementation> for Connector {
    fn from(connector: &dyn Implementation) -> Self {
        let description = connector.description();
        Self {
            id: description.id.into(),
            name: description.name.into(),
            icon: description.icon.into(),
            description: description.description.into(),
            table_config: connector.options_schema().to_string(),
            enabled: true,
            source: description.source,
            sink: description.sink,
            lookup: description.lookup,
            custom_schemas: description.custom_schemas,
            testing: false,
            hidden: description.hidden,
            connection_config: None,
        }
    }
}

/// A connection profile to create.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ConnectionProfilePost {
    /// Its name, unique.
    pub(crate) name: String,
    /// The connector it is for.
    pub(crate) connector: String,
    /// Options that tables share.
    #[schema(value_type = Object)]
    pub(crate) config: Value,
}

/// Options that tables of a connector share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionProfile {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The connector it is for.
    pub(crate) connector: String,
    /// Its options, secrets masked.
    #[schema(value_type = Object)]
    pub(crate) config: Value,
    /// A few words.
    pub(crate) description: String,
}

impl From<&store::ConnectionProfile> for ConnectionProfile {
    fn from(profile: &store::ConnectionProfile) -> Self {
        Self {
            id: profile.id.0.clone(),
            name: profile.name.clone(),
            connector: profile.connector.clone(),
            config: mask(&profile.config),
            description: format!("{} ({})", profile.name, profile.connector),
        }
    }
}

/// An answer of a connection's test.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestSourceMessage {
    /// Whether the test failed.
    pub(crate) error: bool,
    /// Whether the test is over.
    pub(crate) done: bool,
    /// What was found.
    pub(crate) message: String,
}

impl TestSourceMessage {
    /// What a connector answers that cannot test.
    pub(crate) fn unsupported() -> Self {
        Self { error: false, done: true, message: "This connector does not support testing".into() }
    }
}

/// A connection table to create.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ConnectionTablePost {
    /// Its name in queries, unique.
    pub(crate) name: String,
    /// Its connector.
    pub(crate) connector: String,
    /// The profile whose options it shares.
    #[serde(default)]
    pub(crate) connection_profile_id: Option<String>,
    /// Its own options.
    #[schema(value_type = Object)]
    pub(crate) config: Value,
    /// Its columns and format.
    #[serde(default)]
    pub(crate) schema: Option<ConnectionSchema>,
}

/// A table outside of any script, usable in all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionTable {
    /// Its id.
    pub(crate) id: String,
    /// Its name in queries.
    pub(crate) name: String,
    /// When it was created.
    pub(crate) created_at: u64,
    /// Its connector.
    pub(crate) connector: String,
    /// The profile whose options it shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection_profile: Option<ConnectionProfile>,
    /// `source`, `sink` or `lookup`.
    pub(crate) table_type: String,
    /// Its own options, secrets masked.
    #[schema(value_type = Object)]
    pub(crate) config: Value,
    /// Its columns and format.
    pub(crate) schema: ConnectionSchema,
    /// How many pipelines use it.
    pub(crate) consumers: u32,
}

impl ConnectionTable {
    pub(crate) fn new(table: &store::ConnectionTable, profiles: &[store::ConnectionProfile]) -> Self {
        let profile = table.profile.as_ref().and_then(|id| profiles.iter().find(|profile| profile.id == *id));
        Self {
            id: table.id.0.clone(),
            name: table.name.clone(),
            created_at: micros(table.created_at),
            connector: table.connector.clone(),
            connection_profile: profile.map(Into::into),
            table_type: table.table_type.clone(),
            config: mask(&table.config),
            // Written by another version: the table is still worth showing.
            schema: serde_json::from_value(mask(&table.schema)).unwrap_or_default(),
            consumers: table.consumers,
        }
    }
}

/// The columns and the format of a connection table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct ConnectionSchema {
    /// The format: `{"type": "json", …}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) format: Option<Value>,
    /// What to do with records that cannot be read: `{"behavior": "fail"}` or `{"behavior": "drop"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) bad_data: Option<Value>,
    /// How records are told apart: `{"method": "newline"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) framing: Option<Value>,
    /// The columns.
    #[serde(default)]
    pub(crate) fields: Vec<SourceField>,
    /// A schema in the format's own language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) definition: Option<Value>,
    /// Whether the columns come from the query that writes the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inferred: Option<bool>,
    /// Columns that identify a row.
    #[serde(default)]
    pub(crate) primary_keys: Vec<String>,
}

/// A column, or a field of a structure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct SourceField {
    /// Its name.
    pub(crate) name: String,
    /// `int32`, `int64`, `uint32`, `uint64`, `float32`, `float64`, `decimal128`, `bool`, `string`, `bytes`, `timestamp`,
    /// `json`, `struct` or `list`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Whether it is never null.
    #[serde(default)]
    pub(crate) required: bool,
    /// Its type in SQL (in answers only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sql_name: Option<String>,
    /// The key of the record's envelope that it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metadata_key: Option<String>,
    /// Of a `timestamp`: `second`, `millisecond`, `microsecond` or `nanosecond`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// Of a `decimal128`: all digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<u32>,
    /// Of a `decimal128`: digits after the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<i32>,
    /// Of a `struct`: its fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub(crate) fields: Option<Vec<SourceField>>,
    /// Of a `list`: its elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub(crate) items: Option<Box<SourceField>>,
}

/// Other names of types, as they are stored.
const TYPE_ALIASES: &[(&str, &str)] =
    &[("f32", "float32"), ("f64", "float64"), ("utf8", "string"), ("binary", "bytes")];

const TYPES: &[&str] = &[
    "int32",
    "int64",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "decimal128",
    "bool",
    "string",
    "bytes",
    "timestamp",
    "json",
    "struct",
    "list",
];

const UNITS: &[(&str, &str)] = &[
    ("s", "second"),
    ("ms", "millisecond"),
    ("us", "microsecond"),
    ("µs", "microsecond"),
    ("ns", "nanosecond"),
    ("second", "second"),
    ("millisecond", "millisecond"),
    ("microsecond", "microsecond"),
    ("nanosecond", "nanosecond"),
];

/// Structures in structures; more is a mistake or an attack.
const DEPTH_MAX: usize = 32;

impl ConnectionSchema {
    /// Checks the schema and brings aliases to their one form. The error is for people.
    pub(crate) fn validate(mut self) -> Result<Self, String> {
        self.fields = validate_fields(self.fields, 0)?;
        for key in &self.primary_keys {
            if !self.fields.iter().any(|field| field.name == *key) {
                return Err(format!("the primary key `{key}` is not a field"));
            }
        }
        let format_type = self.format.as_ref().and_then(|format| format.get("type")).and_then(Value::as_str);
        let unstructured =
            self.format.as_ref().and_then(|format| format.get("unstructured")).and_then(Value::as_bool) == Some(true);
        match format_type {
            Some("raw_string") => self.must_be_one("raw_string", "string")?,
            Some("json") if unstructured => self.must_be_one("unstructured json", "json")?,
            None if self.format.is_some() => return Err("the format has no `type`".into()),
            _ => {}
        }
        Ok(self)
    }

    fn must_be_one(&self, format: &str, kind: &str) -> Result<(), String> {
        let mut payload = self.fields.iter().filter(|field| field.metadata_key.is_none());
        match (payload.next(), payload.next()) {
            (Some(field), None) if field.name == "value" && field.kind == kind => Ok(()),
            _ => Err(format!("the format {format} needs exactly one field `value` of type {kind}")),
        }
    }
}

fn validate_fields(fields: Vec<SourceField>, depth: usize) -> Result<Vec<SourceField>, String> {
    if depth > DEPTH_MAX {
        return Err(format!("fields are nested more than {DEPTH_MAX} deep"));
    }
    let mut seen = BTreeMap::new();
    for field in &fields {
        if seen.insert(field.name.clone(), ()).is_some() {
            return Err(format!("the field `{}` occurs twice", field.name));
        }
    }
    fields.into_iter().map(|field| field.validate(depth)).collect()
}

impl SourceField {
    fn validate(mut self, depth: usize) -> Result<Self, String> {
        let name = &self.name;
        if let Some((_, kind)) = TYPE_ALIASES.iter().find(|(alias, _)| *alias == self.kind) {
            self.kind = (*kind).into();
        }
        if !TYPES.contains(&self.kind.as_str()) {
            return Err(format!(
                "the field `{name}` has the unknown type `{}`: use one of {}",
                self.kind,
                TYPES.join(", ")
            ));
        }
        match self.kind.as_str() {
            "timestamp" => {
                let unit = self.unit.as_deref().unwrap_or("millisecond");
                let Some((_, unit)) = UNITS.iter().find(|(alias, _)| *alias == unit) else {
                    return Err(format!("the field `{name}` has the unknown unit `{unit}`"));
                };
                self.unit = Some((*unit).into());
            }
            "decimal128" if !matches!(self.precision, Some(1..=38)) => {
                return Err(format!("the field `{name}` needs a `precision` from 1 to 38"));
            }
            "struct" => match self.fields.take() {
                Some(fields) => self.fields = Some(validate_fields(fields, depth + 1)?),
                None => return Err(format!("the field `{name}` needs `fields`")),
            },
            "list" => match self.items.take() {
                Some(_) if depth >= DEPTH_MAX => return Err(format!("fields are nested more than {DEPTH_MAX} deep")),
                Some(items) => self.items = Some(Box::new(items.validate(depth + 1)?)),
                None => return Err(format!("the field `{name}` needs `items`")),
            },
            _ => {}
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;

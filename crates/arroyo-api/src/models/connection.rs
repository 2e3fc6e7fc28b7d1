//! Connectors, stored profiles and tables.

mod json_schema;
mod schema;

use std::collections::BTreeMap;

use arroyo_metastore as store;
use arroyo_operator::Connector as Implementation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub(crate) use self::schema::ConnectionSchema;
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

/// Values that options of a profile can take, by option: for suggestions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionAutocomplete {
    /// Lists of values by option; none for connectors that know none.
    pub(crate) values: BTreeMap<String, Vec<String>>,
}

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
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
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

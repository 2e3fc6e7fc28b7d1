//! Generates an online auction: the NEXMark benchmark's persons, auctions and bids.
//!
//! Of each row, one of three columns is not null:
//!
//! ```text
//! person            auction               bid                              _timestamp
//! {id: 1000, …}                                                            12:00:00.0000
//!                   {id: 1000, …}                                          12:00:00.0001
//!                                         {auction: 1000, price: 250, …}   12:00:00.0004
//! ```
//!
//! Event `n` is the same in every run with the same seed, at every parallelism, before and after every restart.

mod columns;
mod event;
mod lanes;
mod options;
mod source;
mod text;

use std::sync::Arc;

use arroyo_operator::{
    Connector, ConnectorDescription, OperatorError, OptionError, Role, Sink, SinkConfig, Source, SourceConfig,
    TableOptions, TableRequest,
};
use serde_json::Value;

use crate::one_role::{options_of, refuse_role};
use crate::options::{schema_of, to_json};
use options::NexmarkOptions;
use source::NexmarkSource;

/// The connector `nexmark`.
pub(crate) struct Nexmark;

impl Connector for Nexmark {
    fn description(&self) -> ConnectorDescription {
        ConnectorDescription {
            id: "nexmark",
            name: "Nexmark",
            description: "Generates the persons, auctions and bids of the NEXMark benchmark.",
            icon: "",
            source: true,
            sink: false,
            lookup: false,
            hidden: false,
            custom_schemas: false,
        }
    }

    fn options_schema(&self) -> Value {
        schema_of::<NexmarkOptions>()
    }

    fn validate(&self, request: &TableRequest) -> Result<TableOptions, Vec<OptionError>> {
        refuse_role(request, Role::Sink, "nexmark")?;
        let options = NexmarkOptions::parse(&request.options)?;
        Ok(TableOptions {
            json: to_json(&options)?,
            roles: vec![Role::Source],
            columns: Some(Arc::new(columns::schema())),
            needs_format: false,
            max_source_parallelism: None,
            max_sink_parallelism: None,
            description: options.description(),
        })
    }

    /// Not how fast: the times of events follow from it.
    fn options_without_meaning(&self) -> &'static [&'static str] {
        &["runtime", "event_count", "message_count"]
    }

    fn source(&self, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        Ok(Box::new(NexmarkSource::new(options_of(&config.table, &config.options)?, config)))
    }

    fn sink(&self, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        Err(OperatorError::user(format!("table `{}`: a nexmark table cannot be written", config.table)))
    }
}

//! The contracts of sources, operators, sinks and connectors, and what they are given to work with.

mod collector;
mod connector;
mod context;
mod error;
mod lookup;
mod operator;
mod sink;
mod source;
mod watermark;

pub use collector::{Collector, VecCollector};
pub use connector::{
    Connector, ConnectorDescription, MetadataKey, OptionError, OptionValue, Role, SinkConfig, SourceConfig,
    TableOptions, TableRequest,
};
pub use context::{ErrorReporter, OperatorContext, Output, OutputSender, ReportedError, TaskCounters, TaskInfo};
pub use error::OperatorError;
pub use lookup::{Lookup, LookupAnswer, LookupConfig, LookupContext};
pub use operator::{Operator, Prefetch};
pub use sink::Sink;
pub use source::{Source, SourceEvent};
pub use watermark::Watermark;

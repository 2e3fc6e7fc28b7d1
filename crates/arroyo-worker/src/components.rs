//! Makes the parts of chains from the connectors and operators of this build.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::Operator as OperatorSpec;
use arroyo_engine::Components;
use arroyo_operator::{
    Connector, Lookup, LookupConfig, Operator, OperatorError, Sink, SinkConfig, Source, SourceConfig,
};

/// The connectors of [`arroyo_connectors`] and the operators of [`arroyo_engine`].
#[derive(Debug, Clone, Copy, Default)]
pub struct ConnectorComponents;

fn connector(id: &str) -> Result<&'static dyn Connector, OperatorError> {
    arroyo_connectors::connector(id).ok_or_else(|| OperatorError::bug(format!("this build has no connector `{id}`")))
}

impl Components for ConnectorComponents {
    fn source(&self, id: &str, config: SourceConfig) -> Result<Box<dyn Source>, OperatorError> {
        connector(id)?.source(config)
    }

    fn sink(&self, id: &str, config: SinkConfig) -> Result<Box<dyn Sink>, OperatorError> {
        connector(id)?.sink(config)
    }

    fn lookup(&self, id: &str, config: LookupConfig) -> Result<Arc<dyn Lookup>, OperatorError> {
        connector(id)?.lookup(config)
    }

    fn operator(&self, operator: &OperatorSpec, inputs: &[SchemaRef]) -> Result<Box<dyn Operator>, OperatorError> {
        arroyo_engine::operators::build(operator, inputs)
    }
}

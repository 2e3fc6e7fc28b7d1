//! Errors of expressions and configurations as errors of operators.

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::decode_schema;
use arroyo_expr::{Compiled, ExprError, decode};
use arroyo_operator::OperatorError;
use datafusion::error::DataFusionError;
use prost::Message;

/// An expression's failure.
pub(super) fn expression_failed(error: ExprError) -> OperatorError {
    OperatorError::new(error.kind(), error.to_string())
}

/// A failure of grouping rows by keys.
pub(super) fn grouping_failed(error: DataFusionError) -> OperatorError {
    OperatorError::user(format!("rows could not be grouped: {error}"))
}

/// The operator's configuration message.
pub(super) fn decode_config<M: Message + Default>(operator: &arroyo_dataflow::Operator) -> Result<M, OperatorError> {
    M::decode(operator.config.as_slice()).map_err(|error| {
        OperatorError::bug(format!("the configuration of operator `{}` is damaged: {error}", operator.name))
    })
}

/// A schema out of a configuration.
pub(super) fn config_schema(bytes: &[u8]) -> Result<SchemaRef, OperatorError> {
    decode_schema(bytes).map_err(|error| OperatorError::new(error.kind(), error.to_string()))
}

/// An expression out of a configuration, bound to `schema`.
pub(super) fn config_expr(bytes: &[u8], schema: &SchemaRef) -> Result<Compiled, OperatorError> {
    let expr = decode(bytes).map_err(expression_failed)?;
    Compiled::new(&expr, schema).map_err(expression_failed)
}

//! Computes columns.
//!
//! `SELECT price * 2 AS double`:
//!
//! ```text
//! in:  price=1 _timestamp=10     out: double=2 _timestamp=10
//!      price=4 _timestamp=11          double=8 _timestamp=11
//! ```

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_expr::Compiled;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError};

use super::error::{config_expr, config_schema, expression_failed};
use super::output::batch_of;

/// See the module's documentation.
pub(super) struct Projection {
    exprs: Vec<Compiled>,
    schema: SchemaRef,
}

impl Projection {
    pub(super) fn new(config: &config::Projection, input: &SchemaRef) -> Result<Self, OperatorError> {
        let exprs = config.exprs.iter().map(|expr| config_expr(expr, input)).collect::<Result<Vec<_>, _>>()?;
        let schema = config_schema(&config.schema)?;
        if exprs.len() != schema.fields().len() {
            let (columns, exprs) = (schema.fields().len(), exprs.len());
            return Err(OperatorError::bug(format!("a projection has {exprs} expressions for {columns} columns")));
        }
        Ok(Self { exprs, schema })
    }
}

impl Operator for Projection {
    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let columns = self
            .exprs
            .iter()
            .map(|expr| expr.evaluate(&batch).map_err(expression_failed))
            .collect::<Result<Vec<_>, _>>()?;
        out.collect(batch_of(&self.schema, columns, batch.num_rows())?)
    }
}

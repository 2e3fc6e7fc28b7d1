//! Keeps rows for which a condition is true, neither false nor NULL.
//!
//! `WHERE price > 2`:
//!
//! ```text
//! in:  price=1    _timestamp=10     out: price=4 _timestamp=11
//!      price=4    _timestamp=11
//!      price=NULL _timestamp=12
//! ```

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators as config;
use arroyo_expr::{Predicate, decode};
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError};

use super::error::expression_failed;

/// See the module's documentation.
pub(super) struct Filter {
    predicate: Predicate,
}

impl Filter {
    pub(super) fn new(config: &config::Filter, input: &SchemaRef) -> Result<Self, OperatorError> {
        let expr = decode(&config.expr).map_err(expression_failed)?;
        Ok(Self { predicate: Predicate::new(&expr, input).map_err(expression_failed)? })
    }
}

impl Operator for Filter {
    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let kept = self.predicate.filter(batch).map_err(expression_failed)?;
        if kept.num_rows() > 0 { out.collect(kept) } else { Ok(()) }
    }
}

//! The aggregates of a group whose result is updated, and the partial rows that are exchanged for them.

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};
use datafusion::functions_aggregate::expr_fn::{count, max};
use datafusion::logical_expr::{Expr, col, lit};

use crate::{Compiled, CompiledAggregate, ExprError};

/// Aggregates over rows of one schema that every group keeps.
#[derive(Debug, Clone)]
pub struct UpdatingAggregates {
    /// The calls in the query, and then what is kept besides.
    pub all: Vec<CompiledAggregate>,
    /// How many calls the query has.
    pub calls: usize,
    /// The place of the number of rows in `all`, over a changelog; other groups only grow.
    pub rows: Option<usize>,
    /// The place of the largest `_timestamp` in `all`.
    pub time: usize,
}

impl UpdatingAggregates {
    /// Binds calls of aggregate functions to the schema of raw rows, which are changes if it has `_change`.
    ///
    /// # Errors
    ///
    /// A call does not fit the schema.
    pub fn new(calls: &[Expr], input: &SchemaRef) -> Result<Self, ExprError> {
        let is_changelog = input.index_of(CHANGE_FIELD).is_ok();
        let bind = |call: &Expr| CompiledAggregate::updating(call, input);
        let mut all = calls.iter().map(bind).collect::<Result<Vec<_>, _>>()?;
        let time = all.len();
        // Also a retraction moves time forward.
        all.push(CompiledAggregate::new(&max(col(TIMESTAMP_FIELD)), input)?);
        let rows = is_changelog.then_some(all.len());
        if is_changelog {
            all.push(bind(&count(lit(1i64)))?);
        }
        Ok(Self { all, calls: calls.len(), rows, time })
    }

    /// The schema of partial rows: group columns, the states of all aggregates in order, `_timestamp`.
    ///
    /// # Errors
    ///
    /// A group expression does not fit the schema.
    pub fn partial_schema(&self, input: &SchemaRef, group: &[Expr], names: &[String]) -> Result<SchemaRef, ExprError> {
        let mut fields: Vec<FieldRef> = Vec::new();
        for (expr, name) in group.iter().zip(names) {
            let compiled = Compiled::new(expr, input)?;
            fields.push(Arc::new(Field::new(name, compiled.data_type().clone(), true)));
        }
        for (index, aggregate) in self.all.iter().enumerate() {
            fields.extend(aggregate.partial_fields(index));
        }
        let time = input.field_with_name(TIMESTAMP_FIELD).ok().cloned();
        fields.extend(time.map(Arc::new));
        Ok(Arc::new(Schema::new(fields)))
    }
}

//! The rows that a local aggregate sends to the global one.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use arroyo_types::TIMESTAMP_FIELD;
use datafusion::logical_expr::Expr;

use crate::{Compiled, CompiledAggregate, ExprError};

/// The column of partial rows that holds the start of their pane.
pub const PANE_FIELD: &str = "_pane";

/// The schema of a local window aggregate's output: group columns, [`PANE_FIELD`], the state columns of all aggregates in
/// order, `_timestamp`. State column j of aggregate i is called `_state_i_j`.
pub fn partial_schema(
    input: &SchemaRef,
    group_exprs: &[Expr],
    group_names: &[String],
    aggregate_exprs: &[Expr],
) -> Result<SchemaRef, ExprError> {
    let mut fields: Vec<FieldRef> = Vec::new();
    for (expr, name) in group_exprs.iter().zip(group_names) {
        let compiled = Compiled::new(expr, input)?;
        fields.push(Arc::new(Field::new(name, compiled.data_type().clone(), compiled.nullable())));
    }
    let timestamp = DataType::Timestamp(TimeUnit::Nanosecond, None);
    fields.push(Arc::new(Field::new(PANE_FIELD, timestamp.clone(), false)));
    for (index, expr) in aggregate_exprs.iter().enumerate() {
        fields.extend(CompiledAggregate::new(expr, input)?.partial_fields(index));
    }
    fields.push(Arc::new(Field::new(TIMESTAMP_FIELD, timestamp, false)));
    Ok(Arc::new(Schema::new(fields)))
}

impl CompiledAggregate {
    /// The state's columns as columns of partial rows and of state tables; `index` is the aggregate's place among its siblings.
    pub fn partial_fields(&self, index: usize) -> impl Iterator<Item = FieldRef> {
        self.state_fields().iter().enumerate().map(move |(column, field)| {
            Arc::new(Field::new(format!("_state_{index}_{column}"), field.data_type().clone(), true))
        })
    }
}

#[cfg(test)]
mod tests {
    use datafusion::functions_aggregate::expr_fn::avg;
    use datafusion::logical_expr::col;

    use super::*;

    #[test]
    fn state_columns_stand_between_pane_and_timestamp() {
        let input: SchemaRef = Arc::new(Schema::new(vec![
            Field::new("k", DataType::Utf8, true),
            Field::new("v", DataType::Float64, true),
        ]));
        let schema = partial_schema(&input, &[col("k")], &["key".to_string()], &[avg(col("v"))]).expect("a schema");
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names, ["key", "_pane", "_state_0_0", "_state_0_1", "_timestamp"]);
    }
}

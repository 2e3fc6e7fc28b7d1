//! Expressions bound to a schema.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, DataFusionError, ScalarValue};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, Operator, binary_expr, lit};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

use crate::ExprError;

/// An expression over the columns of one schema.
#[derive(Debug, Clone)]
pub struct Compiled {
    expr: Arc<dyn PhysicalExpr>,
    data_type: DataType,
    nullable: bool,
}

impl Compiled {
    /// Binds `expr` to `schema`. Qualifiers of columns are ignored: streams have one flat schema.
    pub fn new(expr: &Expr, schema: &SchemaRef) -> Result<Self, ExprError> {
        let bind = || {
            let expr = without_qualifiers(expr.clone())?;
            let df_schema = DFSchema::try_from(Arc::clone(schema))?;
            let expr = with_one_zero(expr, &df_schema)?;
            let physical =
                create_physical_expr(&expr, &df_schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())?;
            let data_type = physical.data_type(schema)?;
            let nullable = physical.nullable(schema)?;
            Ok(Self { expr: physical, data_type, nullable })
        };
        bind().map_err(|source| ExprError::Bind { expr: expr.to_string(), source: Box::new(source) })
    }

    /// The type of its values.
    pub fn data_type(&self) -> &DataType {
        &self.data_type
    }

    /// Whether it can be null.
    pub fn nullable(&self) -> bool {
        self.nullable
    }

    /// Its value for each row of a batch in the schema it is bound to.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef, ExprError> {
        self.expr
            .evaluate(batch)
            .and_then(|value| value.into_array(batch.num_rows()))
            .map_err(|source| ExprError::Evaluate { expr: self.expr.to_string(), source: Box::new(source) })
    }
}

/// A condition on rows.
#[derive(Debug, Clone)]
pub struct Predicate(Compiled);

impl Predicate {
    /// Binds `expr`, which must be a boolean, to `schema`.
    pub fn new(expr: &Expr, schema: &SchemaRef) -> Result<Self, ExprError> {
        let compiled = Compiled::new(expr, schema)?;
        match compiled.data_type() {
            DataType::Boolean | DataType::Null => Ok(Self(compiled)),
            other => Err(ExprError::Type { expr: expr.to_string(), found: other.clone(), expected: "BOOLEAN" }),
        }
    }

    /// Whether each row meets the condition: true or false, and never null.
    pub fn mask(&self, batch: &RecordBatch) -> Result<BooleanArray, ExprError> {
        let value = self.0.evaluate(batch)?;
        Ok(match value.as_boolean_opt() {
            Some(mask) if mask.null_count() == 0 => mask.clone(),
            Some(mask) => arrow::compute::prep_null_mask_filter(mask),
            None => BooleanArray::from(vec![false; batch.num_rows()]),
        })
    }

    /// The rows that meet the condition; the batch itself when all do.
    pub fn filter(&self, batch: RecordBatch) -> Result<RecordBatch, ExprError> {
        let mask = self.mask(&batch)?;
        if mask.true_count() == batch.num_rows() {
            return Ok(batch);
        }
        filter_record_batch(&batch, &mask)
            .map_err(|source| ExprError::Evaluate { expr: self.0.expr.to_string(), source: Box::new(source.into()) })
    }
}

/// `bids.price` as `price`.
pub(crate) fn without_qualifiers(expr: Expr) -> datafusion::error::Result<Expr> {
    let transformed = expr.transform(|expr| {
        Ok(match expr {
            Expr::Column(column) if column.relation.is_some() => {
                Transformed::yes(Expr::Column(Column { relation: None, ..column }))
            }
            other => Transformed::no(other),
        })
    })?;
    Ok(transformed.data)
}

/// `x IS NOT DISTINCT FROM y` takes −0.0 for 0.0, as `x = y` does: Arrow compares the bits.
fn with_one_zero(expr: Expr, schema: &DFSchema) -> datafusion::error::Result<Expr> {
    let is_float = |expr: &Expr| expr.get_type(schema).map(|data_type| data_type.is_floating());
    let transformed = expr.transform_up(|expr| match expr {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: op @ (Operator::IsDistinctFrom | Operator::IsNotDistinctFrom),
            right,
        }) if is_float(&left)? && is_float(&right)? => {
            // −0.0 + 0.0 is 0.0.
            let [left, right] = [*left, *right].map(|side| {
                let zero = ScalarValue::new_zero(&side.get_type(schema)?)?;
                Ok::<_, DataFusionError>(side + lit(zero))
            });
            Ok(Transformed::yes(binary_expr(left?, op, right?)))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(transformed.data)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int64Array};
    use datafusion::logical_expr::col;

    use super::*;

    fn rows(values: Vec<Option<i64>>) -> RecordBatch {
        let values: ArrayRef = Arc::new(Int64Array::from(values));
        RecordBatch::try_from_iter([("a", values)]).expect("a batch")
    }

    #[test]
    fn qualified_and_plain_columns_are_found() {
        let batch = rows(vec![Some(1), None, Some(3)]);
        let sum = Compiled::new(&(col("t.a") + col("a")), &batch.schema()).expect("it binds");
        let values = sum.evaluate(&batch).expect("it evaluates");
        assert_eq!(
            values.as_primitive::<arrow::datatypes::Int64Type>(),
            &Int64Array::from(vec![Some(2), None, Some(6)])
        );
        assert!(sum.nullable());
    }

    #[test]
    fn null_is_not_true() {
        let batch = rows(vec![Some(1), None, Some(3)]);
        let predicate = Predicate::new(&col("a").gt(lit(1i64)), &batch.schema()).expect("it binds");
        assert_eq!(predicate.filter(batch.clone()).expect("it filters").num_rows(), 1);
        let all = Predicate::new(&lit(true), &batch.schema()).expect("it binds");
        assert_eq!(all.filter(batch.clone()).expect("it filters"), batch);
        assert!(matches!(Predicate::new(&col("a"), &batch.schema()), Err(ExprError::Type { .. })));
    }

    #[test]
    fn there_is_one_zero() {
        let zeros: ArrayRef = Arc::new(Float64Array::from(vec![Some(-0.0), Some(1.0), None]));
        let batch = RecordBatch::try_from_iter([("x", zeros)]).expect("a batch");
        let op = Operator::IsNotDistinctFrom;
        let same = Predicate::new(&binary_expr(col("x"), op, lit(0.0)), &batch.schema()).expect("it binds");
        assert_eq!(same.mask(&batch).expect("a mask"), BooleanArray::from(vec![true, false, false]));
    }

    #[test]
    fn failures_name_the_expression() {
        let batch = rows(vec![Some(1), Some(0)]);
        let division = Compiled::new(&(lit(1i64) / col("a")), &batch.schema()).expect("it binds");
        let error = division.evaluate(&batch).expect_err("division by zero");
        assert!(error.to_string().contains("1 / a"), "{error}");
    }
}

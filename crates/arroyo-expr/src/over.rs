//! Functions with OVER, bound to a schema.

mod plan;
mod sliding;

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{Expr, WindowFunctionDefinition};
use datafusion::physical_plan::WindowExpr;
use datafusion::physical_planner::create_window_expr_with_name;

use self::sliding::Recomputed;
use crate::ExprError;
use crate::compiled::without_qualifiers;

pub use plan::{Extent, FrameEnd, NotIncremental, OverPlan};

/// A call of a function with OVER over the columns of one schema.
#[derive(Debug, Clone)]
pub struct CompiledOver {
    call: WindowFunction,
    window: Arc<dyn WindowExpr>,
    /// What is computed anew for each frame.
    recomputed: Option<Recomputed>,
    data_type: DataType,
}

impl CompiledOver {
    /// Binds `expr`, a call with OVER, to `schema`.
    pub fn new(expr: &Expr, schema: &SchemaRef) -> Result<Self, ExprError> {
        let bind = || {
            let expr = without_qualifiers(expr.clone())?.unalias_nested().data;
            let df_schema = DFSchema::try_from(Arc::clone(schema))?;
            let props = ExecutionProps::new();
            let planning = PhysicalPlanningContext::default();
            let name = expr.schema_name().to_string();
            let window = create_window_expr_with_name(&expr, name, &df_schema, &props, &planning)?;
            let data_type = window.field()?.data_type().clone();
            let Expr::WindowFunction(call) = expr else {
                return datafusion::common::plan_err!("it is not a call with OVER");
            };
            Ok((*call, window, data_type))
        };
        let (call, window, data_type) =
            bind().map_err(|source| ExprError::Bind { expr: expr.to_string(), source: Box::new(source) })?;
        let recomputed = Recomputed::of(&call, window.as_ref(), schema)?;
        Ok(Self { call, window, recomputed, data_type })
    }

    /// The call.
    pub fn call(&self) -> &WindowFunction {
        &self.call
    }

    /// Whether the function works with its frame and its arguments.
    pub fn check(&self, schema: &SchemaRef) -> Result<(), ExprError> {
        match (&self.call.fun, &self.recomputed) {
            (_, Some(recomputed)) => recomputed.check(),
            (WindowFunctionDefinition::AggregateUDF(_), None) => {
                self.evaluate(&RecordBatch::new_empty(Arc::clone(schema))).map(|_| ())
            }
            (WindowFunctionDefinition::WindowUDF(_), None) => Ok(()),
        }
    }

    /// The type of its values.
    pub fn data_type(&self) -> &DataType {
        &self.data_type
    }

    /// Its value for each row of a partition, whose rows are in the order of ORDER BY.
    pub fn evaluate(&self, partition: &RecordBatch) -> Result<ArrayRef, ExprError> {
        self.evaluate_rows(partition, 0..partition.num_rows())
    }

    /// Its value for the rows of a partition that are in `range`.
    pub fn evaluate_rows(&self, partition: &RecordBatch, range: Range<usize>) -> Result<ArrayRef, ExprError> {
        if let Some(recomputed) = &self.recomputed
            && let Some(values) = recomputed.evaluate(self.window.as_ref(), partition, range.clone())?
        {
            return Ok(values);
        }
        let all = self
            .window
            .evaluate(partition)
            .map_err(|source| ExprError::Evaluate { expr: self.window.name().to_string(), source: Box::new(source) })?;
        Ok(all.slice(range.start, range.len()))
    }
}

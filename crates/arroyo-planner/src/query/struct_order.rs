//! ORDER BY of OVER by a record: a window, say.
//!
//! ```text
//! before:  WindowAggr: [rank() ORDER BY [t.window]]
//! after:   WindowAggr: [rank() ORDER BY [t.window.start, t.window.end] AS rank() ORDER BY [t.window]]
//! ```
//!
//! DataFusion knows no frame between peers of a record. Records are compared field by field, so their fields give the same order.

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};

/// Orders by the fields of records.
pub(super) fn by_fields(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_up_with_subqueries(|plan| match &plan {
        LogicalPlan::Window(window) => {
            let input = window.input.schema().clone();
            plan.map_expressions(|expr| by_fields_of(expr, &input))
        }
        _ => Ok(Transformed::no(plan)),
    })
    .map(|transformed| transformed.data)
}

fn by_fields_of(expr: Expr, input: &DFSchema) -> Result<Transformed<Expr>> {
    let (relation, name) = expr.qualified_name();
    let Expr::WindowFunction(mut call) = expr else { return Ok(Transformed::no(expr)) };
    let order = call.params.order_by.iter().map(|key| fields_of(key, input)).collect::<Result<Vec<_>>>()?.concat();
    if order == call.params.order_by {
        return Ok(Transformed::no(Expr::WindowFunction(call)));
    }
    call.params.order_by = order;
    Ok(Transformed::yes(Expr::WindowFunction(call).alias_qualified(relation, name)))
}

/// What to order by in place of `key`.
fn fields_of(key: &Sort, input: &DFSchema) -> Result<Vec<Sort>> {
    // What has no type is a fault that the analyzer finds.
    let Ok(DataType::Struct(fields)) = key.expr.get_type(input) else { return Ok(vec![key.clone()]) };
    let keys = fields.iter().map(|field| {
        let field = get_field(key.expr.clone(), field.name().as_str());
        fields_of(&Sort::new(field, key.asc, key.nulls_first), input)
    });
    Ok(keys.collect::<Result<Vec<_>>>()?.concat())
}

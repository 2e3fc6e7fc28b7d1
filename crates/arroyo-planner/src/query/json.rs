//! JSON operators return a union of all JSON types; columns hold its text.
//!
//! ```text
//! before:  Projection: json_get(t.doc, 'a') AS a                       a: union
//! after:   Projection: json_union_to_text(json_get(t.doc, 'a')) AS a   a: TEXT
//! ```
//!
//! A union under a cast stays as it is: the analyser replaces both by a function that returns the wanted type.

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, cast};

/// Whether a type is the union of JSON values.
pub(super) fn is_json_union(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Union(..))
}

/// The text of a JSON union.
pub(super) fn to_text(expr: Expr) -> Expr {
    let func = datafusion_functions_json::udfs::json_union_to_text_udf();
    cast(Expr::ScalarFunction(ScalarFunction::new_udf(func, vec![expr])), DataType::Utf8)
}

/// Makes text of every column that would be a union.
pub(super) fn unions_to_text(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_up_with_subqueries(|plan| {
        let input = match &plan {
            LogicalPlan::Projection(projection) => std::sync::Arc::clone(projection.input.schema()),
            LogicalPlan::Aggregate(aggregate) => std::sync::Arc::clone(aggregate.input.schema()),
            LogicalPlan::Values(_) | LogicalPlan::TableScan(_) | LogicalPlan::EmptyRelation(_) => {
                return Ok(Transformed::no(plan));
            }
            // Schemas of what lies above a changed projection must follow it.
            _ => return plan.recompute_schema().map(Transformed::yes),
        };
        let changed = plan.map_expressions(|expr| text_column(expr, &input))?;
        changed.data.recompute_schema().map(Transformed::yes)
    })
    .map(|transformed| transformed.data)
}

fn text_column(expr: Expr, input: &DFSchema) -> Result<Transformed<Expr>> {
    if !expr.get_type(input).is_ok_and(|data_type| is_json_union(&data_type)) {
        return Ok(Transformed::no(expr));
    }
    let (relation, name) = expr.qualified_name();
    let inner = match expr {
        Expr::Alias(alias) => *alias.expr,
        other => other,
    };
    Ok(Transformed::yes(to_text(inner).alias_qualified(relation, name)))
}

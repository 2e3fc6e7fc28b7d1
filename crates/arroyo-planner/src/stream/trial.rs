//! Computes expressions of no rows, so that those that cannot be computed of any row are refused before the query runs.
//!
//! `date_trunc('foo', ts)` and `stddev(DISTINCT v)` have right types, and fail only when they are computed.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_expr::{Compiled, CompiledAggregate, ExprError};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::bind::bind;
use super::optimize::simplify;
use super::place::span_of;
use super::schema::StreamSchema;
use crate::explain::describe;
use crate::query::plain_words;
use crate::{Diagnostic, codes};

/// Whether `expr`, over `logical`, which is no call of an aggregate function, can be computed over `stream`.
pub(crate) fn try_expression(expr: &Expr, logical: &DFSchema, stream: &StreamSchema) -> Result<(), Diagnostic> {
    let fault = smallest_fault(expr, &|part| {
        let bound = bind(part, logical, stream).ok()?;
        compute(&bound, stream.arrow()).err().map(|error| reason_of(&error))
    });
    fault.map_or(Ok(()), Err)
}

/// The first expression of a plan that DataFusion's rules refuse to simplify.
pub(crate) fn find_refused(plan: &LogicalPlan) -> Option<Diagnostic> {
    let mut found = None;
    let visited = plan.apply_with_subqueries(|plan| {
        let schema = merge_schema(&plan.inputs());
        found = plan.expressions().iter().find_map(|expr| {
            smallest_fault(expr, &|part| simplify(part.clone(), &schema).err().map(|error| reason(&error)))
        });
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    visited.ok().and(found)
}

/// The fault of the smallest part of `expr` that fails, at its place or that of the smallest part around it that has one;
/// `fails`: what is wrong with an expression.
fn smallest_fault(expr: &Expr, fails: &dyn Fn(&Expr) -> Option<Why>) -> Option<Diagnostic> {
    let why = fails(expr)?;
    let mut of_part = None;
    let visited = expr.apply_children(|part| {
        of_part = smallest_fault(part, fails);
        Ok(if of_part.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    let fault = visited.ok().and(of_part).unwrap_or_else(|| refused(expr, why));
    let span = fault.span.or_else(|| span_of(expr));
    Some(fault.at(span))
}

/// Whether `bound`, a call of an aggregate function that is written as `expr`, can be computed of rows of `input`;
/// `updating`: of groups that are kept up to date.
pub(crate) fn try_aggregate(expr: &Expr, bound: &Expr, input: &SchemaRef, updating: bool) -> Result<(), Diagnostic> {
    let attempt = || {
        let compiled =
            if updating { CompiledAggregate::updating(bound, input) } else { CompiledAggregate::new(bound, input) }?;
        let nothing = RecordBatch::new_empty(SchemaRef::clone(input));
        compiled.arguments(&nothing)?;
        compiled.filter_mask(&nothing)?;
        compiled.result_of_no_rows().map(|_| ())
    };
    attempt().map_err(|error| refused(expr, reason_of(&error)).at(span_of(expr)))
}

fn compute(bound: &Expr, input: &SchemaRef) -> Result<(), ExprError> {
    let nothing = RecordBatch::new_empty(SchemaRef::clone(input));
    Compiled::new(bound, input)?.evaluate(&nothing).map(|_| ())
}

/// What is wrong, unless that shows the inside of a program.
type Why = Option<String>;

fn refused(expr: &Expr, why: Why) -> Diagnostic {
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Diagnostic::error(&codes::WRONG_ARGUMENTS, format!("`{}` cannot be computed of any row{why}", describe(expr)))
        .help("write it in another way, with arguments that the function takes or a cast that is possible")
}

fn reason_of(error: &ExprError) -> Why {
    match error {
        ExprError::Bind { source, .. } | ExprError::Evaluate { source, .. } => reason(source),
        other => Some(other.to_string()),
    }
}

fn reason(error: &DataFusionError) -> Why {
    match error {
        // DataFusion calls a shape of a call that it did not expect a bug of its own; the message asks to report it there.
        DataFusionError::Internal(_) => None,
        DataFusionError::ArrowError(error, _) => plain_words(&error.to_string()),
        other => {
            let message = other.strip_backtrace();
            let words = plain_words(&message)?;
            // Of a regular expression, the last line says what is wrong.
            let detail = message.lines().find_map(|line| line.strip_prefix("error: "));
            Some(detail.map_or_else(|| words.clone(), |detail| format!("{words}: {detail}")))
        }
    }
}

//! Computes expressions of no rows, so that those that cannot be computed of any row are refused before the query runs.
//!
//! `date_trunc('foo', ts)` and `stddev(DISTINCT v)` have right types, and fail only when they are computed.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arroyo_expr::{Compiled, CompiledAggregate, ExprError};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError};
use datafusion::logical_expr::Expr;

use super::bind::bind;
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
        other => plain_words(&other.strip_backtrace()),
    }
}

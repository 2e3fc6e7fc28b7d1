//! Rewrites expressions over a logical plan's schema to the columns of the stream that carries it.
//!
//! Before: `bids.price * 2`, `row_time()`. After: `price * 2`, `_timestamp`.
//! The n-th field of the logical schema is the n-th column of the stream, whatever their names.

use arroyo_expr::ROW_TIME;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::Expr;

use super::lineage::unaliased;
use super::place::span_of;
use super::schema::{StreamSchema, column, timestamp};
use crate::{Diagnostic, codes};

/// `expr`, over `logical`, as an expression over `stream`, without aliases.
pub(crate) fn bind(expr: &Expr, logical: &DFSchema, stream: &StreamSchema) -> Result<Expr, Diagnostic> {
    match find_unsupported(expr) {
        Some(fault) => Err(fault),
        None => replace(expr, logical, stream),
    }
}

/// The same for a call with OVER.
pub(crate) fn bind_over(expr: &Expr, logical: &DFSchema, stream: &StreamSchema) -> Result<Expr, Diagnostic> {
    let mut fault = None;
    let visited = unaliased(expr).apply_children(|part| {
        fault = find_unsupported(part);
        Ok(if fault.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    match (visited, fault) {
        (Ok(_), None) => replace(expr, logical, stream),
        (_, Some(fault)) => Err(fault),
        (Err(error), None) => Err(Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace())),
    }
}

fn replace(expr: &Expr, logical: &DFSchema, stream: &StreamSchema) -> Result<Expr, Diagnostic> {
    let mut missing: Option<Column> = None;
    let bound = expr.clone().transform_up(|expr| {
        Ok(match expr {
            Expr::Column(reference) => {
                let found = logical.maybe_index_of_column(&reference).and_then(|index| stream.values().get(index));
                match found {
                    Some(found) => Transformed::yes(column(found.field.name())),
                    None => {
                        missing = Some(reference.clone());
                        Transformed::no(Expr::Column(reference))
                    }
                }
            }
            Expr::ScalarFunction(call) if call.name() == ROW_TIME => Transformed::yes(timestamp()),
            Expr::Alias(alias) => Transformed::yes(*alias.expr),
            other => Transformed::no(other),
        })
    });
    match (bound, missing) {
        (Ok(bound), None) => Ok(bound.data),
        (_, Some(column)) => {
            let message = format!("column `{}` is not in the stream that should carry it", column.flat_name());
            Err(Diagnostic::error(&codes::NOT_STREAMABLE, message).at(span_of(expr)).help("please report this query"))
        }
        (Err(error), None) => Err(Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace()).at(span_of(expr))),
    }
}

fn find_unsupported(expr: &Expr) -> Option<Diagnostic> {
    let mut found: Option<Diagnostic> = None;
    let visited = expr.apply(|part| {
        found = unsupported(part).map(|fault| fault.at(span_of(part).or_else(|| span_of(expr))));
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    match visited {
        Ok(_) => found,
        Err(error) => Some(Diagnostic::error(&codes::NOT_STREAMABLE, error.strip_backtrace())),
    }
}

/// A subquery of which no join can be made.
pub(crate) fn no_join() -> Diagnostic {
    Diagnostic::error(&codes::SUBQUERY, "this subquery cannot be made a join, so it cannot run as a stream")
}

fn unsupported(expr: &Expr) -> Option<Diagnostic> {
    let diagnostic = match expr {
        Expr::InSubquery(_) | Expr::Exists(_) | Expr::ScalarSubquery(_) | Expr::SetComparison(_) => {
            no_join().help("write it in SELECT or WHERE, perhaps of a query in FROM, or write the join yourself")
        }
        Expr::OuterReferenceColumn(_, column) => Diagnostic::error(
            &codes::SUBQUERY,
            format!(
                "a subquery refers to `{}` of the query around it, in a way that cannot be made a join",
                column.name
            ),
        )
        .help("compare with columns of the outer query in the subquery's WHERE, connected by AND"),
        Expr::WindowFunction(_) => {
            Diagnostic::error(&codes::OVER, "a function with OVER stands inside of another call")
                .help("call it in a subquery, and use its result around it")
        }
        Expr::GroupingSet(_) => {
            Diagnostic::error(&codes::GROUPING_SETS, "GROUPING SETS, CUBE and ROLLUP cannot stand beside a window yet")
                .help("write one GROUP BY per set and combine them by UNION ALL")
        }
        Expr::Unnest(_) => Diagnostic::error(&codes::NOT_STREAMABLE, "UNNEST is not possible at this place")
            .help("use UNNEST in a SELECT list"),
        Expr::Placeholder(placeholder) => Diagnostic::error(
            &codes::NOT_STREAMABLE,
            format!("the query has a parameter `{}` without a value", placeholder.id),
        )
        .help("write the value in its place"),
        _ => return None,
    };
    Some(diagnostic)
}

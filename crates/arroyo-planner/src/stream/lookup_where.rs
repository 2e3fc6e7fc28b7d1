//! Gives joins with lookup tables that have no condition of their own those of WHERE.
//!
//! Before:
//! ```text
//! Filter: o.customer = c.id AND o.price > 10
//!   Cross Join:
//!     TableScan: orders
//!     TableScan: customers
//! ```
//! After:
//! ```text
//! Inner Join: Filter: o.customer = c.id AND o.price > 10
//! ```

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Filter, Join, LogicalPlan};

use super::extract_lookups::is_of;
use super::lookup_scan::LookupScan;

/// Rewrites all of a plan.
pub(super) fn conditions_into_joins(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_down_with_subqueries(|plan| match plan {
        LogicalPlan::Filter(filter) => match filter.input.as_ref() {
            LogicalPlan::Join(join) if lacks_condition(join) => {
                let (moved, kept): (Vec<Expr>, Vec<Expr>) = split_conjunction_owned(filter.predicate)
                    .into_iter()
                    .partition(|condition| is_of(condition, join.schema.as_ref()));
                let joined = LogicalPlan::Join(with_conditions(join.clone(), moved));
                Ok(Transformed::yes(match conjunction(kept) {
                    Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(joined))?),
                    None => joined,
                }))
            }
            _ => Ok(Transformed::no(LogicalPlan::Filter(filter))),
        },
        other => Ok(Transformed::no(other)),
    })?;
    Ok(rewritten.data)
}

/// Whether a join with a lookup table, or one of those below it, has no condition.
fn lacks_condition(join: &Join) -> bool {
    if join.join_type != JoinType::Inner {
        return false;
    }
    let has_lookup = LookupScan::of(&join.left).is_some() || LookupScan::of(&join.right).is_some();
    let below = [&join.left, &join.right].into_iter().any(|side| match side.as_ref() {
        LogicalPlan::Join(join) => lacks_condition(join),
        _ => false,
    });
    (has_lookup && join.on.is_empty() && join.filter.is_none()) || below
}

/// The join with further conditions, each as far down as its columns are.
fn with_conditions(join: Join, conditions: Vec<Expr>) -> Join {
    let Join { left, right, filter, .. } = join;
    let (left, conditions) = into_side(left, conditions);
    let (right, conditions) = into_side(right, conditions);
    Join { left, right, filter: conjunction(filter.into_iter().chain(conditions)), ..join }
}

/// A side with the conditions that are its own, if it is a join, and the others.
fn into_side(side: Arc<LogicalPlan>, conditions: Vec<Expr>) -> (Arc<LogicalPlan>, Vec<Expr>) {
    match side.as_ref() {
        LogicalPlan::Join(join) if join.join_type == JoinType::Inner => {
            let (own, others) = conditions.into_iter().partition(|condition| is_of(condition, join.schema.as_ref()));
            (Arc::new(LogicalPlan::Join(with_conditions(join.clone(), own))), others)
        }
        _ => (side, conditions),
    }
}

//! NOT IN with NULLs, as SQL means it: `x NOT IN (…)` is true only where comparing x with every element is false.
//!
//! Before, for a column that can be NULL on either side:
//! ```text
//! LeftAnti Join (null-aware): Filter: t.x = s.y AND t.g = s.g
//! ```
//! After:
//! ```text
//! LeftAnti Join: Filter: (t.x = s.y) IS NOT FALSE AND t.g = s.g
//! ```

use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Join, LogicalPlan};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// The rule; it must follow the one that makes such joins, which puts the comparison first.
#[derive(Debug)]
pub(super) struct NotIn;

impl OptimizerRule for NotIn {
    fn name(&self) -> &str {
        "not_in"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Join(join) = plan else { return Ok(Transformed::no(plan)) };
        if !join.null_aware || !join.on.is_empty() {
            return Ok(Transformed::no(LogicalPlan::Join(join)));
        }
        let conditions = join.filter.clone().map(split_conjunction_owned).unwrap_or_default();
        let conditions = conditions.into_iter().enumerate().map(|(place, condition)| match place {
            0 => Expr::IsNotFalse(Box::new(condition)),
            _ => condition,
        });
        let join = Join { filter: conjunction(conditions), null_aware: false, ..join };
        Ok(Transformed::yes(LogicalPlan::Join(join)))
    }
}

//! Finds views, CTEs and derived tables that are read more than once, so that they are planned and run once.
//!
//! Before (two sinks, or two branches of a union):
//! ```text
//! SubqueryAlias: totals          SubqueryAlias: totals
//!   WindowedAggregate …            WindowedAggregate …
//!     TableScan: bids                TableScan: bids
//! ```
//! After:
//! ```text
//! SubqueryAlias: totals          SubqueryAlias: totals          shared 0: WindowedAggregate …
//!   TableScan: shared_0            TableScan: shared_0                      TableScan: bids
//! ```

use std::any::Any;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, SubqueryAlias, TableScanBuilder, TableSource};
use indexmap::IndexMap;

/// A scan of this reads the result of a shared plan.
#[derive(Debug)]
pub(crate) struct SharedPlan {
    /// Its number.
    pub(crate) index: usize,
    schema: SchemaRef,
}

impl SharedPlan {
    /// The shared plan that a scan reads; `None` if it reads something else.
    pub(crate) fn of(source: &dyn TableSource) -> Option<&Self> {
        (source as &dyn Any).downcast_ref()
    }
}

impl TableSource for SharedPlan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// Takes the parts that occur more than once out of `plans`; the answer is these parts, by number.
pub(crate) fn share(plans: &mut [LogicalPlan]) -> Result<Vec<LogicalPlan>> {
    let mut readers: IndexMap<LogicalPlan, usize> = IndexMap::new();
    for plan in plans.iter() {
        count(plan, &mut readers)?;
    }
    readers.retain(|_, readers| *readers > 1);
    if readers.is_empty() {
        return Ok(Vec::new());
    }
    for plan in plans.iter_mut() {
        *plan = replace(std::mem::take(plan), &readers)?;
    }
    readers.keys().map(|plan| replace(plan.clone(), &readers)).collect()
}

fn count(plan: &LogicalPlan, readers: &mut IndexMap<LogicalPlan, usize>) -> Result<()> {
    plan.apply(|plan| {
        if let Some(inner) = shareable(plan) {
            let readers = readers.entry(inner.clone()).or_insert(0);
            *readers += 1;
            if *readers > 1 {
                return Ok(TreeNodeRecursion::Jump);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

fn shareable(plan: &LogicalPlan) -> Option<&LogicalPlan> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => match alias.input.as_ref() {
            LogicalPlan::TableScan(_) | LogicalPlan::SubqueryAlias(_) => None,
            inner => Some(inner),
        },
        _ => None,
    }
}

fn replace(plan: LogicalPlan, readers: &IndexMap<LogicalPlan, usize>) -> Result<LogicalPlan> {
    let replaced = plan.transform_down(|plan| {
        let Some(index) = shareable(&plan).and_then(|inner| readers.get_index_of(inner)) else {
            return Ok(Transformed::no(plan));
        };
        let LogicalPlan::SubqueryAlias(SubqueryAlias { input, alias, .. }) = plan else {
            return Ok(Transformed::no(plan));
        };
        let source = SharedPlan { index, schema: Arc::clone(input.schema().inner()) };
        let scan = TableScanBuilder::new(format!("shared_{index}"), Arc::new(source)).build()?;
        let scan = SubqueryAlias::try_new(Arc::new(LogicalPlan::TableScan(scan)), alias)?;
        Ok(Transformed::new(LogicalPlan::SubqueryAlias(scan), true, TreeNodeRecursion::Jump))
    })?;
    Ok(replaced.data)
}

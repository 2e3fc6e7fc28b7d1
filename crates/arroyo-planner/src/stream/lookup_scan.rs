//! Plans that are nothing but columns of a lookup table.

use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::lineage::unaliased;
use crate::{StreamTable, TableDef};

/// A lookup table, and which of its columns a plan has.
#[derive(Debug, Clone)]
pub(crate) struct LookupScan {
    /// The table.
    pub(crate) table: Arc<TableDef>,
    /// For each column of the plan its position in the table.
    pub(crate) columns: Vec<usize>,
}

impl LookupScan {
    /// What `plan` is, if it is a lookup table under any name, or a selection of its columns.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<Self> {
        Self::find(plan, false)
    }

    /// The same once DataFusion has optimised the plan: it puts conditions without columns (`WHERE false`) on both sides of a
    /// join. On the side of the stream they leave out what they should.
    pub(crate) fn of_optimised(plan: &LogicalPlan) -> Option<Self> {
        Self::find(plan, true)
    }

    fn find(plan: &LogicalPlan, is_optimised: bool) -> Option<Self> {
        match plan {
            LogicalPlan::SubqueryAlias(alias) => Self::find(&alias.input, is_optimised),
            LogicalPlan::Filter(filter) if is_optimised && filter.predicate.column_refs().is_empty() => {
                Self::find(&filter.input, is_optimised)
            }
            LogicalPlan::TableScan(scan) => {
                let table = StreamTable::of(scan.source.as_ref()).filter(|table| table.def.lookup.is_some())?;
                let all = || (0..table.def.columns.len()).collect();
                let columns = scan.projection.clone().unwrap_or_else(all);
                scan.filters.is_empty().then(|| Self { table: Arc::clone(&table.def), columns })
            }
            LogicalPlan::Projection(projection) => {
                let input = Self::find(&projection.input, is_optimised)?;
                let position = |expr: &Expr| match unaliased(expr) {
                    Expr::Column(column) => {
                        input.columns.get(projection.input.schema().maybe_index_of_column(column)?).copied()
                    }
                    _ => None,
                };
                let columns = projection.expr.iter().map(position).collect::<Option<_>>()?;
                Some(Self { columns, ..input })
            }
            _ => None,
        }
    }
}

/// A lookup table that a plan reads as if its rows flowed: not as the right side of a lookup join.
pub(crate) fn streamed_lookup(plan: &LogicalPlan) -> Option<Arc<TableDef>> {
    let mut found = None;
    let visited = plan.apply(|plan| {
        found = LookupScan::of(plan).map(|scan| scan.table);
        let stop = found.is_some() || super::lookup_node::LookupNode::of(plan).is_some();
        Ok(match (found.is_some(), stop) {
            (true, _) => TreeNodeRecursion::Stop,
            (false, true) => TreeNodeRecursion::Jump,
            (false, false) => TreeNodeRecursion::Continue,
        })
    });
    visited.ok().and(found)
}

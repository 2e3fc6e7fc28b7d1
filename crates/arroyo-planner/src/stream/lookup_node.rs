//! A join with a lookup table as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion::common::{DFSchemaRef, JoinType, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore, build_join_schema};

use super::plan_node::{columns_of_sides, node_of};

/// Each row of a stream with the rows that a lookup table has for its key.
///
/// It is a node of its own while DataFusion optimises the plan: joins must not be reordered, nor conditions moved into the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LookupNode {
    /// The stream.
    pub(crate) left: Arc<LogicalPlan>,
    /// Columns of the lookup table: see [`super::lookup_scan::LookupScan`].
    pub(crate) right: Arc<LogicalPlan>,
    /// Whether left rows without a match are in the result.
    pub(crate) outer: bool,
    /// What each column of the primary key must be, in the order of the key: an expression over left and a column of right.
    pub(crate) on: Vec<(Expr, Expr)>,
    /// A further condition of a match.
    pub(crate) filter: Option<Expr>,
    pub(crate) schema: DFSchemaRef,
}

impl LookupNode {
    /// The join of these inputs.
    pub(crate) fn with_inputs(mut self, left: LogicalPlan, right: LogicalPlan) -> Result<Self> {
        let kind = if self.outer { JoinType::Left } else { JoinType::Inner };
        self.schema = Arc::new(build_join_schema(left.schema(), right.schema(), &kind)?);
        (self.left, self.right) = (Arc::new(left), Arc::new(right));
        Ok(self)
    }

    /// The lookup join that a plan node is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }
}

impl PartialOrd for LookupNode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.outer, &self.on, &self.filter, &self.left, &self.right)
            .partial_cmp(&(other.outer, &other.on, &other.filter, &other.left, &other.right))
            .filter(|order| *order != Ordering::Equal || self == other)
    }
}

impl UserDefinedLogicalNodeCore for LookupNode {
    fn name(&self) -> &str {
        "LookupJoin"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.left, &self.right]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        let keys = self.on.iter().flat_map(|(left, right)| [left.clone(), right.clone()]);
        keys.chain(self.filter.clone()).collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.on.iter().map(|(left, right)| format!("{left} = {right}"));
        let conditions: Vec<String> = keys.chain(self.filter.iter().map(ToString::to_string)).collect();
        let kind = if self.outer { "LEFT" } else { "INNER" };
        write!(f, "LookupJoin: {kind} {}", conditions.join(", "))
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let Ok([left, right]) = <[LogicalPlan; 2]>::try_from(inputs) else {
            return plan_err!("a lookup join has two inputs");
        };
        let mut exprs = exprs.into_iter();
        let mut on = Vec::with_capacity(self.on.len());
        for _ in &self.on {
            let (Some(left), Some(right)) = (exprs.next(), exprs.next()) else {
                return plan_err!("a lookup join keeps its keys");
            };
            on.push((left, right));
        }
        Self { on, filter: exprs.next(), ..self.clone() }.with_inputs(left, right)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(columns_of_sides(output_columns, &self.left))
    }
}

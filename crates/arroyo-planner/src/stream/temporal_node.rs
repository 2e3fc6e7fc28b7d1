//! A join with the latest version of a row as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion::common::{DFSchemaRef, JoinType, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore, build_join_schema};

use super::plan_node::{columns_of_sides, node_of};

/// Each left row with the latest right row of its key that is not after it.
///
/// It is a node of its own while DataFusion optimises the plan: a condition on right rows must not move below it, where it would
/// make an older version the latest one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TemporalJoin {
    pub(crate) left: Arc<LogicalPlan>,
    pub(crate) right: Arc<LogicalPlan>,
    /// Whether left rows without a version are in the result.
    pub(crate) outer: bool,
    /// Whether a version of the same time is too late.
    pub(crate) strict: bool,
    /// Keys: expressions over left and right.
    pub(crate) on: Vec<(Expr, Expr)>,
    /// The left event time.
    pub(crate) left_time: Expr,
    /// The right event time, if it was written.
    pub(crate) right_time: Option<Expr>,
    pub(crate) schema: DFSchemaRef,
}

impl TemporalJoin {
    /// The join of these inputs.
    pub(crate) fn with_inputs(mut self, left: LogicalPlan, right: LogicalPlan) -> Result<Self> {
        let kind = if self.outer { JoinType::Left } else { JoinType::Inner };
        self.schema = Arc::new(build_join_schema(left.schema(), right.schema(), &kind)?);
        (self.left, self.right) = (Arc::new(left), Arc::new(right));
        Ok(self)
    }

    /// The temporal join that a plan node is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }
}

impl PartialOrd for TemporalJoin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let key = |node: &Self| (node.outer, node.strict);
        match key(self).cmp(&key(other)) {
            Ordering::Equal => (&self.on, &self.left_time, &self.left, &self.right)
                .partial_cmp(&(&other.on, &other.left_time, &other.left, &other.right))
                .filter(|order| *order != Ordering::Equal || self == other),
            order => Some(order),
        }
    }
}

impl UserDefinedLogicalNodeCore for TemporalJoin {
    fn name(&self) -> &str {
        "TemporalJoin"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.left, &self.right]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        let keys = self.on.iter().flat_map(|(left, right)| [left.clone(), right.clone()]);
        keys.chain([self.left_time.clone()]).chain(self.right_time.clone()).collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.on.iter().map(|(left, right)| format!("{left} = {right}")).collect();
        let kind = if self.outer { "LEFT" } else { "INNER" };
        write!(f, "TemporalJoin: {kind} {} as of {}", keys.join(", "), self.left_time)
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let Ok([left, right]) = <[LogicalPlan; 2]>::try_from(inputs) else {
            return plan_err!("a temporal join has two inputs");
        };
        let mut exprs = exprs.into_iter();
        let mut next = || exprs.next();
        let mut on = Vec::with_capacity(self.on.len());
        for _ in &self.on {
            let (Some(left), Some(right)) = (next(), next()) else {
                return plan_err!("a temporal join keeps its keys");
            };
            on.push((left, right));
        }
        let Some(left_time) = next() else { return plan_err!("a temporal join keeps its time") };
        let right_time = next();
        Self { on, left_time, right_time, ..self.clone() }.with_inputs(left, right)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(columns_of_sides(output_columns, &self.left))
    }
}

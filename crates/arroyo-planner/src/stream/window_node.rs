//! The windowed aggregate as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion::common::{DFSchemaRef, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, UserDefinedLogicalNodeCore};

use super::grouping_sets::Set;
use super::plan_node::node_of;
use super::window::{Length, Window};
use super::window_table::Place;

/// An aggregate that groups by a window.
///
/// It is a node of its own while DataFusion optimises the plan, because the window is not a function of a row: no condition
/// may move below it, and it keeps all its functions, so that its state does not depend on who reads which result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WindowedAggregate {
    /// What is aggregated.
    pub(crate) input: Arc<LogicalPlan>,
    /// The window.
    pub(crate) window: Window,
    /// Its place among the group columns of the result.
    pub(crate) window_index: usize,
    /// When its results are emitted.
    pub(crate) emit: Emit,
    /// The other group expressions.
    pub(crate) group: Vec<Expr>,
    /// With GROUPING SETS: each set, over all group columns with the window among them. Behind the group columns the result then
    /// has one with the set's id.
    pub(crate) sets: Vec<Set>,
    /// The calls of aggregate functions.
    pub(crate) functions: Vec<Expr>,
    /// The result: group columns with the window among them, then the functions' results.
    pub(crate) schema: DFSchemaRef,
}

/// When the results of windows are emitted. The default: once, when the watermark passes the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Emit {
    /// Results of open windows are emitted so often, in nanoseconds; 0: never.
    pub(crate) every_nanos: i64,
    /// Rows are taken until the watermark has passed the end by so much.
    pub(crate) lateness_nanos: i64,
    /// Where the clause stands that asks for something else than the default.
    pub(crate) place: Place,
}

impl Emit {
    /// Whether there is one result for each window and group, which is not corrected.
    pub(crate) fn is_final(self) -> bool {
        self.every_nanos == 0 && self.lateness_nanos == 0
    }
}

impl WindowedAggregate {
    /// `aggregate`, whose group expression at `window_index` is `window`.
    pub(crate) fn new(aggregate: Aggregate, window: Window, window_index: usize) -> Self {
        let Aggregate { input, mut group_expr, aggr_expr, schema, .. } = aggregate;
        if window_index < group_expr.len() {
            group_expr.remove(window_index);
        }
        Self {
            input,
            window,
            window_index,
            emit: Emit::default(),
            group: group_expr,
            sets: Vec::new(),
            functions: aggr_expr,
            schema,
        }
    }

    /// The windowed aggregate that a plan node is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }
}

impl PartialOrd for WindowedAggregate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let key = |node: &Self| (node.window, node.window_index, node.emit);
        match key(self).cmp(&key(other)) {
            Ordering::Equal => (&self.group, &self.sets, &self.functions, &self.input)
                .partial_cmp(&(&other.group, &other.sets, &other.functions, &other.input))
                .filter(|order| *order != Ordering::Equal || self == other),
            order => Some(order),
        }
    }
}

impl UserDefinedLogicalNodeCore for WindowedAggregate {
    fn name(&self) -> &str {
        "WindowedAggregate"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        self.group.iter().chain(&self.functions).cloned().collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |exprs: &[Expr]| exprs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        write!(
            f,
            "WindowedAggregate: window={}, groupBy=[[{}]], aggr=[[{}]]",
            self.window,
            list(&self.group),
            list(&self.functions)
        )?;
        if !self.sets.is_empty() {
            write!(f, ", sets={}", self.sets.len())?;
        }
        if self.emit.every_nanos > 0 {
            write!(f, ", every={}", Length(self.emit.every_nanos))?;
        }
        if self.emit.lateness_nanos > 0 {
            write!(f, ", lateness={}", Length(self.emit.lateness_nanos))?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let mut inputs = inputs.into_iter();
        let (Some(input), None) = (inputs.next(), inputs.next()) else {
            return plan_err!("a windowed aggregate has one input");
        };
        if exprs.len() != self.group.len() + self.functions.len() {
            return plan_err!("a windowed aggregate keeps its number of expressions");
        }
        let mut group = exprs;
        let functions = group.split_off(self.group.len());
        Ok(Self { input: Arc::new(input), group, functions, ..self.clone() })
    }

    fn necessary_children_exprs(&self, _output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        // What the expressions refer to is added by the caller.
        Some(vec![Vec::new()])
    }
}

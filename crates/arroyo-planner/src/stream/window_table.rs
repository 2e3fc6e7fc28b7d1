//! A window as a table function, as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, TimeUnit};
use datafusion::common::{DFSchema, DFSchemaRef, TableReference, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore};

use super::plan_node::node_of;
use super::window::Window;
use crate::Span;

/// The column with a window's start.
pub(crate) const WINDOW_START: &str = "window_start";
/// The column with a window's end (exclusive).
pub(crate) const WINDOW_END: &str = "window_end";
/// The column with the last instant of a window: the event time of what is computed from it.
pub(crate) const WINDOW_TIME: &str = "window_time";

/// The columns that a window function adds to a table's.
pub(crate) const WINDOW_COLUMNS: [&str; 3] = [WINDOW_START, WINDOW_END, WINDOW_TIME];

/// `TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), …))`: each row of a table once for each of its windows, with the window's bounds.
///
/// Columns of the table that are called like the window's columns are replaced: they tell of an earlier window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WindowTable {
    /// The table.
    pub(crate) input: Arc<LogicalPlan>,
    /// The window.
    pub(crate) window: Window,
    /// The column that must be the table's event time.
    pub(crate) time: Expr,
    /// The columns whose values have sessions of their own.
    pub(crate) partition: Vec<Expr>,
    /// The table's columns, then the window's.
    pub(crate) schema: DFSchemaRef,
    /// The call in the text.
    pub(crate) place: Place,
}

/// A place in the text, which does not count when calls are compared: the same call at two places is read once.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place(pub(crate) Option<Span>);

impl PartialEq for Place {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl Hash for Place {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, _other: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl WindowTable {
    /// A call over `input`.
    pub(crate) fn new(
        input: Arc<LogicalPlan>,
        window: Window,
        time: Expr,
        partition: Vec<Expr>,
        place: Place,
    ) -> Result<Self> {
        let schema = Arc::new(schema_over(input.schema())?);
        Ok(Self { input, window, time, partition, schema, place })
    }

    /// The call that a plan node is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }
}

/// The positions of the input's columns that are kept.
pub(crate) fn kept(input: &DFSchema) -> impl Iterator<Item = usize> + '_ {
    input
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| !WINDOW_COLUMNS.contains(&field.name().as_str()))
        .map(|(i, _)| i)
}

fn schema_over(input: &DFSchema) -> Result<DFSchema> {
    let mut fields: Vec<(Option<TableReference>, Arc<Field>)> = kept(input)
        .map(|position| {
            let (qualifier, field) = input.qualified_field(position);
            (qualifier.cloned(), Arc::clone(field))
        })
        .collect();
    let qualifier = input.iter().next().and_then(|(qualifier, _)| qualifier.cloned());
    let timestamp = DataType::Timestamp(TimeUnit::Nanosecond, None);
    let added = WINDOW_COLUMNS.map(|name| (qualifier.clone(), Arc::new(Field::new(name, timestamp.clone(), false))));
    fields.extend(added);
    DFSchema::new_with_metadata(fields, input.metadata().clone())
}

impl PartialOrd for WindowTable {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.window, &self.time, &self.partition, &self.input)
            .partial_cmp(&(other.window, &other.time, &other.partition, &other.input))
            .filter(|order| *order != Ordering::Equal || self == other)
    }
}

impl UserDefinedLogicalNodeCore for WindowTable {
    fn name(&self) -> &str {
        "WindowTable"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        std::iter::once(&self.time).chain(&self.partition).cloned().collect()
    }

    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        let fields = self.schema.fields().iter().map(|field| field.name().clone());
        match self.window {
            // A row that is left out could have joined two sessions.
            Window::Session { .. } => fields.collect(),
            _ => fields.filter(|name| WINDOW_COLUMNS.contains(&name.as_str())).collect(),
        }
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WindowTable: window={}, time={}", self.window, self.time)
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let mut inputs = inputs.into_iter();
        let mut exprs = exprs.into_iter();
        let (Some(input), None, Some(time)) = (inputs.next(), inputs.next(), exprs.next()) else {
            return plan_err!("a window function has one input and a time");
        };
        Self::new(Arc::new(input), self.window, time, exprs.collect(), self.place)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        let kept: Vec<usize> = kept(self.input.schema()).collect();
        // What the expressions refer to is added by the caller.
        Some(vec![output_columns.iter().filter_map(|column| kept.get(*column).copied()).collect()])
    }
}

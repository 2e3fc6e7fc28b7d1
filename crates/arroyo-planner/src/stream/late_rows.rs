//! Rows with a mark that says whether they came too late for all of their windows, as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, DFSchema, DFSchemaRef, TableReference, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Expr, Extension, Filter, LogicalPlan, Projection, SubqueryAlias, UserDefinedLogicalNodeCore,
};

use super::plan_node::node_of;
use super::window::{Length, Window};
use super::window_table::Place;

/// The column with the mark.
pub(crate) const LATE: &str = "_late";

/// The name of marked rows, by which both readers of them are found to read the same.
const MARKED: &str = "late_rows";

/// Each row of the input with a mark: rows are judged once, before they go to the windows or to the table of late rows.
///
/// Its columns have their qualified names as names, because those of a join may not be unique without.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LateRows {
    /// The rows.
    pub(crate) input: Arc<LogicalPlan>,
    /// Their windows.
    pub(crate) window: Window,
    /// Windows are over so long after their end, in nanoseconds.
    pub(crate) lateness_nanos: i64,
    /// The columns, and the mark.
    pub(crate) schema: DFSchemaRef,
    /// The clause that asks for it.
    pub(crate) place: Place,
}

impl LateRows {
    fn new(input: Arc<LogicalPlan>, window: Window, lateness_nanos: i64, place: Place) -> Result<Self> {
        let columns = input.schema().iter();
        let mut fields: Vec<_> = columns
            .map(|(qualifier, field)| (None, Arc::new(field.as_ref().clone().with_name(name_of(qualifier, field)))))
            .collect();
        fields.push((None, Arc::new(Field::new(LATE, DataType::Boolean, false))));
        let schema = Arc::new(DFSchema::new_with_metadata(fields, input.schema().metadata().clone())?);
        Ok(Self { input, window, lateness_nanos, schema, place })
    }

    /// The marked rows that a plan node is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }
}

fn name_of(qualifier: Option<&TableReference>, field: &Field) -> String {
    match qualifier {
        Some(qualifier) => format!("{qualifier}.{}", field.name()),
        None => field.name().clone(),
    }
}

/// The rows of `input` that are too late, with its columns.
pub(crate) fn late_rows(input: &Arc<LogicalPlan>, window: Window, lateness: i64, place: Place) -> Result<LogicalPlan> {
    marked(input, window, lateness, place, true)
}

/// The rows of `input` that are not too late, with its columns.
pub(crate) fn rows_in_time(
    input: &Arc<LogicalPlan>,
    window: Window,
    lateness: i64,
    place: Place,
) -> Result<LogicalPlan> {
    marked(input, window, lateness, place, false)
}

fn marked(input: &Arc<LogicalPlan>, window: Window, lateness: i64, place: Place, is_late: bool) -> Result<LogicalPlan> {
    let node = LateRows::new(Arc::clone(input), window, lateness, place)?;
    let rows = Arc::new(LogicalPlan::Extension(Extension { node: Arc::new(node) }));
    let rows = LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(rows, MARKED)?);
    let of_rows = |name: String| Expr::Column(Column::new(Some(MARKED), name));
    let mark = of_rows(LATE.to_owned());
    let chosen = Filter::try_new(if is_late { mark } else { Expr::Not(Box::new(mark)) }, Arc::new(rows))?;
    let columns = input
        .schema()
        .iter()
        .map(|(qualifier, field)| of_rows(name_of(qualifier, field)).alias_qualified(qualifier.cloned(), field.name()));
    let chosen = Arc::new(LogicalPlan::Filter(chosen));
    Ok(LogicalPlan::Projection(Projection::try_new(columns.collect(), chosen)?))
}

impl PartialOrd for LateRows {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.window, self.lateness_nanos, &self.input)
            .partial_cmp(&(other.window, other.lateness_nanos, &other.input))
            .filter(|order| *order != Ordering::Equal || self == other)
    }
}

impl UserDefinedLogicalNodeCore for LateRows {
    fn name(&self) -> &str {
        "LateRows"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LateRows: window={}", self.window)?;
        if self.lateness_nanos > 0 {
            write!(f, ", lateness={}", Length(self.lateness_nanos))?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let mut inputs = inputs.into_iter();
        let (Some(input), None, true) = (inputs.next(), inputs.next(), exprs.is_empty()) else {
            return plan_err!("late rows have one input and no expressions");
        };
        Self::new(Arc::new(input), self.window, self.lateness_nanos, self.place)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        let columns = self.input.schema().fields().len();
        Some(vec![output_columns.iter().copied().filter(|column| *column < columns).collect()])
    }
}

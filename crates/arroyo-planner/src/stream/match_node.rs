//! `MATCH_RECOGNIZE` as a node of DataFusion's logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::common::{DFSchema, DFSchemaRef, TableReference, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, SortExpr, UserDefinedLogicalNodeCore};

use super::plan_node::node_of;
use super::window_table::Place;
use crate::pattern::Automaton;

/// The matches of a pattern in the rows of each partition.
///
/// Conditions and measures are expressions over *terms*: what they ask of the rows of a match (`LAST(a.price)`, `count(b.*)`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MatchRecognize {
    pub(crate) input: Arc<LogicalPlan>,
    pub(crate) partition: Vec<Expr>,
    pub(crate) order: Vec<SortExpr>,
    /// Expressions over rows, which terms refer to.
    pub(crate) row_exprs: Vec<Expr>,
    /// Calls of aggregate functions over rows, which terms refer to.
    pub(crate) aggregates: Vec<Expr>,
    pub(crate) call: Arc<MatchCall>,
    /// One row per match: PARTITION BY and measures. All rows: the input's columns, with the measures among them.
    pub(crate) schema: DFSchemaRef,
    pub(crate) place: Place,
}

/// What is matched and measured, apart from the input's columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MatchCall {
    /// The pattern as text.
    pub(crate) pattern: String,
    pub(crate) automaton: Automaton,
    pub(crate) variables: Vec<MatchVariable>,
    pub(crate) terms: Vec<Term>,
    /// The types of the terms, and whether they can be NULL.
    pub(crate) term_types: Vec<(DataType, bool)>,
    /// Expressions over terms, and their columns in the result.
    pub(crate) measures: Vec<(Expr, Arc<Field>)>,
    pub(crate) rows: RowsPerMatch,
    pub(crate) skip: Skip,
    /// The last row of a match comes less than so many nanoseconds after the first.
    pub(crate) within: Option<i64>,
}

/// A variable of the pattern; without conditions, every row may be its.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MatchVariable {
    pub(crate) name: String,
    /// What the current row and its neighbours decide.
    pub(crate) of_row: Option<Expr>,
    /// What the rows of the match so far decide.
    pub(crate) of_match: Option<Expr>,
}

/// What is asked of the rows of a match. Variables are ascending numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// A value of one row.
    Row {
        value: TermValue,
        /// Whose rows.
        variables: Vec<usize>,
        /// Counted from the first row; else from the last.
        first: bool,
        /// So many of these rows are passed over.
        skip: u64,
        /// So many rows behind that row, or before it.
        shift: i64,
        /// Of the whole match, also while it is not at its end.
        is_final: bool,
    },
    /// The result of an aggregate, given by its number.
    Aggregate { call: usize, variables: Vec<usize>, is_final: bool },
    /// The number of the match in its partition.
    MatchNumber,
    /// The event time of the match's row in the result.
    MatchTime,
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TermValue {
    /// An expression, given by its number.
    Expr(usize),
    /// The name of the variable.
    Classifier,
}

/// What comes of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RowsPerMatch {
    One,
    All {
        /// Whether matches without rows are left out.
        omit_empty: bool,
    },
}

/// Where the search goes on behind a match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Skip {
    PastLastRow,
    ToNextRow,
    ToFirst(Vec<usize>),
    ToLast(Vec<usize>),
}

/// What the names of terms' columns begin with.
const TERM: &str = "_term_";

/// The name of a term's column.
pub(crate) fn term_name(term: usize) -> String {
    format!("{TERM}{term}")
}

/// The number of the term with this column.
pub(crate) fn term_number(column: &str) -> Option<usize> {
    column.strip_prefix(TERM)?.parse().ok()
}

/// The schema of terms of these types.
pub(crate) fn term_schema(types: &[(DataType, bool)]) -> SchemaRef {
    let field = |(term, (data_type, nullable)): (usize, &(DataType, bool))| {
        Field::new(term_name(term), data_type.clone(), *nullable)
    };
    Arc::new(Schema::new(types.iter().enumerate().map(field).collect::<Vec<_>>()))
}

/// The type of event times.
pub(crate) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Nanosecond, None)
}

impl MatchCall {
    /// The term that a column over terms is.
    pub(crate) fn term(&self, column: &str) -> Option<&Term> {
        self.terms.get(term_number(column)?)
    }

    /// Whether a measure is the event time of its row.
    pub(crate) fn is_event_time(&self, measure: &Expr) -> bool {
        matches!(measure, Expr::Column(column) if self.term(&column.name) == Some(&Term::MatchTime))
    }
}

impl MatchRecognize {
    /// The matches in `input`.
    pub(crate) fn new(
        input: LogicalPlan,
        partition: Vec<Expr>,
        order: Vec<SortExpr>,
        row_exprs: Vec<Expr>,
        aggregates: Vec<Expr>,
        call: Arc<MatchCall>,
        place: Place,
    ) -> Result<Self> {
        let (before, after) = columns(input.schema(), &partition, &order, call.rows);
        let of_input = |position: &usize| {
            let (_, field) = input.schema().qualified_field(*position);
            (None::<TableReference>, Arc::clone(field))
        };
        let measures = call.measures.iter().map(|(_, field)| (None, Arc::clone(field)));
        let fields = before.iter().map(of_input).chain(measures).chain(after.iter().map(of_input)).collect();
        let schema = Arc::new(DFSchema::new_with_metadata(fields, input.schema().metadata().clone())?);
        Ok(Self { input: Arc::new(input), partition, order, row_exprs, aggregates, call, schema, place })
    }

    /// The node that a plan is.
    pub(crate) fn of(plan: &LogicalPlan) -> Option<&Self> {
        node_of(plan)
    }

    /// Whether the column at `index` is the event time of the result.
    pub(crate) fn is_event_time(&self, index: usize) -> bool {
        let measure = index.checked_sub(self.columns().0.len()).and_then(|place| self.call.measures.get(place));
        measure.is_some_and(|(expr, _)| self.call.is_event_time(expr))
    }

    /// The positions of the input's columns before and behind the measures.
    pub(crate) fn columns(&self) -> (Vec<usize>, Vec<usize>) {
        columns(self.input.schema(), &self.partition, &self.order, self.call.rows)
    }
}

fn columns(input: &DFSchema, partition: &[Expr], order: &[SortExpr], rows: RowsPerMatch) -> (Vec<usize>, Vec<usize>) {
    let position = |expr: &Expr| match expr {
        Expr::Column(column) => input.maybe_index_of_column(column),
        _ => None,
    };
    let mut before: Vec<usize> = partition.iter().filter_map(position).collect();
    if rows == RowsPerMatch::One {
        return (before, Vec::new());
    }
    for place in order.iter().filter_map(|key| position(&key.expr)) {
        if !before.contains(&place) {
            before.push(place);
        }
    }
    let after = (0..input.fields().len()).filter(|place| !before.contains(place)).collect();
    (before, after)
}

impl PartialOrd for MatchRecognize {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (&self.call.pattern, &self.partition, &self.row_exprs, &self.input)
            .partial_cmp(&(&other.call.pattern, &other.partition, &other.row_exprs, &other.input))
            .filter(|order| *order != Ordering::Equal || self == other)
    }
}

impl UserDefinedLogicalNodeCore for MatchRecognize {
    fn name(&self) -> &str {
        "MatchRecognize"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        let order = self.order.iter().map(|key| &key.expr);
        self.partition.iter().chain(order).chain(&self.row_exprs).chain(&self.aggregates).cloned().collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MatchRecognize: pattern=[{}]", self.call.pattern)
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let Ok([input]) = <[LogicalPlan; 1]>::try_from(inputs) else {
            return plan_err!("MATCH_RECOGNIZE has one input");
        };
        let mut exprs = exprs.into_iter();
        let mut take = |count: usize| exprs.by_ref().take(count).collect::<Vec<Expr>>();
        let partition = take(self.partition.len());
        let keys = take(self.order.len());
        let order = keys.into_iter().zip(&self.order).map(|(expr, key)| SortExpr { expr, ..key.clone() }).collect();
        let (row_exprs, aggregates) = (take(self.row_exprs.len()), take(self.aggregates.len()));
        if aggregates.len() != self.aggregates.len() {
            return plan_err!("MATCH_RECOGNIZE keeps its number of expressions");
        }
        Self::new(input, partition, order, row_exprs, aggregates, Arc::clone(&self.call), self.place)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        // What the expressions refer to is added by the caller.
        let (before, after) = self.columns();
        let measures = self.call.measures.len();
        let of_input = |column: &usize| match column.checked_sub(before.len() + measures) {
            Some(place) => after.get(place).copied(),
            None => before.get(*column).copied(),
        };
        Some(vec![output_columns.iter().filter_map(of_input).collect()])
    }
}

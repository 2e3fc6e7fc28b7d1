//! What an operator of matches computes.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_dataflow::operators::match_recognize as part;
use arroyo_expr::{Compiled, CompiledAggregate, Predicate, decode};
use arroyo_operator::OperatorError;
use datafusion::logical_expr::Expr;

use super::memory::MemoryPlan;
use crate::operators::error::{config_schema, expression_failed};
use crate::operators::over::order::{Leading, RowOrder};

/// See [`config::MatchRecognize`].
pub(in crate::operators) struct MatchSpec {
    pub(super) input: SchemaRef,
    pub(super) schema: SchemaRef,
    pub(super) positions: Vec<Position>,
    pub(super) start: Vec<usize>,
    pub(super) matches_nothing: bool,
    pub(super) min_rows: u64,
    pub(super) variables: Vec<Variable>,
    pub(super) terms: Vec<Term>,
    pub(super) row_exprs: Vec<RowExpr>,
    pub(super) aggregates: Vec<CompiledAggregate>,
    pub(super) measures: Vec<Compiled>,
    /// The terms that measures ask for, and the schema of their columns.
    pub(super) measured: Vec<usize>,
    pub(super) measured_schema: SchemaRef,
    pub(super) before: Vec<usize>,
    pub(super) after: Vec<usize>,
    pub(super) order: RowOrder,
    pub(super) all_rows: bool,
    pub(super) omit_empty: bool,
    pub(super) skip: Skip,
    pub(super) within: Option<i64>,
    /// What an attempt must remember of the rows that it has taken.
    pub(super) memory: MemoryPlan,
    /// So many rows before the first one of an attempt are asked for.
    pub(super) behind: u64,
    /// So many rows behind a row are needed to decide on it.
    pub(super) ahead: u64,
    /// So many rows behind a match are needed for its measures.
    pub(super) measured_ahead: u64,
    /// Whether measures ask for the number of the match.
    pub(super) numbers_matches: bool,
}

/// An occurrence of a variable in the pattern.
pub(super) struct Position {
    pub(super) variable: usize,
    pub(super) next: Vec<usize>,
    pub(super) accepts: bool,
}

/// A variable and its conditions.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) of_row: Option<Condition>,
    pub(super) of_match: Option<Condition>,
}

/// A condition over terms.
pub(super) struct Condition {
    pub(super) predicate: Predicate,
    pub(super) terms: Vec<usize>,
    pub(super) schema: SchemaRef,
}

/// Some of the variables, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VariableSet(Vec<bool>);

impl VariableSet {
    pub(super) fn contains(&self, variable: usize) -> bool {
        self.0.get(variable).copied().unwrap_or(false)
    }
}

/// What is asked of the rows of a match.
pub(super) enum Term {
    Row(RowTerm),
    Aggregate { call: usize, variables: VariableSet, is_final: bool },
    MatchNumber,
    MatchTime,
}

/// A value of one row.
pub(super) struct RowTerm {
    /// An expression, given by its number; none: the variable's name.
    pub(super) expr: Option<usize>,
    pub(super) variables: VariableSet,
    pub(super) first: bool,
    pub(super) skip: usize,
    pub(super) shift: i64,
    pub(super) is_final: bool,
}

impl RowTerm {
    /// Whether it is about the row that `variable` is to take, or its neighbours.
    pub(super) fn is_of_row(&self, variable: usize) -> bool {
        !self.first && self.skip == 0 && self.variables.contains(variable)
    }
}

/// An expression over rows.
pub(super) enum RowExpr {
    Column(usize),
    Computed(Compiled),
}

/// Where the search goes on behind a match.
pub(super) enum Skip {
    PastLastRow,
    ToNextRow,
    ToFirst(VariableSet),
    ToLast(VariableSet),
}

impl MatchSpec {
    pub(super) fn new(config: &config::MatchRecognize, input: &SchemaRef) -> Result<Self, OperatorError> {
        let term_schema = config_schema(&config.term_schema)?;
        let count = config.variables.len();
        let terms = config.terms.iter().map(|term| Term::new(term, config)).collect::<Result<Vec<_>, _>>()?;
        let variables = config
            .variables
            .iter()
            .map(|variable| Variable::new(variable, &term_schema))
            .collect::<Result<Vec<_>, _>>()?;
        let partition = places(&config.partition, input.fields().len())?;
        let measures = config.measures.iter().map(|bytes| decode(bytes)).collect::<Result<Vec<_>, _>>();
        let measures = measures.map_err(expression_failed)?;
        let (measured, measured_schema) = asked(measures.iter(), &term_schema)?;
        let measures = measures.iter().map(|expr| Compiled::new(expr, &measured_schema)).collect::<Result<_, _>>();
        let mut spec = Self {
            input: SchemaRef::clone(input),
            schema: config_schema(&config.schema)?,
            positions: positions(config)?,
            start: places(&config.start, config.positions.len())?,
            matches_nothing: config.matches_nothing,
            min_rows: u64::from(config.min_rows),
            memory: MemoryPlan::default(),
            variables,
            terms,
            row_exprs: config.row_exprs.iter().map(|bytes| RowExpr::new(bytes, input)).collect::<Result<_, _>>()?,
            aggregates: config.aggregates.iter().map(|bytes| aggregate(bytes, input)).collect::<Result<_, _>>()?,
            measures: measures.map_err(expression_failed)?,
            measured,
            measured_schema,
            before: places(&config.before, input.fields().len())?,
            after: places(&config.after, input.fields().len())?,
            order: RowOrder::new(input, partition, &config.order, Leading::Partition)?,
            all_rows: config.all_rows,
            omit_empty: config.omit_empty,
            skip: Skip::new(config, count)?,
            within: config.within_nanos,
            behind: 0,
            ahead: 0,
            measured_ahead: 0,
            numbers_matches: false,
        };
        spec.memory = MemoryPlan::new(&spec.variables, &spec.terms);
        spec.look_around();
        Ok(spec)
    }

    /// Finds out how far terms look.
    fn look_around(&mut self) {
        let shift = |term: &Term| match term {
            Term::Row(row) => row.shift,
            _ => 0,
        };
        let behind = self.terms.iter().map(|term| shift(term).min(0).unsigned_abs()).max();
        let ahead = |terms: &mut dyn Iterator<Item = &usize>| {
            let shifts = terms.filter_map(|term| self.terms.get(*term)).map(shift);
            shifts.map(|shift| u64::try_from(shift).unwrap_or(0)).max().unwrap_or(0)
        };
        let conditions = self.variables.iter().flat_map(|variable| [&variable.of_row, &variable.of_match]).flatten();
        let (ahead, measured) =
            (ahead(&mut conditions.flat_map(|condition| &condition.terms)), ahead(&mut self.measured.iter()));
        let mut measures = self.measured.iter().filter_map(|term| self.terms.get(*term));
        self.numbers_matches = measures.any(|term| matches!(term, Term::MatchNumber));
        self.behind = behind.unwrap_or(0);
        self.ahead = ahead;
        self.measured_ahead = measured;
    }
}

impl Variable {
    fn new(config: &part::Variable, term_schema: &SchemaRef) -> Result<Self, OperatorError> {
        Ok(Self {
            name: config.name.clone(),
            of_row: Condition::new(&config.of_row, term_schema)?,
            of_match: Condition::new(&config.of_match, term_schema)?,
        })
    }
}

impl Condition {
    fn new(bytes: &[u8], term_schema: &SchemaRef) -> Result<Option<Self>, OperatorError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let expr = decode(bytes).map_err(expression_failed)?;
        let (terms, schema) = asked(std::iter::once(&expr), term_schema)?;
        let predicate = Predicate::new(&expr, &schema).map_err(expression_failed)?;
        Ok(Some(Self { predicate, terms, schema }))
    }
}

impl Term {
    fn new(config: &part::Term, all: &config::MatchRecognize) -> Result<Self, OperatorError> {
        let count = all.variables.len();
        Ok(match config.kind.as_ref().ok_or_else(|| damaged("a term"))? {
            part::term::Kind::Row(row) => Self::Row(RowTerm {
                expr: row.expr.map(|expr| place(expr, all.row_exprs.len())).transpose()?,
                variables: variable_set(&row.variables, count)?,
                first: row.first,
                skip: usize::try_from(row.skip).map_err(|_| damaged("a term"))?,
                shift: row.shift,
                is_final: row.r#final,
            }),
            part::term::Kind::Aggregate(aggregate) => Self::Aggregate {
                call: place(aggregate.call, all.aggregates.len())?,
                variables: variable_set(&aggregate.variables, count)?,
                is_final: aggregate.r#final,
            },
            part::term::Kind::MatchNumber(_) => Self::MatchNumber,
            part::term::Kind::MatchTime(_) => Self::MatchTime,
        })
    }
}

impl RowExpr {
    fn new(bytes: &[u8], input: &SchemaRef) -> Result<Self, OperatorError> {
        let expr = decode(bytes).map_err(expression_failed)?;
        if let Expr::Column(column) = &expr
            && let Ok(place) = input.index_of(&column.name)
        {
            return Ok(Self::Column(place));
        }
        Compiled::new(&expr, input).map(Self::Computed).map_err(expression_failed)
    }
}

impl Skip {
    fn new(config: &config::MatchRecognize, count: usize) -> Result<Self, OperatorError> {
        let variables = || variable_set(&config.skip_variables, count);
        Ok(match config.skip() {
            part::Skip::PastLastRow => Self::PastLastRow,
            part::Skip::ToNextRow => Self::ToNextRow,
            part::Skip::ToFirst => Self::ToFirst(variables()?),
            part::Skip::ToLast => Self::ToLast(variables()?),
        })
    }
}

fn aggregate(bytes: &[u8], input: &SchemaRef) -> Result<CompiledAggregate, OperatorError> {
    decode(bytes).and_then(|expr| CompiledAggregate::new(&expr, input)).map_err(expression_failed)
}

fn positions(config: &config::MatchRecognize) -> Result<Vec<Position>, OperatorError> {
    let position = |position: &part::Position| {
        Ok(Position {
            variable: place(position.variable, config.variables.len())?,
            next: places(&position.next, config.positions.len())?,
            accepts: position.accepts,
        })
    };
    config.positions.iter().map(position).collect()
}

/// The terms that expressions ask for, ascending, and the schema of their columns.
fn asked<'a>(
    exprs: impl Iterator<Item = &'a Expr>,
    term_schema: &SchemaRef,
) -> Result<(Vec<usize>, SchemaRef), OperatorError> {
    let mut terms = Vec::new();
    for column in exprs.flat_map(|expr| expr.column_refs()) {
        terms.push(term_schema.index_of(&column.name).map_err(|_| damaged("an expression over terms"))?);
    }
    terms.sort_unstable();
    terms.dedup();
    let schema: Schema = term_schema.project(&terms)?;
    Ok((terms, Arc::new(schema)))
}

fn variable_set(variables: &[u32], count: usize) -> Result<VariableSet, OperatorError> {
    let variables = places(variables, count)?;
    Ok(VariableSet((0..count).map(|variable| variables.contains(&variable)).collect()))
}

fn places(indices: &[u32], count: usize) -> Result<Vec<usize>, OperatorError> {
    indices.iter().map(|index| place(*index, count)).collect()
}

fn place(index: u32, count: usize) -> Result<usize, OperatorError> {
    usize::try_from(index).ok().filter(|index| *index < count).ok_or_else(|| damaged("a number"))
}

fn damaged(what: &str) -> OperatorError {
    OperatorError::bug(format!("{what} of a pattern's configuration is damaged"))
}

//! `MATCH_RECOGNIZE` in FROM.

mod expressions;
mod terms;
mod variables;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::DataFusionError;
use datafusion::error::Result;
use datafusion::logical_expr::planner::{PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, SortExpr};
use datafusion::sql::sqlparser::ast::{
    AfterMatchSkip, EmptyMatchesMode, Expr as SqlExpr, FunctionArg, FunctionArgExpr, Measure, OrderByExpr,
    RowsPerMatch as SqlRows, Spanned, SymbolDefinition, TableFactor,
};

use self::expressions::Planner;
use self::terms::{Clause, Reader, Terms};
use self::variables::{ReadPattern, Variables};
use crate::catalog::Raised;
use crate::statement::{DERIVED, MARK, WITHIN, interval_of, interval_text, sql_span};
use crate::stream::match_node::{
    MatchCall, MatchRecognize, MatchVariable, RowsPerMatch, Skip, Term, TermValue, term_number, term_schema, time_type,
};
use crate::stream::window_table::Place;
use crate::{Diagnostic, codes};

/// Plans them.
#[derive(Debug)]
pub(crate) struct MatchRecognizes;

impl RelationPlanner for MatchRecognizes {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let TableFactor::MatchRecognize {
            table,
            partition_by,
            order_by,
            measures,
            rows_per_match,
            after_match_skip,
            pattern,
            symbols,
            alias,
        } = relation
        else {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        };
        let place = sql_span(table.span());
        let input = context.plan(without_function(*table))?;
        let (variables, pattern) = raised(Variables::read(&pattern, &symbols))?;
        let clauses = Clauses { variables, pattern, partition_by, order_by, measures, symbols };
        let rows = raised(rows_of(rows_per_match.as_ref()).map_err(|fault| fault.at(place)))?;
        let skip = raised(clauses.skip(after_match_skip.as_ref()))?;
        let node = clauses.plan(input, rows, skip, Place(place), context)?;
        let plan = LogicalPlan::Extension(Extension { node: Arc::new(node) });
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))))
    }
}

fn raised<T>(result: std::result::Result<T, Diagnostic>) -> Result<T> {
    result.map_err(|fault| DataFusionError::External(Box::new(Raised(fault))))
}

fn fault(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(&codes::PATTERN, message)
}

/// The query that the parser has as a function's argument.
fn without_function(table: TableFactor) -> TableFactor {
    match table {
        TableFactor::Table { name, args: Some(args), alias, .. }
            if name.0.first().and_then(|part| part.as_ident()).is_some_and(|ident| ident.value == DERIVED) =>
        {
            match args.args.into_iter().next() {
                Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::Subquery(subquery)))) => {
                    TableFactor::Derived { lateral: false, subquery, alias, sample: None }
                }
                _ => TableFactor::Table {
                    name,
                    args: None,
                    alias,
                    with_hints: Vec::new(),
                    version: None,
                    with_ordinality: false,
                    partitions: Vec::new(),
                    json_path: None,
                    sample: None,
                    index_hints: Vec::new(),
                },
            }
        }
        other => other,
    }
}

fn rows_of(rows: Option<&SqlRows>) -> std::result::Result<RowsPerMatch, Diagnostic> {
    match rows {
        None | Some(SqlRows::OneRow) => Ok(RowsPerMatch::One),
        Some(SqlRows::AllRows(None | Some(EmptyMatchesMode::Show))) => Ok(RowsPerMatch::All { omit_empty: false }),
        Some(SqlRows::AllRows(Some(EmptyMatchesMode::Omit))) => Ok(RowsPerMatch::All { omit_empty: true }),
        Some(SqlRows::AllRows(Some(EmptyMatchesMode::WithUnmatched))) => {
            Err(fault("ALL ROWS PER MATCH WITH UNMATCHED ROWS is not supported")
                .help("leave WITH UNMATCHED ROWS out, and join the rows with the matches if you need them"))
        }
    }
}

/// The clauses of one `MATCH_RECOGNIZE`.
struct Clauses {
    variables: Variables,
    pattern: ReadPattern,
    partition_by: Vec<SqlExpr>,
    order_by: Vec<OrderByExpr>,
    measures: Vec<Measure>,
    symbols: Vec<SymbolDefinition>,
}

/// Expressions over terms.
struct OverTerms {
    /// With their variables.
    conditions: Vec<(usize, SqlExpr)>,
    measures: Vec<SqlExpr>,
}

impl Clauses {
    fn skip(&self, skip: Option<&AfterMatchSkip>) -> std::result::Result<Skip, Diagnostic> {
        Ok(match skip {
            None | Some(AfterMatchSkip::PastLastRow) => Skip::PastLastRow,
            Some(AfterMatchSkip::ToNextRow) => Skip::ToNextRow,
            Some(AfterMatchSkip::ToFirst(name)) => {
                let variables = self.variables.set(name)?;
                let starts = |position: &u32| {
                    let position = self.pattern.automaton.positions.get(*position as usize);
                    position.is_some_and(|position| variables.contains(&(position.variable as usize)))
                };
                if self.pattern.automaton.start.iter().all(starts) && !self.pattern.automaton.start.is_empty() {
                    let message = format!("every match begins with `{}`, so the search would never go on", name.value);
                    return Err(fault(message)
                        .at(sql_span(name.span))
                        .help("use AFTER MATCH SKIP TO NEXT ROW, or skip to a later variable"));
                }
                Skip::ToFirst(variables)
            }
            Some(AfterMatchSkip::ToLast(name)) => Skip::ToLast(self.variables.set(name)?),
        })
    }

    fn plan(
        self,
        input: LogicalPlan,
        rows: RowsPerMatch,
        skip: Skip,
        place: Place,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<MatchRecognize> {
        let partition = self.partition(&input, context)?;
        let order = self.order(&input, place, context)?;
        let within = raised(self.within())?;
        let mut terms = Terms::default();
        let OverTerms { conditions, measures } = raised(self.read(&input, context, &mut terms))?;
        let planner = Planner { schema: Arc::clone(input.schema()) };
        let row_exprs = planner.all(terms.row_exprs, context)?;
        let aggregates = planner.all(terms.aggregates, context)?;
        let types = term_types(&terms.terms, &row_exprs, &aggregates, &planner)?;
        let over_terms = Planner::over_terms(&term_schema(&types))?;
        let mut variables: Vec<MatchVariable> = Vec::new();
        for (number, name) in self.variables.names.iter().enumerate() {
            let condition = conditions.iter().find(|(variable, _)| *variable == number);
            let condition = match condition {
                Some((_, condition)) => Some(over_terms.condition(name, condition.clone(), context)?),
                None => None,
            };
            variables.push(variable(number, name, condition, &terms.terms));
        }
        let mut measured = Vec::with_capacity(measures.len());
        for (measure, expr) in self.measures.iter().zip(measures) {
            let expr = over_terms.one(expr, context)?;
            let (data_type, nullable) = over_terms.type_of(&expr)?;
            let name = context.normalize_ident(measure.alias.clone());
            measured.push((expr, Arc::new(Field::new(name, data_type, nullable))));
        }
        let call = MatchCall {
            pattern: self.pattern.text,
            automaton: self.pattern.automaton,
            variables,
            terms: terms.terms,
            term_types: types,
            measures: measured,
            rows,
            skip,
            within,
        };
        let place = Place(place.0.or(self.pattern.span));
        MatchRecognize::new(input, partition, order, row_exprs, aggregates, Arc::new(call), place)
    }

    fn partition(&self, input: &LogicalPlan, context: &mut dyn RelationPlannerContext) -> Result<Vec<Expr>> {
        let mut partition = Vec::with_capacity(self.partition_by.len());
        for column in &self.partition_by {
            match context.sql_to_expr(column.clone(), input.schema())? {
                planned @ Expr::Column(_) if !partition.contains(&planned) => partition.push(planned),
                Expr::Column(_) => {}
                _ => {
                    return raised(Err(fault("PARTITION BY of MATCH_RECOGNIZE takes columns only")
                        .at(sql_span(column.span()))
                        .help("compute the value in a subquery, and match in that: FROM (SELECT …) MATCH_RECOGNIZE")));
                }
            }
        }
        Ok(partition)
    }

    fn order(
        &self,
        input: &LogicalPlan,
        place: Place,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<Vec<SortExpr>> {
        if self.order_by.is_empty() {
            return raised(Err(fault("MATCH_RECOGNIZE needs ORDER BY")
                .at(place.0)
                .help("order by the event time: ORDER BY at, the column of WATERMARK FOR")));
        }
        let mut order = Vec::with_capacity(self.order_by.len());
        for key in &self.order_by {
            let expr = context.sql_to_expr(key.expr.clone(), input.schema())?;
            let asc = key.options.asc.unwrap_or(true);
            order.push(SortExpr { expr, asc, nulls_first: key.options.nulls_first.unwrap_or(!asc) });
        }
        Ok(order)
    }

    fn within(&self) -> std::result::Result<Option<i64>, Diagnostic> {
        let Some(within) = self.symbols.iter().find(|symbol| symbol.symbol.value == WITHIN) else { return Ok(None) };
        let span = sql_span(within.definition.span()).or(sql_span(within.symbol.span));
        let wrong = |reason: String| fault(reason).at(span).help("write WITHIN INTERVAL '10' MINUTE");
        let text = interval_text(&within.definition)
            .ok_or_else(|| wrong("WITHIN needs an interval that is written out".to_owned()))?;
        match interval_of(&text) {
            Ok(interval) if interval.nanos > 0 => Ok(Some(interval.nanos)),
            Ok(_) => Err(wrong("WITHIN needs an interval longer than zero".to_owned())),
            Err(reason) => Err(wrong(reason)),
        }
    }

    /// Conditions with their variables, and measures, over terms.
    fn read(
        &self,
        input: &LogicalPlan,
        context: &dyn RelationPlannerContext,
        terms: &mut Terms,
    ) -> std::result::Result<OverTerms, Diagnostic> {
        let is_column = |ident: &datafusion::sql::sqlparser::ast::Ident| {
            let name = context.normalize_ident(ident.clone());
            input.schema().fields().iter().any(|field| field.name() == &name)
        };
        let is_aggregate = |name: &str| context.context_provider().get_aggregate_meta(name).is_some();
        let mut reader = Reader {
            variables: &self.variables,
            is_column: &is_column,
            is_aggregate: &is_aggregate,
            clause: Clause::Define,
            terms,
        };
        let mut conditions: Vec<(usize, SqlExpr)> = Vec::new();
        for symbol in self.symbols.iter().filter(|symbol| !symbol.symbol.value.starts_with(MARK)) {
            let variable = self.variables.variable(&symbol.symbol)?;
            if conditions.iter().any(|(known, _)| *known == variable) {
                return Err(fault(format!("`{}` is defined twice", symbol.symbol.value))
                    .at(sql_span(symbol.symbol.span))
                    .help("connect the conditions by AND or OR"));
            }
            conditions.push((variable, reader.read(&symbol.definition)?));
        }
        reader.clause = Clause::Measures;
        let measures = self.measures.iter().map(|measure| reader.read(&measure.expr));
        Ok(OverTerms { conditions, measures: measures.collect::<std::result::Result<_, _>>()? })
    }
}

/// The type of each term.
fn term_types(
    terms: &[Term],
    row_exprs: &[Expr],
    aggregates: &[Expr],
    planner: &Planner,
) -> Result<Vec<(DataType, bool)>> {
    let of = |exprs: &[Expr], index: usize| match exprs.get(index) {
        Some(expr) => Ok((planner.type_of(expr)?.0, true)),
        None => datafusion::common::internal_err!("a term has no expression"),
    };
    let term = |term: &Term| match term {
        Term::Row { value: TermValue::Expr(index), .. } => of(row_exprs, *index),
        Term::Row { value: TermValue::Classifier, .. } => Ok((DataType::Utf8, true)),
        Term::Aggregate { call, .. } => of(aggregates, *call),
        Term::MatchNumber => Ok((DataType::Int64, false)),
        Term::MatchTime => Ok((time_type(), false)),
    };
    terms.iter().map(term).collect()
}

/// A variable with its condition cut into what the current row decides and what the match so far decides.
fn variable(number: usize, name: &str, condition: Option<Expr>, terms: &[Term]) -> MatchVariable {
    let is_of_row = |expr: &Expr| {
        expr.column_refs().into_iter().all(|column| {
            let term = term_number(&column.name).and_then(|term| terms.get(term));
            matches!(term, Some(Term::Row { value: TermValue::Expr(_), variables, first: false, skip: 0, .. })
                if variables.contains(&number))
        })
    };
    let conditions = condition.map(split_conjunction_owned).unwrap_or_default();
    let (of_row, of_match): (Vec<Expr>, Vec<Expr>) = conditions.into_iter().partition(is_of_row);
    MatchVariable { name: name.to_owned(), of_row: conjunction(of_row), of_match: conjunction(of_match) }
}

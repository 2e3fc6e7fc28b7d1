//! The configuration of matches of patterns.

use arrow::datatypes::Schema;
use arroyo_dataflow::operators::match_recognize as part;
use arroyo_dataflow::{encode_schema, operators as config};
use arroyo_expr::encode as encode_expr;
use datafusion::logical_expr::Expr;

use super::BuildError;
use super::config::{encode_exprs, sort_keys};
use crate::stream::match_node::{MatchVariable, RowsPerMatch, Skip, Term, TermValue, term_schema};
use crate::stream::node::Matches;

/// The message of an operator.
pub(super) fn encode(matches: &Matches, output: &Schema) -> Result<config::MatchRecognize, BuildError> {
    let call = &matches.call;
    let positions = call.automaton.positions.iter().map(|position| part::Position {
        variable: position.variable,
        next: position.next.clone(),
        accepts: position.accepts,
    });
    let (skip, skip_variables) = match &call.skip {
        Skip::PastLastRow => (part::Skip::PastLastRow, Vec::new()),
        Skip::ToNextRow => (part::Skip::ToNextRow, Vec::new()),
        Skip::ToFirst(variables) => (part::Skip::ToFirst, numbers(variables)),
        Skip::ToLast(variables) => (part::Skip::ToLast, numbers(variables)),
    };
    Ok(config::MatchRecognize {
        positions: positions.collect(),
        start: call.automaton.start.clone(),
        matches_nothing: call.automaton.matches_nothing,
        min_rows: call.automaton.min_rows,
        variables: call.variables.iter().map(variable).collect::<Result<_, _>>()?,
        terms: call.terms.iter().map(term).collect(),
        term_schema: encode_schema(&term_schema(&call.term_types))?,
        row_exprs: encode_exprs(&matches.row_exprs)?,
        aggregates: encode_exprs(&matches.aggregates)?,
        measures: call.measures.iter().map(|(expr, _)| Ok(encode_expr(expr)?)).collect::<Result<_, BuildError>>()?,
        partition: numbers(&matches.partition),
        order: sort_keys(&matches.order)?,
        before: numbers(&matches.before),
        after: numbers(&matches.after),
        schema: encode_schema(output)?,
        all_rows: call.rows != RowsPerMatch::One,
        omit_empty: call.rows == RowsPerMatch::All { omit_empty: true },
        skip: skip.into(),
        skip_variables,
        within_nanos: call.within,
    })
}

fn variable(variable: &MatchVariable) -> Result<part::Variable, BuildError> {
    let condition = |expr: &Option<Expr>| match expr {
        Some(expr) => encode_expr(expr),
        None => Ok(Vec::new()),
    };
    Ok(part::Variable {
        name: variable.name.clone(),
        of_row: condition(&variable.of_row)?,
        of_match: condition(&variable.of_match)?,
    })
}

fn term(term: &Term) -> part::Term {
    let kind = match term {
        Term::Row { value, variables, first, skip, shift, is_final } => part::term::Kind::Row(part::RowTerm {
            expr: match value {
                TermValue::Expr(index) => u32::try_from(*index).ok(),
                TermValue::Classifier => None,
            },
            variables: numbers(variables),
            first: *first,
            skip: *skip,
            shift: *shift,
            r#final: *is_final,
        }),
        Term::Aggregate { call, variables, is_final } => part::term::Kind::Aggregate(part::AggregateTerm {
            call: u32::try_from(*call).unwrap_or(u32::MAX),
            variables: numbers(variables),
            r#final: *is_final,
        }),
        Term::MatchNumber => part::term::Kind::MatchNumber(part::Nothing {}),
        Term::MatchTime => part::term::Kind::MatchTime(part::Nothing {}),
    };
    part::Term { kind: Some(kind) }
}

fn numbers(places: &[usize]) -> Vec<u32> {
    places.iter().filter_map(|place| u32::try_from(*place).ok()).collect()
}

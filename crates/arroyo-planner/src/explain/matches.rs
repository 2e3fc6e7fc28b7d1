//! Matches of patterns, for people.

use std::fmt::Write;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::Expr;

use super::describe;
use crate::stream::match_node::{RowsPerMatch, Skip, Term, TermValue};
use crate::stream::node::Matches;
use crate::stream::window::Length;

/// The pattern and its conditions, and what is measured.
pub(crate) fn describe_matches(matches: &Matches) -> String {
    let call = &matches.call;
    let mut text = format!("({})", call.pattern);
    if let Some(nanos) = call.within {
        let _ = write!(text, " within {}", Length(nanos));
    }
    for variable in &call.variables {
        let conditions: Vec<String> = [&variable.of_row, &variable.of_match]
            .into_iter()
            .flatten()
            .map(|expr| over_terms(expr, matches))
            .collect();
        if !conditions.is_empty() {
            let _ = write!(text, ", {} is {}", variable.name, conditions.join(" AND "));
        }
    }
    let measures: Vec<String> = call.measures.iter().map(|(expr, _)| over_terms(expr, matches)).collect();
    if !measures.is_empty() {
        let _ = write!(text, ": {}", measures.join(", "));
    }
    if let RowsPerMatch::All { .. } = call.rows {
        text.push_str(", all rows");
    }
    let skipped = |variables: &[usize]| names(matches, variables);
    match &call.skip {
        Skip::PastLastRow => {}
        Skip::ToNextRow => text.push_str(", skip to next row"),
        Skip::ToFirst(variables) => {
            let _ = write!(text, ", skip to first {}", skipped(variables));
        }
        Skip::ToLast(variables) => {
            let _ = write!(text, ", skip to last {}", skipped(variables));
        }
    }
    text
}

fn over_terms(expr: &Expr, matches: &Matches) -> String {
    let replaced = expr.clone().transform_up(|expr| {
        let Expr::Column(column) = &expr else { return Ok(Transformed::no(expr)) };
        Ok(match matches.call.term(&column.name) {
            Some(term) => Transformed::yes(Expr::Column(Column::new_unqualified(describe_term(term, matches)))),
            None => Transformed::no(expr),
        })
    });
    replaced.map_or_else(|_| describe(expr), |replaced| describe(&replaced.data))
}

fn names(matches: &Matches, variables: &[usize]) -> String {
    let all = &matches.call.variables;
    let names = variables.iter().filter_map(|variable| all.get(*variable)).map(|variable| variable.name.as_str());
    names.collect::<Vec<_>>().join("|")
}

fn describe_term(term: &Term, matches: &Matches) -> String {
    let of = |variables: &[usize]| {
        if variables.len() == matches.call.variables.len() {
            String::new()
        } else {
            format!(" of {}", names(matches, variables))
        }
    };
    let semantics = |is_final: bool| if is_final { "final " } else { "" };
    match term {
        Term::Row { value, variables, first, skip, shift, is_final } => {
            let value = match value {
                TermValue::Expr(index) => matches.row_exprs.get(*index).map(describe).unwrap_or_default(),
                TermValue::Classifier => "classifier".to_owned(),
            };
            let function = if *first { "first" } else { "last" };
            let skip = if *skip == 0 { String::new() } else { format!(", {skip}") };
            let text = format!("{}{function}({value}{}{skip})", semantics(*is_final), of(variables));
            match *shift {
                0 => text,
                shift if shift < 0 => format!("prev({text}, {})", shift.unsigned_abs()),
                shift => format!("next({text}, {shift})"),
            }
        }
        Term::Aggregate { call, variables, is_final } => {
            let call = matches.aggregates.get(*call).map(describe).unwrap_or_default();
            format!("{}{call}{}", semantics(*is_final), of(variables))
        }
        Term::MatchNumber => "match_number()".to_owned(),
        Term::MatchTime => "match_rowtime()".to_owned(),
    }
}

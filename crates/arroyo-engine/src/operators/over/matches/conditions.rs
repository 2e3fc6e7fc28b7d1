//! Whether variables may take rows.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, StringArray, new_null_array};
use arroyo_operator::OperatorError;

use super::memory::{Entry, Memory};
use super::rows::Rows;
use super::spec::{Condition, MatchSpec, Term};
use crate::operators::error::expression_failed;
use crate::operators::output::fit;

/// What conditions of the current row say of each row, computed for many rows at once.
///
/// A condition that fails on some row (a division by zero) is asked again for each row that it is needed for: rows that no
/// variable is tried on cannot make a query fail.
#[derive(Default)]
pub(super) struct Masks {
    /// The first row of all masks.
    first: u64,
    /// Per variable; `None`: not known.
    of_variables: Vec<VecDeque<Option<bool>>>,
    /// The row behind the last one that is in them.
    end: u64,
}

impl Masks {
    /// No rows, before the one with this number.
    pub(super) fn starting_at(first: u64) -> Self {
        Self { first, of_variables: Vec::new(), end: first }
    }

    /// Looks at rows up to `end`.
    pub(super) fn extend(&mut self, spec: &MatchSpec, rows: &Rows, end: u64) -> Result<(), OperatorError> {
        if self.end >= end {
            return Ok(());
        }
        self.of_variables.resize_with(spec.variables.len(), VecDeque::new);
        let range = self.end..end;
        for (number, variable) in spec.variables.iter().enumerate() {
            let (Some(condition), Some(mask)) = (&variable.of_row, self.of_variables.get_mut(number)) else { continue };
            match of_rows(spec, condition, rows, range.clone()) {
                Ok(found) => mask.extend(found.iter()),
                Err(_) => mask.extend(range.clone().map(|_| None)),
            }
        }
        self.end = end;
        Ok(())
    }

    /// Whether a variable may take a row, as far as the row decides.
    pub(super) fn lets(
        &mut self,
        spec: &MatchSpec,
        rows: &Rows,
        variable: usize,
        row: u64,
    ) -> Result<bool, OperatorError> {
        let Some(condition) = spec.variables.get(variable).and_then(|variable| variable.of_row.as_ref()) else {
            return Ok(true);
        };
        let offset = row.checked_sub(self.first).and_then(|offset| usize::try_from(offset).ok());
        let known = offset.and_then(|offset| self.of_variables.get(variable)?.get(offset).copied());
        if let Some(Some(known)) = known {
            return Ok(known);
        }
        let found = of_rows(spec, condition, rows, row..row + 1)?;
        Ok(!found.is_empty() && found.value(0))
    }

    /// Forgets the rows before the one with this number.
    pub(super) fn drop_before(&mut self, row: u64) {
        let row = row.min(self.end);
        let Some(dropped) = row.checked_sub(self.first).and_then(|rows| usize::try_from(rows).ok()) else { return };
        for mask in &mut self.of_variables {
            mask.drain(..dropped.min(mask.len()));
        }
        self.first = row;
    }

    pub(super) fn bytes(&self) -> usize {
        self.of_variables.iter().map(VecDeque::len).sum()
    }
}

/// A condition of the current row, for rows that follow each other.
fn of_rows(
    spec: &MatchSpec,
    condition: &Condition,
    rows: &Rows,
    range: Range<u64>,
) -> Result<BooleanArray, OperatorError> {
    let count = usize::try_from(range.end - range.start).unwrap_or(0);
    let mut columns = Vec::with_capacity(condition.terms.len());
    for term in &condition.terms {
        let Some(Term::Row(term)) = spec.terms.get(*term) else {
            return Err(OperatorError::bug("a condition of a row asks for more than a row"));
        };
        let expr = term.expr.ok_or_else(|| OperatorError::bug("a condition of a row asks for the variable's name"))?;
        let wanted: Vec<Option<u64>> = range.clone().map(|row| rows.shifted(row, term.shift)).collect();
        columns.push(rows.values(spec, expr, &wanted)?);
    }
    mask(condition, columns, count)
}

/// Whether a variable may take `current`, as far as the rows of the match decide.
pub(super) fn of_match(
    spec: &MatchSpec,
    condition: &Condition,
    rows: &Rows,
    memory: &Memory,
    current: Entry,
) -> Result<bool, OperatorError> {
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(condition.terms.len());
    for (term, field) in condition.terms.iter().zip(condition.schema.fields()) {
        let nothing = || new_null_array(field.data_type(), 1);
        columns.push(match spec.terms.get(*term) {
            Some(Term::Row(term)) => {
                let entry = spec.memory.row(memory, term, current);
                match term.expr {
                    Some(expr) => {
                        let row = entry.and_then(|entry| rows.shifted(entry.row, term.shift));
                        if row.is_some() { rows.values(spec, expr, &[row])? } else { nothing() }
                    }
                    None => {
                        let name = entry.and_then(|entry| spec.variables.get(entry.variable));
                        Arc::new(StringArray::from(vec![name.map(|variable| variable.name.as_str())]))
                    }
                }
            }
            Some(Term::Aggregate { call, variables, .. }) => match spec.memory.state(memory, *call, variables) {
                Some(state) => state.value.to_array().map_err(|error| OperatorError::bug(error.to_string()))?,
                None => nothing(),
            },
            _ => return Err(OperatorError::bug("a condition asks for what is known of a whole match only")),
        });
    }
    let found = mask(condition, columns, 1)?;
    Ok(!found.is_empty() && found.value(0))
}

fn mask(condition: &Condition, columns: Vec<ArrayRef>, rows: usize) -> Result<BooleanArray, OperatorError> {
    let fields = condition.schema.fields();
    let columns = columns.into_iter().zip(fields).map(|(column, field)| fit(column, field.data_type()));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&condition.schema), columns, &options)?;
    condition.predicate.mask(&batch).map_err(expression_failed)
}

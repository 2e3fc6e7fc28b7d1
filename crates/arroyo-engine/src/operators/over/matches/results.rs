//! The rows that come of matches.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, StringArray, TimestampNanosecondArray, new_empty_array,
};
use arroyo_operator::OperatorError;
use datafusion::common::ScalarValue;

use super::aggregates::{over, running};
use super::rows::Rows;
use super::spec::{MatchSpec, RowTerm, Term, VariableSet};
use crate::operators::error::expression_failed;
use crate::operators::output::{batch_of, fit};

/// A match.
pub(super) struct Match {
    /// Its number in its partition, from 1.
    pub(super) number: u64,
    /// Its first row; without rows: the row at which it was found.
    pub(super) start: u64,
    /// The variables of its rows.
    pub(super) variables: Vec<u32>,
}

/// A row of the result.
struct ResultRow<'a> {
    of: &'a Match,
    /// The rows of the match up to the one that it is about.
    rows: usize,
}

impl ResultRow<'_> {
    /// The row that columns of the input are taken from.
    fn source(&self) -> u64 {
        self.of.start + self.rows.saturating_sub(1) as u64
    }
}

impl Match {
    fn last(&self) -> u64 {
        self.start + self.variables.len().saturating_sub(1) as u64
    }

    /// The places of the rows of some variables.
    fn places(&self, variables: &VariableSet) -> Vec<usize> {
        let all = self.variables.iter().enumerate();
        all.filter(|(_, variable)| variables.contains(**variable as usize)).map(|(place, _)| place).collect()
    }
}

/// The rows that come of matches in one partition.
pub(super) fn results(spec: &MatchSpec, rows: &Rows, matches: &[Match]) -> Result<RecordBatch, OperatorError> {
    let mut result: Vec<ResultRow<'_>> = Vec::new();
    for of in matches {
        let count = of.variables.len();
        let first = if spec.all_rows { count.min(1) } else { count };
        result.extend((first..=count).map(|rows| ResultRow { of, rows }));
    }
    let mut terms = Vec::with_capacity(spec.measured.len());
    for (term, field) in spec.measured.iter().zip(spec.measured_schema.fields()) {
        let term = spec.terms.get(*term).ok_or_else(|| OperatorError::bug("a measure asks for no term"))?;
        terms.push(fit(values(spec, rows, matches, &result, term)?, field.data_type())?);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(result.len()));
    let terms = RecordBatch::try_new_with_options(Arc::clone(&spec.measured_schema), terms, &options)?;
    let source: Vec<Option<u64>> = result.iter().map(|row| Some(row.source())).collect();
    let mut columns = Vec::with_capacity(spec.schema.fields().len());
    for column in &spec.before {
        columns.push(rows.column(&spec.input, *column, &source)?);
    }
    for measure in &spec.measures {
        columns.push(measure.evaluate(&terms).map_err(expression_failed)?);
    }
    for column in &spec.after {
        columns.push(rows.column(&spec.input, *column, &source)?);
    }
    columns.push(times(rows, &result));
    batch_of(&spec.schema, columns, result.len())
}

/// The event time of each row of the result.
fn times(rows: &Rows, result: &[ResultRow<'_>]) -> ArrayRef {
    let times = result.iter().map(|row| rows.time(row.of.last()));
    Arc::new(times.collect::<TimestampNanosecondArray>())
}

/// The values of a term.
fn values(
    spec: &MatchSpec,
    rows: &Rows,
    matches: &[Match],
    result: &[ResultRow<'_>],
    term: &Term,
) -> Result<ArrayRef, OperatorError> {
    match term {
        Term::Row(term) => of_rows(spec, rows, matches, result, term),
        Term::Aggregate { call, variables, is_final } => {
            let mut values: Vec<ScalarValue> = Vec::with_capacity(result.len());
            let mut result = result.iter().peekable();
            for of in matches {
                let places = of.places(variables);
                let numbers: Vec<u64> = places.iter().map(|place| of.start + *place as u64).collect();
                let mut counts = Vec::new();
                while let Some(row) = result.next_if(|row| row.of.number == of.number) {
                    counts.push(places.partition_point(|place| *place < row.rows));
                }
                match counts.as_slice() {
                    [_] => values.push(over(spec, *call, rows, &numbers)?),
                    all if *is_final => {
                        let value = over(spec, *call, rows, &numbers)?;
                        values.extend(all.iter().map(|_| value.clone()));
                    }
                    counts => values.extend(running(spec, *call, rows, &numbers, counts)?),
                }
            }
            scalars(values)
        }
        Term::MatchNumber => {
            let numbers = result.iter().map(|row| i64::try_from(row.of.number).ok());
            Ok(Arc::new(numbers.collect::<Int64Array>()))
        }
        Term::MatchTime => Ok(times(rows, result)),
    }
}

fn scalars(values: Vec<ScalarValue>) -> Result<ArrayRef, OperatorError> {
    let Some(first) = values.first() else { return Ok(new_empty_array(&arrow::datatypes::DataType::Null)) };
    let data_type = first.data_type();
    if values.iter().any(|value| value.data_type() != data_type) {
        return Err(OperatorError::bug("an aggregate has values of several types"));
    }
    ScalarValue::iter_to_array(values).map_err(|error| OperatorError::bug(error.to_string()))
}

/// The values of rows that a term asks for.
fn of_rows(
    spec: &MatchSpec,
    rows: &Rows,
    matches: &[Match],
    result: &[ResultRow<'_>],
    term: &RowTerm,
) -> Result<ArrayRef, OperatorError> {
    let mut wanted: Vec<Option<(&Match, usize)>> = Vec::with_capacity(result.len());
    let mut result = result.iter().peekable();
    for of in matches {
        let places = of.places(&term.variables);
        while let Some(row) = result.next_if(|row| row.of.number == of.number) {
            let count = if term.is_final { places.len() } else { places.partition_point(|place| *place < row.rows) };
            let place = if term.first { Some(term.skip) } else { count.checked_sub(term.skip + 1) };
            let place = place.filter(|place| *place < count).and_then(|place| places.get(place));
            wanted.push(place.map(|place| (of, *place)));
        }
    }
    match term.expr {
        Some(expr) => {
            let shifted = |(of, place): &(&Match, usize)| rows.shifted(of.start + *place as u64, term.shift);
            let numbers: Vec<Option<u64>> = wanted.iter().map(|row| row.as_ref().and_then(shifted)).collect();
            rows.values(spec, expr, &numbers)
        }
        None => {
            let name = |(of, place): &(&Match, usize)| {
                let variable = of.variables.get(*place).and_then(|variable| spec.variables.get(*variable as usize));
                variable.map(|variable| variable.name.as_str())
            };
            Ok(Arc::new(wanted.iter().map(|row| row.as_ref().and_then(name)).collect::<StringArray>()))
        }
    }
}

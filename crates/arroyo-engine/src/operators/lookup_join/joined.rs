//! Puts rows and their answers together.

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use arroyo_dataflow::operators::lookup_join::Kind;
use arroyo_operator::OperatorError;

use super::NO_ROW;
use super::answers::Answer;
use super::spec::LookupSpec;
use crate::operators::error::expression_failed;
use crate::operators::output::batch_of;

impl LookupSpec {
    /// Rows of a batch with their answers. `answer_of_row` has the number of each row's answer.
    pub(super) fn join(
        &self,
        batch: &RecordBatch,
        answer_of_row: &[usize],
        answers: &[Answer],
    ) -> Result<RecordBatch, OperatorError> {
        let mut first_of_answer = Vec::with_capacity(answers.len());
        let mut found: Vec<&[u8]> = Vec::new();
        for answer in answers {
            first_of_answer.push(found.len() as u32);
            found.extend(answer.rows());
        }
        let found = self.columns_of(found)?;
        let (mut rows, mut matches) = (Vec::new(), Vec::new());
        for (row, number) in answer_of_row.iter().enumerate() {
            let (Some(answer), Some(first)) = (answers.get(*number), first_of_answer.get(*number)) else { continue };
            let count = answer.len() as u32;
            rows.extend((0..count).map(|_| row as u32));
            matches.extend(*first..*first + count);
        }
        self.keep_matches(batch, &found, &mut rows, &mut matches)?;
        let matches: Vec<Option<u32>> = matches.into_iter().map(Some).collect();
        let (rows, matches) = match self.kind {
            Kind::Inner => (rows, matches),
            Kind::Left => with_unmatched(answer_of_row, &rows, &matches),
        };
        self.output(batch, &found, UInt32Array::from(rows), UInt32Array::from(matches))
    }

    /// Keeps the pairs for which the further condition is true.
    fn keep_matches(
        &self,
        batch: &RecordBatch,
        found: &[ArrayRef],
        rows: &mut Vec<u32>,
        matches: &mut Vec<u32>,
    ) -> Result<(), OperatorError> {
        let Some(filter) = &self.filter else { return Ok(()) };
        if rows.is_empty() {
            return Ok(());
        }
        let (left, right) = (UInt32Array::from(rows.clone()), UInt32Array::from(matches.clone()));
        let column = |position: &usize| {
            let (columns, position, places) = match position.checked_sub(self.left_values) {
                None => (batch.columns(), *position, &left),
                Some(position) => (found, position, &right),
            };
            let column = columns.get(position).ok_or_else(|| OperatorError::bug("a condition lacks a column"))?;
            Ok(take(column, places, None)?)
        };
        let columns = filter.columns.iter().map(column).collect::<Result<_, OperatorError>>()?;
        let pairs = batch_of(&filter.schema, columns, rows.len())?;
        let mask = filter.predicate.mask(&pairs).map_err(expression_failed)?;
        let mut kept = mask.values().iter();
        rows.retain(|_| kept.next().unwrap_or(false));
        let mut kept = mask.values().iter();
        matches.retain(|_| kept.next().unwrap_or(false));
        Ok(())
    }

    fn output(
        &self,
        batch: &RecordBatch,
        found: &[ArrayRef],
        rows: UInt32Array,
        matches: UInt32Array,
    ) -> Result<RecordBatch, OperatorError> {
        let hidden = batch.num_columns().saturating_sub(self.hidden);
        let own = |from: usize, to: usize| batch.columns().get(from..to).unwrap_or_default().iter();
        let taken = |column: &ArrayRef| Ok(take(column, &rows, None)?);
        let mut columns: Vec<ArrayRef> = own(0, self.left_values).map(taken).collect::<Result<_, OperatorError>>()?;
        for position in &self.right_values {
            let column = found.get(*position).ok_or_else(|| OperatorError::bug("an answer lacks a column"))?;
            columns.push(take(column, &matches, None)?);
        }
        for column in own(hidden, batch.num_columns()) {
            columns.push(taken(column)?);
        }
        batch_of(&self.schema, columns, rows.len())
    }
}

/// Rows and their matches, ascending, with the rows that have none in between.
fn with_unmatched(answer_of_row: &[usize], rows: &[u32], matches: &[Option<u32>]) -> (Vec<u32>, Vec<Option<u32>>) {
    let mut pairs = rows.iter().zip(matches).peekable();
    let (mut all_rows, mut all_matches) = (Vec::new(), Vec::new());
    for (row, number) in answer_of_row.iter().enumerate() {
        if *number == NO_ROW {
            continue;
        }
        let row = row as u32;
        let before = all_rows.len();
        while let Some((_, found)) = pairs.next_if(|(of, _)| **of == row) {
            all_rows.push(row);
            all_matches.push(*found);
        }
        if all_rows.len() == before {
            all_rows.push(row);
            all_matches.push(None);
        }
    }
    (all_rows, all_matches)
}

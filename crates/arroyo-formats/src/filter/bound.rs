//! Filters over columns under construction, one row at a time.

use super::{Literal, SimpleFilter, Test};
use crate::FormatError;
use crate::column::{Bytes, Column, Columns, Integer, Values};

/// A filter whose columns are found.
#[derive(Debug)]
pub(crate) struct BoundFilter {
    /// The position of a column, and what must be true of it.
    conditions: Vec<(usize, Test)>,
}

impl BoundFilter {
    /// Finds the filter's columns among `columns`.
    pub(crate) fn new(filter: &SimpleFilter, columns: &Columns) -> Result<Self, FormatError> {
        let conditions = filter.all.iter().map(|condition| {
            let name = &condition.column;
            let found =
                columns.find(name, 0).and_then(|index| columns.columns.get(index).map(|column| (index, column)));
            let Some((index, column)) = found else {
                return Err(FormatError::Filter(format!("the column `{name}` is not read")));
            };
            match &condition.test {
                Test::Compare { literal, .. } if !is_comparable(&column.values, literal) => {
                    let message = format!("`{name}` is {} and is compared with {literal:?}", column.data_type);
                    Err(FormatError::Filter(message))
                }
                test => Ok((index, test.clone())),
            }
        });
        Ok(Self { conditions: conditions.collect::<Result<_, _>>()? })
    }

    /// Whether the row `row` is to be kept.
    pub(crate) fn keeps(&self, columns: &Columns, row: usize) -> bool {
        self.conditions
            .iter()
            .all(|(index, test)| columns.columns.get(*index).is_some_and(|column| is_true(test, column, row)))
    }
}

fn is_comparable(values: &Values, literal: &Literal) -> bool {
    match (values, literal) {
        (Values::Int(Integer::Unsigned(_), _), literal) => matches!(literal, Literal::Unsigned(_)),
        (Values::Int(Integer::Signed(_) | Integer::Timestamp(_), _), Literal::Int(_))
        | (Values::Float { .. }, Literal::Float(_))
        | (Values::Bool(_), Literal::Bool(_))
        | (Values::Text(_), Literal::Text(_)) => true,
        _ => false,
    }
}

fn is_true(test: &Test, column: &Column, row: usize) -> bool {
    let is_valid = column.nulls.is_valid(row);
    let (op, literal) = match test {
        Test::IsNull => return !is_valid,
        Test::IsNotNull => return is_valid,
        Test::Compare { op, literal } => (op, literal),
    };
    let order = match (&column.values, literal) {
        (Values::Int(_, values), Literal::Int(literal)) => values.get(row).map(|value| value.cmp(literal)),
        (Values::Int(_, values), Literal::Unsigned(literal)) => {
            values.get(row).map(|value| (*value as u64).cmp(literal))
        }
        (Values::Float { values, .. }, Literal::Float(literal)) => {
            values.get(row).map(|value| value.total_cmp(literal))
        }
        (Values::Bool(values), Literal::Bool(literal)) => Some(values.get_bit(row).cmp(literal)),
        (Values::Text(texts), Literal::Text(literal)) => value_of(texts, row).map(|text| text.cmp(literal.as_bytes())),
        _ => None,
    };
    is_valid && order.is_some_and(|order| op.holds(order))
}

fn value_of(texts: &Bytes, row: usize) -> Option<&[u8]> {
    let (start, end) = (texts.offsets.get(row)?, texts.offsets.get(row + 1)?);
    texts.data.get(usize::try_from(*start).ok()?..usize::try_from(*end).ok()?)
}

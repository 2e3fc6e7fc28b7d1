//! Makes a row of each element of a list.
//!
//! `SELECT id, UNNEST(tags)`:
//!
//! ```text
//! in:  id=1 tags=[a, b]     out: id=1 tags=a
//!      id=2 tags=[]              id=1 tags=b
//!      id=3 tags=[c]             id=3 tags=c
//! ```
//!
//! Several lists are read in parallel; shorter ones are filled with NULL. An outer unnest also gives a row for those without any
//! element (`id=2 tags=NULL`).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError};

use super::error::config_schema;
use super::output::{batch_of, collect};

/// See the module's documentation.
pub(super) struct Unnest {
    columns: Vec<usize>,
    /// How many rows a row gives at least.
    rows_min: usize,
    schema: SchemaRef,
}

/// A list column: its elements, and where each row's elements start and end. NULL has none.
struct Lists {
    elements: ArrayRef,
    ranges: Vec<(usize, usize)>,
}

impl Lists {
    fn new(column: &ArrayRef) -> Result<Self, OperatorError> {
        let (elements, ranges): (&ArrayRef, Vec<(usize, usize)>) = match column.data_type() {
            DataType::List(_) => {
                let lists = column.as_list::<i32>();
                let ends = lists.offsets().iter().skip(1);
                (lists.values(), lists.offsets().iter().zip(ends).map(|(s, e)| (*s as usize, *e as usize)).collect())
            }
            DataType::LargeList(_) => {
                let lists = column.as_list::<i64>();
                let ends = lists.offsets().iter().skip(1);
                (lists.values(), lists.offsets().iter().zip(ends).map(|(s, e)| (*s as usize, *e as usize)).collect())
            }
            DataType::FixedSizeList(_, size) => {
                let size = usize::try_from(*size).unwrap_or_default();
                let ranges = (0..column.len()).map(|row| (row * size, (row + 1) * size)).collect();
                (column.as_fixed_size_list().values(), ranges)
            }
            other => return Err(OperatorError::bug(format!("UNNEST reads lists, not {other}"))),
        };
        let ranges = ranges
            .into_iter()
            .enumerate()
            .map(|(row, range)| if column.is_null(row) { (0, 0) } else { range })
            .collect();
        Ok(Self { elements: Arc::clone(elements), ranges })
    }
}

impl Unnest {
    pub(super) fn new(config: &config::Unnest, input: &SchemaRef) -> Result<Self, OperatorError> {
        let columns: Vec<usize> = config.columns.iter().map(|column| *column as usize).collect();
        let schema = config_schema(&config.schema)?;
        if columns.is_empty() || columns.iter().any(|column| *column >= input.fields().len()) {
            return Err(OperatorError::bug(format!("UNNEST of columns {columns:?} does not fit its input")));
        }
        Ok(Self { columns, rows_min: usize::from(config.outer), schema })
    }
}

impl Operator for Unnest {
    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let mut lists = Vec::with_capacity(batch.num_columns());
        for (index, column) in batch.columns().iter().enumerate() {
            lists.push(if self.columns.contains(&index) { Some(Lists::new(column)?) } else { None });
        }
        let length = |row: usize| {
            let lengths =
                lists.iter().flatten().filter_map(|list| list.ranges.get(row)).map(|(start, end)| end - start);
            lengths.max().unwrap_or_default().max(self.rows_min)
        };
        let lengths: Vec<usize> = (0..batch.num_rows()).map(length).collect();
        let rows = lengths.iter().enumerate().flat_map(|(row, length)| std::iter::repeat_n(row as u32, *length));
        let rows = UInt32Array::from_iter_values(rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (column, list) in batch.columns().iter().zip(&lists) {
            columns.push(match list {
                None => take(column, &rows, None)?,
                Some(list) => {
                    let elements = list.ranges.iter().zip(&lengths).flat_map(|((start, end), length)| {
                        (*start..start + length).map(move |element| (element < *end).then_some(element as u32))
                    });
                    take(&list.elements, &elements.collect::<UInt32Array>(), None)?
                }
            });
        }
        collect(batch_of(&self.schema, columns, rows.len())?, out)
    }
}

//! A total order of rows.

use std::ops::Range;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{SortOptions, partition, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators as config;
use arroyo_expr::{Compiled, canonical};
use arroyo_operator::OperatorError;

use crate::operators::error::{config_expr, expression_failed};
use crate::operators::output::columns_at;

/// Which columns come first in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leading {
    /// Event time, and then the partition.
    Time,
    /// The partition.
    Partition,
}

/// Orders rows by partition, by ORDER BY, and then by all their other columns: what SQL leaves open is the same in each run
/// and at each parallelism.
pub(in crate::operators) struct RowOrder {
    /// The columns that come first.
    leading: Vec<usize>,
    /// The columns of PARTITION BY.
    partition: Vec<usize>,
    order: Vec<(Compiled, SortOptions)>,
    /// The columns that can be compared.
    ties: Vec<usize>,
    converter: RowConverter,
}

impl RowOrder {
    pub(super) fn new(
        schema: &SchemaRef,
        partition: Vec<usize>,
        keys: &[config::SortKey],
        leading: Leading,
    ) -> Result<Self, OperatorError> {
        let order = keys.iter().map(|key| {
            let options = SortOptions { descending: key.descending, nulls_first: key.nulls_first };
            Ok((config_expr(&key.expr, schema)?, options))
        });
        let order = order.collect::<Result<Vec<_>, OperatorError>>()?;
        let comparable = |index: usize| {
            let sort = SortField::new(schema.fields().get(index)?.data_type().clone());
            RowConverter::supports_fields(std::slice::from_ref(&sort)).then_some(sort)
        };
        let ties: Vec<usize> = (0..schema.fields().len()).filter(|index| comparable(*index).is_some()).collect();
        let time = (leading == Leading::Time).then_some(schema.fields().len().saturating_sub(1));
        let leading: Vec<usize> = time.into_iter().chain(partition.iter().copied()).collect();
        let mut fields = Vec::new();
        for index in &leading {
            fields.push(comparable(*index).ok_or_else(|| not_comparable(schema, *index))?);
        }
        for (expr, options) in &order {
            fields.push(SortField::new_with_options(expr.data_type().clone(), *options));
        }
        fields.extend(ties.iter().filter_map(|index| comparable(*index)));
        let converter = RowConverter::new(fields)?;
        Ok(Self { leading, partition, order, ties, converter })
    }

    /// The columns of PARTITION BY.
    pub(super) fn partition_columns(&self) -> &[usize] {
        &self.partition
    }

    /// How the values of ORDER BY are compared.
    pub(super) fn order_fields(&self) -> Vec<SortField> {
        let field =
            |(expr, options): &(Compiled, SortOptions)| SortField::new_with_options(expr.data_type().clone(), *options);
        self.order.iter().map(field).collect()
    }

    /// The places of the rows of `batch` in order.
    pub(super) fn indices(&self, batch: &RecordBatch) -> Result<UInt32Array, OperatorError> {
        let mut columns = keys_at(batch, &self.leading)?;
        columns.extend(self.order_values(batch)?);
        columns.extend(columns_at(batch, &self.ties)?);
        let rows = self.converter.convert_columns(&columns)?;
        let mut sorted: Vec<(u32, _)> = (0u32..).zip(rows.iter()).collect();
        sorted.sort_unstable_by(|(a, left), (b, right)| left.cmp(right).then(a.cmp(b)));
        Ok(sorted.into_iter().map(|(index, _)| index).collect::<Vec<u32>>().into())
    }

    /// The rows of `batch` in order.
    pub(super) fn sorted(&self, batch: &RecordBatch) -> Result<RecordBatch, OperatorError> {
        Ok(take_record_batch(batch, &self.indices(batch)?)?)
    }

    /// The partitions of sorted rows.
    pub(super) fn partitions(&self, sorted: &RecordBatch) -> Result<Vec<Range<usize>>, OperatorError> {
        ranges(&keys_at(sorted, &self.partition)?, sorted.num_rows())
    }

    /// The rows of one partition that are equal in ORDER BY.
    pub(super) fn peers(&self, sorted: &RecordBatch) -> Result<Vec<Range<usize>>, OperatorError> {
        ranges(&self.order_values(sorted)?, sorted.num_rows())
    }

    /// The values of ORDER BY; those that are equal are the same.
    pub(super) fn order_values(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>, OperatorError> {
        let values = self.order.iter().map(|(expr, _)| Ok(canonical(&expr.evaluate(batch)?)));
        values.collect::<Result<_, _>>().map_err(expression_failed)
    }
}

/// Columns whose equal values are the same.
fn keys_at(batch: &RecordBatch, places: &[usize]) -> Result<Vec<ArrayRef>, OperatorError> {
    Ok(columns_at(batch, places)?.iter().map(canonical).collect())
}

fn not_comparable(schema: &SchemaRef, index: usize) -> OperatorError {
    let name = schema.fields().get(index).map_or("?", |field| field.name().as_str());
    OperatorError::user(format!("rows cannot be partitioned by `{name}`: its values cannot be compared"))
}

fn ranges(columns: &[ArrayRef], rows: usize) -> Result<Vec<Range<usize>>, OperatorError> {
    if rows == 0 {
        return Ok(Vec::new());
    }
    if columns.is_empty() {
        return Ok(std::iter::once(0..rows).collect());
    }
    Ok(partition(columns)?.ranges())
}

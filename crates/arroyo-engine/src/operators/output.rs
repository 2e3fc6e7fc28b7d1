//! Batches in exactly the schema that an edge promises.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, TimestampNanosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use arroyo_operator::{Collector, OperatorError};
use arroyo_types::TIMESTAMP_FIELD;

/// The most rows of one batch.
const BATCH_ROWS: usize = 8192;

/// A batch of `columns` in `schema`. Columns whose types differ in details only (names and nullability inside lists and
/// structs) are cast.
pub(super) fn batch_of(schema: &SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, OperatorError> {
    let columns = schema
        .fields()
        .iter()
        .zip(columns)
        .map(|(field, column)| fit(column, field.data_type()))
        .collect::<Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?)
}

/// The column in `data_type`.
pub(super) fn fit(column: ArrayRef, data_type: &DataType) -> Result<ArrayRef, OperatorError> {
    if column.data_type() == data_type { Ok(column) } else { Ok(cast(&column, data_type)?) }
}

/// The columns of `batch` at `places`.
pub(super) fn columns_at(batch: &RecordBatch, places: &[usize]) -> Result<Vec<ArrayRef>, OperatorError> {
    let column = |place: &usize| {
        let missing = || OperatorError::bug(format!("column {place} is not in the rows"));
        batch.columns().get(*place).cloned().ok_or_else(missing)
    };
    places.iter().map(column).collect()
}

/// Sends a batch on in pieces that are not too large.
pub(super) fn collect(batch: RecordBatch, out: &mut dyn Collector) -> Result<(), OperatorError> {
    let rows = batch.num_rows();
    for start in (0..rows).step_by(BATCH_ROWS) {
        out.collect(batch.slice(start, BATCH_ROWS.min(rows - start)))?;
    }
    Ok(())
}

/// A column of event times, as nanoseconds.
pub(super) fn times(column: &ArrayRef, name: &str) -> Result<TimestampNanosecondArray, OperatorError> {
    let nanoseconds = fit(Arc::clone(column), &DataType::Timestamp(TimeUnit::Nanosecond, None))?;
    match nanoseconds.as_any().downcast_ref::<TimestampNanosecondArray>() {
        Some(times) => Ok(times.clone()),
        None => Err(OperatorError::bug(format!("column `{name}` holds {} and no event times", column.data_type()))),
    }
}

/// The event times of a stream's rows.
pub(super) fn event_times(batch: &RecordBatch) -> Result<TimestampNanosecondArray, OperatorError> {
    match batch.column_by_name(TIMESTAMP_FIELD) {
        Some(column) => times(column, TIMESTAMP_FIELD),
        None => Err(OperatorError::bug(format!("the input has no column `{TIMESTAMP_FIELD}`"))),
    }
}

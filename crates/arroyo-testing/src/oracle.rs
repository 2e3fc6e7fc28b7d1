//! Answers of batch SQL.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StructArray, TimestampNanosecondArray, UInt32Array,
};
use arrow::compute::{cast, take_arrays};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, TimestampNanosecondType};
use arrow::util::display::array_value_to_string;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::AggregateQuery;

/// Which windows a row lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    /// Windows of `width` that start at every multiple of `slide` plus `offset`.
    Hop {
        /// Length in nanoseconds.
        width: i64,
        /// Distance in nanoseconds.
        slide: i64,
        /// In nanoseconds.
        offset: i64,
    },
    /// Windows that start at every multiple of `width` plus `offset` and grow by `step` up to `width`.
    Cumulate {
        /// How much they grow, in nanoseconds.
        step: i64,
        /// The longest one's length in nanoseconds, a multiple of `step`.
        width: i64,
        /// In nanoseconds.
        offset: i64,
    },
    /// Rows of a key with at most `gap` nanoseconds between neighbours.
    Session {
        /// In nanoseconds.
        gap: i64,
    },
}

/// Runs a future to its end on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future))
}

/// What the query answers over all rows at once: one text per row, as [`rows_of`] makes them, sorted.
///
/// Windows are found by plain loops, and DataFusion groups by their borders.
pub fn windowed_answer(query: &AggregateQuery, kind: WindowKind, rows: &RecordBatch) -> Result<Vec<String>> {
    let mut indices = Vec::new();
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for (row, start, end) in assign(query, kind, rows)? {
        indices.push(row as u32);
        starts.push(start);
        ends.push(end);
    }
    let mut columns = take_arrays(rows.columns(), &UInt32Array::from(indices), None)?;
    columns.push(Arc::new(Int64Array::from(starts)));
    columns.push(Arc::new(Int64Array::from(ends)));
    let mut fields: Vec<_> = rows.schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new("window_start", DataType::Int64, false)));
    fields.push(Arc::new(Field::new("window_end", DataType::Int64, false)));
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    context.register_batch("t", RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)?;
    let keys: String = query.keys.iter().map(|key| format!("{key}, ")).collect();
    let aggregates: String = query.aggregates.iter().map(|aggregate| format!(", {aggregate}")).collect();
    let sql =
        format!("SELECT {keys} window_start, window_end {aggregates} FROM t GROUP BY {keys} window_start, window_end");
    let batches = block_on(async { context.sql(&sql).await?.collect().await })?.with_context(|| sql.clone())?;
    let mut answer = Vec::new();
    for batch in batches {
        answer.extend(texts(batch.columns())?);
    }
    answer.sort();
    Ok(answer)
}

/// Row, start and end for every window of every row.
fn assign(query: &AggregateQuery, kind: WindowKind, rows: &RecordBatch) -> Result<Vec<(usize, i64, i64)>> {
    let times = rows.columns().last().context("a table without columns")?.as_primitive::<TimestampNanosecondType>();
    let mut assigned = Vec::new();
    match kind {
        WindowKind::Cumulate { step, width, offset } => {
            for (row, time) in times.values().iter().enumerate() {
                let start = (time - offset).div_euclid(width) * width + offset;
                let ends = (1..=width / step).map(|steps| start + steps * step);
                assigned.extend(ends.filter(|end| time < end).map(|end| (row, start, end)));
            }
        }
        WindowKind::Hop { width, slide, offset } => {
            for (row, time) in times.values().iter().enumerate() {
                let mut start = (time - offset).div_euclid(slide) * slide + offset;
                while start + width > *time {
                    assigned.push((row, start, start + width));
                    start -= slide;
                }
            }
        }
        WindowKind::Session { gap } => {
            let keys: Vec<ArrayRef> = query.keys.iter().filter_map(|key| rows.column_by_name(key).cloned()).collect();
            let mut by_key: BTreeMap<String, Vec<(i64, usize)>> = BTreeMap::new();
            for (row, time) in times.values().iter().enumerate() {
                let key = if keys.is_empty() { String::new() } else { text_of(&keys, row)? };
                by_key.entry(key).or_default().push((*time, row));
            }
            for mut rows in by_key.into_values() {
                rows.sort_unstable();
                for session in rows.chunk_by(|(a, _), (b, _)| b - a <= gap) {
                    if let (Some((start, _)), Some((last, _))) = (session.first(), session.last()) {
                        assigned.extend(session.iter().map(|(_, row)| (*row, *start, last + gap)));
                    }
                }
            }
        }
    }
    Ok(assigned)
}

/// An operator's output as texts `key|…|start|end|result|…`, without `_timestamp`, which must be the window's end − 1 ns.
pub fn rows_of(batch: &RecordBatch) -> Result<Vec<String>> {
    let mut columns = Vec::new();
    for column in batch.columns().iter().take(batch.num_columns() - 1) {
        match column.as_any().downcast_ref::<StructArray>() {
            Some(window) => {
                for border in window.columns() {
                    columns.push(cast(border, &DataType::Int64)?);
                }
                let ends = window.column(1).as_primitive::<TimestampNanosecondType>();
                let expected: TimestampNanosecondArray = ends.unary(|end| end - 1);
                let times = batch.column(batch.num_columns() - 1).as_primitive::<TimestampNanosecondType>();
                anyhow::ensure!(times == &expected, "the event time is not the window's end − 1 ns");
            }
            None => columns.push(Arc::clone(column)),
        }
    }
    texts(&columns)
}

fn texts(columns: &[ArrayRef]) -> Result<Vec<String>> {
    let rows = columns.first().map_or(0, |column| column.len());
    (0..rows).map(|row| text_of(columns, row)).collect()
}

/// Results this small are what is left of larger numbers that cancel out, and differ with the order of additions.
const FLOAT_NOISE: f64 = 1e-6;

/// Moves numbers with few digits away from where rounding goes either way.
const OFF_TIES: f64 = 1.0 + 1e-9;

/// Floating-point numbers are rounded: their last digits depend on the order of additions.
fn text_of(columns: &[ArrayRef], row: usize) -> Result<String> {
    let mut text = String::new();
    for column in columns {
        match column.as_primitive_opt::<Float64Type>() {
            _ if column.is_null(row) => text.push_str("NULL"),
            Some(floats) if floats.value(row).abs() < FLOAT_NOISE => text.push('0'),
            Some(floats) => text.push_str(&format!("{:.6e}", floats.value(row) * OFF_TIES)),
            None => text.push_str(&array_value_to_string(column, row)?),
        }
        text.push('|');
    }
    Ok(text)
}

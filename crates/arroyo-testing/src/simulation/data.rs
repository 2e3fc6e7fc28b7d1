//! The input: rows that follow from their number.

use std::sync::Arc;

use anyhow::Context;
use arrow::array::{ArrayRef, Int64Array, ListBuilder, PrimitiveBuilder, RecordBatch, TimestampNanosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{Int64Type, SchemaRef};

/// Rows of a table.
pub(super) const ROWS: u64 = 160;
/// Rows before this one come while things go wrong.
pub(super) const STORMY_ROWS: u64 = 110;
/// Row `n` is in partition `n % PARTITIONS`.
pub(super) const PARTITIONS: u64 = 4;

const STEP_NANOS: u64 = 250_000_000;
/// Less than the watermark's distance.
const JITTER_NANOS: u64 = 900_000_000;
const START_NANOS: u64 = 1_700_000_000_000_000_000;

fn scrambled(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The rows with these numbers, in this order, of the table with this salt.
pub(super) fn rows(salt: u64, numbers: &[u64], schema: &SchemaRef) -> anyhow::Result<RecordBatch> {
    let of = |number: &u64| scrambled(number * 2 + salt);
    let times = numbers.iter().map(|number| (START_NANOS + number * STEP_NANOS + of(number) % JITTER_NANOS) as i64);
    let times: ArrayRef = Arc::new(TimestampNanosecondArray::from_iter_values(times));
    let columns = schema.fields().iter().map(|field| {
        let column: ArrayRef = match field.name().as_str() {
            "id" => Arc::new(Int64Array::from_iter_values(numbers.iter().map(|number| *number as i64))),
            "k" => Arc::new(Int64Array::from_iter_values(numbers.iter().map(|number| (of(number) >> 32) as i64 % 7))),
            "v" => Arc::new(Int64Array::from_iter(
                numbers.iter().map(|number| Some((of(number) >> 20) as i64 % 100).filter(|v| *v != 13)),
            )),
            "tags" => {
                let mut lists = ListBuilder::new(PrimitiveBuilder::<Int64Type>::new());
                for number in numbers {
                    for tag in 0..of(number) % 4 {
                        lists.values().append_value((number + tag) as i64);
                    }
                    lists.append(true);
                }
                Arc::new(lists.finish())
            }
            _ => times.clone(),
        };
        cast(&column, field.data_type()).with_context(|| format!("column {}", field.name()))
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect::<anyhow::Result<_>>()?)?)
}

//! What an aggregate over changes costs that needs the values themselves, by how many there are: it must grow with the changes
//! and not with the values.
//!
//! One group gets `VALUES` (50000) different values, and then twice as many, in flushes of 500 changes, a quarter of them
//! retractions, with a barrier behind some. Fails if twice the changes cost more than three times as much: a flush that looks at
//! all values makes it four times.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use arrow::array::{ArrayRef, Int8Array, Int64Array, RecordBatch, TimestampNanosecondArray};
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{AggregateQuery, OperatorStage};

const CHANGES_PER_FLUSH: i64 = 500;
const FLUSHES_PER_BARRIER: i64 = 10;
/// Of so many runs the fastest counts: what else the machine does only makes them slower.
const RUNS: usize = 3;
const RATIO_MAX: f64 = 3.0;

fn main() -> Result<()> {
    let values = std::env::var("VALUES").ok().and_then(|text| text.parse().ok()).unwrap_or(50_000);
    println!("one group; CPU time for {values} values and for twice as many");
    for aggregate in [
        "min(v)",
        "max(v)",
        "count(DISTINCT v)",
        "median(v)",
        "first_value(v ORDER BY v DESC)",
        "last_value(v ORDER BY v DESC)",
    ] {
        let (mut once, mut twice) = (Duration::MAX, Duration::MAX);
        for _ in 0..RUNS {
            once = once.min(spent(aggregate, values)?);
            twice = twice.min(spent(aggregate, 2 * values)?);
        }
        let ratio = twice.as_secs_f64() / once.as_secs_f64();
        println!("{aggregate:32} {:6} ms {:6} ms: {ratio:.2} times", once.as_millis(), twice.as_millis());
        ensure!(ratio < RATIO_MAX, "`{aggregate}`: twice the changes cost {ratio:.2} times as much");
    }
    Ok(())
}

/// The CPU time of this thread.
fn cpu_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").context("the CPU time of a thread")?;
    let nanos = text.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
    Ok(Duration::from_nanos(nanos.context("the CPU time of a thread has another form")?))
}

fn flush_of(number: i64) -> Result<RecordBatch> {
    // Spread over all numbers, so that ends and middle move.
    let value = |place: i64| place.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64) >> 8;
    let kept = CHANGES_PER_FLUSH * 3 / 4;
    let inserted = (number * kept..(number + 1) * kept).map(|place| (value(place), 1));
    let before = (number - 1).max(0) * kept;
    let retracted = (before..before + CHANGES_PER_FLUSH - kept).filter(|_| number > 0).map(|place| (value(place), -1));
    let changes: Vec<(i64, i8)> = inserted.chain(retracted).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("k", Arc::new(Int64Array::from(vec![1; changes.len()]))),
        ("v", Arc::new(Int64Array::from_iter_values(changes.iter().map(|(value, _)| *value)))),
        ("_change", Arc::new(Int8Array::from_iter_values(changes.iter().map(|(_, change)| *change)))),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from(vec![number; changes.len()]))),
    ];
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn spent(aggregate: &str, values: i64) -> Result<Duration> {
    let schema = flush_of(0)?.schema();
    let query = AggregateQuery::new(&schema, &["k"], &[aggregate])?;
    let (partial, total, between) = query.updating()?;
    let storage = |half: &str| Storage::open(&format!("memory://updating-values-{half}-{aggregate}-{values}"));
    let mut partial = OperatorStage::new(partial, vec![schema], 1, storage("partial")?)?;
    let mut total = OperatorStage::new(total, vec![between], 1, storage("total")?)?;
    let start = cpu_time()?;
    for number in 0..values / (CHANGES_PER_FLUSH / 2) {
        partial.process(0, flush_of(number)?)?;
        partial.watermark(Watermark::Idle)?;
        for batch in partial.take_batches() {
            total.process(0, batch)?;
        }
        if number.rem_euclid(FLUSHES_PER_BARRIER) == 0 {
            total.checkpoint()?
        } else {
            total.watermark(Watermark::Idle)?
        }
        total.take_batches();
    }
    Ok(cpu_time()?.saturating_sub(start))
}

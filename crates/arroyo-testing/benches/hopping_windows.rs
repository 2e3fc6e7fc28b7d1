//! What emitting a hopping window costs, by the number of panes in a window: it must not grow with it.
//!
//! `KEYS` (2000) groups get a row in each pane; `WINDOWS` (200) windows are emitted. Only emitting is timed.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use arrow::array::{ArrayRef, Int64Array, RecordBatch, TimestampNanosecondArray};
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{AggregateQuery, OperatorStage, WindowKind};
use arroyo_types::EventTime;

const SLIDE: i64 = 1_000;

fn main() -> Result<()> {
    let (keys, windows) = (number("KEYS", 2_000), number("WINDOWS", 200));
    println!("{keys} keys, a row of each per pane; microseconds to emit a window");
    for (name, aggregates) in
        [("count, sum (subtracted)", vec!["count(*)", "sum(v)"]), ("avg, max (two stacks)", vec!["avg(v)", "max(v)"])]
    {
        for panes in [4, 16, 64, 256] {
            let spent = emit(keys, panes, windows, &aggregates)?;
            println!("{name:24} {panes:4} panes: {:8}", spent.as_micros() / u128::try_from(windows)?);
        }
    }
    Ok(())
}

fn number(name: &str, default: i64) -> i64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn pane(keys: i64, number: i64) -> Result<RecordBatch> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("k", Arc::new(Int64Array::from_iter_values(0..keys))),
        ("v", Arc::new(Int64Array::from_iter_values((0..keys).map(|key| key ^ number)))),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from_iter_values((0..keys).map(|_| number * SLIDE)))),
    ];
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn emit(keys: i64, panes: i64, windows: i64, aggregates: &[&str]) -> Result<Duration> {
    let schema = pane(1, 0)?.schema();
    let query = AggregateQuery::new(&schema, &["k"], aggregates)?;
    let (partial, total) = query.window(WindowKind::Hop { width: panes * SLIDE, slide: SLIDE, offset: 0 })?;
    let storage = Storage::open(&format!("memory://hopping-{panes}-{}", aggregates.join("")))?;
    let mut partial = OperatorStage::new(partial, vec![schema], 1, storage.clone())?;
    let mut total = OperatorStage::new(total, vec![query.partial_schema()?], 1, storage)?;
    let mut spent = Duration::ZERO;
    for number in 0..panes + windows {
        let end = Watermark::At(EventTime::from_nanos((number + 1) * SLIDE));
        partial.process(0, pane(keys, number)?)?;
        partial.watermark(end)?;
        for batch in partial.take_batches() {
            total.process(0, batch)?;
        }
        let start = Instant::now();
        total.watermark(end)?;
        if number >= panes {
            spent += start.elapsed();
        }
        total.take_batches();
    }
    Ok(spent)
}

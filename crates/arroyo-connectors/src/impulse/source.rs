//! Counts.
//!
//! The subtasks of the first start each become a *lane*: a counter from 0 to `message_count`, its number in `subtask_index`.
//! At another parallelism the lanes are dealt out anew, so that every event comes exactly once whatever happens;
//! more subtasks than lanes have nothing to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, TimestampNanosecondArray};
use arroyo_operator::{OperatorContext, OperatorError, Source, SourceConfig, SourceEvent};
use arroyo_state::TableSpec;
use arroyo_types::{EventTime, TIMESTAMP_FIELD};
use async_trait::async_trait;

use super::options::ImpulseOptions;
use crate::pace::Pace;

const TABLE: &str = "lanes";

/// The most rows in a batch.
const BATCH_ROWS_MAX: usize = 8192;

/// A counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lane {
    number: u32,
    /// How many lanes there are in all subtasks.
    of: u32,
    /// The event time of event 0.
    start: EventTime,
    next: u64,
    /// The value of `next` when this run began.
    resumed_at: u64,
}

impl Lane {
    fn encode(&self) -> (Vec<u8>, Vec<u8>) {
        let mut value = self.of.to_be_bytes().to_vec();
        value.extend(self.start.nanos().to_be_bytes());
        value.extend(self.next.to_be_bytes());
        (self.number.to_be_bytes().to_vec(), value)
    }

    fn decode(key: &[u8], value: &[u8]) -> Option<Self> {
        let number = u32::from_be_bytes(key.try_into().ok()?);
        let (of, rest) = value.split_first_chunk()?;
        let (start, next) = rest.split_first_chunk()?;
        let next = u64::from_be_bytes(next.try_into().ok()?);
        let start = EventTime::from_nanos(i64::from_be_bytes(*start));
        Some(Self { number, of: u32::from_be_bytes(*of), start, next, resumed_at: next })
    }
}

/// The source `impulse`.
#[derive(Debug)]
pub(crate) struct ImpulseSource {
    options: ImpulseOptions,
    config: SourceConfig,
    lanes: Vec<Lane>,
    pace: Option<Pace>,
    said_idle: bool,
}

impl ImpulseSource {
    pub(crate) fn new(options: ImpulseOptions, config: SourceConfig) -> Self {
        Self { options, config, lanes: Vec::new(), pace: None, said_idle: false }
    }

    /// The lane that is furthest behind, by its place in the list.
    fn next_lane(&mut self) -> Option<&mut Lane> {
        let end = self.options.message_count.unwrap_or(u64::MAX);
        let open = self.lanes.iter_mut().filter(|lane| lane.next < end);
        open.min_by_key(|lane| (lane.next - lane.resumed_at, lane.number))
    }

    fn batch(&self, lane: &Lane, rows: usize, now: EventTime) -> Result<RecordBatch, OperatorError> {
        let counters = || (lane.next..).take(rows);
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.config.schema.fields().len());
        for field in self.config.schema.fields() {
            columns.push(match field.name().as_str() {
                "counter" => Arc::new(counters().map(|counter| counter as i64).collect::<Int64Array>()),
                "subtask_index" => Arc::new(Int64Array::from_value(i64::from(lane.number), rows)),
                TIMESTAMP_FIELD => Arc::new(match self.options.event_time_interval {
                    Some(interval) => {
                        let time = |counter: u64| {
                            let after = i128::from(counter) * i128::from(interval.0);
                            lane.start.saturating_add_nanos(i64::try_from(after).unwrap_or(i64::MAX)).nanos()
                        };
                        TimestampNanosecondArray::from_iter_values(counters().map(time))
                    }
                    None => TimestampNanosecondArray::from_value(now.nanos(), rows),
                }),
                other => return Err(OperatorError::bug(format!("an impulse has no column `{other}`"))),
            });
        }
        RecordBatch::try_new(self.config.schema.clone(), columns).map_err(|error| OperatorError::bug(error.to_string()))
    }
}

#[async_trait]
impl Source for ImpulseSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (subtask, parallelism) = (ctx.info.task.subtask, ctx.info.parallelism.max(1));
        let stored: BTreeMap<u32, Lane> = ctx
            .state
            .global(TABLE)
            .filter_map(|(key, value)| Lane::decode(key, value))
            .map(|lane| (lane.number, lane))
            .collect();
        let of = stored.values().map(|lane| lane.of).max().unwrap_or(parallelism);
        let start = stored.values().map(|lane| lane.start).min().unwrap_or_else(|| ctx.clock.now());
        let own = (0..of).filter(|number| number % parallelism == subtask);
        self.lanes = if stored.is_empty() {
            own.map(|number| Lane { number, of, start, next: 0, resumed_at: 0 }).collect()
        } else {
            // A lane that is missing had come to its end before the first checkpoint.
            own.filter_map(|number| stored.get(&number).copied()).collect()
        };
        self.pace = Some(Pace::starting(Some(self.options.event_rate / f64::from(of)), 0));
        Ok(())
    }

    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        let Some(pace) = self.pace else { return Err(OperatorError::bug("the impulse was not opened")) };
        let (bound, max) = (self.options.message_count, self.config.batch_size.clamp(1, BATCH_ROWS_MAX));
        let Some(lane) = self.next_lane().copied() else {
            if bound.is_some() {
                return Ok(SourceEvent::End);
            }
            // More subtasks than lanes: nothing will ever come.
            if std::mem::replace(&mut self.said_idle, true) {
                std::future::pending::<()>().await;
            }
            return Ok(SourceEvent::Idle);
        };
        let left = bound.map_or(u64::MAX, |bound| bound.saturating_sub(lane.next));
        let rows = pace.batch(1.0, max).min(usize::try_from(left).unwrap_or(usize::MAX));
        pace.due(lane.next - lane.resumed_at + rows as u64 - 1).await;
        let batch = self.batch(&lane, rows, ctx.clock.now())?;
        if let Some(lane) = self.next_lane() {
            lane.next += rows as u64;
        }
        Ok(SourceEvent::Batch(batch))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        ctx.state.replace_global(TABLE, self.lanes.iter().map(Lane::encode).collect())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

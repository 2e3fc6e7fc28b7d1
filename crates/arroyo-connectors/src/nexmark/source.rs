//! Runs the auction.

use arroyo_operator::{OperatorContext, OperatorError, Source, SourceConfig, SourceEvent};
use arroyo_state::TableSpec;
use arroyo_types::EventTime;
use async_trait::async_trait;

use super::columns;
use super::event::{Auctions, shuffled};
use super::lanes::{Lane, assign, take};
use super::options::NexmarkOptions;
use crate::pace::Pace;

const LANES: &str = "lanes";
const START: &str = "start";

/// The most rows in a batch.
const BATCH_ROWS_MAX: usize = 8192;

/// The source `nexmark`.
#[derive(Debug)]
pub(crate) struct NexmarkSource {
    options: NexmarkOptions,
    config: SourceConfig,
    lanes: Vec<Lane>,
    running: Option<Running>,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    auctions: Auctions,
    /// When the job first started, by the wall clock.
    started: EventTime,
    pace: Pace,
    /// This subtask's share of all events.
    share: f64,
}

impl NexmarkSource {
    pub(crate) fn new(options: NexmarkOptions, config: SourceConfig) -> Self {
        Self { options, config, lanes: Vec::new(), running: None }
    }

    fn is_over(&self, running: &Running, now: EventTime) -> bool {
        // With a rate, the running time is a number of events.
        let runtime = self.options.runtime.filter(|_| self.options.event_rate.is_none());
        runtime.is_some_and(|seconds| now >= running.started.saturating_add_nanos((seconds * 1e9) as i64))
    }
}

#[async_trait]
impl Source for NexmarkSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(LANES), TableSpec::global(START)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let stored: Vec<Lane> = ctx.state.global(LANES).filter_map(|(key, value)| Lane::decode(key, value)).collect();
        let first = stored.iter().map(|lane| lane.next).min().unwrap_or(0);
        let parallelism = ctx.info.parallelism.max(1);
        self.lanes = assign(stored, ctx.info.task.subtask, parallelism);
        // Subtasks start at about the same time and agree on the earliest after a restore.
        let stored_start =
            ctx.state.global(START).filter_map(|(_, value)| value.try_into().ok().map(i64::from_be_bytes));
        let started = stored_start.min().map_or_else(|| ctx.clock.now(), EventTime::from_nanos);
        let auctions = Auctions {
            seed: self.options.seed,
            start: self.options.start().unwrap_or(started),
            spacing_nanos: self.options.spacing_nanos(),
        };
        let pace = Pace::starting(self.options.event_rate, first);
        self.running = Some(Running { auctions, started, pace, share: 1.0 / f64::from(parallelism) });
        Ok(())
    }

    async fn next(&mut self, ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        let Some(running) = self.running else { return Err(OperatorError::bug("nexmark was not opened")) };
        if self.is_over(&running, ctx.clock.now()) {
            return Ok(SourceEvent::End);
        }
        let rows = running.pace.batch(running.share, self.config.batch_size.clamp(1, BATCH_ROWS_MAX));
        let mut lanes = self.lanes.clone();
        let mut numbers = Vec::with_capacity(rows);
        take(&mut lanes, rows, self.options.bound().unwrap_or(u64::MAX), &mut numbers);
        let Some(last) = numbers.last() else { return Ok(SourceEvent::End) };
        running.pace.due(*last).await;
        numbers.iter_mut().for_each(|number| *number = shuffled(*number));
        let batch = columns::batch(&running.auctions, &numbers, &self.config.schema)?;
        self.lanes = lanes;
        Ok(SourceEvent::Batch(batch))
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        ctx.state.replace_global(LANES, self.lanes.iter().map(Lane::encode).collect())?;
        if let Some(running) = &self.running {
            let own = ctx.info.task.subtask.to_be_bytes().to_vec();
            let start = running.started.nanos().to_be_bytes().to_vec();
            ctx.state.replace_global(START, [(own, start)].into())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

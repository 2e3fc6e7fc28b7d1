//! A source of several partitions that gives its rows at its own pace.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arroyo_operator::{OperatorContext, OperatorError, Source, SourceConfig, SourceEvent};
use arroyo_state::TableSpec;
use async_trait::async_trait;
use tokio::time::Instant;

use super::data::{PARTITIONS, ROWS, STORMY_ROWS, rows};
use super::life::Life;
use super::mutants::Mutant;
use super::queries;
use super::{QUIET_CHECKPOINTS, World};

/// The partition → the next row.
const TABLE: &str = "p";

pub(super) struct SimulatedSource {
    world: Arc<World>,
    life: Life,
    config: SourceConfig,
    salt: u64,
    next: BTreeMap<u64, u64>,
    /// When the next batch comes.
    due: Instant,
}

impl SimulatedSource {
    pub(super) fn new(world: Arc<World>, life: Life, config: SourceConfig) -> Self {
        let salt = u64::from(config.table.starts_with("right"));
        Self { world, life, config, salt, next: BTreeMap::new(), due: Instant::now() }
    }

    /// One source of two may; if there is but one, the job would end before anything went wrong.
    fn ends_early(&self) -> bool {
        let settings = &self.world.settings;
        settings.early_end && self.salt == 0 && queries::has_two_sources(&settings.query)
    }

    /// The next rows in order, of all partitions; those that may be given now.
    fn take(&mut self) -> Vec<u64> {
        let last = if self.world.ledger.is_calm() || self.ends_early() { ROWS } else { STORMY_ROWS };
        let mut numbers = Vec::new();
        while numbers.len() < self.world.settings.batch_rows {
            let Some((_, next)) = self.next.iter_mut().min_by_key(|(_, next)| **next) else { break };
            if *next >= last {
                break;
            }
            numbers.push(*next);
            *next += PARTITIONS;
        }
        numbers
    }
}

#[async_trait]
impl Source for SimulatedSource {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(TABLE)]
    }

    async fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let (subtask, parallelism) = (u64::from(ctx.info.task.subtask), u64::from(ctx.info.parallelism));
        for partition in (0..PARTITIONS).filter(|partition| partition % parallelism == subtask) {
            let stored = ctx.state.global(TABLE).find(|(key, _)| *key == partition.to_le_bytes());
            let next = match stored.map(|(_, value)| <[u8; 8]>::try_from(value)) {
                Some(Ok(next)) => u64::from_le_bytes(next),
                Some(Err(_)) => return Err(OperatorError::bug("a position is not a number")),
                None => partition,
            };
            self.next.insert(partition, next);
        }
        Ok(())
    }

    async fn next(&mut self, _ctx: &mut OperatorContext) -> Result<SourceEvent, OperatorError> {
        loop {
            tokio::time::sleep_until(self.due).await;
            self.life.gate().await;
            self.due = Instant::now() + Duration::from_millis(self.world.settings.pace_ms);
            let numbers = self.take();
            if !numbers.is_empty() {
                let batch = rows(self.salt, &numbers, &self.config.schema);
                return batch.map(SourceEvent::Batch).map_err(|error| OperatorError::bug(format!("{error:#}")));
            }
            let may_end = self.ends_early() || self.world.ledger.may_end(QUIET_CHECKPOINTS - 1);
            if may_end && self.next.values().all(|next| *next >= ROWS) {
                return Ok(SourceEvent::End);
            }
        }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let ahead = if self.world.settings.mutant == Some(Mutant::PositionAhead) { PARTITIONS } else { 0 };
        let rows = self.next.iter().map(|(partition, next)| {
            let next = if *next < STORMY_ROWS { next + ahead } else { *next };
            (partition.to_le_bytes().to_vec(), next.to_le_bytes().to_vec())
        });
        ctx.state.replace_global(TABLE, rows.collect())?;
        Ok(())
    }
}

//! Passes a number of rows on, and then wants no more.
//!
//! `LIMIT 2 OFFSET 1`:
//!
//! ```text
//! in:  a=1     out: a=2
//!      a=2          a=3
//!      a=3
//!      a=4
//! ```
//!
//! State: a global table holds how many rows were seen.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError};
use arroyo_state::TableSpec;

const SEEN: &str = "seen";

/// See the module's documentation.
pub(super) struct Limit {
    skip: u64,
    /// The number of rows after which no more are wanted, with those that are skipped.
    end: u64,
    seen: u64,
}

impl Limit {
    pub(super) fn new(config: &config::Limit) -> Self {
        let end = config.fetch.map_or(u64::MAX, |fetch| config.skip.saturating_add(fetch));
        Self { skip: config.skip, end, seen: 0 }
    }
}

impl Operator for Limit {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::global(SEEN)]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let stored = ctx.state.global(SEEN).filter_map(|(_, value)| value.try_into().ok().map(u64::from_le_bytes));
        self.seen = stored.max().unwrap_or(0);
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let rows = batch.num_rows() as u64;
        // All three are at most the batch's number of rows.
        let before = self.skip.saturating_sub(self.seen).min(rows);
        let until = self.end.saturating_sub(self.seen).min(rows);
        self.seen = self.seen.saturating_add(rows).min(self.end);
        if before < until { out.collect(batch.slice(before as usize, (until - before) as usize)) } else { Ok(()) }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        let seen = BTreeMap::from([(Vec::from(*b"rows"), self.seen.to_le_bytes().to_vec())]);
        Ok(ctx.state.replace_global(SEEN, seen)?)
    }

    fn wants_input(&self) -> bool {
        self.seen < self.end
    }
}

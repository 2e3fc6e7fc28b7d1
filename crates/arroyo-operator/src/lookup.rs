//! Where rows are asked for by key.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::datatypes::SchemaRef;
use arroyo_types::Clock;
use async_trait::async_trait;
use serde_json::Value;

use crate::{ErrorReporter, OperatorContext, OperatorError, TaskCounters};

/// What a lookup table is made of.
#[derive(Debug, Clone)]
pub struct LookupConfig {
    /// The table's name in the query, for messages.
    pub table: String,
    /// [`crate::TableOptions::json`].
    pub options: Value,
    /// `arroyo_formats::FormatOptions` as JSON; `Null` without a format.
    pub format: Value,
    /// The columns to answer with, pruned to what is read; among them the primary key. There is no `_timestamp`.
    pub schema: SchemaRef,
    /// The positions in `schema` of the primary key's columns, in the order in which they were declared.
    pub key: Vec<usize>,
    /// Columns that hold metadata: (column, key).
    pub metadata: Vec<(String, String)>,
    /// How old an answer may be (`lookup.cache.ttl`); `None`: the connector decides.
    pub ttl: Option<Duration>,
}

/// What a lookup table is given with every call.
#[derive(Debug, Clone)]
pub struct LookupContext {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Reports errors that do not end the task.
    pub errors: ErrorReporter,
    /// Counts what passes.
    pub counters: Arc<TaskCounters>,
}

impl LookupContext {
    /// What an operator's context has of it.
    pub fn of(ctx: &OperatorContext) -> Self {
        Self { clock: ctx.clock.clone(), errors: ctx.errors.clone(), counters: ctx.counters.clone() }
    }
}

/// Rows of some of the keys that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupAnswer {
    /// The key of each row: its place among the keys that were asked for. In any order; keys without a row are left out.
    pub keys: UInt32Array,
    /// The rows, in [`LookupConfig::schema`].
    pub rows: RecordBatch,
}

/// Answers with the rows of keys. The subtasks of an operator that run in one process share one, and ask it at the same time.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// Called by each subtask before it asks: connect, load. What can fail for good should fail here.
    async fn open(&self, _ctx: &LookupContext) -> Result<(), OperatorError> {
        Ok(())
    }

    /// The rows of `keys`: distinct keys without NULLs, a column for each of [`LookupConfig::key`].
    ///
    /// An error of kind `Retry` makes the engine ask again, a few times and later each time; any other one ends the task.
    /// It must end in bounded time: a connector that asks another system limits how long it waits.
    async fn lookup(&self, keys: &RecordBatch, ctx: &LookupContext) -> Result<LookupAnswer, OperatorError>;

    /// Whether a key may have several rows. If not, a second row of a key is refused.
    fn has_many_rows_per_key(&self) -> bool {
        false
    }

    /// Whether asking costs nothing, so that the engine need not remember answers.
    fn is_in_memory(&self) -> bool {
        false
    }
}

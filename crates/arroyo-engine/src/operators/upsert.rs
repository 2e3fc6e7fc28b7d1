//! Makes a changelog of the upserts and deletions of a table with a primary key.
//!
//! `PRIMARY KEY (id)`:
//!
//! ```text
//! in:  +1 id=1 n=3     out: +1 id=1 n=3
//!      +1 id=1 n=4          −1 id=1 n=3
//!      −1 id=1              +1 id=1 n=4
//!      −1 id=2              −1 id=1 n=4
//! ```
//!
//! Databases need not say what a row was before a change, and snapshots and retries repeat changes.
//! So the row of each key is kept: it is what an insertion replaces and a retraction takes back.
//! A retraction of a key that is not there does nothing.
//! With a time to live, a row that did not change for so long is taken back and forgotten, as if it had been deleted; the time in
//! which the job does not run does not count.
//!
//! State: a keyed table of the rows, of which a barrier writes those that changed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, AsArray, Int8Array, RecordBatch, UInt32Array};
use arrow::compute::{interleave, take_record_batch};
use arrow::datatypes::{FieldRef, Int8Type, Schema, SchemaRef};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError};
use arroyo_state::TableSpec;
use arroyo_types::CHANGE_FIELD;

use super::expiry::Expiry;
use super::keyed_table::hand_over;
use super::output::{batch_of, collect};
use super::row_store::RowStore;

const ROWS: &str = "rows";

/// See the module's documentation.
pub(super) struct Upsert {
    schema: SchemaRef,
    /// The positions of the key's columns.
    key: Vec<usize>,
    /// The position of `_change`.
    change: usize,
    /// The key's columns, then all columns of the input but `_change`.
    state_schema: SchemaRef,
    store: RowStore,
    expiry: Option<Expiry>,
    interval: Duration,
}

/// Where a row is.
#[derive(Debug, Clone, Copy)]
enum Row {
    /// Among the stored rows that were looked up.
    Stored(usize),
    /// In the batch.
    New(usize),
}

impl Upsert {
    pub(super) fn new(config: &config::Upsert, input: &SchemaRef) -> Result<Self, OperatorError> {
        let key: Vec<usize> = config.key_columns.iter().map(|column| *column as usize).collect();
        let field = |column: &usize| {
            let field = input.fields().get(*column).ok_or_else(|| OperatorError::bug("a key column is missing"))?;
            Ok(Arc::new(field.as_ref().clone().with_name(format!("_key_{column}")).with_nullable(true)))
        };
        let key_fields = key.iter().map(field).collect::<Result<Vec<FieldRef>, OperatorError>>()?;
        let change = input.index_of(CHANGE_FIELD)?;
        let values = input.fields().iter().enumerate().filter(|(column, _)| *column != change);
        let values = values.map(|(_, field)| Arc::clone(field));
        let state_schema = Arc::new(Schema::new(key_fields.iter().cloned().chain(values).collect::<Vec<_>>()));
        let store = RowStore::new(Arc::clone(&state_schema), key_fields)?;
        let expiry = Expiry::after(config.ttl_nanos);
        let interval = Duration::ZERO;
        Ok(Self { schema: Arc::clone(input), key, change, state_schema, store, expiry, interval })
    }

    fn keys(&self, batch: &RecordBatch) -> Vec<ArrayRef> {
        self.key.iter().filter_map(|column| batch.columns().get(*column)).map(Arc::clone).collect()
    }

    /// The rows of a batch as they are stored.
    fn stored(&self, batch: &RecordBatch) -> Result<RecordBatch, OperatorError> {
        let values = batch.columns().iter().enumerate().filter(|(column, _)| *column != self.change);
        let columns = self.keys(batch).into_iter().chain(values.map(|(_, column)| Arc::clone(column)));
        batch_of(&self.state_schema, columns.collect(), batch.num_rows())
    }

    /// Rows that were there or are new, with their signs, in the schema of the output.
    fn output(
        &self,
        changes: &[(Row, i8)],
        old: &RecordBatch,
        new: &RecordBatch,
    ) -> Result<RecordBatch, OperatorError> {
        let place = |row: &Row| match row {
            Row::Stored(row) => (0, *row),
            Row::New(row) => (1, *row),
        };
        let places: Vec<(usize, usize)> = changes.iter().map(|(row, _)| place(row)).collect();
        let pairs = old.columns().iter().zip(new.columns()).skip(self.key.len());
        let mut columns = pairs
            .map(|(old, new)| interleave(&[old.as_ref(), new.as_ref()], &places))
            .collect::<Result<Vec<ArrayRef>, _>>()?;
        let signs = Int8Array::from_iter_values(changes.iter().map(|(_, sign)| *sign));
        columns.insert(self.change.min(columns.len()), Arc::new(signs));
        batch_of(&self.schema, columns, changes.len())
    }
}

impl Operator for Upsert {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::keyed(ROWS, Arc::clone(&self.state_schema), self.key.len())]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = ctx.flush_interval;
        let now = ctx.clock.now_micros();
        for batch in ctx.state.take_restored(ROWS) {
            self.store.restore(batch, now)?;
        }
        Ok(())
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let signs = batch.columns().get(self.change).and_then(|column| column.as_primitive_opt::<Int8Type>());
        let signs = signs.ok_or_else(|| OperatorError::bug("changes have no signs"))?;
        let slots = self.store.intern(&self.keys(&batch), batch.num_rows())?;
        // What is there now, by slot.
        let mut rows: HashMap<usize, Option<Row>> = HashMap::with_capacity(slots.len());
        let mut known = Vec::new();
        for slot in &slots {
            rows.entry(*slot).or_insert_with(|| {
                self.store.is_live(*slot).then(|| {
                    known.push(*slot);
                    Row::Stored(known.len() - 1)
                })
            });
        }
        let old = self.store.rows(&known)?;
        let new = self.stored(&batch)?;
        let mut changes = Vec::with_capacity(slots.len() * 2);
        for (row, (slot, sign)) in slots.iter().zip(signs.values()).enumerate() {
            let next = (*sign > 0).then_some(Row::New(row));
            let Some(held) = rows.get_mut(slot) else { continue };
            changes.extend(held.map(|held| (held, -1)));
            changes.extend(next.map(|next| (next, 1)));
            *held = next;
        }
        let output = self.output(&changes, &old, &new)?;
        let (mut set, mut places, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (slot, row) in rows {
            match row {
                Some(Row::New(row)) => {
                    set.push(slot);
                    places.push(row as u32);
                }
                Some(Row::Stored(_)) => {}
                None => gone.push(slot),
            }
        }
        let now = ctx.clock.now_micros();
        self.store.put(&set, take_record_batch(&new, &UInt32Array::from(places))?, now)?;
        self.store.remove(&gone);
        self.store.tidy()?;
        if output.num_rows() == 0 { Ok(()) } else { collect(output, out) }
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, _out: &mut dyn Collector) -> Result<(), OperatorError> {
        let (changed, deleted) = self.store.take_changes()?;
        hand_over(ROWS, deleted, changed, 0..self.key.len(), ctx)
    }

    fn tick_interval(&self) -> Option<Duration> {
        self.expiry.is_some().then_some(self.interval)
    }

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        let Some(before) = self.expiry.as_mut().and_then(|expiry| expiry.due(now)) else { return Ok(()) };
        let expired = self.store.unchanged_since(before);
        if expired.is_empty() {
            return Ok(());
        }
        let old = self.store.rows(&expired)?;
        let changes: Vec<(Row, i8)> = (0..old.num_rows()).map(|row| (Row::Stored(row), -1)).collect();
        let output = self.output(&changes, &old, &old)?;
        self.store.remove(&expired);
        self.store.tidy()?;
        collect(output, out)
    }

    fn state_bytes(&self) -> usize {
        self.store.bytes()
    }
}

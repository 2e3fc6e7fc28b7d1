//! Functions with OVER in any order, over rows or changes: the results are a changelog.
//!
//! `WHERE row_number() OVER (PARTITION BY k ORDER BY v DESC) <= 1`:
//!
//! ```text
//! in:  k=a v=3          out: +1 k=a v=3 row_number=1
//!      flush                 −1 k=a v=3 row_number=1
//!      k=a v=5               +1 k=a v=5 row_number=1
//!      flush
//! ```
//!
//! The rows of each partition are kept in order, equal ones as one with a count. At a flush the results of partitions that were
//! touched are computed again, and what differs from before is emitted. When only the first rows are wanted and no row is ever
//! taken back, the others are given up at once.
//! A watermark waits for the flush, so that the changes before it are emitted before it.
//!
//! State: a keyed table has each kept row with its count. Nothing is unsent at a barrier, so what was emitted is computed from it.

mod entries;
mod store;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, AsArray, Int8Array, RecordBatch, TimestampNanosecondArray};
use arrow::datatypes::{Int8Type, SchemaRef};
use arrow::row::{RowConverter, SortField};
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::CHANGE_FIELD;

use self::entries::{Emitted, Entries, OutputRow, RowKey};
use self::store::stored_schema;
use super::order::{Leading, columns_at};
use super::spec::OverSpec;
use crate::operators::output::{batch_of, collect, event_times};

const ROWS: &str = "rows";

/// Rows may double, and be so many more, before those that are not wanted are given up.
const SLACK_ROWS: usize = 64;

/// The values of PARTITION BY, as bytes.
type Key = Arc<[u8]>;

/// See the module's documentation.
pub(in crate::operators) struct UpdatingOver {
    spec: OverSpec,
    /// How many of the first rows of a partition are left out.
    skip: usize,
    /// Whether the rows come without the functions' results.
    only_rows: bool,
    is_changelog: bool,
    /// The number of the input's columns without hidden ones.
    values: usize,
    keys: RowConverter,
    orders: RowConverter,
    rows: RowConverter,
    outputs: RowConverter,
    stored: SchemaRef,
    partitions: HashMap<Key, Partition>,
    /// Partitions that changed since the last flush.
    touched: BTreeSet<Key>,
    /// Rows that changed since the last barrier.
    unstored: BTreeSet<(Key, RowKey)>,
    held_watermark: Option<Watermark>,
    interval: Duration,
}

/// The rows of a partition, and what was emitted of it.
#[derive(Default)]
struct Partition {
    entries: Entries,
    emitted: Emitted,
}

/// Changes to emit: the output's columns as bytes, +1 or −1, event time.
type Change = (Arc<[u8]>, i8, i64);

impl UpdatingOver {
    pub(in crate::operators) fn new(config: &config::Over, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = OverSpec::new(config, input, Leading::Partition)?;
        let is_changelog = input.column_with_name(CHANGE_FIELD).is_some();
        let values = input.fields().len().saturating_sub(if is_changelog { 2 } else { 1 });
        let types = |schema: &SchemaRef, count: usize| -> Vec<SortField> {
            schema.fields().iter().take(count).map(|field| SortField::new(field.data_type().clone())).collect()
        };
        let keys = spec.order.partition_columns().iter().filter_map(|column| input.fields().get(*column));
        let keys = keys.map(|field| SortField::new(field.data_type().clone())).collect();
        let output_values = spec.schema.fields().len().saturating_sub(2);
        Ok(Self {
            skip: usize::try_from(config.skip).unwrap_or(usize::MAX),
            only_rows: config.only_rows,
            keys: RowConverter::new(keys)?,
            orders: RowConverter::new(spec.order.order_fields())?,
            rows: RowConverter::new(types(input, values))?,
            outputs: RowConverter::new(types(&spec.schema, output_values))?,
            stored: stored_schema(input, values),
            spec,
            is_changelog,
            values,
            partitions: HashMap::new(),
            touched: BTreeSet::new(),
            unstored: BTreeSet::new(),
            held_watermark: None,
            interval: Duration::from_secs(1),
        })
    }

    /// The partition of each row.
    fn keys_of(&self, batch: &RecordBatch) -> Result<Vec<Key>, OperatorError> {
        let columns = columns_at(batch, self.spec.order.partition_columns())?;
        if columns.is_empty() {
            return Ok(vec![Arc::from(Vec::new()); batch.num_rows()]);
        }
        let keys = self.keys.convert_columns(&columns)?;
        Ok(keys.iter().map(|key| Arc::from(key.as_ref())).collect())
    }

    /// Each row as bytes that sort in the order of ORDER BY.
    fn row_keys(&self, batch: &RecordBatch) -> Result<Vec<RowKey>, OperatorError> {
        let values = batch.columns().get(..self.values).unwrap_or_default();
        let rows = self.rows.convert_columns(values)?;
        let order = self.spec.order.order_values(batch)?;
        if order.is_empty() {
            return Ok(rows.iter().map(|row| RowKey::new(&[], row.as_ref())).collect());
        }
        let orders = self.orders.convert_columns(&order)?;
        Ok(orders.iter().zip(rows.iter()).map(|(order, row)| RowKey::new(order.as_ref(), row.as_ref())).collect())
    }

    /// Adds counts of rows to their partitions.
    fn apply(
        &mut self,
        batch: &RecordBatch,
        counts: impl Iterator<Item = i64>,
    ) -> Result<BTreeSet<Key>, OperatorError> {
        let times = event_times(batch)?;
        let mut touched = BTreeSet::new();
        let rows = self.row_keys(batch)?.into_iter().zip(self.keys_of(batch)?);
        for (((row, key), count), time) in rows.zip(counts).zip(times.values()) {
            let partition = self.partitions.entry(Arc::clone(&key)).or_default();
            partition.entries.add(row.clone(), count, *time);
            self.unstored.insert((Arc::clone(&key), row));
            touched.insert(key);
        }
        Ok(touched)
    }

    /// Gives up rows of a partition that can never be wanted.
    fn prune(&mut self, key: &Key, slack: usize) {
        let (Some(top), false) = (self.spec.top, self.is_changelog) else { return };
        let Some(partition) = self.partitions.get_mut(key) else { return };
        for row in partition.entries.prune(top, slack) {
            self.unstored.insert((Arc::clone(key), row));
        }
    }

    /// Emits how the results of touched partitions differ from before.
    fn flush(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let mut changes: Vec<Change> = Vec::new();
        for key in std::mem::take(&mut self.touched) {
            self.prune(&key, 0);
            let Some(mut partition) = self.partitions.remove(&key) else { continue };
            let results = self.results(&partition.entries)?;
            partition.emitted.replace(results, &mut changes);
            if !partition.entries.is_empty() {
                self.partitions.insert(key, partition);
            }
        }
        if !changes.is_empty() {
            collect(self.changes(&changes)?, out)?;
        }
        match self.held_watermark.take() {
            Some(watermark) => out.watermark(watermark),
            None => Ok(()),
        }
    }

    /// The output's rows for a partition, with their event times.
    fn results(&self, entries: &Entries) -> Result<Vec<OutputRow>, OperatorError> {
        let wanted = entries.wanted(self.spec.top);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let parser = self.rows.parser();
        let mut columns = self.rows.convert_rows(wanted.iter().map(|(row, _)| parser.parse(row.row())))?;
        if self.is_changelog {
            columns.push(Arc::new(Int8Array::from_value(1, wanted.len())));
        }
        let times: Vec<i64> = wanted.iter().map(|(_, time)| *time).collect();
        columns.push(Arc::new(TimestampNanosecondArray::from(times.clone())));
        let rows = batch_of(&self.spec.input, columns, wanted.len())?;
        let mut outputs: Vec<ArrayRef> = rows.columns().get(..self.values).unwrap_or_default().to_vec();
        if !self.only_rows {
            outputs.extend(self.spec.evaluate(&rows, std::slice::from_ref(&(0..wanted.len())))?);
        }
        let fitted = outputs.into_iter().zip(self.spec.schema.fields());
        let fitted = fitted.map(|(column, field)| crate::operators::output::fit(column, field.data_type()));
        let encoded = self.outputs.convert_columns(&fitted.collect::<Result<Vec<_>, _>>()?)?;
        let results = encoded.iter().zip(times).map(|(row, time)| (Arc::from(row.as_ref()), time));
        Ok(results.skip(self.skip).collect())
    }

    fn changes(&self, changes: &[Change]) -> Result<RecordBatch, OperatorError> {
        let parser = self.outputs.parser();
        let mut columns = self.outputs.convert_rows(changes.iter().map(|(row, _, _)| parser.parse(row)))?;
        columns.push(Arc::new(changes.iter().map(|(_, change, _)| *change).collect::<Int8Array>()));
        let times = changes.iter().map(|(_, _, time)| *time);
        columns.push(Arc::new(TimestampNanosecondArray::from_iter_values(times)));
        batch_of(&self.spec.schema, columns, changes.len())
    }
}

impl Operator for UpdatingOver {
    fn tables(&self) -> Vec<TableSpec> {
        vec![TableSpec::keyed(ROWS, SchemaRef::clone(&self.stored), self.values)]
    }

    fn open(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        self.interval = ctx.flush_interval;
        self.restore(ctx)
    }

    fn process_batch(
        &mut self,
        _input: u32,
        batch: RecordBatch,
        _ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let touched = match batch.column_by_name(CHANGE_FIELD).filter(|_| self.is_changelog) {
            Some(column) => {
                let changes = column.as_primitive_opt::<Int8Type>().cloned();
                let changes = changes.ok_or_else(|| OperatorError::bug("`_change` is no small number"))?;
                self.apply(&batch, changes.values().iter().map(|change| i64::from(*change)))?
            }
            None => self.apply(&batch, std::iter::repeat_n(1, batch.num_rows()))?,
        };
        for key in &touched {
            self.prune(key, SLACK_ROWS);
        }
        self.touched.extend(touched);
        Ok(())
    }

    fn process_watermark(
        &mut self,
        watermark: Watermark,
        _ctx: &mut OperatorContext,
        out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        if self.touched.is_empty() {
            self.held_watermark = None;
            return out.watermark(watermark);
        }
        self.held_watermark = Some(watermark);
        Ok(())
    }

    fn checkpoint(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)?;
        self.store(ctx)
    }

    fn end(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn tick_interval(&self) -> Option<Duration> {
        Some(self.interval)
    }

    fn tick(&mut self, _ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)
    }

    fn state_bytes(&self) -> usize {
        self.partitions.values().map(|partition| partition.entries.bytes() + partition.emitted.bytes()).sum()
    }
}

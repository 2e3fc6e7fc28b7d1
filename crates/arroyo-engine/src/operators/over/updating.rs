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
//! touched are computed again, all in one go, and what differs from before is emitted. When only the first rows are wanted and
//! no row is ever taken back, the others are given up, and rows that come behind them are not even looked at.
//! A partition that got no rows for the time to live is taken back and forgotten; the time in which the job does not run does not
//! count. A retraction of a row that was forgotten is ignored.
//! A watermark waits for the flush, so that the changes before it are emitted before it.
//!
//! State: a keyed table has each kept row with its count. Nothing is unsent at a barrier, so what was emitted is computed from it.

mod emitted;
mod entries;
mod partitions;
mod rows;
mod store;

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{AsArray, Int8Array, RecordBatch, TimestampNanosecondArray, UInt32Array};
use arrow::compute::take_arrays;
use arrow::datatypes::{FieldRef, Int8Type, SchemaRef};
use arrow::row::SortField;
use arroyo_dataflow::operators as config;
use arroyo_operator::{Collector, Operator, OperatorContext, OperatorError, Watermark};
use arroyo_state::TableSpec;
use arroyo_types::CHANGE_FIELD;

use self::emitted::{Change, OutputRow};
use self::entries::Unstored;
use self::partitions::Partitions;
use self::rows::RowKey;
use self::store::stored_schema;
use super::order::Leading;
use super::spec::{OverSpec, PartitionRows};
use crate::operators::expiry::Expiry;
use crate::operators::output::{batch_of, collect, columns_at, event_times};
use crate::operators::row_encoder::RowEncoder;

const ROWS: &str = "rows";

/// The results of so many partitions are computed together.
const PARTITIONS_AT_ONCE: usize = 8192;

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
    keys: RowEncoder,
    orders: RowEncoder,
    rows: RowEncoder,
    /// The functions' results.
    results: RowEncoder,
    stored: SchemaRef,
    partitions: Partitions,
    /// Partitions that changed since the last flush.
    touched: Vec<u32>,
    /// Rows that changed since the last barrier.
    unstored: Unstored,
    expiry: Option<Expiry>,
    held_watermark: Option<Watermark>,
    interval: Duration,
    /// Bytes of the partitions' rows.
    bytes: usize,
}

/// Wanted rows of some partitions, in their order, with event times.
#[derive(Default)]
struct Wanted {
    rows: Vec<RowKey>,
    times: Vec<i64>,
    partitions: Vec<std::ops::Range<usize>>,
}

fn sort_field(field: &FieldRef) -> SortField {
    SortField::new(field.data_type().clone())
}

impl UpdatingOver {
    pub(in crate::operators) fn new(config: &config::Over, input: &SchemaRef) -> Result<Self, OperatorError> {
        let spec = OverSpec::new(config, input, Leading::Partition)?;
        let is_changelog = input.column_with_name(CHANGE_FIELD).is_some();
        let values = input.fields().len().saturating_sub(if is_changelog { 2 } else { 1 });
        let keys = spec.order.partition_columns().iter().filter_map(|column| input.fields().get(*column));
        let results = spec.functions.iter().map(|function| SortField::new(function.data_type().clone()));
        Ok(Self {
            skip: usize::try_from(config.skip).unwrap_or(usize::MAX),
            only_rows: config.only_rows,
            keys: RowEncoder::of_keys(keys.map(sort_field))?,
            orders: RowEncoder::of_rows(spec.order.order_fields())?,
            rows: RowEncoder::of_rows(input.fields().iter().take(values).map(sort_field))?,
            results: RowEncoder::of_rows(results)?,
            stored: stored_schema(input, values),
            spec,
            is_changelog,
            values,
            partitions: Partitions::default(),
            touched: Vec::new(),
            unstored: Unstored::default(),
            expiry: Expiry::after(config.ttl_nanos).filter(|_| !config.partition.is_empty()),
            held_watermark: None,
            interval: Duration::from_secs(1),
            bytes: 0,
        })
    }

    /// Adds counts of rows to their partitions.
    fn apply(&mut self, batch: &RecordBatch, counts: impl Iterator<Item = i64>, now: i64) -> Result<(), OperatorError> {
        let keys = self.keys.encode(&columns_at(batch, self.spec.order.partition_columns())?, batch.num_rows())?;
        let orders = self.orders.encode(&self.spec.order.order_values(batch)?, batch.num_rows())?;
        let times = event_times(batch)?;
        let mut places = Vec::with_capacity(batch.num_rows());
        let mut added = Vec::with_capacity(batch.num_rows());
        for (row, (count, time)) in counts.zip(times.values()).enumerate() {
            let number = self.partitions.number_of(keys.row(row).data());
            let Some(partition) = self.partitions.get_mut(number) else { continue };
            partition.seen = now;
            // Most rows of a partition that only wants its first ones end here.
            if partition.entries.may_want(orders.row(row).data()) {
                places.push(row as u32);
                added.push((number, (count, *time)));
            }
        }
        let values = batch.columns().get(..self.values).unwrap_or_default();
        let rows = if places.len() == batch.num_rows() {
            self.rows.encode(values, places.len())?
        } else {
            self.rows.encode(&take_arrays(values, &UInt32Array::from(places.clone()), None)?, places.len())?
        };
        let mut row_bytes = Vec::new();
        for ((place, (number, counted)), row) in places.iter().zip(added).zip(rows.iter()) {
            let order = orders.row(*place as usize).data();
            row_bytes.clear();
            row_bytes.extend_from_slice(order);
            row_bytes.extend_from_slice(row.data());
            self.add((&row_bytes, order.len()), counted, number);
        }
        Ok(())
    }

    /// Adds to the count of a row.
    fn add(&mut self, row: (&[u8], usize), counted: (i64, i64), number: u32) {
        let Some(partition) = self.partitions.get_mut(number) else { return };
        let before = partition.entries.bytes();
        let is_forgotten = self.expiry.is_some() && counted.0 < 0 && !partition.entries.has(row.0);
        if !is_forgotten {
            partition.entries.add(row, counted, number, &mut self.unstored);
        }
        if let (Some(top), false) = (self.spec.top, self.is_changelog) {
            partition.entries.prune_when_due(top, number, &mut self.unstored);
        }
        self.bytes = (self.bytes + partition.entries.bytes()).saturating_sub(before);
        if !std::mem::replace(&mut partition.is_touched, true) {
            self.touched.push(number);
        }
    }

    /// Emits how the results of touched partitions differ from before.
    fn flush(&mut self, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let touched = std::mem::take(&mut self.touched);
        for partitions in touched.chunks(PARTITIONS_AT_ONCE) {
            let changes = self.update(partitions)?;
            if !changes.is_empty() {
                collect(self.output(&changes)?, out)?;
            }
        }
        let partitions = &self.partitions;
        self.unstored.tidy(|number, row| partitions.get(number).is_some_and(|held| held.entries.is_changed(row)));
        match self.held_watermark.take() {
            Some(watermark) => out.watermark(watermark),
            None => Ok(()),
        }
    }

    /// Takes back and forgets partitions that got no rows for the time to live.
    fn sweep(&mut self, now: i64, out: &mut dyn Collector) -> Result<(), OperatorError> {
        let Some(before) = self.expiry.as_mut().and_then(|expiry| expiry.due(now)) else { return Ok(()) };
        let expired = self.partitions.unseen_since(before);
        for number in &expired {
            let Some(partition) = self.partitions.get_mut(*number) else { continue };
            self.bytes = self.bytes.saturating_sub(partition.entries.bytes());
            partition.entries.forget(&mut self.unstored);
        }
        for partitions in expired.chunks(PARTITIONS_AT_ONCE) {
            let changes = self.update(partitions)?;
            if !changes.is_empty() {
                collect(self.output(&changes)?, out)?;
            }
        }
        Ok(())
    }

    /// Computes the results of partitions again; the answer is how they differ from before.
    fn update(&mut self, numbers: &[u32]) -> Result<Vec<Change>, OperatorError> {
        let wanted = self.wanted(numbers);
        let mut results = self.results(&wanted)?.into_iter();
        let mut rows = wanted.rows.into_iter().zip(wanted.times);
        let mut changes = Vec::new();
        for (number, range) in numbers.iter().zip(&wanted.partitions) {
            let partition_rows = rows.by_ref().take(range.len()).zip(results.by_ref());
            let outputs = partition_rows.map(|((row, time), results)| (row, results, time));
            let outputs: Vec<OutputRow> = outputs.skip(self.skip).collect();
            let Some(partition) = self.partitions.get_mut(*number) else { continue };
            let before = partition.emitted.bytes();
            partition.emitted.replace(outputs, &mut changes);
            self.bytes = (self.bytes + partition.emitted.bytes()).saturating_sub(before);
            self.partitions.remove_if_empty(*number);
        }
        Ok(changes)
    }

    /// The wanted rows of partitions; the others are given up if they can never be wanted.
    fn wanted(&mut self, numbers: &[u32]) -> Wanted {
        let mut wanted = Wanted::default();
        for number in numbers {
            let first = wanted.rows.len();
            if let Some(partition) = self.partitions.get_mut(*number) {
                partition.is_touched = false;
                let before = partition.entries.bytes();
                if let (Some(top), false) = (self.spec.top, self.is_changelog) {
                    partition.entries.prune(top, *number, &mut self.unstored);
                }
                self.bytes = (self.bytes + partition.entries.bytes()).saturating_sub(before);
                for (row, time) in partition.entries.wanted(self.spec.top) {
                    wanted.rows.push(row.clone());
                    wanted.times.push(time);
                }
            }
            wanted.partitions.push(first..wanted.rows.len());
        }
        wanted
    }

    /// The functions' results for each wanted row, as bytes.
    fn results(&self, wanted: &Wanted) -> Result<Vec<Arc<[u8]>>, OperatorError> {
        if self.only_rows || wanted.rows.is_empty() {
            return Ok(vec![Arc::from([]); wanted.rows.len()]);
        }
        let columns = match self.spec.ranks(&wanted.partitions, |row| is_peer(&wanted.rows, row)) {
            Some(ranks) => ranks,
            None => {
                let rows = self.decoded(wanted)?;
                self.spec.evaluate(&PartitionRows { rows: &rows, partitions: &wanted.partitions })?
            }
        };
        let encoded = self.results.encode(&columns, wanted.rows.len())?;
        let mut results: Vec<Arc<[u8]>> = Vec::with_capacity(wanted.rows.len());
        for row in encoded.iter() {
            match results.last() {
                Some(same) if same.as_ref() == row.data() => results.push(Arc::clone(same)),
                _ => results.push(Arc::from(row.data())),
            }
        }
        Ok(results)
    }

    /// Wanted rows as rows of the input.
    fn decoded(&self, wanted: &Wanted) -> Result<RecordBatch, OperatorError> {
        let mut columns = self.rows.decode(wanted.rows.iter().map(RowKey::row))?;
        if self.is_changelog {
            columns.push(Arc::new(Int8Array::from_value(1, wanted.rows.len())));
        }
        columns.push(Arc::new(TimestampNanosecondArray::from(wanted.times.clone())));
        batch_of(&self.spec.input, columns, wanted.rows.len())
    }

    fn output(&self, changes: &[Change]) -> Result<RecordBatch, OperatorError> {
        let mut columns = self.rows.decode(changes.iter().map(|((row, _, _), _)| row.row()))?;
        if !self.only_rows {
            columns.extend(self.results.decode(changes.iter().map(|((_, results, _), _)| results.as_ref()))?);
        }
        columns.push(Arc::new(changes.iter().map(|(_, change)| *change).collect::<Int8Array>()));
        let times = changes.iter().map(|((_, _, time), _)| *time);
        columns.push(Arc::new(TimestampNanosecondArray::from_iter_values(times)));
        batch_of(&self.spec.schema, columns, changes.len())
    }
}

/// Whether a row is equal to the one before it in ORDER BY.
fn is_peer(rows: &[RowKey], row: usize) -> bool {
    let before = row.checked_sub(1).and_then(|before| rows.get(before));
    before.zip(rows.get(row)).is_some_and(|(before, row)| before.order() == row.order())
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
        ctx: &mut OperatorContext,
        _out: &mut dyn Collector,
    ) -> Result<(), OperatorError> {
        let now = ctx.clock.now_micros();
        match batch.column_by_name(CHANGE_FIELD).filter(|_| self.is_changelog) {
            Some(column) => {
                let changes = column.as_primitive_opt::<Int8Type>().cloned();
                let changes = changes.ok_or_else(|| OperatorError::bug("`_change` is no small number"))?;
                self.apply(&batch, changes.values().iter().map(|change| i64::from(*change)), now)
            }
            None => self.apply(&batch, std::iter::repeat_n(1, batch.num_rows()), now),
        }
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

    fn tick(&mut self, ctx: &mut OperatorContext, out: &mut dyn Collector) -> Result<(), OperatorError> {
        self.flush(out)?;
        self.sweep(ctx.clock.now_micros(), out)
    }

    fn state_bytes(&self) -> usize {
        self.bytes + self.partitions.bytes()
    }
}

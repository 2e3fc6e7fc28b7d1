//! The state of partitions in tables.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array, new_null_array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};
use datafusion::common::ScalarValue;

use super::{Entry, InTime, KEPT, Key, PARTITIONS, Schedule, Work};
use crate::operators::keyed_table::hand_over;
use crate::operators::output::batch_of;

/// The columns of the tables. Their names say nothing, so that state fits when the query calls its columns otherwise.
pub(super) struct StoredSchemas {
    keys: Vec<Field>,
    /// Whether rows have a partition; otherwise the key is a constant.
    has_partition: bool,
    /// Key, number of the row, columns of the row.
    pub(super) kept: SchemaRef,
    /// Key, and what the work keeps.
    pub(super) partitions: SchemaRef,
}

impl StoredSchemas {
    pub(super) fn new(input: &SchemaRef, partition: &[usize], state: Vec<Field>) -> Self {
        let fields = partition.iter().filter_map(|column| input.fields().get(*column));
        let mut keys: Vec<Field> = (0..)
            .zip(fields)
            .map(|(index, field): (usize, _)| Field::new(format!("key_{index}"), field.data_type().clone(), true))
            .collect();
        let has_partition = !keys.is_empty();
        if !has_partition {
            keys.push(Field::new("key", DataType::Int8, true));
        }
        let row = Field::new("row", DataType::Int64, true);
        let columns = input.fields().iter().enumerate();
        let columns = columns.map(|(index, field)| field.as_ref().clone().with_name(format!("column_{index}")));
        let kept = keys.iter().cloned().chain([row]).chain(columns.map(|field| field.with_nullable(true)));
        let kept = Arc::new(Schema::new(kept.collect::<Vec<_>>()));
        let partitions = Arc::new(Schema::new(keys.iter().cloned().chain(state).collect::<Vec<_>>()));
        Self { keys, has_partition, kept, partitions }
    }

    /// The types of the key's columns.
    pub(super) fn key_types(&self) -> Vec<DataType> {
        self.keys.iter().map(|field| field.data_type().clone()).collect()
    }

    /// The columns behind the key.
    fn values<'a>(&self, batch: &'a RecordBatch) -> &'a [ArrayRef] {
        batch.columns().get(self.keys.len()..).unwrap_or_default()
    }
}

/// Rows for a table.
#[derive(Default)]
struct Changes {
    puts: Vec<RecordBatch>,
    deletes: Vec<RecordBatch>,
}

impl<W: Work> InTime<W> {
    /// Hands over what has changed in partitions since the last barrier, and lets go of those that are over.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut rows = Changes::default();
        let mut states = Changes::default();
        for key in std::mem::take(&mut self.dirty) {
            let Some(mut entry) = self.take(&key) else { continue };
            let keys = self.key_arrays(&key)?;
            self.store_rows(&keys, &mut entry, &mut rows)?;
            let is_over = self.work.is_over(&entry.partition);
            let was_stored = std::mem::replace(&mut entry.is_stored, !is_over);
            if is_over {
                if was_stored {
                    states.deletes.push(with_key(&keys, &self.stored.partitions, Vec::new(), 1)?);
                }
                continue;
            }
            let state = self.work.state_of(&mut entry.partition)?;
            states.puts.push(with_key(&keys, &self.stored.partitions, state, 1)?);
            self.put(&key, entry);
        }
        self.hand_over(KEPT, &self.stored.kept, &rows, ctx)?;
        self.hand_over(PARTITIONS, &self.stored.partitions, &states, ctx)
    }

    fn store_rows(
        &self,
        keys: &[ArrayRef],
        entry: &mut Entry<W::Partition>,
        changes: &mut Changes,
    ) -> Result<(), OperatorError> {
        let kept = self.work.kept(&entry.partition);
        let stored = std::mem::replace(&mut entry.stored, kept.clone());
        let gone = stored.start..stored.end.min(kept.start);
        if !gone.is_empty() {
            let count = usize::try_from(gone.end - gone.start).unwrap_or(0);
            changes.deletes.push(with_key(keys, &self.stored.kept, vec![numbers_in(gone)], count)?);
        }
        let new = stored.end.max(kept.start)..kept.end;
        if !new.is_empty() {
            let rows = self.work.kept_rows(&entry.partition, new.clone())?;
            let columns = std::iter::once(numbers_in(new)).chain(rows.columns().iter().cloned()).collect();
            changes.puts.push(with_key(keys, &self.stored.kept, columns, rows.num_rows())?);
        }
        Ok(())
    }

    fn key_arrays(&self, key: &Key) -> Result<Vec<ArrayRef>, OperatorError> {
        self.keys.decode([key.as_ref()])
    }

    fn hand_over(
        &self,
        table: &str,
        schema: &SchemaRef,
        changes: &Changes,
        ctx: &mut OperatorContext,
    ) -> Result<(), OperatorError> {
        let keys = if self.stored.has_partition { self.stored.keys.len() } else { 0 };
        let (gone, changed) = (concat_batches(schema, &changes.deletes)?, concat_batches(schema, &changes.puts)?);
        hand_over(table, gone, changed, 0..keys, ctx)
    }

    /// Takes up what was stored.
    pub(super) fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut kept = self.restored_rows(ctx)?;
        for batch in ctx.state.take_restored(PARTITIONS) {
            for (row, key) in self.stored_keys(&batch)?.into_iter().enumerate() {
                let state: Vec<ArrayRef> =
                    self.stored.values(&batch).iter().map(|column| column.slice(row, 1)).collect();
                let partition = self.work.restored(&state, kept.remove(&key))?;
                let stored = self.work.kept(&partition);
                // The next watermark finds out when it is due.
                let schedule = Schedule { due: Some(i64::MIN), ..self.work.schedule(&partition) };
                self.put(&key, Entry { partition, schedule, stored, is_stored: true });
            }
        }
        if kept.is_empty() { Ok(()) } else { Err(OperatorError::bug("there are stored rows of no partition")) }
    }

    /// The kept rows of each partition in their order, with the number of the first one.
    fn restored_rows(&self, ctx: &mut OperatorContext) -> Result<BTreeMap<Key, (u64, RecordBatch)>, OperatorError> {
        let batches = ctx.state.take_restored(KEPT);
        if batches.is_empty() {
            return Ok(BTreeMap::new());
        }
        let all = concat_batches(&self.stored.kept, &batches)?;
        let (numbers, columns) = self
            .stored
            .values(&all)
            .split_first()
            .ok_or_else(|| OperatorError::bug("stored rows of a partition have no numbers"))?;
        let rows = batch_of(self.work.input(), columns.to_vec(), all.num_rows())?;
        let mut places: BTreeMap<Key, Vec<(u64, u64)>> = BTreeMap::new();
        for ((key, number), place) in self.stored_keys(&all)?.into_iter().zip(stored_numbers(numbers)?).zip(0u64..) {
            places.entry(key).or_default().push((number, place));
        }
        let mut kept = BTreeMap::new();
        for (key, mut numbered) in places {
            numbered.sort_unstable();
            let first = numbered.first().map_or(0, |(number, _)| *number);
            if numbered.iter().zip(first..).any(|((number, _), expected)| *number != expected) {
                return Err(OperatorError::bug("the stored rows of a partition have gaps"));
            }
            let places: UInt64Array = numbered.into_iter().map(|(_, place)| Some(place)).collect();
            kept.insert(key, (first, take_record_batch(&rows, &places)?));
        }
        Ok(kept)
    }

    /// The key of each stored row.
    fn stored_keys(&self, batch: &RecordBatch) -> Result<Vec<Key>, OperatorError> {
        let keys = batch.columns().get(..self.stored.keys.len()).unwrap_or_default();
        let rows = self.keys.encode(keys, batch.num_rows())?;
        Ok(rows.iter().map(|row| Arc::from(row.as_ref())).collect())
    }
}

/// Rows of a table: the key in each, `columns`, and NULL in all others.
fn with_key(
    keys: &[ArrayRef],
    schema: &SchemaRef,
    columns: Vec<ArrayRef>,
    rows: usize,
) -> Result<RecordBatch, OperatorError> {
    let mut all = Vec::with_capacity(schema.fields().len());
    for key in keys {
        let key = ScalarValue::try_from_array(key, 0).and_then(|key| key.to_array_of_size(rows));
        all.push(key.map_err(|error| OperatorError::bug(format!("a key cannot be stored: {error}")))?);
    }
    all.extend(columns);
    let missing = schema.fields().iter().skip(all.len()).map(|field| new_null_array(field.data_type(), rows));
    all.extend(missing.collect::<Vec<_>>());
    batch_of(schema, all, rows)
}

fn numbers_in(range: Range<u64>) -> ArrayRef {
    Arc::new(range.map(|number| i64::try_from(number).ok()).collect::<Int64Array>())
}

/// A field for [`number_column`].
pub(in crate::operators::over) fn number_field(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

/// A number in the state of a partition.
pub(in crate::operators::over) fn number_column(value: u64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![i64::try_from(value).ok()]))
}

/// The inverse of [`number_column`], for any number of rows.
pub(in crate::operators::over) fn stored_numbers(column: &ArrayRef) -> Result<Vec<u64>, OperatorError> {
    let numbers = column.as_primitive_opt::<Int64Type>().filter(|numbers| numbers.null_count() == 0);
    let numbers = numbers.ok_or_else(|| OperatorError::bug("a stored partition has no numbers"))?;
    Ok(numbers.values().iter().map(|number| u64::try_from(*number).unwrap_or(0)).collect())
}

/// The inverse of [`number_column`].
pub(in crate::operators::over) fn stored_number(column: Option<&ArrayRef>) -> Result<u64, OperatorError> {
    let numbers = column.map(stored_numbers).transpose()?.unwrap_or_default();
    numbers.first().copied().ok_or_else(|| OperatorError::bug("a stored partition is incomplete"))
}

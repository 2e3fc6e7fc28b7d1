//! The state of partitions in tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array, new_null_array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_operator::{OperatorContext, OperatorError};
use datafusion::common::ScalarValue;

use super::partition::Partition;
use super::{KEPT, Key, Matches, PARTITIONS};
use crate::operators::aggregate::key_hashes;
use crate::operators::output::batch_of;

/// The columns of the tables. Their names say nothing, so that state fits when the query calls its columns otherwise.
pub(super) struct StoredSchemas {
    keys: Vec<Field>,
    /// Whether rows have a partition; otherwise the key is a constant.
    has_partition: bool,
    /// Key, number of the row, columns of the row.
    pub(super) kept: SchemaRef,
    /// Key, the row that the search is at, number of matches.
    pub(super) partitions: SchemaRef,
}

impl StoredSchemas {
    pub(super) fn new(input: &SchemaRef, partition: &[usize]) -> Self {
        let fields = partition.iter().filter_map(|column| input.fields().get(*column));
        let mut keys: Vec<Field> = (0..)
            .zip(fields)
            .map(|(index, field): (usize, _)| Field::new(format!("key_{index}"), field.data_type().clone(), true))
            .collect();
        let has_partition = !keys.is_empty();
        if !has_partition {
            keys.push(Field::new("key", DataType::Int8, true));
        }
        let number = |name: &str| Field::new(name, DataType::Int64, true);
        let columns = input.fields().iter().enumerate();
        let columns = columns.map(|(index, field)| field.as_ref().clone().with_name(format!("column_{index}")));
        let kept = keys.iter().cloned().chain([number("row")]).chain(columns.map(|field| field.with_nullable(true)));
        let partitions = keys.iter().cloned().chain(["start", "matches"].map(number));
        let (kept, partitions): (Vec<Field>, Vec<Field>) = (kept.collect(), partitions.collect());
        Self { keys, has_partition, kept: Arc::new(Schema::new(kept)), partitions: Arc::new(Schema::new(partitions)) }
    }

    /// The types of the key's columns.
    pub(super) fn key_types(&self) -> Vec<DataType> {
        self.keys.iter().map(|field| field.data_type().clone()).collect()
    }
}

/// Rows for a table.
#[derive(Default)]
struct Changes {
    puts: Vec<RecordBatch>,
    deletes: Vec<RecordBatch>,
}

impl Matches {
    /// Hands over what has changed in partitions since the last barrier.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut rows = Changes::default();
        let mut states = Changes::default();
        for key in std::mem::take(&mut self.dirty) {
            let Some(mut partition) = self.partitions.remove(&key) else { continue };
            let keys = self.key_arrays(&key)?;
            self.store_rows(&keys, &mut partition, &mut rows)?;
            let is_done = partition.is_done(&self.spec);
            let was_stored = std::mem::replace(&mut partition.is_stored, !is_done);
            if is_done {
                if was_stored {
                    states.deletes.push(self.with_key(&keys, &self.stored.partitions, Vec::new(), 1)?);
                }
                continue;
            }
            let numbers = [partition.start, partition.matches].map(|value| {
                let column: ArrayRef = Arc::new(Int64Array::from(vec![number(value)]));
                column
            });
            states.puts.push(self.with_key(&keys, &self.stored.partitions, numbers.to_vec(), 1)?);
            self.partitions.insert(key, partition);
        }
        self.hand_over(KEPT, &self.stored.kept, rows, ctx)?;
        self.hand_over(PARTITIONS, &self.stored.partitions, states, ctx)
    }

    fn store_rows(
        &self,
        keys: &[ArrayRef],
        partition: &mut Partition,
        changes: &mut Changes,
    ) -> Result<(), OperatorError> {
        let held = partition.rows.numbers();
        let stored = std::mem::replace(&mut partition.stored, held.clone());
        let numbers = |range: std::ops::Range<u64>| -> ArrayRef { Arc::new(range.map(number).collect::<Int64Array>()) };
        let gone = stored.start..stored.end.min(held.start);
        if !gone.is_empty() {
            let count = usize::try_from(gone.end - gone.start).unwrap_or(0);
            changes.deletes.push(self.with_key(keys, &self.stored.kept, vec![numbers(gone)], count)?);
        }
        let new = stored.end.max(held.start)..held.end;
        if !new.is_empty() {
            let rows = partition.rows.batch(&self.spec.input, &new.clone().collect::<Vec<_>>())?;
            let columns = std::iter::once(numbers(new)).chain(rows.columns().iter().cloned()).collect();
            changes.puts.push(self.with_key(keys, &self.stored.kept, columns, rows.num_rows())?);
        }
        Ok(())
    }

    fn key_arrays(&self, key: &Key) -> Result<Vec<ArrayRef>, OperatorError> {
        let parser = self.keys.parser();
        Ok(self.keys.convert_rows([parser.parse(key)])?)
    }

    /// Rows of a table: the key in each, `columns`, and NULL in all others.
    fn with_key(
        &self,
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

    fn hand_over(
        &self,
        table: &str,
        schema: &SchemaRef,
        changes: Changes,
        ctx: &mut OperatorContext,
    ) -> Result<(), OperatorError> {
        if !changes.deletes.is_empty() {
            let rows = concat_batches(schema, &changes.deletes)?;
            let hashes = self.hashes(&rows)?;
            ctx.state.delete(table, rows, hashes)?;
        }
        if !changes.puts.is_empty() {
            let rows = concat_batches(schema, &changes.puts)?;
            let hashes = self.hashes(&rows)?;
            ctx.state.put(table, rows, hashes)?;
        }
        Ok(())
    }

    /// The hashes by which rows are routed here.
    fn hashes(&self, rows: &RecordBatch) -> Result<UInt64Array, OperatorError> {
        let keys = if self.stored.has_partition { self.stored.keys.len() } else { 0 };
        key_hashes(rows.columns().get(..keys).unwrap_or_default(), rows.num_rows())
    }

    /// Takes up what was stored.
    pub(super) fn restore(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut kept = self.restored_rows(ctx)?;
        for batch in ctx.state.take_restored(PARTITIONS) {
            let keys = self.stored_keys(&batch)?;
            let (start, matches) = (self.numbers(&batch, 0)?, self.numbers(&batch, 1)?);
            for ((key, start), matches) in keys.into_iter().zip(start).zip(matches) {
                let (first, rows) = match kept.remove(&key) {
                    Some((first, rows)) => (first, Some(rows)),
                    None => (start, None),
                };
                let partition = Partition::restored(&self.spec, first, rows, start, matches)?;
                self.track(&key, partition);
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
        let columns = all.columns().get(self.stored.keys.len() + 1..).unwrap_or_default().to_vec();
        let rows = batch_of(&self.spec.input, columns, all.num_rows())?;
        let mut places: BTreeMap<Key, Vec<(u64, u64)>> = BTreeMap::new();
        for ((key, number), place) in self.stored_keys(&all)?.into_iter().zip(self.numbers(&all, 0)?).zip(0u64..) {
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
        let rows = self.keys.convert_columns(keys)?;
        Ok(rows.iter().map(|row| Arc::from(row.as_ref())).collect())
    }

    /// A column of numbers behind the key.
    fn numbers(&self, batch: &RecordBatch, index: usize) -> Result<Vec<u64>, OperatorError> {
        let column = batch.columns().get(self.stored.keys.len() + index);
        let numbers = column.and_then(|column| column.as_primitive_opt::<Int64Type>());
        let numbers = numbers.filter(|numbers| numbers.null_count() == 0);
        let numbers = numbers.ok_or_else(|| OperatorError::bug("a stored partition has no numbers"))?;
        Ok(numbers.values().iter().map(|number| u64::try_from(*number).unwrap_or(0)).collect())
    }
}

fn number(value: u64) -> Option<i64> {
    i64::try_from(value).ok()
}

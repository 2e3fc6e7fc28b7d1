//! The state of partitions in tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array, new_null_array};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_expr::{CompiledAggregate, OverPlan};
use arroyo_operator::{OperatorContext, OperatorError};
use datafusion::common::ScalarValue;

use super::partition::Partition;
use super::results::{Ranks, Running};
use super::{KEPT, Key, PARTITIONS, TimeOver};
use crate::operators::aggregate::key_hashes;
use crate::operators::error::expression_failed;
use crate::operators::output::{batch_of, event_times};

/// The columns of the tables. Their names say nothing, so that state fits when the query calls its columns otherwise.
pub(super) struct StoredSchemas {
    keys: Vec<Field>,
    /// Whether rows have a partition; otherwise the key is a constant.
    has_partition: bool,
    /// Key, number of the row, columns of the row.
    pub(super) kept: SchemaRef,
    /// Key, number of the next row, ranks, frontier and state of each running aggregate.
    pub(super) partitions: SchemaRef,
}

impl StoredSchemas {
    pub(super) fn new(input: &SchemaRef, partition: &[usize], plans: &[OverPlan]) -> Self {
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
        let mut partitions: Vec<Field> = keys.clone();
        partitions.extend(["next", "rank", "dense_rank"].map(number));
        for (index, aggregate) in aggregates(plans).enumerate() {
            partitions.push(number(&format!("frontier_{index}")));
            for (part, field) in aggregate.state_fields().iter().enumerate() {
                let field = field.as_ref().clone().with_name(format!("state_{index}_{part}"));
                partitions.push(field.with_nullable(true));
            }
        }
        let kept = Arc::new(Schema::new(kept.collect::<Vec<_>>()));
        Self { keys, has_partition, kept, partitions: Arc::new(Schema::new(partitions)) }
    }

    /// The types of the key's columns.
    pub(super) fn key_types(&self) -> Vec<DataType> {
        self.keys.iter().map(|field| field.data_type().clone()).collect()
    }
}

fn aggregates(plans: &[OverPlan]) -> impl Iterator<Item = &CompiledAggregate> {
    plans.iter().filter_map(|plan| match plan {
        OverPlan::Running { aggregate, .. } => Some(aggregate.as_ref()),
        _ => None,
    })
}

/// Rows for a table, with their hashes.
#[derive(Default)]
struct Changes {
    puts: Vec<RecordBatch>,
    deletes: Vec<RecordBatch>,
}

impl TimeOver {
    /// Hands over what has changed in partitions since the last barrier.
    pub(super) fn store(&mut self, ctx: &mut OperatorContext) -> Result<(), OperatorError> {
        let mut rows = Changes::default();
        let mut states = Changes::default();
        for key in std::mem::take(&mut self.dirty) {
            let Some(mut partition) = self.partitions.remove(&key) else { continue };
            let keys = self.key_arrays(&key)?;
            self.store_rows(&keys, &mut partition, &mut rows)?;
            let is_over = partition.is_over(&self.plans);
            let was_stored = std::mem::replace(&mut partition.is_stored, !is_over);
            if is_over {
                if was_stored {
                    states.deletes.push(self.with_key(&keys, &self.stored.partitions, Vec::new(), 1)?);
                }
                continue;
            }
            let state = self.state_of(&mut partition)?;
            states.puts.push(self.with_key(&keys, &self.stored.partitions, state, 1)?);
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
        let held = partition.held_numbers();
        let stored = std::mem::replace(&mut partition.stored, held.clone());
        let numbers = |range: std::ops::Range<u64>| -> ArrayRef { Arc::new(range.map(number).collect::<Int64Array>()) };
        let gone = stored.start..stored.end.min(held.start);
        if !gone.is_empty() {
            let count = usize::try_from(gone.end - gone.start).unwrap_or(0);
            changes.deletes.push(self.with_key(keys, &self.stored.kept, vec![numbers(gone)], count)?);
        }
        let new = stored.end.max(held.start)..held.end;
        if let Some(rows) = partition.held.as_ref().filter(|_| !new.is_empty()) {
            let skipped = usize::try_from(new.start - held.start).unwrap_or(0);
            let rows = rows.slice(skipped, rows.num_rows().saturating_sub(skipped));
            let columns = std::iter::once(numbers(new)).chain(rows.columns().iter().cloned()).collect();
            changes.puts.push(self.with_key(keys, &self.stored.kept, columns, rows.num_rows())?);
        }
        Ok(())
    }

    /// The columns of a partition's row.
    fn state_of(&self, partition: &mut Partition) -> Result<Vec<ArrayRef>, OperatorError> {
        let single = |value: u64| -> ArrayRef { Arc::new(Int64Array::from(vec![number(value)])) };
        let mut columns = vec![single(partition.next), single(partition.ranks.rank), single(partition.ranks.dense)];
        for (running, aggregate) in partition.running.iter_mut().zip(aggregates(&self.plans)) {
            let failed = |error| expression_failed(aggregate.evaluation_error(error));
            columns.push(single(running.frontier));
            let state = running.accumulator.state().map_err(failed)?;
            let state = state.iter().map(ScalarValue::to_array).collect::<Result<Vec<_>, _>>().map_err(failed)?;
            // Reading the state may have used it up.
            let mut fresh = Running::new(aggregate)?;
            fresh.frontier = running.frontier;
            fresh.accumulator.merge_batch(&state).map_err(failed)?;
            *running = fresh;
            columns.extend(state);
        }
        Ok(columns)
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
            all.push(
                ScalarValue::try_from_array(key, 0).and_then(|key| key.to_array_of_size(rows)).map_err(stored_wrong)?,
            );
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
        let mut restored: BTreeMap<Key, Partition> = BTreeMap::new();
        for batch in ctx.state.take_restored(PARTITIONS) {
            for row in 0..batch.num_rows() {
                let key = self.stored_key(&batch, row)?;
                restored.insert(key, self.restored(&batch.slice(row, 1))?);
            }
        }
        let mut kept: BTreeMap<Key, Vec<(i64, RecordBatch)>> = BTreeMap::new();
        for batch in ctx.state.take_restored(KEPT) {
            let keys = self.stored.keys.len();
            let numbers = batch.columns().get(keys).and_then(|column| column.as_primitive_opt::<Int64Type>()).cloned();
            let numbers = numbers.ok_or_else(|| OperatorError::bug("stored rows have no numbers"))?;
            let columns = batch.columns().get(keys + 1..).unwrap_or_default().to_vec();
            let rows = batch_of(&self.spec.input, columns, batch.num_rows())?;
            for row in 0..batch.num_rows() {
                let key = self.stored_key(&batch, row)?;
                kept.entry(key).or_default().push((numbers.value(row), rows.slice(row, 1)));
            }
        }
        for (key, mut partition) in restored {
            partition.is_stored = true;
            if let Some(rows) = kept.remove(&key) {
                self.take_up(&mut partition, rows)?;
            } else {
                partition.first = partition.next;
                partition.stored = partition.next..partition.next;
            }
            self.track(&key, partition);
        }
        Ok(())
    }

    fn stored_key(&self, batch: &RecordBatch, row: usize) -> Result<Key, OperatorError> {
        let keys = batch.columns().get(..self.stored.keys.len()).unwrap_or_default();
        let keys: Vec<ArrayRef> = keys.iter().map(|key| key.slice(row, 1)).collect();
        let rows = self.keys.convert_columns(&keys)?;
        let key = rows.iter().next().map(|row| Arc::from(row.as_ref()));
        key.ok_or_else(|| OperatorError::bug("a stored partition has no key"))
    }

    /// The partition of a stored row.
    fn restored(&self, row: &RecordBatch) -> Result<Partition, OperatorError> {
        let mut columns = row.columns().iter().skip(self.stored.keys.len());
        let mut take = || columns.next().ok_or_else(|| OperatorError::bug("a stored partition is incomplete"));
        let read = |column: &ArrayRef| {
            let value = column.as_primitive_opt::<Int64Type>().filter(|values| values.is_valid(0));
            value.map_or(0, |values| u64::try_from(values.value(0)).unwrap_or(0))
        };
        let mut partition = Partition::new(&self.plans)?;
        partition.next = read(take()?);
        partition.ranks = Ranks { rank: read(take()?), dense: read(take()?) };
        for (running, aggregate) in partition.running.iter_mut().zip(aggregates(&self.plans)) {
            running.frontier = read(take()?);
            let state = aggregate.state_fields().iter().map(|_| take().cloned()).collect::<Result<Vec<_>, _>>()?;
            let merged = running.accumulator.merge_batch(&state);
            merged.map_err(|error| expression_failed(aggregate.evaluation_error(error)))?;
        }
        Ok(partition)
    }

    /// Gives a partition its stored rows.
    fn take_up(&self, partition: &mut Partition, mut rows: Vec<(i64, RecordBatch)>) -> Result<(), OperatorError> {
        rows.sort_by_key(|(number, _)| *number);
        let numbers: BTreeSet<i64> = rows.iter().map(|(number, _)| *number).collect();
        let first = rows.first().and_then(|(number, _)| u64::try_from(*number).ok()).unwrap_or(0);
        if numbers.len() != rows.len() || numbers.last().map(|last| last + 1) != number(first + rows.len() as u64) {
            return Err(OperatorError::bug("the stored rows of a partition have gaps"));
        }
        let batches: Vec<RecordBatch> = rows.into_iter().map(|(_, row)| row).collect();
        let held = concat_batches(&self.spec.input, &batches)?;
        let undecided = usize::try_from(partition.next.saturating_sub(first)).unwrap_or(usize::MAX);
        let times = event_times(&held)?;
        partition.first = first;
        partition.stored = first..first + held.num_rows() as u64;
        partition.first_undecided = times.values().get(undecided).copied();
        // Looked at with the next watermark, which finds out when it is due.
        partition.due = Some(i64::MIN);
        partition.held = Some(held);
        Ok(())
    }
}

fn number(value: u64) -> Option<i64> {
    i64::try_from(value).ok()
}

fn stored_wrong(error: datafusion::error::DataFusionError) -> OperatorError {
    OperatorError::bug(format!("a key cannot be stored: {error}"))
}

//! What operators that update their results hold: one row per key, in chunks of columns.
//!
//! A changed row goes into a new chunk, and its old place is given up. Neighbouring chunks of similar size are merged, so that
//! there are few of them, and what was given up is freed.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use arroyo_operator::OperatorError;
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

use super::error::grouping_failed;

/// Slots without a row that are worth rebuilding the index of keys for, besides being more than the others.
const MIN_FREE_SLOTS: usize = 1024;

/// The rows of one subtask by their keys. A key has a slot; the number of its slot changes only in [`RowStore::tidy`].
pub(super) struct RowStore {
    /// Key columns first.
    schema: SchemaRef,
    key_fields: Vec<FieldRef>,
    /// From keys to slots; `None` without key columns: then there is one slot.
    keys: Option<Box<dyn GroupValues>>,
    slots: Vec<Slot>,
    chunks: Vec<Chunk>,
    /// Slots whose row differs from what is stored.
    dirty: Vec<usize>,
    /// Slots without a row.
    free: usize,
}

#[derive(Debug, Clone, Default)]
struct Slot {
    /// Chunk and row.
    place: Option<(usize, usize)>,
    /// The row is there; if not, it is only kept until a barrier has told the table.
    is_live: bool,
    /// The table has the key.
    is_stored: bool,
    is_dirty: bool,
    /// When it last changed, in microseconds.
    updated: i64,
}

struct Chunk {
    rows: RecordBatch,
    /// The slot of each row, if the row is still that slot's.
    owners: Vec<usize>,
    live: usize,
}

impl RowStore {
    /// No rows; `schema` begins with `key_fields`.
    pub(super) fn new(schema: SchemaRef, key_fields: Vec<FieldRef>) -> Result<Self, OperatorError> {
        let keys = index_of_keys(&key_fields)?;
        Ok(Self { schema, key_fields, keys, slots: Vec::new(), chunks: Vec::new(), dirty: Vec::new(), free: 0 })
    }

    /// The slots of rows with these keys.
    pub(super) fn intern(&mut self, keys: &[ArrayRef], rows: usize) -> Result<Vec<usize>, OperatorError> {
        let mut slots = Vec::new();
        match &mut self.keys {
            Some(index) => index.intern(keys, &mut slots).map_err(grouping_failed)?,
            None => slots.resize(rows, 0),
        }
        let known = self.slots.len();
        let needed = self.keys.as_ref().map_or(usize::from(rows > 0), |index| index.len()).max(known);
        self.slots.resize(needed, Slot::default());
        self.free += needed - known;
        Ok(slots)
    }

    /// Whether there is a row in the slot.
    pub(super) fn is_live(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|slot| slot.is_live)
    }

    /// Whether no key was ever seen.
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The rows of slots that have one.
    pub(super) fn rows(&self, slots: &[usize]) -> Result<RecordBatch, OperatorError> {
        let places: Vec<(usize, usize)> = slots.iter().filter_map(|slot| self.slots.get(*slot)?.place).collect();
        if places.len() != slots.len() {
            return Err(OperatorError::bug("a row is read that is not there"));
        }
        if places.is_empty() {
            return Ok(RecordBatch::new_empty(Arc::clone(&self.schema)));
        }
        let chunks: Vec<&RecordBatch> = self.chunks.iter().map(|chunk| &chunk.rows).collect();
        Ok(interleave_record_batch(&chunks, &places)?)
    }

    /// Sets the rows of slots, each of which occurs once.
    pub(super) fn put(&mut self, slots: &[usize], rows: RecordBatch, now: i64) -> Result<(), OperatorError> {
        if slots.is_empty() {
            return Ok(());
        }
        let chunk = self.chunks.len();
        for (row, slot) in slots.iter().enumerate() {
            self.release(*slot);
            self.mark_dirty(*slot);
            if let Some(held) = self.slots.get_mut(*slot) {
                held.place = Some((chunk, row));
                held.is_live = true;
                held.updated = now;
                self.free -= 1;
            }
        }
        self.chunks.push(Chunk { rows, owners: slots.to_vec(), live: slots.len() });
        self.merge_chunks()
    }

    /// Forgets rows.
    pub(super) fn remove(&mut self, slots: &[usize]) {
        for slot in slots {
            let Some(held) = self.slots.get_mut(*slot) else { continue };
            held.is_live = false;
            if held.is_stored {
                self.mark_dirty(*slot);
            } else {
                self.release(*slot);
            }
        }
    }

    /// The slots of rows that were not set since `before`.
    pub(super) fn unchanged_since(&self, before: i64) -> Vec<usize> {
        let slots = self.slots.iter().enumerate();
        slots.filter(|(_, slot)| slot.is_live && slot.updated < before).map(|(index, _)| index).collect()
    }

    /// What changed since the last call: rows that are there now, and rows that are gone, of which only the keys count.
    pub(super) fn take_changes(&mut self) -> Result<(RecordBatch, RecordBatch), OperatorError> {
        let dirty = std::mem::take(&mut self.dirty);
        for slot in &dirty {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.is_dirty = false;
                slot.is_stored = slot.is_live;
            }
        }
        // What came and went in between has no row, and nobody knows it.
        let with_row = dirty.into_iter().filter(|slot| self.has_row(*slot));
        let (live, gone): (Vec<usize>, Vec<usize>) = with_row.partition(|slot| self.is_live(*slot));
        let (changed, deleted) = (self.rows(&live)?, self.rows(&gone)?);
        for slot in &gone {
            self.release(*slot);
        }
        self.tidy()?;
        Ok((changed, deleted))
    }

    /// Takes rows that the table has.
    pub(super) fn restore(&mut self, rows: RecordBatch, now: i64) -> Result<(), OperatorError> {
        let keys: Vec<ArrayRef> = rows.columns().iter().take(self.key_fields.len()).cloned().collect();
        let slots = self.intern(&keys, rows.num_rows())?;
        self.put(&slots, rows, now)?;
        for slot in std::mem::take(&mut self.dirty) {
            if let Some(slot) = self.slots.get_mut(slot) {
                slot.is_dirty = false;
                slot.is_stored = true;
            }
        }
        Ok(())
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let rows: usize = self.chunks.iter().map(|chunk| chunk.rows.get_array_memory_size()).sum();
        rows + self.keys.as_ref().map_or(0, |keys| keys.size()) + self.slots.capacity() * size_of::<Slot>()
    }

    /// Forgets the keys of slots that have no row, when there are many. Slots get other numbers.
    pub(super) fn tidy(&mut self) -> Result<(), OperatorError> {
        if self.keys.is_none() || self.free < MIN_FREE_SLOTS || self.free * 2 < self.slots.len() {
            return Ok(());
        }
        let kept: Vec<usize> = (0..self.slots.len()).filter(|slot| self.has_row(*slot)).collect();
        let rows = self.rows(&kept)?;
        let mut keys = index_of_keys(&self.key_fields)?;
        let mut numbers = Vec::new();
        if let Some(index) = &mut keys {
            let columns: Vec<ArrayRef> = rows.columns().iter().take(self.key_fields.len()).cloned().collect();
            index.intern(&columns, &mut numbers).map_err(grouping_failed)?;
        }
        let old = std::mem::take(&mut self.slots);
        self.slots.resize(numbers.len(), Slot::default());
        self.dirty.clear();
        for (old, number) in kept.iter().filter_map(|slot| old.get(*slot)).zip(numbers) {
            if let Some((chunk, row)) = old.place
                && let Some(owner) = self.chunks.get_mut(chunk).and_then(|chunk| chunk.owners.get_mut(row))
            {
                *owner = number;
            }
            if old.is_dirty {
                self.dirty.push(number);
            }
            if let Some(slot) = self.slots.get_mut(number) {
                *slot = old.clone();
            }
        }
        self.keys = keys;
        self.free = 0;
        Ok(())
    }

    fn has_row(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|slot| slot.place.is_some())
    }

    fn mark_dirty(&mut self, slot: usize) {
        if let Some(held) = self.slots.get_mut(slot)
            && !std::mem::replace(&mut held.is_dirty, true)
        {
            self.dirty.push(slot);
        }
    }

    /// Gives up a slot's row.
    fn release(&mut self, slot: usize) {
        let Some(held) = self.slots.get_mut(slot) else { return };
        if let Some((chunk, _)) = held.place.take() {
            self.free += 1;
            if let Some(chunk) = self.chunks.get_mut(chunk) {
                chunk.live -= 1;
            }
        }
    }

    fn merge_chunks(&mut self) -> Result<(), OperatorError> {
        while let [.., older, newer] = self.chunks.as_slice() {
            if older.live > 2 * newer.live {
                break;
            }
            let first = self.chunks.len() - 2;
            let owners: Vec<usize> = (first..first + 2).flat_map(|chunk| self.live_owners(chunk)).collect();
            let rows = self.rows(&owners)?;
            self.chunks.truncate(first);
            for (row, slot) in owners.iter().enumerate() {
                if let Some(held) = self.slots.get_mut(*slot) {
                    held.place = Some((first, row));
                }
            }
            self.chunks.push(Chunk { live: owners.len(), rows, owners });
        }
        Ok(())
    }

    /// The slots whose rows are in a chunk.
    fn live_owners(&self, chunk: usize) -> Vec<usize> {
        let owners = self.chunks.get(chunk).map(|chunk| chunk.owners.iter()).into_iter().flatten();
        let is_its =
            |row: usize, slot: usize| self.slots.get(slot).is_some_and(|slot| slot.place == Some((chunk, row)));
        owners.enumerate().filter(|(row, slot)| is_its(*row, **slot)).map(|(_, slot)| *slot).collect()
    }
}

fn index_of_keys(fields: &[FieldRef]) -> Result<Option<Box<dyn GroupValues>>, OperatorError> {
    if fields.is_empty() {
        return Ok(None);
    }
    let schema = Arc::new(Schema::new(fields.to_vec()));
    Ok(Some(new_group_values(schema, &GroupOrdering::None).map_err(grouping_failed)?))
}

//! The sessions that were emitted, to be taken back.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int8Array, RecordBatch, TimestampNanosecondArray, UInt32Array};
use arrow::compute::{and, interleave, take, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, TimestampNanosecondType};
use arroyo_operator::OperatorError;

use super::chains::Range;
use super::keys::Key;
use crate::operators::aggregate::AggregatePlan;
use crate::operators::output::{batch_of, times};
use crate::operators::row_store::RowStore;
use crate::operators::updating_aggregate::{ChangeColumns, Keeper, equal};
use crate::operators::window_aggregate::window_column;

const LAST_FIELD: &str = "_last";

/// The columns: key columns with the first instant among them, the last instant, results.
pub(super) struct Emitted {
    schema: SchemaRef,
    key_columns: usize,
    store: RowStore,
}

/// Sessions and their keys, in the same order.
pub(super) type Sessions = [(Key, Range)];

/// What is emitted, in order.
pub(super) struct Changes {
    old: RecordBatch,
    new: RecordBatch,
    /// A row of the old sessions (0) or of the new ones (1).
    places: Vec<(usize, usize)>,
    key_columns: usize,
}

impl Emitted {
    pub(super) fn new(keeper: &Keeper, plan: &AggregatePlan) -> Result<Self, OperatorError> {
        let mut fields = plan.key_fields.clone();
        fields.push(Arc::new(Field::new(LAST_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false)));
        fields.extend(keeper.result_fields());
        let schema = Arc::new(Schema::new(fields));
        let store = RowStore::new(Arc::clone(&schema), plan.key_fields.clone())?;
        Ok(Self { schema, key_columns: plan.key_fields.len(), store })
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Replaces `old` sessions (with their keys) by `new` ones with their results.
    pub(super) fn update(
        &mut self,
        (old_keys, old): (&[ArrayRef], &Sessions),
        (new_keys, new): (&[ArrayRef], &Sessions),
        results: Vec<ArrayRef>,
        now: i64,
    ) -> Result<Changes, OperatorError> {
        let old_slots = self.store.intern(old_keys, old.len())?;
        let old_rows = self.store.rows(&old_slots)?;
        let lasts = TimestampNanosecondArray::from_iter_values(new.iter().map(|(_, session)| session.1));
        let columns = new_keys.iter().cloned().chain([Arc::new(lasts) as ArrayRef]).chain(results).collect();
        let new_rows = batch_of(&self.schema, columns, new.len())?;

        let unchanged = self.unchanged((&old_rows, old), (&new_rows, new))?;
        let mut places: Vec<(&Key, i64, usize, usize)> = Vec::with_capacity(old.len() + new.len());
        for (source, sessions) in [old, new].into_iter().enumerate() {
            for (row, (key, session)) in sessions.iter().enumerate() {
                if !unchanged.contains(&(source, row)) {
                    places.push((key, session.0, source, row));
                }
            }
        }
        places.sort_unstable();
        let of_source = |source: usize| -> Vec<usize> {
            places.iter().filter(|place| place.2 == source).map(|place| place.3).collect()
        };
        let gone: Vec<usize> = of_source(0).into_iter().filter_map(|row| old_slots.get(row)).copied().collect();
        let made = of_source(1);
        let places = places.iter().map(|(_, _, source, row)| (*source, *row)).collect();
        self.store.remove(&gone);
        let made_rows = take_record_batch(&new_rows, &made.iter().map(|row| *row as u32).collect::<UInt32Array>())?;
        let keys = made_rows.columns().get(..self.key_columns).unwrap_or_default().to_vec();
        let slots = self.store.intern(&keys, made_rows.num_rows())?;
        self.store.put(&slots, made_rows, now)?;
        self.store.tidy()?;
        Ok(Changes { old: old_rows, new: new_rows, places, key_columns: self.key_columns })
    }

    /// The old (0) and new (1) sessions that are the same.
    fn unchanged(
        &self,
        (old_rows, old): (&RecordBatch, &Sessions),
        (new_rows, new): (&RecordBatch, &Sessions),
    ) -> Result<HashSet<(usize, usize)>, OperatorError> {
        let places: HashMap<&(Key, Range), usize> =
            old.iter().enumerate().map(|(place, session)| (session, place)).collect();
        let pairs = new.iter().enumerate().filter_map(|(new, session)| Some((*places.get(session)?, new)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let olds: UInt32Array = pairs.iter().map(|(old, _)| *old as u32).collect();
        let news: UInt32Array = pairs.iter().map(|(_, new)| *new as u32).collect();
        let mut same = BooleanArray::from(vec![true; pairs.len()]);
        for (old, new) in old_rows.columns().iter().zip(new_rows.columns()).skip(self.key_columns + 1) {
            same = and(&same, &equal(&take(old, &olds, None)?, &take(new, &news, None)?)?)?;
        }
        let same = pairs.into_iter().zip(same.values()).filter(|(_, same)| *same);
        Ok(same.flat_map(|((old, new), _)| [(0, old), (1, new)]).collect())
    }

    /// The last instants of stored sessions.
    pub(super) fn lasts(&self, rows: &RecordBatch) -> Result<TimestampNanosecondArray, OperatorError> {
        let column = rows.columns().get(self.key_columns);
        times(column.ok_or_else(|| OperatorError::bug("stored sessions have no end"))?, LAST_FIELD)
    }

    /// Forgets sessions by their keys.
    pub(super) fn remove(&mut self, keys: &[ArrayRef], rows: usize) -> Result<(), OperatorError> {
        let slots = self.store.intern(keys, rows)?;
        self.store.remove(&slots);
        self.store.tidy()
    }

    pub(super) fn take_changes(&mut self) -> Result<(RecordBatch, RecordBatch), OperatorError> {
        self.store.take_changes()
    }

    pub(super) fn restore(&mut self, rows: RecordBatch, now: i64) -> Result<(), OperatorError> {
        self.store.restore(rows, now)
    }

    pub(super) fn bytes(&self) -> usize {
        self.store.bytes()
    }
}

impl Changes {
    /// The columns of the output: keys with the window at `time_key`, results, `_change`, `_timestamp`.
    pub(super) fn output(&self, gap: i64, time_key: usize, schema: &SchemaRef) -> Result<ChangeColumns, OperatorError> {
        let mut columns = Vec::with_capacity(self.old.num_columns() + 1);
        for (old, new) in self.old.columns().iter().zip(self.new.columns()) {
            columns.push(interleave(&[old.as_ref(), new.as_ref()], &self.places)?);
        }
        if self.key_columns >= columns.len() {
            return Err(OperatorError::bug("sessions have no last instant"));
        }
        let lasts = columns.remove(self.key_columns);
        let (Some(starts), Some(lasts)) = (
            columns.get(time_key).and_then(|column| column.as_primitive_opt::<TimestampNanosecondType>()),
            lasts.as_primitive_opt::<TimestampNanosecondType>(),
        ) else {
            return Err(OperatorError::bug("sessions have no bounds"));
        };
        let ends: TimestampNanosecondArray = lasts.unary(|last| last.saturating_add(gap));
        let event_times: TimestampNanosecondArray = ends.unary(|end| end.saturating_sub(1));
        let window = window_column(schema, time_key, starts.clone(), ends)?;
        if let Some(column) = columns.get_mut(time_key) {
            *column = window;
        }
        columns.push(Arc::new(Int8Array::from_iter_values(
            self.places.iter().map(|(source, _)| if *source == 0 { -1 } else { 1 }),
        )));
        columns.push(Arc::new(event_times));
        Ok((columns, self.places.len()))
    }
}

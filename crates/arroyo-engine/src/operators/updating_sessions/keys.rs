//! The keys of sessions.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, TimestampNanosecondArray};
use arrow::datatypes::FieldRef;
use arrow::row::{RowConverter, SortField};
use arroyo_operator::OperatorError;
use foldhash::fast::FixedState;

use super::chains::{KeyTimes, Range};
use crate::operators::aggregate::AggregatePlan;
use crate::operators::output::{fit, times};

/// A key, without the time, as an Arrow row.
pub(super) type Key = Arc<[u8]>;

/// All keys of a subtask and the times at which they have rows.
pub(super) struct Keys {
    /// `None` without key columns besides the time.
    converter: Option<RowConverter>,
    /// Of the key columns without the time.
    fields: Vec<FieldRef>,
    time_key: usize,
    times: HashMap<Key, KeyTimes, FixedState>,
    /// Keys with instants that changed.
    changed: BTreeSet<Key>,
}

impl Keys {
    /// No keys, of the key columns of `plan`, among which the one at `time_key` is the time.
    pub(super) fn new(plan: &AggregatePlan, time_key: usize) -> Result<Self, OperatorError> {
        let mut fields = plan.key_fields.clone();
        if time_key >= fields.len() {
            return Err(OperatorError::bug("the key of a session has no time"));
        }
        fields.remove(time_key);
        let sort_fields: Vec<SortField> =
            fields.iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let converter = if sort_fields.is_empty() { None } else { Some(RowConverter::new(sort_fields)?) };
        Ok(Self { converter, fields, time_key, times: HashMap::default(), changed: BTreeSet::new() })
    }

    /// The times in rows that begin with the key columns.
    pub(super) fn times_of(&self, columns: &[ArrayRef]) -> Result<TimestampNanosecondArray, OperatorError> {
        let column = columns.get(self.time_key).ok_or_else(|| OperatorError::bug("instants have no time"))?;
        times(column, "the instants' time")
    }

    /// The keys of rows that begin with the key columns.
    pub(super) fn intern(&self, columns: &[ArrayRef]) -> Result<Vec<Key>, OperatorError> {
        let rows = columns.first().map_or(0, |column| column.len());
        let Some(converter) = &self.converter else { return Ok(vec![Key::default(); rows]) };
        let keys = columns.iter().take(self.fields.len() + 1).enumerate();
        let keys: Vec<ArrayRef> =
            keys.filter(|(place, _)| *place != self.time_key).map(|(_, column)| Arc::clone(column)).collect();
        let converted = converter.convert_columns(&keys)?;
        let key = |row: arrow::row::Row| match self.times.get_key_value(row.data()) {
            Some((key, _)) => Arc::clone(key),
            None => row.data().into(),
        };
        Ok(converted.iter().map(key).collect())
    }

    /// The key columns of sessions, with a time of each.
    pub(super) fn columns(
        &self,
        sessions: &[(Key, Range)],
        time: impl Fn(&Range) -> i64,
    ) -> Result<Vec<ArrayRef>, OperatorError> {
        let mut columns = Vec::with_capacity(self.fields.len() + 1);
        if let Some(converter) = &self.converter {
            let parser = converter.parser();
            let keys = converter.convert_rows(sessions.iter().map(|(key, _)| parser.parse(key)))?;
            for (column, field) in keys.into_iter().zip(&self.fields) {
                columns.push(fit(column, field.data_type())?);
            }
        }
        let times = TimestampNanosecondArray::from_iter_values(sessions.iter().map(|(_, session)| time(session)));
        columns.insert(self.time_key.min(columns.len()), Arc::new(times));
        Ok(columns)
    }

    /// What is known of a key.
    pub(super) fn find(&mut self, key: &Key) -> Option<&mut KeyTimes> {
        self.times.get_mut(key)
    }

    /// The times of a key, some of which will be changed.
    pub(super) fn change(&mut self, key: &Key) -> &mut KeyTimes {
        self.changed.insert(Arc::clone(key));
        self.times.entry(Arc::clone(key)).or_default()
    }

    /// Takes the keys with instants that changed.
    pub(super) fn take_changed(&mut self) -> BTreeSet<Key> {
        std::mem::take(&mut self.changed)
    }

    /// Takes note that a key is done with: of one that is not, its changes wait; of one without rows nothing is kept.
    pub(super) fn leave(&mut self, key: &Key) {
        let Some(times) = self.times.get(key) else { return };
        if times.changed.is_empty() {
            self.changed.remove(key);
        } else {
            self.changed.insert(Arc::clone(key));
        }
        if times.is_empty() {
            self.times.remove(key);
        }
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.times.iter().map(|(key, times)| key.len() + size_of::<KeyTimes>() + times.bytes()).sum()
    }
}

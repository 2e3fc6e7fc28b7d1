//! The tables of one operator in one subtask.

use std::collections::BTreeMap;

use arrow::array::{Int8Array, Int64Array, RecordBatch, UInt64Array};
use arroyo_types::{EventTime, KeyRange, OperatorId};

use crate::{StateError, TableChange, TableKind, TableSpec};

/// Whose state it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTask {
    /// The operator, stable across programs.
    pub operator: OperatorId,
    /// The subtask, from 0.
    pub subtask: u32,
    /// The number of subtasks.
    pub parallelism: u32,
}

impl StateTask {
    /// The keys that this subtask owns.
    pub fn key_range(&self) -> KeyRange {
        KeyRange::of_subtask(self.subtask, self.parallelism)
    }
}

/// The tables of one operator in one subtask: changes not yet taken by a barrier, and what was restored.
#[derive(Debug)]
pub struct OperatorState {
    task: StateTask,
    specs: BTreeMap<String, TableSpec>,
    globals: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
    changes: BTreeMap<String, Vec<TableChange>>,
    expired_before: BTreeMap<String, EventTime>,
    restored: BTreeMap<String, Vec<RecordBatch>>,
}

impl OperatorState {
    /// Empty tables: for an operator that starts from nothing.
    pub fn empty(task: StateTask, specs: Vec<TableSpec>) -> Self {
        Self {
            task,
            specs: specs.into_iter().map(|spec| (spec.name.clone(), spec)).collect(),
            globals: BTreeMap::new(),
            changes: BTreeMap::new(),
            expired_before: BTreeMap::new(),
            restored: BTreeMap::new(),
        }
    }

    /// Whose state it is.
    pub fn task(&self) -> &StateTask {
        &self.task
    }

    /// The restored rows of a keyed or time-keyed table that this subtask's key range owns: for a keyed table the live row of
    /// each key, for a time-keyed one the rows that have not expired. Empty if nothing was restored; taken once.
    pub fn take_restored(&mut self, table: &str) -> Vec<RecordBatch> {
        self.restored.remove(table).unwrap_or_default()
    }

    /// The content of a global table: after a restore the maps of all subtasks merged, until [`OperatorState::replace_global`].
    pub fn global(&self, table: &str) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.globals.get(table).into_iter().flatten().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// Sets the whole of this subtask's part of a global table. Keys that another subtask holds must not be repeated.
    pub fn replace_global(&mut self, table: &str, rows: BTreeMap<Vec<u8>, Vec<u8>>) -> Result<(), StateError> {
        self.check(table, "global", |kind| matches!(kind, TableKind::Global))?;
        self.globals.insert(table.to_string(), rows);
        Ok(())
    }

    /// Inserts or replaces rows of a keyed table.
    pub fn put(&mut self, table: &str, rows: RecordBatch, hashes: UInt64Array) -> Result<(), StateError> {
        let ops = Int8Array::from_value(1, rows.num_rows());
        self.change_keyed(table, rows, hashes, ops)
    }

    /// Deletes rows of a keyed table; only the key columns of `rows` count.
    pub fn delete(&mut self, table: &str, rows: RecordBatch, hashes: UInt64Array) -> Result<(), StateError> {
        let ops = Int8Array::from_value(-1, rows.num_rows());
        self.change_keyed(table, rows, hashes, ops)
    }

    fn change_keyed(
        &mut self,
        table: &str,
        rows: RecordBatch,
        hashes: UInt64Array,
        ops: Int8Array,
    ) -> Result<(), StateError> {
        self.check(table, "keyed", |kind| matches!(kind, TableKind::Keyed { .. }))?;
        let change = TableChange { rows, hashes, times: None, ops: Some(ops) };
        self.changes.entry(table.to_string()).or_default().push(change);
        Ok(())
    }

    /// Adds rows to a time-keyed table; `times` are event times in nanoseconds.
    pub fn append(
        &mut self,
        table: &str,
        rows: RecordBatch,
        hashes: UInt64Array,
        times: Int64Array,
    ) -> Result<(), StateError> {
        self.check(table, "time-keyed", |kind| matches!(kind, TableKind::TimeKeyed))?;
        let change = TableChange { rows, hashes, times: Some(times), ops: None };
        self.changes.entry(table.to_string()).or_default().push(change);
        Ok(())
    }

    /// Forgets the rows of a time-keyed table with a time before `before`. Never goes back.
    pub fn expire(&mut self, table: &str, before: EventTime) -> Result<(), StateError> {
        self.check(table, "time-keyed", |kind| matches!(kind, TableKind::TimeKeyed))?;
        let expired = self.expired_before.entry(table.to_string()).or_insert(before);
        *expired = before.max(*expired);
        Ok(())
    }

    /// Takes the changes since the last barrier, to be written behind it.
    pub fn take_changes(&mut self) -> PendingTables {
        PendingTables {
            task: self.task.clone(),
            specs: self.specs.clone(),
            globals: self.globals.clone(),
            changes: std::mem::take(&mut self.changes),
            expired_before: self.expired_before.clone(),
        }
    }

    fn check(&self, table: &str, kind: &'static str, is: impl Fn(&TableKind) -> bool) -> Result<(), StateError> {
        match self.specs.get(table) {
            Some(spec) if is(&spec.kind) => Ok(()),
            _ => Err(StateError::NoSuchTable {
                operator: self.task.operator.to_string(),
                table: table.to_string(),
                kind,
            }),
        }
    }
}

/// Changes taken at a barrier and not yet written.
#[derive(Debug)]
pub struct PendingTables {
    /// Whose changes they are.
    pub task: StateTask,
    /// The operator's tables by name.
    pub specs: BTreeMap<String, TableSpec>,
    /// Whole global tables.
    pub globals: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
    /// Changes by table.
    pub changes: BTreeMap<String, Vec<TableChange>>,
    /// Rows before this time are gone, by time-keyed table.
    pub expired_before: BTreeMap<String, EventTime>,
}

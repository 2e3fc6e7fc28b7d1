//! The tables of one operator in one subtask.

use std::collections::BTreeMap;

use arrow::array::{Int8Array, Int64Array, RecordBatch, UInt64Array};
use arroyo_storage::Storage;
use arroyo_types::{EventTime, KeyRange, OperatorId};
use xxhash_rust::xxh3::xxh3_64;

use crate::restore::{RestoredTable, TableReader};
use crate::schema::difference;
use crate::{Manifest, PendingTables, StateError, TableChange, TableKind, TableSpec};

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
    /// This subtask's part of each global table, once it has set it.
    globals: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
    /// What a restore found in each global table, until this subtask sets its part.
    restored_globals: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
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
            restored_globals: BTreeMap::new(),
            changes: BTreeMap::new(),
            expired_before: BTreeMap::new(),
            restored: BTreeMap::new(),
        }
    }

    /// The tables as a checkpoint holds them, written at any parallelism; `job` is the job's directory.
    ///
    /// Tables that the checkpoint does not know are empty. Errors: a table of another shape (kind `User`), a damaged or missing
    /// file (kind `Corrupt`).
    pub async fn restore(
        task: StateTask,
        specs: Vec<TableSpec>,
        manifest: &Manifest,
        job: &Storage,
    ) -> Result<Self, StateError> {
        let mut state = Self::empty(task, specs);
        let Some(stored) = manifest.operators.get(&state.task.operator) else { return Ok(state) };
        let reader = TableReader { job, manifest, operator: &state.task.operator };
        for (name, spec) in &state.specs {
            let Some(table) = stored.tables.get(name) else { continue };
            match reader.restore(spec, table, state.task.key_range()).await? {
                RestoredTable::Global(rows) => {
                    state.restored_globals.insert(name.clone(), rows);
                }
                RestoredTable::Rows(batches) => {
                    state.restored.insert(name.clone(), batches);
                }
            }
        }
        Ok(state)
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
        let rows = self.globals.get(table).or_else(|| self.restored_globals.get(table));
        rows.into_iter().flatten().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// Sets the whole of this subtask's part of a global table. Keys that another subtask holds must not be repeated.
    ///
    /// All subtasks of an operator should call this at every checkpoint, or none: after a restore, subtasks that never do keep
    /// the restored rows, shared among them by the hash of the key.
    pub fn replace_global(&mut self, table: &str, rows: BTreeMap<Vec<u8>, Vec<u8>>) -> Result<(), StateError> {
        self.check(table, "global", |kind| matches!(kind, TableKind::Global))?;
        self.restored_globals.remove(table);
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
        let spec = self.check(table, "keyed", |kind| matches!(kind, TableKind::Keyed { .. }))?;
        self.check_rows(spec, &rows, hashes.len())?;
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
        let spec = self.check(table, "time-keyed", |kind| matches!(kind, TableKind::TimeKeyed))?;
        self.check_rows(spec, &rows, hashes.len().min(times.len()))?;
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
            globals: self.own_globals(),
            changes: std::mem::take(&mut self.changes),
            expired_before: self.expired_before.clone(),
        }
    }

    /// This subtask's part of every global table.
    fn own_globals(&self) -> BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>> {
        let range = self.task.key_range();
        let kept = self.restored_globals.iter().map(|(table, rows)| {
            let own = rows.iter().filter(|(key, _)| range.contains(xxh3_64(key)));
            (table.clone(), own.map(|(key, value)| (key.clone(), value.clone())).collect())
        });
        self.globals.clone().into_iter().chain(kept).collect()
    }

    fn check_rows(&self, spec: &TableSpec, rows: &RecordBatch, others: usize) -> Result<(), StateError> {
        let reason = match difference(rows.schema_ref(), &spec.schema) {
            Some(difference) => difference.replace("stored are", "given are"),
            None if rows.num_rows() != others => format!("{} rows with {others} hashes or times", rows.num_rows()),
            None => return Ok(()),
        };
        Err(StateError::WrongRows { operator: self.task.operator.to_string(), table: spec.name.clone(), reason })
    }

    fn check(
        &self,
        table: &str,
        kind: &'static str,
        is: impl Fn(&TableKind) -> bool,
    ) -> Result<&TableSpec, StateError> {
        match self.specs.get(table) {
            Some(spec) if is(&spec.kind) => Ok(spec),
            _ => Err(StateError::NoSuchTable {
                operator: self.task.operator.to_string(),
                table: table.to_string(),
                kind,
            }),
        }
    }
}

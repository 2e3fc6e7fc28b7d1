//! From one manifest to the next: a pure function.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_types::{Epoch, Generation, HASH_VERSION, JobId, KeyRange, OperatorId};

use crate::compact::{COMPACTION_LIFETIME_EPOCHS, Replacement};
use crate::expiry::{ExpiredRange, is_expired, later_of};
use crate::protocol::fits;
use crate::schema::{decode_schema, difference};
use crate::{Manifest, OperatorManifest, StateError, SubtaskCommit, TableCheckpoint, TableKind, TableManifest};

/// All parts of a checkpoint.
#[derive(Debug, Clone)]
pub struct FinishedCheckpoint {
    /// The job.
    pub job: JobId,
    /// Its number.
    pub epoch: Epoch,
    /// The owner.
    pub generation: Generation,
    /// Now, in microseconds since the Unix epoch.
    pub created_at_micros: i64,
    /// Identifies the program.
    pub fingerprint: String,
    /// Whether the job stops with it.
    pub stopping: bool,
    /// All operators of the program, also those without state.
    pub operators: Vec<FinishedOperator>,
}

/// An operator's part of a checkpoint.
#[derive(Debug, Clone)]
pub struct FinishedOperator {
    /// Its stable id.
    pub id: OperatorId,
    /// The name of its kind.
    pub name: String,
    /// What it does, for people.
    pub description: String,
    /// Its number of subtasks.
    pub parallelism: u32,
    /// What its subtasks reported. A subtask that has ended before the barrier is missing: its state stays as it was.
    pub subtasks: BTreeMap<u32, FinishedSubtask>,
}

/// A subtask's part of a checkpoint.
#[derive(Debug, Clone, Default)]
pub struct FinishedSubtask {
    /// What it wrote.
    pub tables: Vec<TableCheckpoint>,
    /// What its sink pre-committed.
    pub commit_data: Option<Vec<u8>>,
}

/// The manifest after `previous`, when `finished` has come together.
///
/// Files of keyed and time-keyed tables accumulate; time-keyed files whose rows have all expired drop out; the files of global
/// tables are replaced; operators and tables that no longer exist drop out. `replacements` are finished compactions; one that no
/// longer fits is ignored.
pub fn next_manifest(
    previous: Option<&Manifest>,
    finished: FinishedCheckpoint,
    replacements: &[Replacement],
) -> Result<Manifest, StateError> {
    let epoch = finished.epoch;
    let mut operators = BTreeMap::new();
    for operator in finished.operators {
        let before = previous.and_then(|previous| previous.operators.get(&operator.id));
        let id = operator.id.clone();
        let mut next = next_operator(epoch, before, operator)?;
        for replacement in replacements.iter().filter(|replacement| replacement.operator == id) {
            if let Some(table) = next.tables.get_mut(&replacement.table) {
                apply(replacement, epoch, table);
            }
        }
        operators.insert(id, next);
    }
    Ok(Manifest {
        job: finished.job,
        epoch,
        generation: finished.generation,
        created_at_micros: finished.created_at_micros,
        hash_version: HASH_VERSION,
        fingerprint: finished.fingerprint,
        stopping: finished.stopping,
        operators,
    })
}

fn next_operator(
    epoch: Epoch,
    before: Option<&OperatorManifest>,
    operator: FinishedOperator,
) -> Result<OperatorManifest, StateError> {
    let ended: BTreeSet<u32> =
        (0..operator.parallelism).filter(|subtask| !operator.subtasks.contains_key(subtask)).collect();
    if let (Some(first), Some(before)) = (ended.first(), before)
        && before.parallelism != operator.parallelism
        && before.tables.values().any(|table| table.kind == TableKind::Global && !table.files.is_empty())
    {
        let reason = format!(
            "subtask {first} of operator `{}` reported nothing since the parallelism changed from {} to {}",
            operator.id, before.parallelism, operator.parallelism
        );
        return Err(StateError::Incomplete { epoch, reason });
    }
    let reported: BTreeSet<&str> =
        operator.subtasks.values().flat_map(|subtask| &subtask.tables).map(|table| table.table.as_str()).collect();
    let mut tables: BTreeMap<String, TableManifest> = BTreeMap::new();
    for (name, table) in before.into_iter().flat_map(|before| &before.tables) {
        if operator.subtasks.is_empty() || reported.contains(name.as_str()) {
            tables.insert(name.clone(), carried_over(table, &ended));
        }
    }
    let mut commits = Vec::new();
    let mut expired: BTreeMap<String, Vec<ExpiredRange>> = BTreeMap::new();
    for (index, subtask) in operator.subtasks {
        if index >= operator.parallelism {
            let reason = format!("operator `{}` has no subtask {index}", operator.id);
            return Err(StateError::Incomplete { epoch, reason });
        }
        for table in subtask.tables {
            let range = KeyRange::of_subtask(index, operator.parallelism);
            if let Some(before) = table.expired_before {
                expired.entry(table.table.clone()).or_default().push(ExpiredRange { range, before });
            }
            add(&operator.id, &mut tables, table)?;
        }
        commits.extend(subtask.commit_data.map(|data| SubtaskCommit { subtask: index, data }));
    }
    for (name, table) in &mut tables {
        if let Some(current) = expired.get(name) {
            table.expired = later_of(&table.expired, current);
        }
        let expired = &table.expired;
        table.files.retain(|file| !is_expired(expired, file));
        table.files.sort_by_key(|file| (file.epoch, file.subtask));
    }
    Ok(OperatorManifest {
        name: operator.name,
        description: operator.description,
        parallelism: operator.parallelism,
        tables,
        commits,
    })
}

/// What stays of a table: everything, but of a global one only the parts of subtasks that have ended.
fn carried_over(table: &TableManifest, ended: &BTreeSet<u32>) -> TableManifest {
    let mut table = table.clone();
    if table.kind == TableKind::Global {
        table.files.retain(|file| ended.contains(&file.subtask));
    }
    table
}

fn add(
    operator: &OperatorId,
    tables: &mut BTreeMap<String, TableManifest>,
    written: TableCheckpoint,
) -> Result<(), StateError> {
    let TableCheckpoint { table, kind, schema, files, .. } = written;
    match tables.get_mut(&table) {
        Some(known) => {
            let mismatch = |reason: String| {
                let (operator, table) = (operator.to_string(), table.clone());
                StateError::SchemaMismatch { operator, table, reason }
            };
            if known.kind != kind {
                return Err(mismatch(format!("stored is a {} table, wanted a {kind} one", known.kind)));
            }
            // Equal texts are equal schemas; different ones may differ in what does not matter.
            if known.schema != schema {
                let (stored, written) = (decode_schema(&known.schema), decode_schema(&schema));
                let (stored, written) = (stored.map_err(&mismatch)?, written.map_err(&mismatch)?);
                difference(&stored, &written).map_or(Ok(()), |reason| Err(mismatch(reason)))?;
                known.schema = schema;
            }
            known.files.extend(files);
        }
        None => {
            tables.insert(table, TableManifest { kind, schema, files, expired: Vec::new() });
        }
    }
    Ok(())
}

fn apply(replacement: &Replacement, epoch: Epoch, table: &mut TableManifest) {
    let live: BTreeSet<&str> = table.files.iter().map(|file| file.path.as_str()).collect();
    let removed = replacement.removed.iter().map(String::as_str);
    if !fits(replacement.base_epoch, epoch, COMPACTION_LIFETIME_EPOCHS, removed, &live) {
        return;
    }
    table.files.retain(|file| !replacement.removed.contains(&file.path));
    let expired = &table.expired;
    table.files.extend(replacement.added.iter().filter(|file| !is_expired(expired, file)).cloned());
    table.files.sort_by_key(|file| (file.epoch, file.subtask));
}

//! Looking at a job's state without running it: checking files, reading tables, copying it elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arroyo_storage::{Storage, StorageError};
use arroyo_types::{Epoch, KeyRange, OperatorId};
use bytes::Bytes;

use crate::file::verify;
use crate::manifests::path_of;
use crate::restore::{RestoredTable, TableReader};
use crate::schema::decode_schema;
use crate::{FileRef, Manifest, Manifests, StateError, TableKind, TableManifest, TableSpec};

/// What is wrong with a checkpoint, if anything.
#[derive(Debug)]
pub struct CheckpointReport {
    /// Its number.
    pub epoch: Epoch,
    /// The files that it names and that are whole.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Damaged, missing or unreadable files, the manifest among them.
    pub faults: Vec<FileFault>,
}

/// A damaged, missing or unreadable file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Path or URL.
    pub file: String,
    /// What is wrong.
    pub reason: String,
}

/// Reads every manifest of the job whose directory is `job` and every file that they name, and checks each against its checksum.
///
/// One report per checkpoint, in order of epoch. Errors: the storage cannot be listed.
pub async fn verify_job(job: &Storage) -> Result<Vec<CheckpointReport>, StateError> {
    let manifests = Manifests::new(job.clone());
    let mut checked: BTreeMap<String, Option<FileFault>> = BTreeMap::new();
    let mut reports = Vec::new();
    for epoch in manifests.list().await? {
        let mut report = CheckpointReport { epoch, files: 0, bytes: 0, faults: Vec::new() };
        match manifests.read(epoch).await {
            Ok(manifest) => {
                for file in manifest.files() {
                    let key = format!("{} {} {}", file.path, file.bytes, file.checksum);
                    let fault = match checked.get(&key) {
                        Some(known) => known.clone(),
                        None => read_verified(job, file).await.err(),
                    };
                    match &fault {
                        Some(fault) => report.faults.push(fault.clone()),
                        None => {
                            report.files += 1;
                            report.bytes += file.bytes;
                        }
                    }
                    checked.insert(key, fault);
                }
            }
            Err(error) => report.faults.push(fault_of_manifest(job, epoch, error)),
        }
        reports.push(report);
    }
    Ok(reports)
}

fn fault_of_manifest(job: &Storage, epoch: Epoch, error: StateError) -> FileFault {
    match error {
        StateError::CorruptManifest { file, reason, .. } => FileFault { file, reason },
        other => FileFault { file: job.url_of(&format!("manifests/{epoch}.json")), reason: other.to_string() },
    }
}

/// The content of a file, or what is wrong with it.
async fn read_verified(job: &Storage, file: &FileRef) -> Result<Bytes, FileFault> {
    let fault = |reason| FileFault { file: job.url_of(&file.path), reason };
    let bytes = job.get(&file.path).await.map_err(|error| {
        fault(match error {
            StorageError::NotFound { .. } => "it does not exist".to_string(),
            other => other.to_string(),
        })
    })?;
    verify(file, &bytes).map_err(fault)?;
    Ok(bytes)
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The newest checkpoint, from which the copy goes on.
    pub epoch: Epoch,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Files of rows.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Copies the checkpoints of a job from one directory to another, each file checked on its way; `None` if there are none.
///
/// A manifest is written after its files, so a copy that was broken off never shows a checkpoint that lacks some; repeating the
/// copy completes it. The newest checkpoint must be whole; older ones that are not are left out.
pub async fn copy_job(from: &Storage, to: &Storage) -> Result<Option<Copied>, StateError> {
    let source = Manifests::new(from.clone());
    let epochs = source.list().await?;
    let Some(newest) = epochs.last().copied() else { return Ok(None) };
    let mut copied = Copied { epoch: newest, checkpoints: 0, files: 0, bytes: 0 };
    let mut done = BTreeSet::new();
    // Claims go with them: the copy's log ends where this one does.
    for (slot, _) in source.slots().await? {
        if !epochs.contains(&slot) {
            copy_slot(from, to, slot).await?;
            continue;
        }
        match copy_checkpoint(&source, from, to, slot, &mut done, &mut copied).await {
            Ok(()) => copied.checkpoints += 1,
            Err(error @ (StateError::CorruptFile { .. } | StateError::CorruptManifest { .. })) if slot != newest => {
                tracing::warn!("checkpoint {slot} is not copied: {error}");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Some(copied))
}

/// Copies a slot of the log of manifests as it is.
async fn copy_slot(from: &Storage, to: &Storage, slot: Epoch) -> Result<(), StateError> {
    let path = path_of(slot);
    let bytes = from.get(&path).await?;
    if to.put_if_absent(&path, bytes.clone()).await? || to.get(&path).await? == bytes {
        return Ok(());
    }
    let reason = format!("{} is another one", to.url_of(&path));
    Err(StateError::Incomplete { epoch: slot, reason })
}

async fn copy_checkpoint(
    source: &Manifests,
    from: &Storage,
    to: &Storage,
    epoch: Epoch,
    done: &mut BTreeSet<String>,
    copied: &mut Copied,
) -> Result<(), StateError> {
    let manifest = source.read(epoch).await?;
    for file in manifest.files() {
        if done.contains(&file.path) {
            continue;
        }
        let bytes = match read_verified(from, file).await {
            Ok(bytes) => bytes,
            Err(FileFault { file, reason }) => {
                let last_good = source.last_good_before(epoch, |_| true).await?;
                return Err(StateError::CorruptFile { file, reason, last_good });
            }
        };
        to.put(&file.path, bytes).await?;
        done.insert(file.path.clone());
        copied.files += 1;
        copied.bytes += file.bytes;
    }
    copy_slot(from, to, epoch).await
}

/// The live rows of a table: of a keyed one the latest row of each key, of a time-keyed one what has not expired, of a global one
/// its `key`s and `value`s as bytes.
pub async fn read_table(
    job: &Storage,
    manifest: &Manifest,
    operator: &OperatorId,
    name: &str,
    table: &TableManifest,
) -> Result<(SchemaRef, Vec<RecordBatch>), StateError> {
    let wrong =
        |reason: String| StateError::WrongRows { operator: operator.to_string(), table: name.to_string(), reason };
    let schema = decode_schema(&table.schema).map_err(wrong)?;
    let spec = TableSpec { name: name.to_string(), kind: table.kind, schema: schema.clone() };
    let reader = TableReader { job, manifest, operator };
    match reader.restore(&spec, table, KeyRange::FULL).await? {
        RestoredTable::Rows(batches) => Ok((schema, batches)),
        RestoredTable::Global(rows) => {
            let fields = vec![Field::new("key", DataType::Binary, false), Field::new("value", DataType::Binary, false)];
            let schema = Arc::new(Schema::new(fields));
            let keys: ArrayRef = Arc::new(BinaryArray::from_iter_values(rows.keys()));
            let values: ArrayRef = Arc::new(BinaryArray::from_iter_values(rows.values()));
            let batch = RecordBatch::try_new(schema.clone(), vec![keys, values]);
            Ok((schema, vec![batch.map_err(|error| wrong(error.to_string()))?]))
        }
    }
}

/// The columns of a table's rows; `None` if they cannot be read, or of a global table.
pub fn table_columns(table: &TableManifest) -> Option<SchemaRef> {
    if table.kind == TableKind::Global { None } else { decode_schema(&table.schema).ok() }
}

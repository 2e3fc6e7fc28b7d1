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
use crate::{FileRef, Manifest, Manifests, Savepoints, StateError, TableKind, TableManifest, TableSpec};

/// What is wrong with a checkpoint, if anything.
#[derive(Debug)]
pub struct CheckpointReport {
    /// Its number.
    pub epoch: Epoch,
    /// Whether it is a savepoint.
    pub savepoint: bool,
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
    /// What that makes of the file.
    pub kind: FaultKind,
}

/// Kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not what was written.
    Damaged,
    /// It may well be whole: a release with another format wrote it.
    OtherRelease,
}

/// Reads every manifest and savepoint of the job whose directory is `job` and every file that they name, and checks each against
/// its checksum. `complete` is the last checkpoint that the index knows as complete, if there is an index: its manifest, or a later
/// one, must be there.
///
/// One report per checkpoint, in order of epoch, then one per savepoint. Errors: the storage cannot be listed.
pub async fn verify_job(job: &Storage, complete: Option<Epoch>) -> Result<Vec<CheckpointReport>, StateError> {
    let (manifests, savepoints) = (Manifests::new(job.clone()), Savepoints::new(job.clone()));
    let mut checked = BTreeMap::new();
    let mut reports = Vec::new();
    for epoch in manifests.list().await? {
        let read = manifests.read(epoch).await.map_err(|error| fault_of_manifest(job, path_of(epoch), error));
        reports.push(verify_manifest(job, epoch, false, read, &mut checked).await);
    }
    if let Some(epoch) = complete
        && let Err(error) = manifests.check_last(epoch).await
    {
        let read = Err(fault_of_manifest(job, path_of(epoch), error));
        reports.push(verify_manifest(job, epoch, false, read, &mut checked).await);
    }
    for epoch in savepoints.list().await? {
        let path = Savepoints::path_of(epoch);
        let read = savepoints.read(epoch).await.map_err(|error| fault_of_manifest(job, path, error));
        reports.push(verify_manifest(job, epoch, true, read, &mut checked).await);
    }
    Ok(reports)
}

/// Files that were checked, and what is wrong with them.
type Checked = BTreeMap<String, Option<FileFault>>;

async fn verify_manifest(
    job: &Storage,
    epoch: Epoch,
    savepoint: bool,
    manifest: Result<Manifest, FileFault>,
    checked: &mut Checked,
) -> CheckpointReport {
    let mut report = CheckpointReport { epoch, savepoint, files: 0, bytes: 0, faults: Vec::new() };
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(fault) => return CheckpointReport { faults: vec![fault], ..report },
    };
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
    report
}

fn fault_of_manifest(job: &Storage, path: String, error: StateError) -> FileFault {
    let kind = FaultKind::Damaged;
    match error {
        StateError::CorruptManifest { file, reason, .. } => FileFault { file, reason, kind },
        StateError::LostManifest { file, .. } => FileFault { file, reason: "it does not exist".to_string(), kind },
        StateError::UnknownVersion { file, what, found, supported } => {
            let reason =
                format!("it has {what} {found}, this release understands {supported}; use the release that wrote it");
            FileFault { file, reason, kind: FaultKind::OtherRelease }
        }
        other => FileFault { file: job.url_of(&path), reason: other.to_string(), kind },
    }
}

/// The content of a file, or what is wrong with it.
async fn read_verified(job: &Storage, file: &FileRef) -> Result<Bytes, FileFault> {
    let fault = |reason| FileFault { file: job.url_of(&file.path), reason, kind: FaultKind::Damaged };
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
    /// Savepoints.
    pub savepoints: u64,
    /// Files of rows.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Copies the checkpoints and savepoints of a job from one directory to another, each file checked on its way; `None` if there are none.
///
/// A manifest is written after its files, so a copy that was broken off never shows a checkpoint that lacks some; repeating the
/// copy completes it. The newest checkpoint must be whole, and no older than `complete`, the last one that the index knows as
/// complete; older ones and savepoints that are not whole are left out.
pub async fn copy_job(from: &Storage, to: &Storage, complete: Option<Epoch>) -> Result<Option<Copied>, StateError> {
    let source = Manifests::new(from.clone());
    if let Some(complete) = complete {
        source.check_last(complete).await?;
    }
    let epochs = source.list().await?;
    let Some(newest) = epochs.last().copied() else { return Ok(None) };
    let mut copied = Copied { epoch: newest, checkpoints: 0, savepoints: 0, files: 0, bytes: 0 };
    let mut done = BTreeSet::new();
    let savepoints = Savepoints::new(from.clone());
    for epoch in savepoints.list().await? {
        match copy_savepoint(&savepoints, from, to, epoch, &mut done, &mut copied).await {
            Ok(()) => copied.savepoints += 1,
            Err(error @ (StateError::CorruptFile { .. } | StateError::CorruptManifest { .. })) => {
                tracing::warn!("savepoint {epoch} is not copied: {error}");
            }
            Err(error) => return Err(error),
        }
    }
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
    copy_manifest(from, to, slot, &path_of(slot)).await
}

async fn copy_manifest(from: &Storage, to: &Storage, epoch: Epoch, path: &str) -> Result<(), StateError> {
    let bytes = from.get(path).await?;
    if to.put_if_absent(path, bytes.clone()).await? || to.get(path).await? == bytes {
        return Ok(());
    }
    let reason = format!("{} is another one", to.url_of(path));
    Err(StateError::Incomplete { epoch, reason })
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
    match copy_files(&manifest, from, to, done, copied).await {
        Err(StateError::CorruptFile { file, reason, .. }) => {
            let last_good = source.last_good_before(epoch, |_| true).await?;
            return Err(StateError::CorruptFile { file, reason, last_good });
        }
        other => other?,
    }
    copy_slot(from, to, epoch).await
}

async fn copy_savepoint(
    source: &Savepoints,
    from: &Storage,
    to: &Storage,
    epoch: Epoch,
    done: &mut BTreeSet<String>,
    copied: &mut Copied,
) -> Result<(), StateError> {
    copy_files(&source.read(epoch).await?, from, to, done, copied).await?;
    copy_manifest(from, to, epoch, &Savepoints::path_of(epoch)).await
}

/// Copies the files that a manifest names and that are not there yet.
async fn copy_files(
    manifest: &Manifest,
    from: &Storage,
    to: &Storage,
    done: &mut BTreeSet<String>,
    copied: &mut Copied,
) -> Result<(), StateError> {
    for file in manifest.files() {
        if done.contains(&file.path) {
            continue;
        }
        let verified = read_verified(from, file).await;
        let bytes = verified.map_err(|FileFault { file, reason, .. }| StateError::CorruptFile {
            file,
            reason,
            last_good: None,
        })?;
        to.put(&file.path, bytes).await?;
        done.insert(file.path.clone());
        copied.files += 1;
        copied.bytes += file.bytes;
    }
    Ok(())
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

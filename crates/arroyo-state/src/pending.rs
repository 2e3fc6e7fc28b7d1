//! Writing a barrier's changes behind it.

use std::collections::BTreeMap;

use arrow::error::ArrowError;
use arroyo_storage::StorageError;
use arroyo_types::{EventTime, OperatorId};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::checkpoint::CheckpointWriter;
use crate::file::{EncodedFile, checksum, encode, encode_global};
use crate::rows::consolidate;
use crate::schema::encode_schema;
use crate::{FileRef, StateError, StateTask, TableChange, TableCheckpoint, TableKind, TableSpec};

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

impl PendingTables {
    /// Writes a file per changed table and says what was written, one entry per declared table.
    ///
    /// Rows are sorted and encoded on a thread for blocking work. When this returns, everything is durable. It can only be
    /// called once: after an error the checkpoint has failed.
    pub async fn write(mut self, writer: &CheckpointWriter) -> Result<Vec<TableCheckpoint>, StateError> {
        let mut checkpoints = Vec::with_capacity(self.specs.len());
        for (name, spec) in std::mem::take(&mut self.specs) {
            let failed = encode_failure(&self.task.operator, &name);
            let schema = encode_schema(&spec.schema).map_err(&failed)?;
            let kind = spec.kind;
            let global = self.globals.remove(&name).unwrap_or_default();
            let changes = self.changes.remove(&name).unwrap_or_default();
            let encoded = blocking(move || encode_table(&spec, &global, &changes)).await?.map_err(&failed)?;
            let mut files = Vec::new();
            if let Some(encoded) = encoded {
                let path = writer.path(&self.task.operator, &name, &self.task.subtask.to_string());
                files.push(write_file(writer, path, self.task.subtask, encoded).await?);
            }
            let expired_before = self.expired_before.get(&name).copied();
            checkpoints.push(TableCheckpoint { table: name, kind, schema, files, expired_before });
        }
        Ok(checkpoints)
    }
}

fn encode_table(
    spec: &TableSpec,
    global: &BTreeMap<Vec<u8>, Vec<u8>>,
    changes: &[TableChange],
) -> Result<Option<EncodedFile>, ArrowError> {
    match spec.kind {
        TableKind::Global if global.is_empty() => Ok(None),
        TableKind::Global => encode_global(global).map(Some),
        kind => consolidate(kind, &spec.schema, changes, true)?.map(encode).transpose(),
    }
}

pub(crate) fn encode_failure(operator: &OperatorId, table: &str) -> impl Fn(ArrowError) -> StateError + use<> {
    let (operator, table) = (operator.to_string(), table.to_string());
    move |error| StateError::Encode { operator: operator.clone(), table: table.clone(), reason: error.to_string() }
}

/// Computes on a thread for blocking work. A runtime of one thread computes itself: there, order depends on nothing but what it
/// is given, so that a simulation can be repeated.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StateError> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        let (url, reason) = ("state rows".to_string(), error.to_string());
        StorageError::Unavailable { action: "process", url, reason }.into()
    })
}

pub(crate) async fn write_file(
    writer: &CheckpointWriter,
    path: String,
    subtask: u32,
    encoded: EncodedFile,
) -> Result<FileRef, StateError> {
    let EncodedFile { bytes, rows, key_range, time_range } = encoded;
    let file = FileRef {
        epoch: writer.epoch,
        subtask,
        key_range,
        time_range,
        rows,
        bytes: bytes.len() as u64,
        checksum: checksum(&bytes),
        path,
    };
    writer.failpoints.pass("before file").await;
    writer.job.put(&file.path, bytes).await?;
    writer.failpoints.pass("after file").await;
    Ok(file)
}

//! Merging the many small files that checkpoints leave into few.
//!
//! Files are merged by groups whose key ranges overlap, and always a whole group: then no other file has a say about their keys,
//! so deletions and expired rows can be dropped. The result is published with the next manifest.

use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation, KeyRange, OperatorId};
use serde::{Deserialize, Serialize};

use crate::checkpoint::CheckpointWriter;
use crate::file::encode;
use crate::pending::{blocking, encode_failure, write_file};
use crate::restore::TableReader;
use crate::rows::consolidate;
use crate::schema::decode_schema;
use crate::{FileRef, Manifest, StateError, TableKind, TableManifest};

/// Live files of one range of keys from which on a table is worth compacting.
pub const COMPACT_FILES: usize = 16;

/// A compaction is applied at most so many epochs after the one it read. Unused files are kept for longer than that.
pub(crate) const COMPACTION_LIFETIME_EPOCHS: u64 = 8;

/// A finished compaction, to be given to [`crate::next_manifest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The operator.
    pub operator: OperatorId,
    /// The table.
    pub table: String,
    /// The epoch of the manifest whose files were merged.
    pub base_epoch: Epoch,
    /// Paths of the files that were merged.
    pub removed: Vec<String>,
    /// What they became.
    pub added: Vec<FileRef>,
}

/// The tables that have more than `max_files` live files for the same keys.
pub fn tables_to_compact(manifest: &Manifest, max_files: usize) -> Vec<(OperatorId, String)> {
    let mut found = Vec::new();
    for (id, operator) in &manifest.operators {
        for (name, table) in &operator.tables {
            if table.kind != TableKind::Global && groups(table).iter().any(|group| group.len() > max_files) {
                found.push((id.clone(), name.clone()));
            }
        }
    }
    found
}

/// Files in groups whose key ranges overlap, directly or through others.
fn groups(table: &TableManifest) -> Vec<Vec<&FileRef>> {
    let mut files: Vec<&FileRef> = table.files.iter().collect();
    files.sort_by_key(|file| file.key_range.start);
    let mut groups: Vec<(u64, Vec<&FileRef>)> = Vec::new();
    for file in files {
        match groups.last_mut() {
            Some((end, group)) if file.key_range.start <= *end => {
                *end = file.key_range.end.max(*end);
                group.push(file);
            }
            _ => groups.push((file.key_range.end, vec![file])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Merges every group of more than `max_files` files of a table into one file per subtask.
///
/// `job` is the job's directory. `None` if there is nothing to merge. May run beside checkpoints and be dropped at any time:
/// what it has written is collected as garbage.
pub async fn compact(
    job: &Storage,
    manifest: &Manifest,
    operator: &OperatorId,
    table: &str,
    generation: Generation,
    max_files: usize,
) -> Result<Option<Replacement>, StateError> {
    let Some(owner) = manifest.operators.get(operator) else { return Ok(None) };
    let Some(stored) = owner.tables.get(table).filter(|table| table.kind != TableKind::Global) else { return Ok(None) };
    let schema = decode_schema(&stored.schema).map_err(|error| StateError::SchemaMismatch {
        operator: operator.to_string(),
        table: table.to_string(),
        reason: format!("its stored schema cannot be read: {error}"),
    })?;
    let reader = TableReader { job, manifest, operator };
    let writer = CheckpointWriter::new(job.clone(), manifest.epoch, generation);
    let mut replacement = Replacement {
        operator: operator.clone(),
        table: table.to_string(),
        base_epoch: manifest.epoch,
        removed: Vec::new(),
        added: Vec::new(),
    };
    for group in groups(stored).into_iter().filter(|group| group.len() > max_files) {
        let mut merged: Vec<FileRef> = group.iter().map(|file| (*file).clone()).collect();
        merged.sort_by_key(|file| (file.epoch, file.subtask));
        let epoch = merged.iter().map(|file| file.epoch).max().unwrap_or(manifest.epoch);
        replacement.removed.extend(merged.iter().map(|file| file.path.clone()));
        let part = TableManifest { files: merged, ..stored.clone() };
        for subtask in 0..owner.parallelism {
            let range = KeyRange::of_subtask(subtask, owner.parallelism);
            let changes = reader.changes(&part, &schema, range).await?;
            let (kind, schema) = (stored.kind, schema.clone());
            let encoded = blocking(move || consolidate(kind, &schema, &changes, false)?.map(encode).transpose());
            let Some(encoded) = encoded.await?.map_err(encode_failure(operator, table))? else { continue };
            let name = format!("compact-{:016x}", encoded.key_range.start);
            let path = writer.path(operator, table, &name);
            let file = write_file(&writer, path, subtask, encoded).await?;
            replacement.added.push(FileRef { epoch, ..file });
        }
    }
    Ok((!replacement.removed.is_empty()).then_some(replacement))
}

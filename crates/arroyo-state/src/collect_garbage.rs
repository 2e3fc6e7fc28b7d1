//! Deleting what no retained checkpoint needs.

use arroyo_runtime::Failpoints;
use arroyo_storage::{ObjectInfo, Storage};
use arroyo_types::Epoch;
use std::collections::{BTreeMap, BTreeSet};

use crate::checkpoint::{CHECKPOINTS, epoch_of_path};
use crate::compact::COMPACTION_LIFETIME_EPOCHS;
use crate::protocol::{Collection, Contents, Found, Work};
use crate::{Manifests, Savepoints, StateError};

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Slots of the log: manifests, and claims between them.
    pub manifests: u64,
    /// Files of rows.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The oldest checkpoint that is left, savepoints aside.
    pub oldest_kept: Option<Epoch>,
}

/// Keeps the last `keep` (at least one) checkpoints of the job whose directory is `job`, and its savepoints, and deletes the rest:
/// first the older manifests, then files that no retained manifest names. See [`Collection`].
///
/// A crash in between leaves files that the next call finds. If a retained manifest cannot be read, nothing is deleted.
/// One of `failpoints` is passed before each deletion.
pub async fn collect_garbage(job: &Storage, keep: usize, failpoints: &Failpoints) -> Result<Collected, StateError> {
    let manifests = Manifests::new(job.clone());
    let savepoints = Savepoints::new(job.clone());
    let mut collection: Collection<String> = Collection::new(keep, COMPACTION_LIFETIME_EPOCHS);
    let mut collected = Collected::default();
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(work) = collection.work() {
        let found = match work {
            Work::Slots => Found::Epochs(manifests.slots().await?.into_iter().map(|(epoch, _)| epoch).collect()),
            Work::Read(epoch) => Found::Contents(contents(manifests.paths(epoch).await?, Contents::Claim)),
            Work::DeleteSlot(epoch) => {
                failpoints.pass("before deletion").await;
                manifests.delete(epoch).await?;
                collected.manifests += 1;
                Found::Deleted
            }
            Work::Savepoints => Found::Epochs(savepoints.list().await?),
            Work::ReadSavepoint(epoch) => Found::Contents(contents(savepoints.paths(epoch).await?, Contents::Nothing)),
            Work::Files => {
                let objects = job.list(CHECKPOINTS).await?;
                sizes = objects.iter().map(|object| (object.path.clone(), object.size)).collect();
                Found::Files(objects.into_iter().filter_map(of_epoch).collect())
            }
            Work::DeleteFile(path) => {
                failpoints.pass("before deletion").await;
                job.delete(&path).await?;
                collected.files += 1;
                collected.bytes += sizes.get(&path).copied().unwrap_or(0);
                Found::Deleted
            }
        };
        collection.found(found);
    }
    collected.oldest_kept = collection.oldest_kept();
    Ok(collected)
}

fn contents(paths: Option<BTreeSet<String>>, otherwise: Contents<String>) -> Contents<String> {
    paths.map_or(otherwise, Contents::Manifest)
}

fn of_epoch(object: ObjectInfo) -> Option<(String, Epoch)> {
    let epoch = epoch_of_path(&object.path)?;
    Some((object.path, epoch))
}

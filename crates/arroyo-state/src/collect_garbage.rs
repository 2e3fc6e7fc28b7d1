//! Deleting what no retained checkpoint needs.

use std::collections::BTreeSet;

use arroyo_storage::Storage;
use arroyo_types::Epoch;

use crate::checkpoint::{CHECKPOINTS, epoch_of_path};
use crate::compact::COMPACTION_LIFETIME_EPOCHS;
use crate::{Manifest, Manifests, StateError};

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Manifests.
    pub manifests: u64,
    /// Files of rows.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Keeps the last `keep` (at least one) checkpoints of the job whose directory is `job` and deletes the rest: first the older
/// manifests, then files that no retained manifest names.
///
/// A crash in between leaves files that the next call finds. Files of checkpoints and compactions that may yet be published are
/// spared: those of recent epochs. If a retained manifest cannot be read, nothing is deleted.
pub async fn collect_garbage(job: &Storage, keep: usize) -> Result<Collected, StateError> {
    let manifests = Manifests::new(job.clone());
    let epochs = manifests.list().await?;
    let first_kept = epochs.len().saturating_sub(keep.max(1));
    let (old, kept) = epochs.split_at_checked(first_kept).unwrap_or((&[], &epochs));
    let Some(latest) = kept.last() else { return Ok(Collected::default()) };
    let mut retained: Vec<Manifest> = Vec::with_capacity(kept.len());
    for epoch in kept {
        retained.push(manifests.read(*epoch).await?);
    }
    let mut collected = Collected::default();
    for epoch in old {
        manifests.delete(*epoch).await?;
        collected.manifests += 1;
    }
    let live: BTreeSet<&str> = retained.iter().flat_map(Manifest::paths).collect();
    let spared_from = Epoch(latest.0.saturating_sub(COMPACTION_LIFETIME_EPOCHS));
    for object in job.list(CHECKPOINTS).await? {
        let is_old = epoch_of_path(&object.path).is_some_and(|epoch| epoch < spared_from);
        if is_old && !live.contains(object.path.as_str()) {
            job.delete(&object.path).await?;
            collected.files += 1;
            collected.bytes += object.size;
        }
    }
    Ok(collected)
}

//! Publishing a compaction.

use std::collections::BTreeSet;

use arroyo_types::Epoch;

/// Whether a compaction of the checkpoint `base` may become part of the manifest of `epoch`: every file that it replaces is still
/// live, and it is so recent (at most `lifetime` epochs) that its own files cannot have been collected.
pub fn fits<'a, F: Ord + ?Sized + 'a>(
    base: Epoch,
    epoch: Epoch,
    lifetime: u64,
    removed: impl IntoIterator<Item = &'a F>,
    live: &BTreeSet<&F>,
) -> bool {
    epoch.0.saturating_sub(base.0) <= lifetime && removed.into_iter().all(|file| live.contains(file))
}

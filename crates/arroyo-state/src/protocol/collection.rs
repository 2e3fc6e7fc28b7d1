//! Deleting what no kept checkpoint names.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_types::Epoch;

/// One pass of garbage collection. It may end anywhere: the next pass goes on from what it finds.
///
/// The last `keep` manifests and all savepoints are kept. Older slots are deleted from the oldest on, so that the log has no holes.
/// Then slots and savepoints are listed *again*: a manifest that was kept by somebody between the first look and the deletion is
/// seen by the second. Only then are files deleted that nothing names; those of recent epochs are spared, because checkpoints and
/// compactions that are about to be published name them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Collection<F: Ord> {
    keep: usize,
    /// Files of so many epochs before the last manifest are spared.
    lifetime: u64,
    step: Step<F>,
    /// What manifests name, by slot. Claims name nothing.
    manifests: BTreeMap<Epoch, BTreeSet<F>>,
    claims: BTreeSet<Epoch>,
    savepoints: BTreeMap<Epoch, BTreeSet<F>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step<F> {
    Slots,
    /// Looking for the manifests to keep, from the last slot down.
    Reading(Vec<Epoch>),
    /// From the oldest on.
    DeletingSlots(Vec<Epoch>),
    SlotsAgain,
    ReadingNew(Vec<Epoch>),
    Savepoints,
    ReadingSavepoints(Vec<Epoch>),
    Files,
    DeletingFiles(Vec<F>),
    Done,
}

/// What a collection wants to be done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Work<F> {
    /// The slots that hold anything.
    Slots,
    /// Read a slot.
    Read(Epoch),
    /// Delete a slot.
    DeleteSlot(Epoch),
    /// The savepoints.
    Savepoints,
    /// Read a savepoint.
    ReadSavepoint(Epoch),
    /// All files and the epochs that they were written for.
    Files,
    /// Delete a file.
    DeleteFile(F),
}

/// What a slot or savepoint holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Contents<F: Ord> {
    /// A manifest that names these files.
    Manifest(BTreeSet<F>),
    /// A claim.
    Claim,
    /// Nothing (any more).
    Nothing,
}

/// The answer to a [`Work`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Found<F: Ord> {
    /// Slots or savepoints.
    Epochs(Vec<Epoch>),
    /// What was read.
    Contents(Contents<F>),
    /// Files.
    Files(Vec<(F, Epoch)>),
    /// It is deleted.
    Deleted,
}

impl<F: Ord + Clone> Collection<F> {
    /// Keeps the last `keep` (at least one) checkpoints, and files of `lifetime` epochs before the last one.
    pub fn new(keep: usize, lifetime: u64) -> Self {
        Self {
            keep: keep.max(1),
            lifetime,
            step: Step::Slots,
            manifests: BTreeMap::new(),
            claims: BTreeSet::new(),
            savepoints: BTreeMap::new(),
        }
    }

    /// What is to be done; `None` at the end.
    pub fn work(&self) -> Option<Work<F>> {
        Some(match &self.step {
            Step::Slots | Step::SlotsAgain => Work::Slots,
            Step::Reading(slots) | Step::ReadingNew(slots) => Work::Read(*slots.last()?),
            Step::DeletingSlots(slots) => Work::DeleteSlot(*slots.last()?),
            Step::Savepoints => Work::Savepoints,
            Step::ReadingSavepoints(savepoints) => Work::ReadSavepoint(*savepoints.last()?),
            Step::Files => Work::Files,
            Step::DeletingFiles(files) => Work::DeleteFile(files.last()?.clone()),
            Step::Done => return None,
        })
    }

    /// Goes on with the answer to [`Collection::work`]. If there is none (a call failed), the pass is over.
    pub fn found(&mut self, found: Found<F>) {
        let step = std::mem::replace(&mut self.step, Step::Done);
        self.step = match (step, found) {
            (Step::Slots, Found::Epochs(mut slots)) => {
                slots.sort_unstable();
                self.look_or_delete(slots)
            }
            (Step::Reading(mut slots), Found::Contents(contents)) => {
                let Some(slot) = slots.pop() else { return };
                self.take(slot, contents);
                self.look_or_delete(slots)
            }
            (Step::DeletingSlots(mut slots), Found::Deleted) => {
                slots.pop();
                if slots.is_empty() { Step::SlotsAgain } else { Step::DeletingSlots(slots) }
            }
            (Step::SlotsAgain, Found::Epochs(slots)) => {
                let known = |slot: &Epoch| self.manifests.contains_key(slot) || self.claims.contains(slot);
                self.read_new(slots.into_iter().filter(|slot| !known(slot)).collect())
            }
            (Step::ReadingNew(mut slots), Found::Contents(contents)) => {
                let Some(slot) = slots.pop() else { return };
                self.take(slot, contents);
                self.read_new(slots)
            }
            (Step::Savepoints, Found::Epochs(savepoints)) => Self::read_savepoints(savepoints),
            (Step::ReadingSavepoints(mut savepoints), Found::Contents(contents)) => {
                let Some(savepoint) = savepoints.pop() else { return };
                if let Contents::Manifest(files) = contents {
                    self.savepoints.insert(savepoint, files);
                }
                Self::read_savepoints(savepoints)
            }
            (Step::Files, Found::Files(files)) => Self::delete_files(self.unnamed(files)),
            (Step::DeletingFiles(mut files), Found::Deleted) => {
                files.pop();
                Self::delete_files(files)
            }
            _ => Step::Done,
        };
    }

    fn take(&mut self, slot: Epoch, contents: Contents<F>) {
        match contents {
            Contents::Manifest(files) => {
                self.manifests.insert(slot, files);
            }
            Contents::Claim => {
                self.claims.insert(slot);
            }
            Contents::Nothing => {}
        }
    }

    /// Reads on downwards until enough manifests are found; what is left below them is deleted.
    fn look_or_delete(&self, mut slots: Vec<Epoch>) -> Step<F> {
        if self.manifests.len() < self.keep {
            // With too few manifests, there is nothing to delete: everything below was read.
            return if slots.is_empty() { Step::SlotsAgain } else { Step::Reading(slots) };
        }
        slots.reverse();
        if slots.is_empty() { Step::SlotsAgain } else { Step::DeletingSlots(slots) }
    }

    fn read_new(&self, slots: Vec<Epoch>) -> Step<F> {
        if !slots.is_empty() {
            Step::ReadingNew(slots)
        } else if self.manifests.is_empty() {
            // Whatever files there are may be those of the first checkpoint.
            Step::Done
        } else {
            Step::Savepoints
        }
    }

    fn read_savepoints(savepoints: Vec<Epoch>) -> Step<F> {
        if savepoints.is_empty() { Step::Files } else { Step::ReadingSavepoints(savepoints) }
    }

    fn delete_files(files: Vec<F>) -> Step<F> {
        if files.is_empty() { Step::Done } else { Step::DeletingFiles(files) }
    }

    fn unnamed(&self, files: Vec<(F, Epoch)>) -> Vec<F> {
        let last = self.manifests.keys().next_back().map_or(0, |epoch| epoch.0);
        let spared_from = Epoch(last.saturating_sub(self.lifetime));
        let live: BTreeSet<&F> = self.manifests.values().chain(self.savepoints.values()).flatten().collect();
        let unnamed = files.into_iter().filter(|(file, epoch)| *epoch < spared_from && !live.contains(file));
        unnamed.map(|(file, _)| file).collect()
    }

    /// The oldest manifest that is kept; known at the end.
    pub fn oldest_kept(&self) -> Option<Epoch> {
        self.manifests.keys().next().copied()
    }
}

//! What owners share: the storage, and the system that sinks write to.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_state::protocol::{Answer, Ask};
use arroyo_types::{Epoch, Generation};

use super::mutants::Mutant;
use super::owner::Owner;

/// A file of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct File {
    pub(super) epoch: Epoch,
    pub(super) owner: usize,
    /// Who wrote it: a task, or a compaction.
    pub(super) writer: u8,
}

/// What a sink has pre-committed: an item, and the transaction it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Write {
    pub(super) item: u8,
    pub(super) owner: usize,
    pub(super) epoch: Epoch,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Manifest {
    pub(super) owner: usize,
    pub(super) epoch: Epoch,
    pub(super) files: BTreeSet<File>,
    pub(super) commits: BTreeSet<Write>,
    /// How many items were read.
    pub(super) position: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    Claim(Generation, usize),
    Manifest(Generation, Manifest),
}

/// What has been seen to happen, and what must not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Events {
    pub(super) seen: BTreeSet<&'static str>,
    pub(super) wrong: BTreeSet<&'static str>,
}

/// What may still be used up of [`super::Bounds`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Budget {
    pub(super) timeouts: u8,
    pub(super) lost: u8,
    pub(super) collections: u8,
    pub(super) compactions: u8,
    pub(super) savepoints: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub(super) slots: BTreeMap<Epoch, Slot>,
    pub(super) files: BTreeSet<File>,
    /// Savepoints, and whether they were confirmed.
    pub(super) savepoints: BTreeMap<Epoch, (Manifest, bool)>,
    /// What readers of the sink's system see.
    pub(super) visible: BTreeSet<Write>,
    /// What manifests at the end of the log have committed.
    pub(super) history: BTreeSet<Write>,
    /// The last owner that has taken over.
    pub(super) taken_over: usize,
    pub(super) owners: Vec<Owner>,
    pub(super) events: Events,
    pub(super) budget: Budget,
    pub(super) mutant: Option<Mutant>,
}

impl World {
    pub(super) fn has_seen(&self, event: &str) -> bool {
        self.events.seen.contains(event)
    }

    pub(super) fn last_manifest(&self) -> Option<&Manifest> {
        self.slots.values().rev().find_map(|slot| match slot {
            Slot::Manifest(_, manifest) => Some(manifest),
            Slot::Claim(..) => None,
        })
    }

    /// The first half of a savepoint: the manifest is copied.
    pub(super) fn copy_savepoint(&mut self, epoch: Epoch) {
        self.budget.savepoints -= 1;
        if let Some(Slot::Manifest(_, manifest)) = self.slots.get(&epoch) {
            self.savepoints.insert(epoch, (manifest.clone(), false));
        }
    }

    /// The second half: it counts if the manifest is still there.
    pub(super) fn confirm_savepoint(&mut self, epoch: Epoch) {
        if !self.slots.contains_key(&epoch) {
            self.savepoints.remove(&epoch);
        } else if let Some((_, confirmed)) = self.savepoints.get_mut(&epoch) {
            *confirmed = true;
        }
    }

    /// The storage does what a machine of `owner` asks.
    pub(super) fn answer(
        &mut self,
        ask: Ask,
        owner: usize,
        generation: Generation,
        manifest: Option<&Manifest>,
    ) -> Answer {
        match ask {
            Ask::Last => Answer::Last(self.slots.keys().next_back().copied()),
            Ask::Read(slot) => Answer::Writer(self.slots.get(&slot).map(|slot| match slot {
                Slot::Claim(generation, _) | Slot::Manifest(generation, _) => *generation,
            })),
            Ask::PutClaim(slot) => self.put(slot, Slot::Claim(generation, owner)),
            Ask::PutManifest(slot) => {
                let manifest = manifest.unwrap().clone();
                let writes = manifest.commits.clone();
                let last = self.slots.keys().next_back().copied().unwrap_or(Epoch(0));
                let answer = self.put(slot, Slot::Manifest(generation, manifest));
                if answer == Answer::Put && slot > last {
                    self.history.extend(writes);
                    if self.taken_over > owner {
                        self.events.wrong.insert("a replaced owner published");
                    }
                }
                answer
            }
        }
    }

    fn put(&mut self, at: Epoch, content: Slot) -> Answer {
        let Some(found) = self.slots.get(&at) else {
            self.slots.insert(at, content);
            return Answer::Put;
        };
        // A claim says nothing but its generation.
        let (by, same) = match (found, &content) {
            (Slot::Claim(by, _), Slot::Claim(generation, _)) => (*by, by == generation),
            (Slot::Manifest(by, _), _) => (*by, *found == content),
            (Slot::Claim(by, _), Slot::Manifest(..)) => (*by, false),
        };
        Answer::Occupied { by, same }
    }
}

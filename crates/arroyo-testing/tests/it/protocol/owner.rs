//! A start of the job: the machines of the protocol, and tasks.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_state::protocol::{
    Answer, Ask, Collection, Contents, Coordinator, Found, Late, Publication, Published, Ready, Step, TakenOver,
    Takeover, Work, fits,
};
use arroyo_types::{Epoch, Generation, NodeId, TaskId};

use super::mutants::Mutant;
use super::world::{File, Manifest, Slot, World, Write};

pub(super) const SOURCE: u8 = 0;
pub(super) const SINK: u8 = 1;
const COMPACTION: u8 = 2;
/// Compactions and unpublished files live for so many epochs.
const LIFETIME: u64 = 2;

pub(super) fn task(number: u8) -> TaskId {
    TaskId { node: NodeId(u32::from(number)), subtask: 0 }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Absent,
    TakingOver(Takeover),
    /// The slot that was written.
    Restoring(Epoch),
    Running(Box<Run>),
    Gone,
}

/// A compaction that is not published yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Compacted {
    base: Epoch,
    removed: BTreeSet<File>,
    added: File,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Run {
    pub(super) generation: Generation,
    pub(super) coordinator: Coordinator,
    base: Option<Manifest>,
    position: u8,
    /// Barriers (and the item before them) that wait for each task.
    waiting: [Vec<(Epoch, u8)>; 2],
    /// Durable and not in a manifest: the file, what the sink wrote, the position.
    parts: BTreeMap<(Epoch, u8), (File, Option<Write>, u8)>,
    pub(super) publication: Option<(Publication, Manifest)>,
    to_commit: Option<(Epoch, BTreeSet<Write>)>,
    pub(super) collection: Option<Collection<File>>,
    compacted: Option<Compacted>,
}

impl Run {
    pub(super) fn has_work_for(&self, number: u8) -> bool {
        !self.waiting[usize::from(number)].is_empty()
    }

    pub(super) fn is_collecting(&self) -> bool {
        matches!(self.coordinator.in_flight(), Some((_, Step::Collecting(_))))
    }

    pub(super) fn can_commit(&self) -> bool {
        self.to_commit.is_some()
    }

    pub(super) fn can_compact(&self) -> bool {
        self.compacted.is_none() && self.base.as_ref().is_some_and(|base| base.files.len() > 1)
    }

    /// Nothing can go on by itself, but a checkpoint is in flight.
    pub(super) fn is_stuck(&self) -> bool {
        let idle = self.publication.is_none() && self.to_commit.is_none();
        idle && !self.has_work_for(SOURCE) && !self.has_work_for(SINK) && !self.coordinator.is_idle()
    }

    pub(super) fn restore(world: &mut World, generation: Generation, sealed: Epoch) -> Self {
        let base = world.slots.range(..=sealed).rev().find_map(|(_, slot)| match slot {
            Slot::Manifest(_, manifest) => Some(manifest.clone()),
            Slot::Claim(..) => None,
        });
        let coordinator = Coordinator::new(BTreeSet::from([task(SOURCE), task(SINK)]), Epoch(0), sealed);
        let mut run = Self {
            generation,
            coordinator,
            position: base.as_ref().map_or(0, |base| base.position),
            base: base.clone(),
            waiting: Default::default(),
            parts: BTreeMap::new(),
            publication: None,
            to_commit: None,
            collection: None,
            compacted: None,
        };
        if let Some(base) = base {
            world.events.seen.insert("resumed from a manifest");
            if !base.files.is_subset(&world.files) {
                world.events.wrong.insert("a file of the restored manifest is gone");
            }
            let committers = if base.commits.is_empty() { BTreeSet::new() } else { BTreeSet::from([task(SINK)]) };
            if world.mutant != Some(Mutant::NoRecommit) && run.coordinator.recommit(base.epoch, committers) {
                run.to_commit = Some((base.epoch, base.commits));
            }
        }
        run
    }

    /// A barrier is injected, behind one more item.
    pub(super) fn begin(&mut self) {
        if let Some(epoch) = self.coordinator.begin(false) {
            self.position += 1;
            self.waiting[usize::from(SOURCE)].push((epoch, self.position));
        }
    }

    /// A task meets its next barrier and writes its part.
    pub(super) fn write_part(&mut self, world: &mut World, owner: usize, number: u8) {
        let (epoch, item) = self.waiting[usize::from(number)].remove(0);
        let file = File { epoch, owner, writer: number };
        let write = (number == SINK).then_some(Write { item, owner, epoch });
        world.files.insert(file);
        if number == SOURCE {
            self.waiting[usize::from(SINK)].push((epoch, item));
        }
        self.parts.insert((epoch, number), (file, write, item));
        let ready = self.coordinator.part(task(number), epoch);
        self.ready(world, owner, ready);
        if world.mutant == Some(Mutant::SkipAlignment) && number == SOURCE {
            let ready = self.coordinator.part(task(SINK), epoch);
            self.ready(world, owner, ready);
        }
    }

    fn ready(&mut self, world: &mut World, owner: usize, ready: Option<Ready>) {
        match ready {
            Some(Ready::Publish { epoch, sealed }) => {
                let manifest = self.manifest(world, owner, epoch);
                if world.mutant == Some(Mutant::CommitBeforeManifest) {
                    self.to_commit = Some((epoch, manifest.commits.clone()));
                }
                self.publication = Some((Publication::new(self.generation, epoch, sealed), manifest));
            }
            Some(Ready::Commit(epoch)) => {
                let next = self.coordinator.told(epoch);
                self.ready(world, owner, next);
            }
            Some(Ready::Done { .. }) | None => {}
        }
    }

    /// As the controller makes it: everything up to the epoch that is not in a manifest yet.
    fn manifest(&mut self, world: &mut World, owner: usize, epoch: Epoch) -> Manifest {
        let kept =
            |(of, _): &(Epoch, u8)| *of == epoch || (*of < epoch && world.mutant != Some(Mutant::DropGivenUpParts));
        let parts: Vec<_> = self.parts.iter().filter(|(key, _)| kept(key)).map(|(key, part)| (*key, *part)).collect();
        if parts.iter().any(|((of, _), _)| *of < epoch) {
            world.events.seen.insert("given up and folded");
        }
        let mut files = self.base.as_ref().map(|base| base.files.clone()).unwrap_or_default();
        files.extend(parts.iter().map(|(_, (file, ..))| *file));
        if let Some(Compacted { base, removed, added }) = self.compacted.take()
            && fits(base, epoch, LIFETIME, &removed, &files.iter().collect())
        {
            world.events.seen.insert("compacted");
            files.retain(|file| !removed.contains(file));
            files.insert(added);
        }
        let commits = parts.iter().filter_map(|(_, (_, write, _))| *write).collect();
        let position = parts.iter().map(|(_, (.., position))| *position).max().unwrap_or(0);
        Manifest { owner, epoch, files, commits, position }
    }

    /// One call to the storage for the publication. Answers whether the owner goes on.
    pub(super) fn publish(&mut self, world: &mut World, owner: usize, loss: Option<Loss>) -> bool {
        let Some((mut publication, manifest)) = self.publication.take() else { return true };
        let ask = publication.ask();
        let mut answer = match (world.mutant, ask) {
            (Some(Mutant::NoSealing), Ask::PutClaim(_)) => Answer::Put,
            (Some(Mutant::NoLookBehind), Ask::Last) => Answer::Last(Some(manifest.epoch)),
            (Some(Mutant::LostIsDone), _) if loss == Some(Loss::Before) => {
                self.published(world, owner, manifest);
                return true;
            }
            _ if loss == Some(Loss::Before) => Answer::Lost,
            _ => world.answer(ask, owner, self.generation, Some(&manifest)),
        };
        if matches!(answer, Answer::Occupied { same: true, .. }) {
            world.events.seen.insert("lost and recognised");
        }
        if loss == Some(Loss::After) {
            answer = Answer::Lost;
        }
        match publication.answer(answer) {
            None => self.publication = Some((publication, manifest)),
            Some(Published::Fenced { .. }) => {
                world.events.seen.insert("fenced");
                return false;
            }
            Some(Published::Yes) => self.published(world, owner, manifest),
        }
        true
    }

    fn published(&mut self, world: &mut World, owner: usize, manifest: Manifest) {
        let epoch = manifest.epoch;
        self.parts.retain(|(of, _), _| *of > epoch);
        let committers = if manifest.commits.is_empty() { BTreeSet::new() } else { BTreeSet::from([task(SINK)]) };
        let commits = manifest.commits.clone();
        self.base = Some(manifest);
        let ready = self.coordinator.published(epoch, committers);
        if ready == Some(Ready::Commit(epoch)) && !commits.is_empty() {
            self.to_commit = Some((epoch, commits));
        }
        self.ready(world, owner, ready);
    }

    /// The sink commits; what is committed already stays so.
    pub(super) fn commit(&mut self, world: &mut World, owner: usize) {
        let Some((epoch, writes)) = self.to_commit.take() else { return };
        world.visible.extend(writes);
        let ready = self.coordinator.committed(task(SINK), epoch);
        self.ready(world, owner, ready);
    }

    pub(super) fn time_out(&mut self) {
        assert!(matches!(self.coordinator.timed_out(), Some(Late::GivenUp { .. })));
    }

    pub(super) fn compact(&mut self, world: &mut World, owner: usize) {
        let Some(base) = &self.base else { return };
        let added = File { epoch: base.epoch, owner, writer: COMPACTION };
        world.files.insert(added);
        self.compacted = Some(Compacted { base: base.epoch, removed: base.files.clone(), added });
    }

    pub(super) fn begin_collection(&mut self, mutant: Option<Mutant>) {
        let lifetime = if mutant == Some(Mutant::SpareNothing) { 0 } else { LIFETIME };
        self.collection = Some(Collection::new(1, lifetime));
    }

    /// One call to the storage for the collection.
    pub(super) fn collect(&mut self, world: &mut World) {
        let Some(mut collection) = self.collection.take() else { return };
        let Some(work) = collection.work() else { return };
        let contents = |manifest: &Manifest| Contents::Manifest(manifest.files.clone());
        let found = match work {
            Work::Slots => Found::Epochs(world.slots.keys().copied().collect()),
            Work::Read(_) if world.mutant == Some(Mutant::CollectLiveFiles) => {
                Found::Contents(Contents::Manifest(BTreeSet::new()))
            }
            Work::Read(slot) => Found::Contents(match world.slots.get(&slot) {
                Some(Slot::Manifest(_, manifest)) => contents(manifest),
                Some(Slot::Claim(..)) => Contents::Claim,
                None => Contents::Nothing,
            }),
            Work::DeleteSlot(slot) => {
                world.slots.remove(&slot);
                world.events.seen.insert("collected");
                Found::Deleted
            }
            Work::Savepoints if world.mutant == Some(Mutant::CollectSavepoints) => Found::Epochs(Vec::new()),
            Work::Savepoints => Found::Epochs(world.savepoints.keys().copied().collect()),
            Work::ReadSavepoint(epoch) => Found::Contents(
                world.savepoints.get(&epoch).map_or(Contents::Nothing, |(manifest, _)| contents(manifest)),
            ),
            Work::Files => Found::Files(world.files.iter().map(|file| (*file, file.epoch)).collect()),
            Work::DeleteFile(file) => {
                world.files.remove(&file);
                Found::Deleted
            }
        };
        collection.found(found);
        if collection.work().is_some() {
            self.collection = Some(collection);
        }
    }
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Loss {
    /// It had no effect.
    Before,
    /// It had its effect, and nobody learned of it.
    After,
}

/// One call to the storage for the takeover.
pub(super) fn take_over(world: &mut World, owner: usize, mut takeover: Takeover, loss: Option<Loss>) -> Owner {
    let generation = takeover.generation();
    let mut answer = match (world.mutant, takeover.ask()) {
        (Some(Mutant::NoClaim), Ask::PutClaim(slot)) => {
            // What comes back afterwards is what it would be with the claim.
            world.taken_over = world.taken_over.max(owner);
            return Owner::Restoring(slot);
        }
        _ if loss == Some(Loss::Before) => Answer::Lost,
        (_, ask) => world.answer(ask, owner, generation, None),
    };
    if loss == Some(Loss::After) {
        answer = Answer::Lost;
    }
    match takeover.answer(answer) {
        None => Owner::TakingOver(takeover),
        Some(TakenOver::At { slot }) => {
            world.taken_over = world.taken_over.max(owner);
            Owner::Restoring(slot)
        }
        Some(TakenOver::Overtaken { .. }) => Owner::Gone,
    }
}

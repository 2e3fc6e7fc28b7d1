//! The world as a model for the checker, and the properties that hold in all of its states.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_state::protocol::{Ask, Takeover};
use arroyo_types::{Epoch, Generation};
use stateright::{Checker, Model, Property};

use super::mutants::Mutant;
use super::owner::{Loss, Owner, Run, SINK, SOURCE, take_over};
use super::world::{Budget, Events, Slot, World};

/// How much may happen.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// Starts of the job.
    pub(super) owners: usize,
    /// Barriers of each.
    pub(super) epochs: u8,
    /// Checkpoints that are given up.
    pub(super) timeouts: u8,
    /// Calls to the storage whose answer is lost, before or after their effect.
    pub(super) lost: u8,
    pub(super) collections: u8,
    pub(super) compactions: u8,
    pub(super) savepoints: u8,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { owners: 1, epochs: 1, timeouts: 0, lost: 0, collections: 0, compactions: 0, savepoints: 0 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Action {
    Start(usize),
    TakeOver(usize, Option<Loss>),
    Restore(usize),
    Begin(usize),
    WritePart(usize, u8),
    TimeOut(usize),
    Publish(usize, Option<Loss>),
    Commit(usize),
    Crash(usize),
    BeginCollection(usize),
    Collect(usize),
    Compact(usize),
    CopySavepoint(Epoch),
    ConfirmSavepoint(Epoch),
}

#[derive(Debug, Clone)]
struct Checked {
    bounds: Bounds,
    mutant: Option<Mutant>,
    /// What must happen in some state.
    seen: &'static [&'static str],
}

impl Checked {
    fn generation(&self, owner: usize) -> Generation {
        let reused = self.mutant == Some(Mutant::ReuseGeneration);
        Generation(if reused { 2 } else { owner as u64 + 1 })
    }

    fn owner_actions(&self, world: &World, owner: usize, actions: &mut Vec<Action>) {
        let losses: &[Option<Loss>] =
            if world.budget.lost > 0 { &[None, Some(Loss::Before), Some(Loss::After)] } else { &[None] };
        let writes = |ask: Ask| matches!(ask, Ask::PutClaim(_) | Ask::PutManifest(_));
        match &world.owners[owner] {
            Owner::Absent => {
                if owner == 0 || !matches!(world.owners[owner - 1], Owner::Absent | Owner::TakingOver(_)) {
                    actions.push(Action::Start(owner));
                }
                return;
            }
            Owner::Gone => return,
            Owner::TakingOver(takeover) => {
                let losses = if writes(takeover.ask()) { losses } else { &[None] };
                actions.extend(losses.iter().map(|loss| Action::TakeOver(owner, *loss)));
            }
            Owner::Restoring(_) => actions.push(Action::Restore(owner)),
            Owner::Running(run) => {
                if run.coordinator.is_idle() && run.coordinator.last_epoch().0 < self.last_epoch(owner) {
                    actions.push(Action::Begin(owner));
                }
                actions.extend(
                    [SOURCE, SINK]
                        .into_iter()
                        .filter(|task| run.has_work_for(*task))
                        .map(|task| Action::WritePart(owner, task)),
                );
                if world.budget.timeouts > 0 && run.is_collecting() {
                    actions.push(Action::TimeOut(owner));
                }
                if let Some((publication, _)) = &run.publication {
                    let losses = if writes(publication.ask()) { losses } else { &[None] };
                    actions.extend(losses.iter().map(|loss| Action::Publish(owner, *loss)));
                }
                if run.can_commit() {
                    actions.push(Action::Commit(owner));
                }
                if run.collection.is_some() {
                    actions.push(Action::Collect(owner));
                } else if world.budget.collections > 0 && world.slots.len() > 1 {
                    actions.push(Action::BeginCollection(owner));
                }
                if world.budget.compactions > 0 && run.can_compact() {
                    actions.push(Action::Compact(owner));
                }
            }
        }
        // The last owner lives on, so that there is somebody who must get on.
        if owner + 1 < world.owners.len() {
            actions.push(Action::Crash(owner));
        }
    }

    /// Each owner may use some more numbers.
    fn last_epoch(&self, owner: usize) -> u64 {
        (owner as u64 + 1) * (u64::from(self.bounds.epochs) + 1) - 1
    }
}

/// Does something with a running owner; it stays unless it was fenced.
fn with_run(world: &mut World, owner: usize, act: impl FnOnce(&mut Run, &mut World) -> bool) {
    match std::mem::replace(&mut world.owners[owner], Owner::Gone) {
        Owner::Running(mut run) => {
            if act(&mut run, world) {
                world.owners[owner] = Owner::Running(run);
            }
        }
        other => world.owners[owner] = other,
    }
}

impl Model for Checked {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let Bounds { timeouts, lost, collections, compactions, savepoints, .. } = self.bounds;
        vec![World {
            slots: BTreeMap::new(),
            files: BTreeSet::new(),
            savepoints: BTreeMap::new(),
            visible: BTreeSet::new(),
            history: BTreeSet::new(),
            taken_over: 0,
            owners: vec![Owner::Absent; self.bounds.owners],
            events: Events::default(),
            budget: Budget { timeouts, lost, collections, compactions, savepoints },
            mutant: self.mutant,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for owner in 0..world.owners.len() {
            self.owner_actions(world, owner, actions);
        }
        if world.budget.savepoints > 0 {
            let manifests = world.slots.iter().filter(|(_, slot)| matches!(slot, Slot::Manifest(..)));
            actions.extend(manifests.map(|(epoch, _)| Action::CopySavepoint(*epoch)));
        }
        let unconfirmed = world.savepoints.iter().filter(|(_, (_, confirmed))| !confirmed);
        actions.extend(unconfirmed.map(|(epoch, _)| Action::ConfirmSavepoint(*epoch)));
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        let world = &mut next;
        match action {
            Action::Start(owner) => {
                world.owners[owner] = Owner::TakingOver(Takeover::new(self.generation(owner), false));
            }
            Action::TakeOver(owner, loss) => {
                world.budget.lost -= u8::from(loss.is_some());
                if let Owner::TakingOver(takeover) = world.owners[owner].clone() {
                    world.owners[owner] = take_over(world, owner, takeover, loss);
                }
            }
            Action::Restore(owner) => {
                if let Owner::Restoring(slot) = world.owners[owner] {
                    let run = Run::restore(world, self.generation(owner), slot);
                    world.owners[owner] = Owner::Running(Box::new(run));
                }
            }
            Action::Begin(owner) => with_run(world, owner, |run, _| {
                run.begin();
                true
            }),
            Action::WritePart(owner, task) => with_run(world, owner, |run, world| {
                run.write_part(world, owner, task);
                true
            }),
            Action::TimeOut(owner) => {
                world.budget.timeouts -= 1;
                with_run(world, owner, |run, _| {
                    run.time_out();
                    true
                });
            }
            Action::Publish(owner, loss) => {
                world.budget.lost -= u8::from(loss.is_some());
                with_run(world, owner, |run, world| run.publish(world, owner, loss));
            }
            Action::Commit(owner) => with_run(world, owner, |run, world| {
                run.commit(world, owner);
                true
            }),
            Action::Crash(owner) => world.owners[owner] = Owner::Gone,
            Action::BeginCollection(owner) => {
                world.budget.collections -= 1;
                let mutant = self.mutant;
                with_run(world, owner, |run, _| {
                    run.begin_collection(mutant);
                    true
                });
            }
            Action::Collect(owner) => with_run(world, owner, |run, world| {
                run.collect(world);
                true
            }),
            Action::Compact(owner) => {
                world.budget.compactions -= 1;
                with_run(world, owner, |run, world| {
                    run.compact(world, owner);
                    true
                });
            }
            Action::CopySavepoint(epoch) => world.copy_savepoint(epoch),
            Action::ConfirmSavepoint(epoch) => world.confirm_savepoint(epoch),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let sometimes: [Property<Self>; 6] = [
            Property::sometimes("resumed from a manifest", |_, world: &World| {
                world.has_seen("resumed from a manifest")
            }),
            Property::sometimes("fenced", |_, world: &World| world.has_seen("fenced")),
            Property::sometimes("given up and folded", |_, world: &World| world.has_seen("given up and folded")),
            Property::sometimes("lost and recognised", |_, world: &World| world.has_seen("lost and recognised")),
            Property::sometimes("collected", |_, world: &World| world.has_seen("collected")),
            Property::sometimes("compacted", |_, world: &World| world.has_seen("compacted")),
        ];
        let mut properties = vec![
            Property::always("a live file is gone", |_, world: &World| {
                world.last_manifest().is_none_or(|manifest| manifest.files.is_subset(&world.files))
            }),
            Property::always("a savepoint's file is gone", |_, world: &World| {
                let mut confirmed = world.savepoints.values().filter(|(_, confirmed)| *confirmed);
                confirmed.all(|(manifest, _)| manifest.files.is_subset(&world.files))
            }),
            Property::always("committed without a manifest", |_, world: &World| {
                world.visible.is_subset(&world.history)
            }),
            Property::always("committed twice", |_, world: &World| {
                let items: BTreeSet<u8> = world.visible.iter().map(|write| write.item).collect();
                items.len() == world.visible.len()
            }),
            Property::always("lost", |_, world: &World| {
                let Some(manifest) = world.last_manifest() else { return true };
                let there = |item: u8| world.visible.iter().chain(&manifest.commits).any(|write| write.item == item);
                (1..=manifest.position).all(there)
            }),
            Property::always("a replaced owner published", |_, world: &World| world.events.wrong.is_empty()),
            Property::always("stuck", |_, world: &World| {
                !world.owners.iter().any(|owner| matches!(owner, Owner::Running(run) if run.is_stuck()))
            }),
            Property::sometimes("everything is read and committed", |_, world: &World| {
                let last = world.last_manifest();
                world
                    .owners
                    .last()
                    .is_some_and(|owner| matches!(owner, Owner::Running(run) if run.coordinator.is_idle()))
                    && last.is_some_and(|manifest| manifest.commits.is_subset(&world.visible))
            }),
        ];
        properties.extend(sometimes.into_iter().filter(|property| self.seen.contains(&property.name)));
        properties
    }
}

const THREADS: usize = 2;

/// All states have all properties, and each of `seen` happens in some.
#[track_caller]
pub(super) fn holds(bounds: &Bounds, seen: &'static [&'static str]) {
    let checked = Checked { bounds: bounds.clone(), mutant: None, seen };
    let checker = checked.checker().threads(THREADS).spawn_bfs().join();
    assert!(checker.unique_state_count() > 100, "{bounds:?} say nothing");
    checker.assert_properties();
}

/// The mistake leads to a state without that property.
#[track_caller]
pub(super) fn finds(mutant: Mutant, bounds: &Bounds, property: &'static str) {
    let checked = Checked { bounds: bounds.clone(), mutant: Some(mutant), seen: &[] };
    let checker =
        checked.checker().threads(THREADS).finish_when(stateright::HasDiscoveries::AnyFailures).spawn_bfs().join();
    let found: Vec<_> = checker.discoveries().into_keys().collect();
    assert!(found.contains(&property), "{mutant:?} was not found by `{property}`, but: {found:?}");
}

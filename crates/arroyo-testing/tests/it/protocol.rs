//! The checkpoint protocol ([`arroyo_state::protocol`]) in every order of events that small configurations can have.
//!
//! The machines are those that the controller runs. Around them is a world of two tasks per owner (a source that reads an item per
//! checkpoint, a sink of two phases), a storage that loses answers, and owners that crash or live on as zombies while the next one
//! takes over, collects garbage and compacts files. A planted mistake in each step must be found: `mutants`.

mod check;
mod mutants;
mod owner;
mod world;

use check::{Bounds, holds};

#[test]
fn one_owner_gives_up_a_checkpoint_and_loses_answers() {
    holds(
        &Bounds { epochs: 3, timeouts: 1, lost: 2, ..Bounds::default() },
        &["given up and folded", "lost and recognised"],
    );
}

#[test]
fn two_owners_live_at_once() {
    let bounds = Bounds { owners: 2, epochs: 2, timeouts: 1, ..Bounds::default() };
    holds(&bounds, &["resumed from a manifest", "fenced"]);
}

#[test]
fn two_owners_lose_answers() {
    holds(&Bounds { owners: 2, epochs: 2, lost: 1, ..Bounds::default() }, &["resumed from a manifest", "fenced"]);
}

#[test]
fn two_owners_give_up_checkpoints_and_lose_answers() {
    let bounds = Bounds { owners: 2, epochs: 2, timeouts: 1, lost: 1, ..Bounds::default() };
    holds(&bounds, &["resumed from a manifest", "fenced", "given up and folded", "lost and recognised"]);
}

#[test]
fn three_owners_take_over_from_one_another() {
    holds(&Bounds { owners: 3, epochs: 1, ..Bounds::default() }, &["fenced"]);
}

#[test]
fn garbage_is_collected_while_owners_change() {
    let bounds = Bounds { owners: 2, epochs: 2, collections: 1, ..Bounds::default() };
    holds(&bounds, &["collected", "resumed from a manifest"]);
}

#[test]
fn files_are_compacted_and_collected() {
    let bounds = Bounds { epochs: 4, compactions: 1, collections: 1, ..Bounds::default() };
    holds(&bounds, &["collected", "compacted"]);
}

#[test]
fn files_are_compacted_and_collected_while_owners_change() {
    let bounds = Bounds { owners: 2, epochs: 2, compactions: 1, collections: 1, ..Bounds::default() };
    holds(&bounds, &["collected", "compacted", "resumed from a manifest", "fenced"]);
}

#[test]
fn files_are_compacted_while_owners_change_and_answers_are_lost() {
    let bounds = Bounds { owners: 2, epochs: 2, compactions: 1, lost: 1, ..Bounds::default() };
    holds(&bounds, &["compacted", "resumed from a manifest", "fenced", "lost and recognised"]);
}

#[test]
fn savepoints_are_taken_while_garbage_is_collected() {
    let bounds = Bounds { epochs: 4, collections: 1, compactions: 1, savepoints: 1, ..Bounds::default() };
    holds(&bounds, &["collected"]);
}

#[test]
fn garbage_is_collected_while_owners_change_and_answers_are_lost() {
    let bounds = Bounds { owners: 2, epochs: 2, collections: 1, lost: 1, ..Bounds::default() };
    holds(&bounds, &["collected", "resumed from a manifest", "fenced", "lost and recognised"]);
}

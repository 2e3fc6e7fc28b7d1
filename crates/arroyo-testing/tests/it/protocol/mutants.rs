//! Planted mistakes: each must be found.

use super::check::{Bounds, finds};

/// A mistake around the protocol's machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mutant {
    /// Sinks are told to commit when the manifest is begun.
    CommitBeforeManifest,
    /// The sink's part is taken for written when the source's is.
    SkipAlignment,
    /// Two starts have the same generation.
    ReuseGeneration,
    /// What a checkpoint that was given up has written is not part of the next.
    DropGivenUpParts,
    /// A new owner writes no claim.
    NoClaim,
    /// Skipped slots get no claims.
    NoSealing,
    /// Nobody looks whether there is something behind a new manifest.
    NoLookBehind,
    /// A lost answer is taken for a good one.
    LostIsDone,
    /// The restored checkpoint is not committed again.
    NoRecommit,
    /// Files of a kept manifest are collected.
    CollectLiveFiles,
    /// Files of a savepoint are collected.
    CollectSavepoints,
    /// Files that are not published yet are collected.
    SpareNothing,
}

#[test]
fn a_commit_before_the_manifest_is_found() {
    finds(Mutant::CommitBeforeManifest, &Bounds { owners: 2, ..Bounds::default() }, "committed without a manifest");
}

#[test]
fn a_skipped_alignment_is_found() {
    finds(Mutant::SkipAlignment, &Bounds::default(), "lost");
}

#[test]
fn a_reused_generation_is_found() {
    let bounds = Bounds { owners: 2, timeouts: 1, epochs: 3, ..Bounds::default() };
    finds(Mutant::ReuseGeneration, &bounds, "a replaced owner published");
}

#[test]
fn dropped_parts_of_a_checkpoint_that_was_given_up_are_found() {
    finds(Mutant::DropGivenUpParts, &Bounds { timeouts: 1, epochs: 2, ..Bounds::default() }, "lost");
}

#[test]
fn a_takeover_without_a_claim_is_found() {
    finds(Mutant::NoClaim, &Bounds { owners: 2, ..Bounds::default() }, "a replaced owner published");
}

#[test]
fn skipped_slots_without_claims_are_found() {
    let bounds = Bounds { owners: 2, timeouts: 1, epochs: 2, ..Bounds::default() };
    finds(Mutant::NoSealing, &bounds, "a replaced owner published");
}

#[test]
fn a_manifest_in_a_collected_slot_is_found() {
    let bounds = Bounds { owners: 2, collections: 1, epochs: 2, ..Bounds::default() };
    finds(Mutant::NoLookBehind, &bounds, "committed without a manifest");
}

#[test]
fn a_lost_answer_that_is_taken_for_a_good_one_is_found() {
    finds(Mutant::LostIsDone, &Bounds { lost: 2, ..Bounds::default() }, "committed without a manifest");
}

#[test]
fn a_checkpoint_that_is_not_committed_again_is_found() {
    finds(Mutant::NoRecommit, &Bounds { owners: 2, epochs: 2, ..Bounds::default() }, "lost");
}

#[test]
fn collected_live_files_are_found() {
    finds(Mutant::CollectLiveFiles, &Bounds { epochs: 4, collections: 1, ..Bounds::default() }, "a live file is gone");
}

#[test]
fn collected_savepoints_are_found() {
    let bounds = Bounds { epochs: 4, collections: 1, compactions: 1, savepoints: 1, ..Bounds::default() };
    finds(Mutant::CollectSavepoints, &bounds, "a savepoint's file is gone");
}

#[test]
fn collected_files_of_an_unpublished_compaction_are_found() {
    let bounds = Bounds { epochs: 3, compactions: 1, collections: 1, ..Bounds::default() };
    finds(Mutant::SpareNothing, &bounds, "a live file is gone");
}

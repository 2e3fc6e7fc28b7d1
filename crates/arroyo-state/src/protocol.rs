//! The checkpoint, commit and fencing protocol: decisions only, without I/O and without a clock.
//!
//! The controller runs these machines against a storage and workers, a model checker runs the same ones against every order of
//! events, losses of answers and crashes that a small configuration can have.
//!
//! The manifests of a job are a *log*: slot `n` is written once, by put-if-absent, and holds either the manifest of epoch `n` or a
//! *claim*, which says that epoch `n` will never have one. Two rules make the log the only arbiter between owners:
//!
//! - An owner that takes a job over claims the slot behind the last one ([`Takeover`]) before it looks for the checkpoint to resume
//!   from. What lies before the claim cannot change any more.
//! - An owner writes the manifest of epoch `n` only when every slot between `n` and the last one it knows holds a claim of its own
//!   ([`Publication`]). Somebody else's claim or manifest on the way means that it was replaced.
//!
//! Hence all manifests form one history, each built on the one before, and nothing is published or committed by an owner after
//! another one has taken over. [`Coordinator`] orders the steps of a checkpoint within one owner, [`Collection`] deletes what no
//! kept checkpoint names, [`fits`] says whether a compaction may still be published.

mod collection;
mod compaction;
mod coordinator;
mod publication;
mod takeover;

pub use collection::{Collection, Contents, Found, Work};
pub use compaction::fits;
pub use coordinator::{Coordinator, Late, Ready, Step};
pub use publication::{Publication, Published};
pub use takeover::{TakenOver, Takeover};

use arroyo_types::{Epoch, Generation};

/// What a machine wants of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Write a claim into the slot unless something is there.
    PutClaim(Epoch),
    /// Write what is to be published into the slot unless something is there.
    PutManifest(Epoch),
    /// The last slot that holds anything.
    Last,
    /// Who wrote the slot?
    Read(Epoch),
}

/// The log's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The slot was empty and holds now what was to be put.
    Put,
    /// Something was there: exactly what was to be put, or something else.
    Occupied {
        /// Who wrote it.
        by: Generation,
        /// Whether it equals what was to be put.
        same: bool,
    },
    /// The last slot that holds anything.
    Last(Option<Epoch>),
    /// Who wrote the slot; `None` if it holds nothing (any more).
    Writer(Option<Generation>),
    /// It is not known whether the call had an effect.
    Lost,
}

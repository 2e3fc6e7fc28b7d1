//! Making a checkpoint exist.

use arroyo_types::{Epoch, Generation};

use super::{Answer, Ask};

/// Writes one manifest into its slot.
///
/// Ask what [`Publication::ask`] says and give the answer to [`Publication::answer`], until there is an outcome. A call whose answer
/// was lost is asked again: its effect is recognised. Giving up half-way leaves it open whether the manifest exists; then only a new
/// owner, which takes over first, may go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Publication {
    generation: Generation,
    epoch: Epoch,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// This slot and those after it up to the epoch's get claims.
    Sealing(Epoch),
    Writing,
    /// Is it the last one? A slot whose manifest was collected can be written again, but there is always one behind it.
    Checking,
    /// Someone has written behind it: who?
    Naming(Epoch),
}

/// How a publication ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Published {
    /// The checkpoint exists, and no other owner has taken over before it did.
    Yes,
    /// Another owner was faster. The manifest may exist, as the end of what this owner has done; nothing may follow it.
    Fenced {
        /// Who.
        by: Generation,
    },
}

impl Publication {
    /// Publishes `epoch`; `sealed` is the last slot this owner knows of: its claim, or its last manifest.
    pub fn new(generation: Generation, epoch: Epoch, sealed: Epoch) -> Self {
        let first = sealed.next();
        let step = if first < epoch { Step::Sealing(first) } else { Step::Writing };
        Self { generation, epoch, step }
    }

    /// What it wants to be done or told.
    pub fn ask(&self) -> Ask {
        match self.step {
            Step::Sealing(slot) => Ask::PutClaim(slot),
            Step::Writing => Ask::PutManifest(self.epoch),
            Step::Checking => Ask::Last,
            Step::Naming(slot) => Ask::Read(slot),
        }
    }

    /// Goes on with the answer to [`Publication::ask`].
    pub fn answer(&mut self, answer: Answer) -> Option<Published> {
        match (self.step, answer) {
            (Step::Sealing(slot), Answer::Put | Answer::Occupied { same: true, .. }) => {
                let next = slot.next();
                self.step = if next < self.epoch { Step::Sealing(next) } else { Step::Writing };
            }
            (Step::Writing, Answer::Put | Answer::Occupied { same: true, .. }) => self.step = Step::Checking,
            (Step::Sealing(_) | Step::Writing, Answer::Occupied { by, same: false }) => {
                return Some(Published::Fenced { by });
            }
            (Step::Checking, Answer::Last(Some(last))) if last > self.epoch => self.step = Step::Naming(last),
            (Step::Checking, Answer::Last(Some(last))) if last == self.epoch => return Some(Published::Yes),
            (Step::Naming(_), Answer::Writer(Some(by))) => {
                // A later start with this very number is no start of ours, either.
                return Some(Published::Fenced { by });
            }
            // Collected in the meantime: look again.
            (Step::Naming(_), Answer::Writer(None)) => self.step = Step::Checking,
            // Whatever was not answered is asked again.
            _ => {}
        }
        None
    }

    /// Whose publication it is.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The checkpoint's number.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }
}

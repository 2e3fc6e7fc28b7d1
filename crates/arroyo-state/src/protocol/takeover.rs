//! Becoming a job's owner.

use arroyo_types::{Epoch, Generation};

use super::{Answer, Ask};

/// Claims the slot behind the last one, so that no earlier owner can publish any more.
///
/// To go back to an earlier checkpoint, its manifest is written in place of the claim: it becomes the last one.
/// Used like [`super::Publication`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Takeover {
    generation: Generation,
    /// A manifest is written, not a claim.
    goes_back: bool,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Looking,
    /// Who wrote the last slot?
    Reading(Epoch),
    Claiming(Epoch),
    /// Is the claim the last one? An earlier owner may have gone on, and collected the slot, since it was looked at.
    Checking(Epoch),
}

/// How a takeover ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TakenOver {
    /// The job is ours.
    At {
        /// The slot that was written; 0 if there was nobody to take over from. The last manifest up to it is the checkpoint to resume
        /// from, and the first barrier's epoch comes after it.
        slot: Epoch,
    },
    /// A newer owner was met: its generation.
    Overtaken {
        /// Who.
        by: Generation,
    },
}

impl Takeover {
    /// `generation` takes the job over as it is, or (`goes_back`) with an earlier manifest.
    pub fn new(generation: Generation, goes_back: bool) -> Self {
        Self { generation, goes_back, step: Step::Looking }
    }

    /// What it wants to be done or told.
    pub fn ask(&self) -> Ask {
        match self.step {
            Step::Looking | Step::Checking(_) => Ask::Last,
            Step::Reading(slot) => Ask::Read(slot),
            Step::Claiming(slot) if self.goes_back => Ask::PutManifest(slot),
            Step::Claiming(slot) => Ask::PutClaim(slot),
        }
    }

    /// Goes on with the answer to [`Takeover::ask`].
    pub fn answer(&mut self, answer: Answer) -> Option<TakenOver> {
        match (self.step, answer) {
            // Nobody was there before the first start.
            (Step::Looking, Answer::Last(None)) if self.generation.0 <= 1 && !self.goes_back => {
                return Some(TakenOver::At { slot: Epoch(0) });
            }
            (Step::Looking, Answer::Last(None)) => self.step = Step::Claiming(Epoch(1)),
            (Step::Looking, Answer::Last(Some(last))) => self.step = Step::Reading(last),
            (Step::Reading(_), Answer::Writer(Some(by))) if by > self.generation => {
                return Some(TakenOver::Overtaken { by });
            }
            (Step::Reading(last), Answer::Writer(Some(_))) => self.step = Step::Claiming(last.next()),
            (Step::Reading(_), Answer::Writer(None)) => self.step = Step::Looking,
            (Step::Claiming(slot), Answer::Put | Answer::Occupied { same: true, .. }) => {
                self.step = Step::Checking(slot);
            }
            // An earlier owner has published something meanwhile.
            (Step::Claiming(_), Answer::Occupied { same: false, .. }) => self.step = Step::Looking,
            (Step::Checking(slot), Answer::Last(Some(last))) if last == slot => return Some(TakenOver::At { slot }),
            (Step::Checking(_), Answer::Last(_)) => self.step = Step::Looking,
            _ => {}
        }
        None
    }

    /// The new owner.
    pub fn generation(&self) -> Generation {
        self.generation
    }
}

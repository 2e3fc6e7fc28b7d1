//! The steps of one owner's checkpoints.

use std::collections::BTreeSet;

use arroyo_types::{Epoch, TaskId};

/// Orders the checkpoints of one start of a job.
///
/// At most one checkpoint is in flight. Its manifest is written when every task's part is durable, sinks commit when the manifest is,
/// and the next barrier comes when they have. A checkpoint that takes too long is given up *before* its manifest is begun, never
/// after: what its tasks wrote stays, and belongs to the next one. Tasks report their parts in order of epochs, so that a part
/// says that those before it are there, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Coordinator {
    tasks: BTreeSet<TaskId>,
    /// The highest number ever used.
    last_epoch: Epoch,
    /// The last slot of the log that this owner knows of.
    sealed: Epoch,
    in_flight: Option<InFlight>,
}

/// The one checkpoint that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct InFlight {
    epoch: Epoch,
    then_stop: bool,
    step: Step,
}

/// How far a checkpoint is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// These tasks have not written their part.
    Collecting(BTreeSet<TaskId>),
    /// The manifest is being written.
    Publishing,
    /// These tasks have not committed.
    Committing(BTreeSet<TaskId>),
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ready {
    /// Write the manifest: [`super::Publication::new`] with these.
    Publish {
        /// The checkpoint.
        epoch: Epoch,
        /// The last slot that this owner knows of.
        sealed: Epoch,
    },
    /// Tell tasks that the manifest is durable, so that they commit.
    Commit(Epoch),
    /// Everything is committed.
    Done {
        /// The checkpoint.
        epoch: Epoch,
        /// Whether tasks end behind it.
        then_stop: bool,
    },
}

/// A checkpoint that takes too long.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Late {
    /// It was given up: these tasks have not written their part.
    GivenUp {
        /// The checkpoint.
        epoch: Epoch,
        /// Whether tasks end behind it.
        then_stop: bool,
        /// Who was late.
        missing: BTreeSet<TaskId>,
    },
    /// The manifest is being written: whether it will exist is not known, so it cannot be given up.
    Publishing,
    /// It exists, but these tasks have not committed: only a new start, which commits again, helps.
    Committing {
        /// The checkpoint.
        epoch: Epoch,
        /// Who was late.
        missing: BTreeSet<TaskId>,
    },
}

impl Coordinator {
    /// Coordinates `tasks`. `last_epoch` is the highest number ever used, `sealed` the slot that the takeover wrote.
    pub fn new(tasks: BTreeSet<TaskId>, last_epoch: Epoch, sealed: Epoch) -> Self {
        Self { tasks, last_epoch: last_epoch.max(sealed), sealed, in_flight: None }
    }

    /// The highest number ever used.
    pub fn last_epoch(&self) -> Epoch {
        self.last_epoch
    }

    /// Nothing is in flight.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_none()
    }

    /// The checkpoint in flight and how far it is.
    pub fn in_flight(&self) -> Option<(Epoch, &Step)> {
        self.in_flight.as_ref().map(|current| (current.epoch, &current.step))
    }

    /// The restored checkpoint's sink data is committed again by these tasks; the first barrier waits for it.
    /// Answers whether there is anything to wait for.
    pub fn recommit(&mut self, epoch: Epoch, committers: BTreeSet<TaskId>) -> bool {
        if self.in_flight.is_some() || committers.is_empty() {
            return false;
        }
        self.in_flight = Some(InFlight { epoch, then_stop: false, step: Step::Committing(committers) });
        true
    }

    /// A new checkpoint begins: the epoch whose barrier is to be injected; `None` while one is in flight.
    pub fn begin(&mut self, then_stop: bool) -> Option<Epoch> {
        if self.in_flight.is_some() {
            return None;
        }
        self.last_epoch = self.last_epoch.next();
        let epoch = self.last_epoch;
        self.in_flight = Some(InFlight { epoch, then_stop, step: Step::Collecting(self.tasks.clone()) });
        Some(epoch)
    }

    /// A task's part is durable.
    pub fn part(&mut self, task: TaskId, epoch: Epoch) -> Option<Ready> {
        let current = self.in_flight.as_mut().filter(|current| current.epoch == epoch)?;
        let Step::Collecting(missing) = &mut current.step else { return None };
        missing.remove(&task);
        if !missing.is_empty() {
            return None;
        }
        current.step = Step::Publishing;
        Some(Ready::Publish { epoch, sealed: self.sealed })
    }

    /// The manifest is durable, and these tasks have something to commit. Tasks are told in any case.
    pub fn published(&mut self, epoch: Epoch, committers: BTreeSet<TaskId>) -> Option<Ready> {
        let current = self.in_flight.as_mut().filter(|current| current.epoch == epoch)?;
        if current.step != Step::Publishing {
            return None;
        }
        self.sealed = epoch;
        current.step = Step::Committing(committers);
        Some(Ready::Commit(epoch))
    }

    /// Tasks were told to commit: with nothing to wait for, the checkpoint is done.
    pub fn told(&mut self, epoch: Epoch) -> Option<Ready> {
        self.done_if_committed(epoch)
    }

    /// A task has committed.
    pub fn committed(&mut self, task: TaskId, epoch: Epoch) -> Option<Ready> {
        let current = self.in_flight.as_mut().filter(|current| current.epoch == epoch)?;
        let Step::Committing(missing) = &mut current.step else { return None };
        if missing.remove(&task) { self.done_if_committed(epoch) } else { None }
    }

    fn done_if_committed(&mut self, epoch: Epoch) -> Option<Ready> {
        let current = self.in_flight.as_ref().filter(|current| current.epoch == epoch)?;
        if !matches!(&current.step, Step::Committing(missing) if missing.is_empty()) {
            return None;
        }
        let then_stop = current.then_stop;
        self.in_flight = None;
        Some(Ready::Done { epoch, then_stop })
    }

    /// The checkpoint in flight takes too long.
    pub fn timed_out(&mut self) -> Option<Late> {
        let current = self.in_flight.clone()?;
        let (epoch, then_stop) = (current.epoch, current.then_stop);
        Some(match current.step {
            Step::Collecting(missing) => {
                self.in_flight = None;
                Late::GivenUp { epoch, then_stop, missing }
            }
            Step::Publishing => Late::Publishing,
            Step::Committing(missing) => Late::Committing { epoch, missing },
        })
    }

    /// The start ends. Answers the epoch that is given up; one whose manifest is under way may come to exist nevertheless.
    pub fn end(&mut self) -> Option<Epoch> {
        let current = self.in_flight.take()?;
        matches!(current.step, Step::Collecting(_)).then_some(current.epoch)
    }
}

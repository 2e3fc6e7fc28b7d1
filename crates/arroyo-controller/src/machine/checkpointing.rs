//! Checkpoints, as far as they are part of a job's life.

use std::collections::BTreeSet;

use arroyo_metastore::LogLevel;
use arroyo_types::{Epoch, ErrorKind, TaskId};

use super::{Effect, Fault, Goal, Phase, Timer, Transition};

/// The one checkpoint that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InFlight {
    pub(crate) epoch: Epoch,
    /// Tasks end behind the barrier.
    pub(crate) then_stop: bool,
    pub(crate) step: Step,
}

/// How far the checkpoint is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// These tasks have not written their part.
    Collecting(BTreeSet<TaskId>),
    /// The manifest is being written.
    Publishing,
    /// These tasks have not committed.
    Committing(BTreeSet<TaskId>),
}

impl Transition {
    pub(super) fn checkpoint_due(&mut self) {
        self.job.checkpoint_due = true;
        self.inject_if_due();
    }

    /// Injects a barrier if one is wanted and none is in flight.
    pub(super) fn inject_if_due(&mut self) {
        let job = &mut self.job;
        if job.phase != Phase::Active || job.checkpoint.is_some() {
            return;
        }
        let then_stop = match job.goal {
            Goal::Run if job.checkpoint_due => false,
            Goal::CheckpointStop | Goal::Rescale | Goal::Restart | Goal::Finish if !job.final_done => true,
            _ => return,
        };
        job.checkpoint_due = false;
        job.last_epoch = job.last_epoch.next();
        let epoch = job.last_epoch;
        job.checkpoint = Some(InFlight { epoch, then_stop, step: Step::Collecting(job.tasks.clone()) });
        let (interval, timeout) = (job.desired.checkpoint_interval, job.policy.checkpoint_timeout);
        self.push(Effect::InjectBarrier { epoch, then_stop });
        self.set_timer(Timer::CheckpointTimeout, timeout);
        if then_stop {
            self.push(Effect::CancelTimer(Timer::Checkpoint));
        } else {
            self.set_timer(Timer::Checkpoint, interval);
        }
    }

    /// Commits the restored checkpoint's sink data again; the first barrier waits for it.
    pub(super) fn recommit(&mut self) {
        if let Some((epoch, tasks)) = self.job.restore.clone()
            && !tasks.is_empty()
        {
            let timeout = self.job.policy.checkpoint_timeout;
            self.job.checkpoint = Some(InFlight { epoch, then_stop: false, step: Step::Committing(tasks) });
            self.push(Effect::Recommit(epoch));
            self.set_timer(Timer::CheckpointTimeout, timeout);
        }
    }

    pub(super) fn task_checkpointed(&mut self, task: TaskId, epoch: Epoch) {
        let Some(InFlight { epoch: current, step, .. }) = &mut self.job.checkpoint else { return };
        let Step::Collecting(missing) = step else { return };
        if *current != epoch {
            return;
        }
        missing.remove(&task);
        if missing.is_empty() {
            *step = Step::Publishing;
            self.push(Effect::Publish(epoch));
        }
    }

    pub(super) fn manifest_published(&mut self, epoch: Epoch, commits: BTreeSet<TaskId>) {
        let Some(InFlight { epoch: current, step, .. }) = &mut self.job.checkpoint else { return };
        if *current != epoch || *step != Step::Publishing {
            return;
        }
        let nothing_to_commit = commits.is_empty();
        *step = Step::Committing(commits);
        let timeout = self.job.policy.checkpoint_timeout;
        self.push(Effect::Commit(epoch));
        if nothing_to_commit {
            self.checkpoint_done();
        } else {
            self.set_timer(Timer::CheckpointTimeout, timeout);
        }
    }

    pub(super) fn task_committed(&mut self, task: TaskId, epoch: Epoch) {
        let Some(InFlight { epoch: current, step: Step::Committing(missing), .. }) = &mut self.job.checkpoint else {
            return;
        };
        if *current != epoch {
            return;
        }
        missing.remove(&task);
        if missing.is_empty() {
            self.checkpoint_done();
        }
    }

    fn checkpoint_done(&mut self) {
        let Some(done) = self.job.checkpoint.take() else { return };
        self.push(Effect::CancelTimer(Timer::CheckpointTimeout));
        self.push(Effect::CheckpointDone(done.epoch));
        if done.then_stop {
            self.job.final_done = true;
            let timeout = self.job.policy.stop_timeout;
            self.set_timer(Timer::Stop, timeout);
            self.tear_down_if_done();
        } else {
            self.inject_if_due();
        }
    }

    pub(super) fn checkpoint_timed_out(&mut self) {
        let seconds = self.job.policy.checkpoint_timeout.as_secs();
        let Some(late) = self.job.checkpoint.clone() else { return };
        let epoch = late.epoch;
        match late.step {
            Step::Collecting(missing) => {
                let total = self.job.tasks.len();
                let reason =
                    format!("checkpoint {epoch}: {} of {total} tasks did not finish within {seconds} s", missing.len());
                self.push(Effect::AbandonCheckpoint(epoch, reason.clone()));
                self.job.checkpoint = None;
                if late.then_stop {
                    self.final_checkpoint_failed(None, Fault::new(ErrorKind::Retry, reason));
                } else {
                    self.log(LogLevel::Warn, None, reason, None);
                    self.inject_if_due();
                }
            }
            // The one who writes the manifest has a limit of its own, and answers.
            Step::Publishing => {}
            Step::Committing(missing) => {
                let reason =
                    format!("checkpoint {epoch}: {} sink tasks did not commit within {seconds} s", missing.len());
                self.fault(None, Fault::new(ErrorKind::Retry, reason));
            }
        }
    }

    /// It may exist nevertheless: only a new start, from whichever manifest is the latest, is safe.
    pub(super) fn manifest_failed(&mut self, epoch: Epoch, fault: Fault) {
        if self.job.checkpoint.as_ref().is_some_and(|current| current.epoch == epoch) {
            self.push(Effect::AbandonCheckpoint(epoch, fault.failure.message.clone()));
            self.fault(None, fault);
        }
    }
}

//! Checkpoints, as far as they are part of a job's life. Their steps are ordered by [`arroyo_state::protocol`].

use std::collections::BTreeSet;

use arroyo_metastore::LogLevel;
use arroyo_state::protocol::{Late, Ready};
use arroyo_types::{Epoch, ErrorKind, TaskId};

use super::{Effect, Fault, Goal, Phase, Timer, Transition};

impl Transition {
    pub(super) fn checkpoint_due(&mut self) {
        self.job.checkpoint_due = true;
        self.inject_if_due();
    }

    /// Injects a barrier if one is wanted and none is in flight.
    pub(super) fn inject_if_due(&mut self) {
        let job = &mut self.job;
        if job.phase != Phase::Active {
            return;
        }
        let then_stop = match job.goal {
            Goal::Run if job.checkpoint_due => false,
            Goal::CheckpointStop | Goal::Rescale | Goal::Restart | Goal::Finish if !job.final_done => true,
            _ => return,
        };
        let Some(epoch) = job.coordinator.begin(then_stop) else { return };
        job.checkpoint_due = false;
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
        let Some((epoch, tasks)) = self.job.restore.clone() else { return };
        if self.job.coordinator.recommit(epoch, tasks) {
            let timeout = self.job.policy.checkpoint_timeout;
            self.push(Effect::Recommit(epoch));
            self.set_timer(Timer::CheckpointTimeout, timeout);
        }
    }

    pub(super) fn task_checkpointed(&mut self, task: TaskId, epoch: Epoch) {
        let ready = self.job.coordinator.part(task, epoch);
        self.ready(ready);
    }

    pub(super) fn manifest_published(&mut self, epoch: Epoch, commits: BTreeSet<TaskId>) {
        let ready = self.job.coordinator.published(epoch, commits);
        self.ready(ready);
    }

    pub(super) fn task_committed(&mut self, task: TaskId, epoch: Epoch) {
        let ready = self.job.coordinator.committed(task, epoch);
        self.ready(ready);
    }

    fn ready(&mut self, ready: Option<Ready>) {
        match ready {
            None => {}
            Some(Ready::Publish { epoch, sealed }) => self.push(Effect::Publish { epoch, sealed }),
            Some(Ready::Commit(epoch)) => {
                let timeout = self.job.policy.checkpoint_timeout;
                self.push(Effect::Commit(epoch));
                self.set_timer(Timer::CheckpointTimeout, timeout);
                let done = self.job.coordinator.told(epoch);
                self.ready(done);
            }
            Some(Ready::Done { epoch, then_stop }) => self.checkpoint_done(epoch, then_stop),
        }
    }

    fn checkpoint_done(&mut self, epoch: Epoch, then_stop: bool) {
        self.job.failed_checkpoints = 0;
        self.push(Effect::CancelTimer(Timer::CheckpointTimeout));
        self.push(Effect::CheckpointDone(epoch));
        if then_stop {
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
        match self.job.coordinator.timed_out() {
            // The one who writes the manifest has a limit of its own, and answers.
            None | Some(Late::Publishing) => {}
            Some(Late::GivenUp { epoch, then_stop, missing }) => {
                let total = self.job.tasks.len();
                let reason =
                    format!("checkpoint {epoch}: {} of {total} tasks did not finish within {seconds} s", missing.len());
                self.push(Effect::AbandonCheckpoint(epoch, reason.clone()));
                if then_stop {
                    self.final_checkpoint_failed(None, Fault::new(ErrorKind::Retry, reason));
                } else {
                    self.checkpoint_given_up(epoch, reason);
                }
            }
            Some(Late::Committing { epoch, missing }) => {
                let reason =
                    format!("checkpoint {epoch}: {} sink tasks did not commit within {seconds} s", missing.len());
                self.fault(None, Fault::new(ErrorKind::Retry, reason));
            }
        }
    }

    /// The next one is tried, unless too many have failed in a row: then only a new start may help.
    fn checkpoint_given_up(&mut self, epoch: Epoch, reason: String) {
        self.job.failed_checkpoints += 1;
        let failed = self.job.failed_checkpoints;
        if self.job.policy.tolerated_checkpoint_failures.is_some_and(|tolerated| failed > tolerated) {
            let reason = format!("{reason}; that is the {failed}. failed checkpoint in a row (epoch {epoch})");
            return self.fault(None, Fault::new(ErrorKind::Retry, reason));
        }
        self.log(LogLevel::Warn, None, format!("{reason}; the next one is tried"), None);
        self.inject_if_due();
    }

    /// It may exist nevertheless: only a new start, from whichever manifest is the latest, is safe.
    pub(super) fn manifest_failed(&mut self, epoch: Epoch, fault: Fault) {
        if self.job.coordinator.in_flight().is_some_and(|(current, _)| current == epoch) {
            self.push(Effect::AbandonCheckpoint(epoch, fault.failure.message.clone()));
            self.fault(None, fault);
        }
    }
}

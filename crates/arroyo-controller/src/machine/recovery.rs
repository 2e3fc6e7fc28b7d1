//! Failures: what is mended by a new start, what ends the job, what is kept quiet.

use arroyo_metastore::{Failure, LogLevel, StopReason};
use arroyo_types::{ErrorKind, JobState, TaskId, WorkerId};

use super::{Effect, Fault, Goal, Phase, Timer, Transition};

impl Transition {
    /// Something failed while workers were there.
    pub(super) fn fault(&mut self, task: Option<TaskId>, fault: Fault) {
        if matches!(self.job.phase, Phase::Idle(_) | Phase::Backoff | Phase::TearingDown | Phase::Fenced) {
            return;
        }
        match fault.kind {
            ErrorKind::Fenced => self.fenced(),
            ErrorKind::OutputClosed => self.stop_for_good(StopReason::OutputClosed),
            ErrorKind::User | ErrorKind::Corrupt => self.fail(task, fault),
            ErrorKind::Bug if self.job.bug_seen => self.fail(task, fault),
            ErrorKind::Bug => {
                self.job.bug_seen = true;
                self.mend(task, fault);
            }
            ErrorKind::Retry => self.mend(task, fault),
        }
    }

    pub(super) fn worker_lost(&mut self, worker: WorkerId, reason: &str) {
        let ended_by_us = self.job.phase == Phase::Active && self.job.final_done;
        if ended_by_us || self.job.phase == Phase::Draining {
            self.tear_down(false);
        } else {
            self.fault(None, Fault::new(ErrorKind::Retry, format!("worker {worker} was lost: {reason}")));
        }
    }

    /// A failure that a new start may mend; on the way to an end that needs no data to flow, the end comes first.
    fn mend(&mut self, task: Option<TaskId>, fault: Fault) {
        match (self.job.phase, self.job.goal) {
            (Phase::Active, Goal::CheckpointStop | Goal::Restart | Goal::Rescale) => {
                self.final_checkpoint_failed(task, fault);
            }
            (_, Goal::Stop) => {
                self.log_fault(LogLevel::Warn, task, &fault);
                self.tear_down(true);
            }
            _ => self.recover(task, fault),
        }
    }

    /// The final checkpoint cannot be made. Nothing is lost: the next start resumes from the last one that was.
    pub(super) fn final_checkpoint_failed(&mut self, task: Option<TaskId>, fault: Fault) {
        if self.job.goal == Goal::Finish {
            return self.recover(task, fault);
        }
        if self.job.final_done {
            self.log_fault(LogLevel::Warn, task, &fault);
        } else {
            let message = format!(
                "the final checkpoint failed, the next start resumes from the one before it: {}",
                fault.failure.message
            );
            self.log(LogLevel::Error, task, message, Some(&fault));
            self.job.failure = Some(fault.failure);
            if self.job.goal == Goal::CheckpointStop {
                self.job.stop_reason = Some(StopReason::NoFinalCheckpoint);
            }
        }
        if self.job.goal == Goal::CheckpointStop {
            self.job.goal = Goal::Stop;
        }
        self.tear_down(false);
    }

    fn recover(&mut self, task: Option<TaskId>, fault: Fault) {
        let job = &mut self.job;
        if job.policy.preview {
            return self.fail(task, fault);
        }
        if job.policy.allowed_restarts.is_some_and(|allowed| job.restarts >= allowed) {
            let message = format!("Exhausted retries: {}", fault.failure.message);
            let failure = Failure { message, ..fault.failure };
            return self.fail(task, Fault { failure, ..fault });
        }
        job.restarts += 1;
        job.goal = Goal::Recover;
        self.log_fault(LogLevel::Error, task, &fault);
        self.job.failure = Some(fault.failure);
        self.tear_down(false);
    }

    fn fail(&mut self, task: Option<TaskId>, fault: Fault) {
        self.job.goal = Goal::Fail;
        self.log_fault(LogLevel::Error, task, &fault);
        self.job.failure = Some(fault.failure);
        self.tear_down(false);
    }

    fn log_fault(&mut self, level: LogLevel, task: Option<TaskId>, fault: &Fault) {
        let Failure { operator, message, hint, .. } = &fault.failure;
        let place = operator.as_ref().map_or_else(String::new, |operator| format!("{operator}: "));
        let hint = hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
        self.log(level, task, format!("{place}{message}{hint}"), Some(fault));
    }

    /// The job ends for a reason of its own (nobody reads its output, its time is over), without a failure.
    pub(super) fn stop_for_good(&mut self, reason: StopReason) {
        let stop = arroyo_types::StopMode::Immediate;
        self.job.desired.stop = stop;
        self.job.stop_reason = Some(reason);
        self.job.goal = Goal::Stop;
        self.push(Effect::RequestStop(stop));
        self.tear_down(false);
    }

    pub(super) fn back_off(&mut self) {
        self.job.phase = Phase::Backoff;
        let after = self.job.policy.backoff(self.job.restarts);
        self.push(Effect::SetTimer { timer: Timer::Backoff, after, jitter: true });
    }

    /// Nobody has workers for the job, and it is to rest.
    pub(super) fn rest_stopped(&mut self) {
        self.rest(JobState::Stopped);
    }
}

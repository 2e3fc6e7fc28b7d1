//! What somebody wants, and what it means in each phase.

use arroyo_types::{JobState, StopMode};

use super::{Desired, Effect, Goal, Phase, Timer, Transition};

impl Transition {
    pub(super) fn desired(&mut self, desired: Desired) {
        let before = std::mem::replace(&mut self.job.desired, desired);
        match self.job.phase {
            Phase::Idle(state) => self.desired_while_idle(state),
            Phase::Backoff => self.desired_while_backing_off(),
            Phase::Starting => self.desired_while_starting(),
            Phase::Active => self.desired_while_active(&before),
            Phase::Draining => match self.job.desired.stop {
                StopMode::Immediate | StopMode::Checkpoint => self.tear_down(false),
                StopMode::Force => self.tear_down(true),
                StopMode::None | StopMode::Graceful => {}
            },
            Phase::TearingDown => self.desired_while_tearing_down(&before),
            Phase::Fenced => {}
        }
    }

    fn restart_wanted(&self) -> bool {
        self.job.desired.restart_nonce != self.job.applied.restart_nonce
    }

    fn rescale_wanted(&self) -> bool {
        self.job.desired.parallelism != self.job.applied.parallelism
    }

    fn relaunch_wanted(&self) -> bool {
        self.job.desired.launch != self.job.applied.launch
    }

    fn desired_while_idle(&mut self, state: JobState) {
        let run = self.job.wants_to_run();
        self.job.rearmed |= !run;
        match state {
            JobState::Stopped if run => self.start_afresh(),
            JobState::Failed | JobState::Finished if run && (self.job.rearmed || self.restart_wanted()) => {
                self.start_afresh();
            }
            JobState::Stopped | JobState::Failed | JobState::Finished => {}
            // Created, or interrupted by the end of an earlier controller.
            _ if run => self.start(),
            _ => self.rest_stopped(),
        }
    }

    fn desired_while_backing_off(&mut self) {
        if !self.job.wants_to_run() {
            self.rest_stopped();
        } else if self.restart_wanted() {
            self.push(Effect::CancelTimer(Timer::Backoff));
            self.start_afresh();
        }
    }

    fn desired_while_starting(&mut self) {
        match self.job.desired.stop {
            StopMode::None if self.restart_wanted() || self.relaunch_wanted() => {
                self.job.goal = Goal::Restart;
                self.tear_down(false);
            }
            StopMode::None if self.rescale_wanted() => {
                self.job.goal = Goal::Rescale;
                self.tear_down(false);
            }
            StopMode::None => {}
            stop => {
                self.job.goal = Goal::Stop;
                self.tear_down(stop == StopMode::Force);
            }
        }
    }

    fn desired_while_active(&mut self, before: &Desired) {
        match self.job.desired.stop {
            StopMode::None => self.change_while_active(before),
            StopMode::Checkpoint if self.job.goal != Goal::Finish => {
                self.job.goal = Goal::CheckpointStop;
                self.inject_if_due();
            }
            StopMode::Graceful if self.job.goal != Goal::Finish => self.drain(),
            StopMode::Checkpoint | StopMode::Graceful => {}
            stop @ (StopMode::Immediate | StopMode::Force) => {
                self.job.goal = Goal::Stop;
                self.tear_down(stop == StopMode::Force);
            }
        }
    }

    fn drain(&mut self) {
        self.job.goal = Goal::Stop;
        self.drop_checkpoint();
        self.job.phase = Phase::Draining;
        let timeout = self.job.policy.drain_timeout;
        self.push(Effect::CancelTimers);
        self.push(Effect::DrainTasks);
        self.set_timer(Timer::Stop, timeout);
    }

    /// It should run, but perhaps otherwise than it does.
    fn change_while_active(&mut self, before: &Desired) {
        if self.restart_wanted() && self.job.desired.restart_force {
            self.job.goal = Goal::Restart;
            return self.tear_down(false);
        }
        match self.job.goal {
            // The final checkpoint was asked for by a stop that is no longer wanted; tasks end behind it nevertheless.
            Goal::CheckpointStop => self.job.goal = Goal::Restart,
            Goal::Run if self.restart_wanted() || self.relaunch_wanted() => {
                self.job.goal = Goal::Restart;
                self.inject_if_due();
            }
            Goal::Run if self.rescale_wanted() => {
                self.job.goal = Goal::Rescale;
                self.inject_if_due();
            }
            Goal::Run if self.job.desired.checkpoint_interval != before.checkpoint_interval => {
                let interval = self.job.desired.checkpoint_interval;
                self.set_timer(Timer::Checkpoint, interval);
            }
            _ => {}
        }
    }

    fn desired_while_tearing_down(&mut self, before: &Desired) {
        let stop = self.job.desired.stop;
        if stop != StopMode::None && matches!(self.job.goal, Goal::Restart | Goal::Rescale | Goal::Recover) {
            self.job.goal = Goal::Stop;
        }
        if stop == StopMode::Force && before.stop != StopMode::Force {
            let generation = self.job.generation;
            self.push(Effect::StopWorkers { generation, kill: true });
        }
    }
}

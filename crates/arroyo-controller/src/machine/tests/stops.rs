//! Every way to stop in every state.

use arroyo_types::JobState::*;
use arroyo_types::StopMode::*;

use super::*;

/// What is expected of a stop: the state that follows at once.
type Expectation = (StopMode, JobState);

fn table(name: &str, begin: impl Fn() -> Story, expectations: [Expectation; 4]) {
    for (stop, state) in expectations {
        let mut story = begin();
        story.stop(stop);
        assert_eq!(story.job.state(), state, "{name}, stop {stop}");
        settle(&mut story, name, stop);
    }
}

/// Whatever was asked, the job comes to rest: Stopped, or Finished if it was about to.
fn settle(story: &mut Story, name: &str, stop: StopMode) {
    let expected = if story.job.state() == Finishing { Finished } else { Stopped };
    for epoch in 1..4 {
        story.all(|task| Event::TaskCheckpointed(task, Epoch(epoch)));
        story.happens(Event::ManifestPublished(Epoch(epoch), BTreeSet::new()));
    }
    story.all(Event::TaskFinished);
    story.torn_down();
    assert_eq!(story.job.state(), expected, "{name}, stop {stop}, in the end");
    assert!(story.job.failure().is_none() || name == "recovering", "{name}, stop {stop}");
}

fn stopping(stop: StopMode) -> impl Fn() -> Story {
    move || {
        let mut story = Story::running();
        story.stop(stop);
        story
    }
}

fn finishing() -> Story {
    let mut story = Story::running();
    story.happens(Event::TaskFinished(SOURCE)).is(Finishing);
    story
}

#[test]
fn every_stop_in_every_state() {
    let at_once = [Checkpoint, Graceful, Immediate, Force].map(|stop| (stop, Stopped));
    let tear_down = at_once.map(|(stop, _)| (stop, Stopping));
    let by_mode = [(Checkpoint, CheckpointStopping), (Graceful, Stopping), (Immediate, Stopping), (Force, Stopping)];
    let restarting = || {
        let mut story = Story::running();
        story.asked(|wanted| wanted.restart_nonce = 1).is(Restarting);
        story
    };
    let rescaling = || {
        let mut story = Story::running();
        story.asked(|wanted| wanted.parallelism = 3).is(Rescaling);
        story
    };
    let recovering = || {
        let mut story = Story::running();
        story.fails(ErrorKind::Retry).is(Recovering);
        story
    };
    let backing_off = move || {
        let mut story = recovering();
        story.torn_down().is(Recovering);
        story
    };
    table("created", Story::created, at_once);
    table("scheduling", Story::scheduling, tear_down);
    table("running", Story::running, by_mode);
    table("checkpointing", Story::checkpointing, by_mode);
    table("checkpoint stopping", stopping(Checkpoint), by_mode);
    table("draining", stopping(Graceful), tear_down);
    table("stopping", stopping(Immediate), tear_down);
    table("killing", stopping(Force), tear_down);
    table("restarting", restarting, by_mode);
    table("rescaling", rescaling, by_mode);
    table("recovering", recovering, tear_down);
    table("recovering", backing_off, at_once);
    let finish = [(Checkpoint, Finishing), (Graceful, Finishing), (Immediate, Stopping), (Force, Stopping)];
    table("finishing", finishing, finish);
    for state in [Stopped, Failed, Finished] {
        for stop in [Checkpoint, Graceful, Immediate, Force] {
            Story::left_in(state, wish(), policy()).stop(stop).is(state).does_not(|_| true);
        }
    }
    let mut failing = Story::running();
    failing.fails(ErrorKind::User).is(Failing).stop(Force).is(Failing).torn_down().is(Failed);
}

#[test]
fn a_checkpoint_stop_commits_before_it_ends() {
    let mut story = Story::running();
    story.stop(Checkpoint).is(CheckpointStopping).does(&[Effect::Persist, barrier(1, true)]);
    story
        .all(|task| Event::TaskCheckpointed(task, Epoch(1)))
        .does(&[Effect::Publish { epoch: Epoch(1), sealed: Epoch(0) }]);
    let sink = BTreeSet::from([SINK]);
    story.happens(Event::ManifestPublished(Epoch(1), sink)).does(&[Effect::Commit(Epoch(1))]);
    story.happens(Event::TaskFinished(SOURCE)).is(CheckpointStopping);
    story.happens(Event::TaskCommitted(SINK, Epoch(1))).is(CheckpointStopping);
    story.happens(Event::TaskFinished(SINK)).is(Stopping).stops_workers(false);
    story.torn_down().is(Stopped).does(&[Effect::Persist, Effect::CancelTimers, Effect::CloseOutput]);
}

#[test]
fn a_checkpoint_stop_waits_for_the_checkpoint_in_flight() {
    let mut story = Story::checkpointing();
    story.stop(Checkpoint).is(CheckpointStopping).does_not(|effect| matches!(effect, Effect::InjectBarrier { .. }));
    story.checkpointed(1).does(&[Effect::CheckpointDone(Epoch(1)), barrier(2, true)]);
    story.checkpointed(2).all(Event::TaskFinished).is(Stopping).torn_down().is(Stopped);
}

#[test]
fn force_during_a_final_checkpoint_kills() {
    let mut story = Story::running();
    story.stop(Checkpoint).stop(Force).is(Stopping).stops_workers(true).torn_down().is(Stopped);
}

#[test]
fn force_during_a_patient_stop_kills() {
    let mut story = Story::running();
    story.stop(Immediate).stops_workers(false).stop(Force).stops_workers(true).torn_down().is(Stopped);
    // The other end of the same workers.
    story.torn_down().is(Stopped).does_not(|_| true);
}

#[test]
fn tasks_that_do_not_drain_or_end_are_ended() {
    let mut draining = Story::running();
    draining.stop(Graceful).does(&[Effect::DrainTasks]);
    draining.happens(Event::Timer(Timer::Stop)).is(Stopping).stops_workers(true);
    let mut stuck = Story::running();
    stuck.stop(Checkpoint).checkpointed(1).is(CheckpointStopping);
    stuck.happens(Event::Timer(Timer::Stop)).is(Stopping).stops_workers(false);
}

#[test]
fn a_stop_that_is_taken_back_becomes_a_restart() {
    let mut story = Story::running();
    story.stop(Checkpoint).stop(StopMode::None).is(Restarting);
    story.checkpointed(1).all(Event::TaskFinished).torn_down().is(Scheduling);
    let mut story = Story::running();
    story.stop(Immediate).stop(StopMode::None).is(Stopping).torn_down().is(Scheduling);
}

#[test]
fn a_stopped_job_starts_again_with_a_new_generation() {
    let mut story = Story::running();
    story.stop(Immediate).torn_down().is(Stopped);
    story.stop(StopMode::None).is(Scheduling).does(&[Effect::StartWorkers(Generation(6))]);
}

//! All input was read.

use arroyo_types::JobState::*;

use super::*;

#[test]
fn sinks_commit_in_a_last_checkpoint_before_the_job_is_finished() {
    let mut story = Story::running();
    story.happens(Event::TaskFinished(SOURCE)).is(Finishing).does(&[Effect::Persist, barrier(1, true)]);
    story.happens(Event::TaskFinished(SINK)).is(Finishing);
    story.all(|task| Event::TaskCheckpointed(task, Epoch(1)));
    story.happens(Event::ManifestPublished(Epoch(1), BTreeSet::from([SINK]))).is(Finishing);
    story.does_not(|effect| matches!(effect, Effect::StopWorkers { .. }));
    story.happens(Event::TaskCommitted(SINK, Epoch(1))).stops_workers(false).is(Finishing);
    story.torn_down().is(Finished).does(&[Effect::Persist, Effect::CloseOutput]);
}

#[test]
fn the_end_of_data_during_a_checkpoint_waits_for_it() {
    let mut story = Story::checkpointing();
    story
        .happens(Event::TaskFinished(SOURCE))
        .is(Finishing)
        .does_not(|effect| matches!(effect, Effect::InjectBarrier { .. }));
    story.checkpointed(1).does(&[barrier(2, true)]).is(Finishing);
    story.checkpointed(2).happens(Event::TaskFinished(SINK)).torn_down().is(Finished);
}

#[test]
fn the_end_of_data_before_all_tasks_have_started() {
    let mut story = Story::scheduling();
    let (tasks, sources) = (BTreeSet::from(TASKS), BTreeSet::from([SOURCE]));
    story.happens(Event::Prepared(Prepared { tasks, sources, restore: None, last_epoch: None, sealed: Epoch(0) }));
    story.happens(Event::WorkersReady).happens(Event::TaskFinished(SOURCE)).is(Scheduling);
    story.happens(Event::TaskStarted(SINK)).is(Finishing).does(&[barrier(1, true)]);
}

#[test]
fn a_failure_before_the_last_commit_runs_the_end_again() {
    let mut story = Story::running();
    story.happens(Event::TaskFinished(SOURCE)).lost_worker().is(Recovering);
    story.torn_down().happens(Event::Timer(Timer::Backoff)).started(None).is(Running);
    story.happens(Event::TaskFinished(SOURCE)).happens(Event::Timer(Timer::CheckpointTimeout)).is(Recovering);
}

#[test]
fn sources_that_end_behind_a_final_barrier_do_not_finish_the_job() {
    let mut story = Story::running();
    story.asked(|wanted| wanted.parallelism = 2).happens(Event::TaskFinished(SOURCE)).is(Rescaling);
}

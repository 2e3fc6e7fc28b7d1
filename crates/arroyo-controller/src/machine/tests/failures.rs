//! What fails, and what becomes of it.

use arroyo_metastore::Failure;
use arroyo_types::ErrorDomain;
use arroyo_types::ErrorKind::*;
use arroyo_types::JobState::*;

use super::*;

fn backoff(story: &Story) -> Option<Duration> {
    story.effects.iter().find_map(|effect| match effect {
        Effect::SetTimer { timer: Timer::Backoff, after, jitter: true } => Some(*after),
        _ => None,
    })
}

#[test]
fn a_failure_that_may_pass_is_recovered_from_with_growing_pauses_until_the_budget_is_spent() {
    let mut story = Story::running();
    for pause_ms in [500, 1_000, 1_000] {
        story.fails(Retry).is(Recovering).does(&[Effect::Persist]).stops_workers(false);
        story.torn_down().is(Recovering);
        assert_eq!(backoff(&story), Some(Duration::from_millis(pause_ms)));
        story.happens(Event::Timer(Timer::Backoff)).is(Scheduling).started(Some((1, false))).is(Running);
    }
    story.lost_worker().is(Failing).torn_down().is(Failed);
    assert_eq!(story.failure(), "Exhausted retries: worker 1 was lost: gone");
}

#[test]
fn health_gives_the_budget_back() {
    let mut story = Story::running();
    story.fails(Retry).torn_down().happens(Event::Timer(Timer::Backoff)).started(None);
    assert_eq!(story.job.restarts(), 1);
    story.happens(Event::Timer(Timer::Healthy)).does(&[Effect::Persist]);
    assert_eq!(story.job.restarts(), 0);
}

#[test]
fn the_users_faults_and_damage_are_final_and_keep_their_operator() {
    for kind in [User, Corrupt] {
        let failure = Failure {
            operator: Some("sink orders".into()),
            message: "bad date".into(),
            hint: Some("use RFC 3339".into()),
            domain: ErrorDomain::User,
        };
        let mut story = Story::running();
        let fault = Fault { kind, failure: failure.clone() };
        story.happens(Event::TaskFailed(SINK, fault)).is(Failing).stops_workers(false);
        let text = "sink orders: bad date (use RFC 3339)";
        assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Log { message, .. } if message == text)));
        story.torn_down().is(Failed).does(&[Effect::Persist, Effect::CloseOutput]);
        assert_eq!(story.job.failure(), Some(&failure));
    }
}

#[test]
fn a_bug_is_given_one_more_try() {
    let mut story = Story::running();
    story.fails(Bug).is(Recovering).torn_down().happens(Event::Timer(Timer::Backoff)).started(None);
    story.fails(Bug).is(Failing);
}

#[test]
fn a_preview_is_not_recovered() {
    let mut story = Story::left_in(Created, wish(), Policy { preview: true, ..policy() });
    story.asked(|_| ()).started(None).fails(Retry).is(Failing).torn_down().is(Failed);
    assert_eq!(story.failure(), "disk full");
}

#[test]
fn a_reader_that_went_away_ends_the_job_quietly() {
    for mut story in [Story::running(), Story::checkpointing()] {
        story.fails(OutputClosed).is(Stopping).does(&[Effect::RequestStop(StopMode::Immediate)]).stops_workers(false);
        // The write is announced.
        story.stop(StopMode::Immediate).torn_down().is(Stopped);
        assert_eq!(story.job.failure(), None);
        assert_eq!(story.job.stop_reason(), Some(StopReason::OutputClosed));
        // Asked to run again, it has no reason any more.
        story.stop(StopMode::None).is(Scheduling);
        assert_eq!(story.job.stop_reason(), None);
    }
}

#[test]
fn a_fenced_job_is_let_go_of_without_a_write() {
    for mut story in [Story::scheduling(), Story::running(), Story::checkpointing()] {
        story.happens(Event::Fenced).does(&[Effect::CancelTimers, Effect::Halt]);
        story.does_not(|effect| matches!(effect, Effect::Persist | Effect::RequestStop(_)));
        story.stop(StopMode::Force).does_not(|_| true);
        story.torn_down().does_not(|_| true);
    }
}

#[test]
fn a_failure_during_a_final_checkpoint_stops_and_is_told() {
    let mut story = Story::running();
    story.stop(StopMode::Checkpoint).fails(Retry).is(Stopping).stops_workers(false);
    story.torn_down().is(Stopped);
    assert_eq!(story.failure(), "disk full");
    // It starts again from the checkpoint before.
    story.stop(StopMode::None).is(Scheduling);
    assert_eq!(story.job.failure(), None);

    let mut late = Story::running();
    late.stop(StopMode::Checkpoint)
        .happens(Event::Timer(Timer::CheckpointTimeout))
        .is(Stopping)
        .torn_down()
        .is(Stopped);
    assert_eq!(late.failure(), "checkpoint 1: 2 of 2 tasks did not finish within 60 s");

    let mut wrong = Story::running();
    wrong.stop(StopMode::Checkpoint).fails(User).is(Failing).torn_down().is(Failed);
}

#[test]
fn a_failure_while_rescaling_does_not_hold_up_the_new_start() {
    let mut story = Story::running();
    story.asked(|wanted| wanted.parallelism = 2).lost_worker().is(Rescaling).torn_down().is(Scheduling);
}

#[test]
fn a_worker_that_goes_when_everything_is_done_is_no_failure() {
    let mut story = Story::running();
    story.stop(StopMode::Checkpoint).checkpointed(1).lost_worker().is(Stopping).torn_down().is(Stopped);
    assert_eq!(story.job.failure(), None);
    let mut draining = Story::running();
    draining.stop(StopMode::Graceful).lost_worker().is(Stopping).torn_down().is(Stopped);
}

#[test]
fn a_restart_skips_the_pause_after_a_failure() {
    let mut story = Story::running();
    story.fails(Retry).torn_down().asked(|wanted| wanted.restart_nonce = 1).is(Scheduling);
    assert_eq!((story.job.restarts(), story.job.failure()), (0, None));
}

#[test]
fn what_fails_while_workers_end_is_not_news() {
    let mut story = Story::running();
    story.fails(Retry).fails(User).does_not(|_| true).lost_worker().does_not(|_| true).is(Recovering);
}

//! Starting, running, checkpoints, rescaling, restarting, being adopted.

use arroyo_types::JobState::*;

use super::*;

#[test]
fn a_job_is_persisted_before_its_workers_start_and_again_when_it_runs() {
    let mut story = Story::created();
    story.asked(|_| ()).is(Scheduling).does(&[Effect::Persist, Effect::StartWorkers(Generation(5))]);
    story.started(None).is(Running).does(&[Effect::Persist]);
    assert_eq!(story.job.task_count(), Some(2));
}

#[test]
fn epochs_go_on_after_the_highest_ever_used() {
    let mut story = Story::scheduling();
    let prepared = Prepared {
        tasks: BTreeSet::from(TASKS),
        sources: BTreeSet::from([SOURCE]),
        restore: Some((Epoch(7), BTreeSet::new())),
        last_epoch: Some(Epoch(9)),
        sealed: Epoch(0),
    };
    story.happens(Event::Prepared(prepared)).happens(Event::WorkersReady).does(&[Effect::StartExecution]);
    story.all(Event::TaskStarted).is(Running);
    story.happens(Event::Timer(Timer::Checkpoint)).does(&[barrier(10, false)]);
}

#[test]
fn restored_sink_data_is_committed_again_before_the_first_barrier() {
    let mut story = Story::scheduling();
    story.started(Some((3, true))).is(Running).does(&[Effect::Recommit(Epoch(3))]);
    story.happens(Event::Timer(Timer::Checkpoint)).does_not(|effect| matches!(effect, Effect::InjectBarrier { .. }));
    story.happens(Event::TaskCommitted(SINK, Epoch(3))).does(&[Effect::CheckpointDone(Epoch(3)), barrier(4, false)]);
}

#[test]
fn a_checkpoint_is_collected_published_committed_and_never_alone_with_another() {
    let mut story = Story::checkpointing();
    story.does(&[barrier(1, false)]);
    story.happens(Event::Timer(Timer::Checkpoint)).does_not(|effect| matches!(effect, Effect::InjectBarrier { .. }));
    story.happens(Event::TaskCheckpointed(SINK, Epoch(1)));
    story.happens(Event::TaskCheckpointed(SINK, Epoch(1))).does_not(|effect| matches!(effect, Effect::Publish { .. }));
    story
        .happens(Event::TaskCheckpointed(SOURCE, Epoch(1)))
        .does(&[Effect::Publish { epoch: Epoch(1), sealed: Epoch(0) }]);
    let sink = BTreeSet::from([SINK]);
    story.happens(Event::ManifestPublished(Epoch(1), sink)).does(&[Effect::Commit(Epoch(1))]);
    story.does_not(|effect| matches!(effect, Effect::CheckpointDone(_)));
    // The next one was due all along.
    story.happens(Event::TaskCommitted(SINK, Epoch(1))).does(&[Effect::CheckpointDone(Epoch(1)), barrier(2, false)]);
}

#[test]
fn a_checkpoint_that_takes_too_long_is_given_up_and_the_next_number_tried() {
    let mut story = Story::checkpointing();
    story.happens(Event::Timer(Timer::CheckpointTimeout)).is(Running);
    assert!(matches!(story.effects.as_slice(), [Effect::AbandonCheckpoint(Epoch(1), _), Effect::Log { .. }]));
    story.all(|task| Event::TaskCheckpointed(task, Epoch(1))).does_not(|_| true);
    story.happens(Event::Timer(Timer::Checkpoint)).does(&[barrier(2, false)]);
    story.checkpointed(2).does(&[Effect::Commit(Epoch(2)), Effect::CheckpointDone(Epoch(2))]);
}

#[test]
fn a_manifest_that_may_or_may_not_exist_is_followed_by_a_new_start() {
    let mut story = Story::checkpointing();
    story.all(|task| Event::TaskCheckpointed(task, Epoch(1)));
    story.happens(Event::Timer(Timer::CheckpointTimeout)).is(Running);
    let fault = Fault::new(ErrorKind::Retry, "store is down");
    story.happens(Event::ManifestFailed(Epoch(1), fault)).is(Recovering).stops_workers(false);
}

#[test]
fn rescaling_takes_a_final_checkpoint_and_starts_at_the_new_parallelism() {
    let mut story = Story::running();
    story.asked(|wanted| wanted.parallelism = 4).is(Rescaling).does(&[Effect::Persist, barrier(1, true)]);
    story.checkpointed(1).is(Rescaling).does_not(|effect| matches!(effect, Effect::StopWorkers { .. }));
    story.all(Event::TaskFinished).is(Rescaling).stops_workers(false);
    story.torn_down().is(Scheduling).does(&[Effect::Persist, Effect::StartWorkers(Generation(6))]);
    assert_eq!(story.job.applied().parallelism, 4);
}

#[test]
fn a_change_while_starting_starts_anew() {
    let mut story = Story::scheduling();
    story.asked(|wanted| wanted.parallelism = 4).is(Rescaling).stops_workers(false);
    story.torn_down().is(Scheduling);
    story.asked(|wanted| wanted.restart_nonce = 1).is(Restarting);
    story.torn_down().is(Scheduling).started(None).is(Running);
    assert_eq!(story.job.restart_nonce(), 1);
}

#[test]
fn a_safe_restart_takes_a_final_checkpoint_and_a_forced_one_does_not() {
    let mut safe = Story::running();
    safe.asked(|wanted| wanted.restart_nonce = 1).is(Restarting).does(&[barrier(1, true)]);
    safe.asked(|wanted| (wanted.restart_nonce, wanted.restart_force) = (2, true)).is(Restarting).stops_workers(false);
    let mut forced = Story::checkpointing();
    forced.asked(|wanted| (wanted.restart_nonce, wanted.restart_force) = (1, true)).is(Restarting).stops_workers(false);
    forced.torn_down().is(Scheduling);
}

#[test]
fn other_environment_or_program_is_a_safe_restart_and_another_interval_only_a_timer() {
    let mut story = Story::running();
    story.asked(|wanted| wanted.checkpoint_interval = Duration::from_secs(1)).is(Running);
    let (timer, after) = (Timer::Checkpoint, Duration::from_secs(1));
    story.does(&[Effect::SetTimer { timer, after, jitter: false }]);
    let env_vars = std::collections::BTreeMap::from([("A".to_string(), "b".to_string())]);
    story.asked(|wanted| wanted.launch = Arc::new(Launch { env_vars, ..Launch::default() }));
    story.is(Restarting).does(&[barrier(1, true)]);
}

#[test]
fn a_new_controller_takes_up_what_an_earlier_one_left() {
    for state in JobState::ALL {
        let (running, stopping) = match state {
            Failed | Failing => (Failed, Failed),
            Finished => (Finished, Finished),
            _ => (Scheduling, Stopped),
        };
        Story::left_in(*state, wish(), policy()).asked(|_| ()).is(running);
        let stop = Desired { stop: StopMode::Checkpoint, ..wish() };
        Story::left_in(*state, stop, policy()).asked(|_| ()).is(stopping);
    }
}

#[test]
fn an_ended_job_starts_again_when_it_is_asked_to() {
    for state in [Failed, Finished] {
        Story::left_in(state, wish(), policy()).asked(|wanted| wanted.restart_nonce = 1).is(Scheduling);
        let mut story = Story::left_in(state, wish(), policy());
        story.stop(StopMode::Checkpoint).is(state).stop(StopMode::None).is(Scheduling);
        let mut story = Story::left_in(state, Desired { stop: StopMode::Checkpoint, ..wish() }, policy());
        story.asked(|wanted| wanted.restart_nonce = 1).is(state);
    }
}

#[test]
fn workers_and_tasks_that_do_not_start_in_time_are_tried_again() {
    let mut story = Story::scheduling();
    story.happens(Event::Timer(Timer::WorkerStartup)).is(Recovering);
    assert_eq!(story.failure(), "workers with enough slots did not register within 600 s");
    story.torn_down().happens(Event::Timer(Timer::Backoff)).is(Scheduling);
    let (tasks, sources) = (BTreeSet::from(TASKS), BTreeSet::from([SOURCE]));
    story.happens(Event::Prepared(Prepared { tasks, sources, restore: None, last_epoch: None, sealed: Epoch(0) }));
    story.happens(Event::WorkersReady).happens(Event::TaskStarted(SOURCE)).happens(Event::Timer(Timer::TaskStartup));
    story.is(Recovering);
    assert_eq!(story.failure(), "1 of 2 tasks did not start within 120 s");
}

#[test]
fn the_time_to_live_ends_a_preview_for_good() {
    let wanted = Desired { ttl: Some(Duration::from_secs(60)), ..wish() };
    let mut story = Story::left_in(Created, wanted, Policy { preview: true, ..policy() });
    story.asked(|_| ()).started(None);
    let timer = Effect::SetTimer { timer: Timer::Ttl, after: Duration::from_secs(60), jitter: false };
    story.does(&[timer]).happens(Event::Timer(Timer::Ttl)).is(Stopping);
    story.does(&[Effect::RequestStop(StopMode::Immediate)]).stops_workers(false);
    story.torn_down().is(Stopped).does(&[Effect::Persist, Effect::CloseOutput]);
}

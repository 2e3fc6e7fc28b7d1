//! What happens to a job besides its start and its end, each on several shapes of queries: named simulations.
//!
//! Random simulations put the same together by chance; these make sure that each is looked at, at the moment that matters.

use arroyo_testing::simulation::{
    Disturbance, Mutant, Outcome, POINTS_OF_CONTROLLERS, POINTS_OF_WORKERS, Settings, Step, points,
};

use crate::simulation::check_with;

/// Stateless, windowed, and with two inputs.
const QUERIES: &[&str] = &["project", "tumble", "updating left join"];

fn settings(query: &str, steps: Vec<Step>) -> Settings {
    Settings {
        parallelism: 2,
        checkpoint_interval_ms: 100,
        checkpoint_timeout_ms: 1_000,
        heartbeat_timeout_ms: 1_000,
        pace_ms: 30,
        slow: (0.3, 20),
        steps,
        ..Settings::undisturbed(query)
    }
}

fn after(after_ms: u64, what: Disturbance) -> Step {
    Step { after_ms, point: None, what }
}

fn at(point: &str, nth: u64, what: Disturbance) -> Step {
    Step { after_ms: 1, point: Some((point.to_string(), nth)), what }
}

/// Runs the scenario with each query, and looks for what it is about among its events.
fn scenario(steps: &[Step], wanted: &[&str]) {
    scenario_with(|query| settings(query, steps.to_vec()), wanted, |_| true);
}

fn scenario_with(settings: impl Fn(&str) -> Settings, wanted: &[&str], proves: impl Fn(&Outcome) -> bool) {
    for query in QUERIES {
        let outcome = check_with(settings(query)).unwrap_or_else(|error| panic!("{query}: {error}"));
        let trace = outcome.trace.join("\n");
        for event in wanted {
            assert!(trace.contains(event), "{query}: `{event}` did not happen:\n{trace}");
        }
        assert!(outcome.commits > 0 && proves(&outcome), "{query}: it proves nothing:\n{trace}");
    }
}

#[test]
fn a_job_is_stopped_during_its_recovery() {
    let steps = [
        after(500, Disturbance::KillWorker),
        after(1, Disturbance::StopAndStart { for_ms: 1_000 }),
        after(2_000, Disturbance::KillAll),
    ];
    scenario(&steps, &["Recovering", "is Stopped", "the job may run again"]);
}

#[test]
fn a_job_is_rescaled_during_a_checkpoint() {
    let steps = [
        at("after barrier", 3, Disturbance::Rescale { parallelism: 3 }),
        at("before manifest", 3, Disturbance::Rescale { parallelism: 1 }),
        at("before commit", 3, Disturbance::Rescale { parallelism: 2 }),
        at("after manifest", 2, Disturbance::KillAll),
    ];
    scenario(&steps, &["at `after barrier`: Rescale", "at `before manifest`: Rescale", "Rescaling"]);
}

#[test]
fn a_job_is_rescaled_during_its_recovery() {
    let steps = [
        after(400, Disturbance::KillWorker),
        at("before takeover", 1, Disturbance::Rescale { parallelism: 3 }),
        at("after takeover", 1, Disturbance::KillAll),
    ];
    scenario(&steps, &["at `before takeover`: Rescale"]);
}

#[test]
fn two_controllers_run_one_job() {
    let steps = [
        at("after barrier", 2, Disturbance::SecondController),
        at("before manifest", 2, Disturbance::SecondController),
        at("before commit", 2, Disturbance::SecondController),
    ];
    scenario_with(|query| settings(query, steps.to_vec()), &["process 3 starts"], |outcome| outcome.starts > 3);
}

#[test]
fn a_frozen_owner_goes_on_where_it_was() {
    for point in ["after barrier", "before manifest", "after manifest", "before commit", "before acknowledgement"] {
        let steps = [at(point, 3, Disturbance::Freeze { for_ms: 5_000 }), after(6_000, Disturbance::KillWorker)];
        scenario(&steps, &["Freeze", "goes on"]);
    }
}

#[test]
fn the_clock_jumps_in_both_directions() {
    let steps = [
        after(300, Disturbance::TurnClock { by_ms: 86_400_000 }),
        after(300, Disturbance::KillAll),
        after(300, Disturbance::TurnClock { by_ms: -86_400_000 }),
        after(300, Disturbance::KillController),
    ];
    scenario(&steps, &["TurnClock"]);
}

#[test]
fn checkpoints_are_taken_when_some_sources_have_ended() {
    let steps = [after(2_500, Disturbance::KillWorker), after(1_000, Disturbance::KillAll)];
    let early = |query: &str| Settings { early_end: true, ..settings(query, steps.to_vec()) };
    scenario_with(early, &["KillAll"], |outcome| outcome.starts > 2);
}

#[test]
fn the_disk_is_full_for_longer_than_a_checkpoint_may_take() {
    let steps = [after(400, Disturbance::FullDisk { for_ms: 8_000 }), after(9_000, Disturbance::KillAll)];
    scenario_with(|query| settings(query, steps.to_vec()), &["there is room again"], |outcome| outcome.checkpoints > 3);
}

#[test]
fn the_store_is_gone_while_a_job_is_started() {
    let steps = [
        after(400, Disturbance::KillController),
        at("before takeover", 1, Disturbance::Outage { for_ms: 4_000 }),
        after(5_000, Disturbance::KillWorker),
    ];
    scenario(&steps, &["the store answers again"]);
}

#[test]
fn workers_go_on_without_their_controller() {
    let steps = [
        at("after part", 4, Disturbance::KillController),
        at("after barrier", 2, Disturbance::KillController),
        at("before commit", 1, Disturbance::KillController),
    ];
    scenario(&steps, &["at `after part`: KillController", "process 4 starts"]);
}

#[test]
fn savepoints_are_taken_whatever_happens() {
    let steps = [
        after(400, Disturbance::Savepoint),
        after(600, Disturbance::Savepoint),
        at("before savepoint", 1, Disturbance::KillAll),
        after(500, Disturbance::Savepoint),
    ];
    scenario_with(|query| settings(query, steps.to_vec()), &["a savepoint is taken"], |outcome| outcome.savepoints > 1);
}

/// Rows come as long as things go wrong, so that there is always something to commit.
fn slowly(query: &str, steps: &[Step]) -> Settings {
    Settings { checkpoint_interval_ms: 250, batch_rows: 2, pace_ms: 100, ..settings(query, steps.to_vec()) }
}

/// It shows only where the owner dies in between with rows to commit, which few seeds make happen.
#[test]
fn commits_before_the_manifest_are_found() {
    for nth in 2..5 {
        let steps = [at("before manifest", nth, Disturbance::KillAll)];
        let hasty = Settings { mutant: Some(Mutant::CommitBeforeManifest), ..slowly("project", &steps) };
        let error = check_with(hasty).unwrap_err();
        assert!(error.contains("rows instead of"), "{error}");
    }
}

#[test]
fn a_job_goes_back_to_a_savepoint() {
    let steps = [
        after(300, Disturbance::GoBack { after_ms: 1_000 }),
        after(4_000, Disturbance::KillAll),
        after(300, Disturbance::GoBack { after_ms: 500 }),
    ];
    let going = |query: &str| slowly(query, &steps);
    scenario_with(going, &["is the last checkpoint now"], |outcome| outcome.written_again > 0);
}

#[test]
fn everybody_dies_while_a_job_goes_back_to_a_savepoint() {
    for point in ["before going back", "after going back"] {
        let steps = [after(300, Disturbance::GoBack { after_ms: 1_000 }), at(point, 1, Disturbance::KillAll)];
        let going = |query: &str| slowly(query, &steps);
        scenario_with(going, &["is the last checkpoint now"], |outcome| {
            outcome.died_at.contains(point) && outcome.written_again > 0
        });
    }
}

#[test]
fn whoever_goes_back_is_frozen_and_goes_on_when_the_job_runs_again() {
    let steps = [
        after(300, Disturbance::GoBack { after_ms: 1_000 }),
        at("before going back", 1, Disturbance::Freeze { for_ms: 8_000 }),
        after(9_000, Disturbance::KillWorker),
    ];
    scenario(&steps, &["at `before going back`: Freeze", "is the last checkpoint now", "goes on"]);
}

/// What makes the job come to the point.
fn way_to(point: &str) -> Option<Step> {
    match point {
        "before savepoint" | "after savepoint" => Some(after(500, Disturbance::Savepoint)),
        "before going back" | "after going back" => Some(after(300, Disturbance::GoBack { after_ms: 300 })),
        // It takes its last checkpoint first.
        "before end of workers" | "after end of workers" => Some(after(500, Disturbance::Restart)),
        // Those of a start that restores something.
        "before status" | "after status" | "before takeover" | "after takeover" | "before start" | "after start"
        | "before recommit" | "before restore" | "in restore" | "after restore" => {
            Some(after(500, Disturbance::KillWorker))
        }
        _ => None,
    }
}

/// The job dies at the point, and gets over it.
fn die_at(point: &str, what: Disturbance) {
    let steps: Vec<Step> = match way_to(point) {
        Some(first) => vec![first, at(point, 1, what)],
        None => vec![at(point, 3, what)],
    };
    // It has an exchange, state whose files are compacted, and a sink that has something to commit at every checkpoint.
    let outcome = check_with(slowly("updating left join", &steps));
    let outcome = outcome.unwrap_or_else(|error| panic!("{what:?} at `{point}`: {error}"));
    assert!(outcome.died_at.contains(point), "nobody dies at `{point}`:\n{}", outcome.trace.join("\n"));
}

#[test]
fn everybody_dies_at_every_point() {
    for point in points() {
        die_at(point, Disturbance::KillAll);
    }
}

#[test]
fn a_controller_dies_at_each_of_its_points() {
    for point in POINTS_OF_CONTROLLERS {
        die_at(point, Disturbance::KillController);
    }
}

#[test]
fn a_worker_dies_at_each_of_its_points() {
    for point in POINTS_OF_WORKERS {
        die_at(point, Disturbance::KillWorker);
    }
}

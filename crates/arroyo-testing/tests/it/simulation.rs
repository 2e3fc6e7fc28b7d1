//! Jobs with everything that can go wrong ([`arroyo_testing::simulation`]): each commits what an undisturbed one commits.
//!
//! `ARROYO_SEED=n` runs one seed and prints its events; `ARROYO_SEEDS=n` runs the first so many (`scripts/fault-seeds`).

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use arroyo_testing::simulation::{Outcome, Planted, QUERIES, Settings, simulate};

/// Seeds of every run of the tests.
const SEEDS: u64 = 210;

/// Seeds that have found something, and what.
const MUSEUM: &[(u64, &str)] = &[];

static UNDISTURBED: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let answer = |name: &&'static str| (*name, simulate(Settings::undisturbed(name)).unwrap().rows);
    QUERIES.iter().map(|(name, _)| name).map(answer).collect()
});

/// The seed's outcome, if it keeps its promises.
fn check(seed: u64) -> Result<Outcome, String> {
    check_with(Settings::of_seed(seed))
}

fn check_with(settings: Settings) -> Result<Outcome, String> {
    let query = settings.query;
    let outcome = simulate(settings.clone()).map_err(|error| format!("{error:#}\n{settings:#?}"))?;
    let expected = &UNDISTURBED[query];
    if outcome.rows == *expected {
        return Ok(outcome);
    }
    let trace = outcome.trace.join("\n");
    let missing: Vec<_> = expected.iter().filter(|row| !outcome.rows.contains(row)).collect();
    let extra: Vec<_> = outcome.rows.iter().filter(|row| !expected.contains(row)).collect();
    let (got, wanted) = (outcome.rows.len(), expected.len());
    Err(format!("{got} rows instead of {wanted}, missing {missing:#?}, extra {extra:#?}\n{settings:#?}\n{trace}"))
}

/// What seeds have seen together.
#[derive(Debug, Default)]
struct Totals {
    disturbed: AtomicU64,
    fenced: AtomicU64,
    faults: AtomicU64,
    checkpoints: AtomicU64,
    given_up: AtomicU64,
    compactions: AtomicU64,
    commits: AtomicU64,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

#[test]
fn jobs_survive_everything_that_can_go_wrong() {
    if let Some(seed) = number("ARROYO_SEED") {
        let outcome = check(seed).unwrap_or_else(|error| panic!("ARROYO_SEED={seed}: {error}"));
        println!("{}", outcome.trace.join("\n"));
        return;
    }
    let seeds = number("ARROYO_SEEDS").unwrap_or(SEEDS);
    let (next, totals) = (AtomicU64::new(0), Totals::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |threads| threads.get()) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        break;
                    }
                    let outcome = check(seed).unwrap_or_else(|error| panic!("ARROYO_SEED={seed}: {error}"));
                    assert!(outcome.commits > 0 && outcome.disturbed > 1, "ARROYO_SEED={seed}: nothing happened");
                    totals.disturbed.fetch_add(outcome.disturbed, Ordering::Relaxed);
                    totals.fenced.fetch_add(outcome.fenced, Ordering::Relaxed);
                    totals.faults.fetch_add(outcome.faults, Ordering::Relaxed);
                    totals.checkpoints.fetch_add(outcome.checkpoints, Ordering::Relaxed);
                    totals.given_up.fetch_add(outcome.given_up, Ordering::Relaxed);
                    totals.compactions.fetch_add(outcome.compactions, Ordering::Relaxed);
                    totals.commits.fetch_add(outcome.commits, Ordering::Relaxed);
                }
            });
        }
    });
    println!("{seeds} seeds: {totals:?}");
    let least = |count: &AtomicU64, share: u64| assert!(count.load(Ordering::Relaxed) * share >= seeds, "{totals:?}");
    least(&totals.disturbed, 1);
    least(&totals.checkpoints, 1);
    least(&totals.commits, 1);
    least(&totals.faults, 1);
    least(&totals.fenced, 50);
    least(&totals.given_up, 10);
    least(&totals.compactions, 10);
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for seed in 0..14 {
        let (first, second) = (check(seed).unwrap(), check(seed).unwrap());
        assert_eq!(first, second, "ARROYO_SEED={seed}");
    }
}

#[test]
fn what_was_found_once_stays_found() {
    for (seed, what) in MUSEUM {
        check(*seed).unwrap_or_else(|error| panic!("ARROYO_SEED={seed} again ({what}): {error}"));
    }
}

/// Some seed of the first hundred finds it.
fn finds(planted: Planted) {
    let finds = |seed: &u64| check_with(Settings { planted: Some(planted), ..Settings::of_seed(*seed) }).is_err();
    assert!((0..100).any(|seed| finds(&seed)), "{planted:?} was not found");
}

#[test]
fn a_checkpoint_that_is_not_committed_again_is_found() {
    finds(Planted::NoRecommit);
}

#[test]
fn dropped_parts_of_a_checkpoint_that_was_given_up_are_found() {
    finds(Planted::DropGivenUpParts);
}

#[test]
fn undisturbed_answers_are_not_empty() {
    assert!(UNDISTURBED.values().all(|rows| rows.len() > 9));
}

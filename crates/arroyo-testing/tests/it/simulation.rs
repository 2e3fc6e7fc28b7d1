//! Jobs with everything that can go wrong ([`arroyo_testing::simulation`]): each commits what an undisturbed one commits.
//!
//! `ARROYO_SEED=n` runs one seed and prints its events; `ARROYO_SEEDS=n` runs the first so many (`scripts/fault-seeds`), those from
//! `ARROYO_FIRST_SEED` on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

use arroyo_testing::simulation::{Mutant, Outcome, QUERIES, Settings, points, simulate};

/// Seeds of every run of the tests.
const SEEDS: u64 = 200;

static UNDISTURBED: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let answer = |name: &&'static str| (*name, simulate(Settings::undisturbed(name)).unwrap().rows);
    QUERIES.iter().map(|(name, _)| name).map(answer).collect()
});

/// The seed's outcome, if it keeps its promises.
fn check(seed: u64) -> Result<Outcome, String> {
    check_with(Settings::of_seed(seed))
}

pub(crate) fn check_with(settings: Settings) -> Result<Outcome, String> {
    let outcome = simulate(settings.clone()).map_err(|error| format!("{error}\n{}", text(&settings)))?;
    let expected = &UNDISTURBED[settings.query.as_str()];
    if outcome.rows == *expected {
        return Ok(outcome);
    }
    let trace = outcome.trace.join("\n");
    let missing: Vec<_> = expected.iter().filter(|row| !outcome.rows.contains(row)).collect();
    let extra: Vec<_> = outcome.rows.iter().filter(|row| !expected.contains(row)).collect();
    let (got, wanted) = (outcome.rows.len(), expected.len());
    Err(format!("{got} rows instead of {wanted}, missing {missing:#?}, extra {extra:#?}\n{}\n{trace}", text(&settings)))
}

/// As the museum has them.
fn text(settings: &Settings) -> String {
    toml::to_string(settings).unwrap()
}

/// What seeds have seen together.
#[derive(Debug, Default)]
struct Totals {
    deaths: AtomicU64,
    fenced: AtomicU64,
    faults: AtomicU64,
    stale_lists: AtomicU64,
    starts: AtomicU64,
    checkpoints: AtomicU64,
    savepoints: AtomicU64,
    commits: AtomicU64,
    written_again: AtomicU64,
    passed: Mutex<BTreeSet<&'static str>>,
    died_at: Mutex<BTreeSet<String>>,
}

impl Totals {
    fn add(&self, outcome: &Outcome) {
        let counts = [
            (&self.deaths, outcome.deaths),
            (&self.fenced, outcome.fenced),
            (&self.faults, outcome.faults),
            (&self.stale_lists, outcome.stale_lists),
            (&self.starts, outcome.starts),
            (&self.checkpoints, outcome.checkpoints),
            (&self.savepoints, outcome.savepoints),
            (&self.commits, outcome.commits),
            (&self.written_again, outcome.written_again),
        ];
        for (total, count) in counts {
            total.fetch_add(count, Ordering::Relaxed);
        }
        self.passed.lock().unwrap().extend(&outcome.passed);
        self.died_at.lock().unwrap().extend(outcome.died_at.iter().cloned());
    }
}

/// A run in which nothing was survived, or nothing came of it, proves nothing.
fn something_happened(outcome: &Outcome) -> Result<(), String> {
    let Outcome { deaths, faults, commits, .. } = outcome;
    let happened = *deaths > 0 && *faults > 0 && *commits > 0;
    if happened { Ok(()) } else { Err(format!("{deaths} deaths, {faults} faults, {commits} commits")) }
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
    let first = number("ARROYO_FIRST_SEED").unwrap_or(0);
    let seeds = number("ARROYO_SEEDS").unwrap_or(SEEDS);
    let (next, totals, failures) = (AtomicU64::new(first), Totals::default(), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |threads| threads.get()) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        break;
                    }
                    match check(seed).and_then(|outcome| something_happened(&outcome).map(|()| outcome)) {
                        Ok(outcome) => totals.add(&outcome),
                        Err(error) => {
                            failures.lock().unwrap().insert(seed, error);
                        }
                    }
                }
            });
        }
    });
    println!("{seeds} seeds: {totals:?}");
    let failures = failures.into_inner().unwrap();
    if let Some((seed, error)) = failures.first_key_value() {
        panic!("ARROYO_SEED={seed}: {error}\nfailed seeds: {:?}", failures.keys());
    }
    let least = |count: &AtomicU64, share: u64| assert!(count.load(Ordering::Relaxed) * share >= seeds, "{totals:?}");
    least(&totals.starts, 1);
    least(&totals.checkpoints, 1);
    least(&totals.fenced, 50);
    least(&totals.stale_lists, 50);
    least(&totals.savepoints, 50);
    least(&totals.written_again, 50);
    // Few seeds may miss some.
    if seeds >= SEEDS {
        let points = points();
        let passed = totals.passed.lock().unwrap();
        let missed: Vec<_> = points.iter().filter(|point| !passed.contains(**point)).collect();
        assert!(missed.is_empty(), "no seed comes to {missed:?}");
        let died_at = totals.died_at.lock().unwrap().len();
        assert!(died_at * 2 > points.len(), "of {} points only {died_at} are died at", points.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for seed in 0..9 {
        let (first, second) = (check(seed).unwrap(), check(seed).unwrap());
        assert_eq!(first, second, "ARROYO_SEED={seed}");
    }
}

/// The first seeds that find each planted mistake: all are among those that every run of the tests looks at.
const FOUND_BY: &[(Mutant, u64)] = &[
    (Mutant::SkipAlignment, 1),
    (Mutant::ForgetTable, 2),
    (Mutant::DropChange, 6),
    (Mutant::PositionAhead, 4),
    (Mutant::NoRecommit, 5),
    (Mutant::ReuseGeneration, 0),
    (Mutant::OverwriteManifest, 6),
];

#[test]
fn planted_mistakes_are_found() {
    for mutant in Mutant::ALL {
        let finds = |seed: &u64| {
            let found = check_with(Settings { mutant: Some(*mutant), ..Settings::of_seed(*seed) }).err();
            found.map(|error| error.lines().next().unwrap_or_default().to_string())
        };
        let known = FOUND_BY.iter().find(|(known, _)| known == mutant).map(|(_, seed)| *seed);
        let found = known.into_iter().chain(0..SEEDS).find_map(|seed| finds(&seed).map(|error| (seed, error)));
        let (seed, error) = found.unwrap_or_else(|| panic!("{mutant:?} is not found"));
        println!("{mutant:?} is found by seed {seed}: {}", error.chars().take(100).collect::<String>());
    }
}

#[test]
fn a_failure_prints_the_settings_that_show_it_again() {
    let settings = Settings { mutant: Some(Mutant::ForgetTable), ..Settings::of_seed(1) };
    let error = check_with(settings.clone()).unwrap_err();
    let printed = error.find("seed = ").map(|start| &error[start..]).unwrap();
    let end = printed.find("\n\n ").unwrap_or(printed.len());
    let again: Settings = toml::from_str(&printed[..end]).unwrap_or_else(|wrong| panic!("{wrong}:\n{error}"));
    assert_eq!(again, settings);
    assert_eq!(check_with(again).unwrap_err(), error);
}

/// An entry of the museum: what was found once, and how to see it again.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    what: String,
    fixed: String,
    reproduced: String,
    /// The mistake, where it can be planted: the settings must still show it.
    planted: Option<Mutant>,
    settings: Settings,
}

#[test]
fn what_was_found_once_stays_found() {
    let museum = concat!(env!("CARGO_MANIFEST_DIR"), "/museum");
    let mut entries: Vec<_> = std::fs::read_dir(museum).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    entries.sort();
    assert!(!entries.is_empty(), "the museum is empty");
    for path in entries {
        let found: Found = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let Found { what, fixed, reproduced, planted, settings } = found;
        assert!(!fixed.is_empty(), "{path:?} does not say which commit fixed it");
        assert!(!reproduced.is_empty(), "{path:?} does not say how it was seen without the fix");
        if let Some(mistake) = planted {
            let shown = check_with(Settings { mutant: Some(mistake), ..settings.clone() });
            assert!(shown.is_err(), "{path:?} does not show {mistake:?} any more");
        }
        check_with(settings).unwrap_or_else(|error| panic!("{path:?}: again: {what}: {error}"));
    }
}

#[test]
fn a_run_in_which_nothing_goes_wrong_proves_nothing() {
    let outcome = check_with(Settings::undisturbed("tumble")).unwrap();
    assert!(outcome.commits > 0);
    assert_eq!(something_happened(&outcome).unwrap_err(), format!("0 deaths, 0 faults, {} commits", outcome.commits));
}

#[test]
fn undisturbed_answers_are_not_empty() {
    assert!(UNDISTURBED.values().all(|rows| rows.len() > 9));
}

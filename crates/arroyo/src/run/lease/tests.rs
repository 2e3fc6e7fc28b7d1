use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use arroyo_state::{FinishedCheckpoint, Manifests, StateError, next_manifest};
use arroyo_storage::testing::{AzureServer, Faults, GcsServer, Operation, S3Server, When, with_faults};
use arroyo_types::{Epoch, EventTime, JobId, ManualClock, SystemClock};

use super::*;

const TTL: Duration = Duration::from_secs(15);
const TERMS: Terms = Terms { ttl: TTL, take_over: false, locked: false };
const TAKING_OVER: Terms = Terms { take_over: true, ..TERMS };

fn storage(name: &str) -> Storage {
    Storage::open(&format!("memory://lease-{name}")).unwrap()
}

fn clock() -> (ManualClock, Arc<dyn Clock>) {
    let clock = ManualClock::new(EventTime::from_nanos(1_700_000_000_000_000_000));
    (clock.clone(), Arc::new(clock))
}

#[tokio::test]
async fn a_holder_is_named_and_a_released_lease_is_free() {
    let (storage, (_, clock)) = (storage("named"), clock());
    let first = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    let refused = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap_err().to_string();
    let own = format!("in use by process {} on ", std::process::id());
    for part in
        [own.as_str(), "since 2023-11-14 22:13:20 UTC", "ends 16 s from now", "--take-over", "memory://lease-named"]
    {
        assert!(refused.contains(part), "`{part}` is missing: {refused}");
    }
    first.release(true).await;
    let second = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    assert_eq!((first.first_generation(), second.first_generation()), (Generation(0), Generation(0)));
    assert!(first.is_fresh() && !second.is_fresh());
    second.release(false).await;
    let third = Lease::acquire(storage, TERMS, clock).await.unwrap();
    assert_eq!(third.first_generation(), Generation(1 << 20), "what the second one knew was not stored");
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_its_holder_notices() {
    let (storage, (manual, clock)) = (storage("expired"), clock());
    let first = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    manual.advance_nanos(14_000_000_000);
    first.write(|record, clock| record.renewed(clock)).await.unwrap();
    manual.advance_nanos(14_000_000_000);
    assert!(Lease::acquire(storage.clone(), TERMS, clock.clone()).await.is_err(), "it was renewed");
    first.check().await.unwrap();
    manual.advance_nanos(2_000_000_000);
    let second = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    assert_eq!(second.first_generation(), Generation(1 << 20));
    assert!(!first.is_lost(), "nobody told it");
    let Err(FenceError::Lost(reason)) = first.check().await else { panic!("it is lost") };
    assert!(reason.contains("was taken over by process"), "{reason}");
    assert!(first.is_lost() && first.lost().await == reason);
    first.release(true).await;
    second.check().await.unwrap();
}

#[tokio::test]
async fn a_holder_whose_clock_is_ahead_is_told_and_its_lease_ends() {
    let (storage, (_, ahead), (manual, clock)) = (storage("ahead"), clock(), clock());
    Lease::acquire(storage.clone(), TERMS, ahead).await.unwrap();
    manual.advance_nanos(-100_000_000_000);
    for (part, passes) in [("100 s from now: the clocks", 0), ("ends 116 s from now", 0), ("ends 6 s from now", 110)] {
        manual.advance_nanos(passes * 1_000_000_000);
        let refused = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap_err().to_string();
        assert!(refused.contains(part) && refused.contains("--take-over"), "`{part}` is missing: {refused}");
    }
    manual.advance_nanos(5_000_000_000);
    Lease::acquire(storage, TERMS, clock).await.unwrap();
}

#[tokio::test]
async fn a_lease_is_taken_over_from_a_living_holder_whose_renewal_fails() {
    let (storage, (_, clock)) = (storage("forced"), clock());
    let first = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    let second = Lease::acquire(storage.clone(), TAKING_OVER, clock.clone()).await.unwrap();
    assert!(first.write(|record, clock| record.renewed(clock)).await.is_err());
    assert!(first.is_lost() && !second.is_lost());
    second.write(|record, clock| record.renewed(clock)).await.unwrap();
}

#[tokio::test]
async fn the_lock_of_a_directory_proves_that_the_holder_has_ended() {
    let (storage, (_, clock)) = (storage("locked"), clock());
    let locked = Terms { locked: true, ..TERMS };
    Lease::acquire(storage.clone(), locked, clock.clone()).await.unwrap();
    let second = Lease::acquire(storage, locked, clock).await.unwrap();
    assert_eq!(second.first_generation(), Generation(0));
}

#[tokio::test]
async fn a_process_that_is_gone_holds_nothing() {
    let (storage, (_, clock)) = (storage("gone"), clock());
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let gone = Record { pid: child.id(), ..Record::new(3, TTL, clock.as_ref()) };
    child.wait().unwrap();
    create(&storage, &gone).await.unwrap().unwrap();
    let lease = Lease::acquire(storage.clone(), TERMS, clock.clone()).await.unwrap();
    assert_eq!(lease.first_generation(), Generation(4 << 20));
    // In another container the number says nothing.
    lease.release(true).await;
    let elsewhere = Record { processes: "pid:[1]".to_string(), ..gone };
    let (_, version) = read(&storage).await.unwrap().unwrap();
    replace(&storage, &elsewhere, &version).await.unwrap().unwrap();
    assert!(Lease::acquire(storage, TERMS, clock).await.is_err());
}

#[tokio::test]
async fn lost_answers_do_not_lose_the_lease() {
    let (plain, (_, clock)) = (storage("answers"), clock());
    let (storage, control) = with_faults(&plain, Faults::none());
    let lease = Lease::acquire(storage, TERMS, clock).await.unwrap();
    control.fail_nth(Operation::Put, 1, When::After);
    assert!(lease.write(|record, clock| record.renewed(clock)).await.is_err());
    assert!(!lease.is_lost());
    lease.write(|record, clock| record.renewed(clock)).await.unwrap();
    control.fail_nth(Operation::Get, 1, When::Before);
    assert!(matches!(lease.check().await, Err(FenceError::Unknown(_))));
    lease.check().await.unwrap();
}

#[tokio::test]
async fn a_damaged_lease_says_what_to_do() {
    let (storage, (_, clock)) = (storage("damaged"), clock());
    storage.put(LEASE_FILE, "{".into()).await.unwrap();
    let error = format!("{:#}", Lease::acquire(storage, TERMS, clock).await.unwrap_err());
    assert!(error.contains("lease.json cannot be read; if nobody runs"), "{error}");
}

/// Two runners that insist on one directory, each publishing checkpoints until it has lost it.
///
/// Whatever they do, each epoch is published once. If they do not `ask`, each is as one that was held up for long between asking
/// and publishing.
async fn race(storage: Storage, ask: bool) -> Raced {
    let commits: Mutex<BTreeMap<Epoch, Vec<Generation>>> = Mutex::default();
    let fenced = AtomicU64::new(0);
    let published = AtomicU64::new(0);
    let runner = || async {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let lease = Lease::acquire(storage.clone(), TAKING_OVER, clock).await.unwrap();
        let generation = lease.first_generation();
        let manifests = Manifests::new(storage.child("job").unwrap());
        let mut last = manifests.latest().await.unwrap();
        // The first one to be sure of its directory goes on until the race is over.
        while published.load(Ordering::SeqCst) < 4 {
            if ask && lease.check().await.is_err() {
                return;
            }
            let epoch = last.as_ref().map_or(Epoch(1), |last| last.epoch.next());
            let finished = FinishedCheckpoint {
                job: JobId::from("job"),
                epoch,
                generation,
                created_at_micros: 0,
                fingerprint: String::new(),
                stopping: false,
                operators: Vec::new(),
            };
            let manifest = next_manifest(last.as_ref(), finished, &[]).unwrap();
            match manifests.publish(&manifest).await {
                Ok(()) => {
                    commits.lock().unwrap().entry(epoch).or_default().push(generation);
                    published.fetch_add(1, Ordering::SeqCst);
                    last = Some(manifest);
                }
                // The other one was faster: only a restart from its checkpoint helps.
                Err(StateError::Fenced { .. }) => {
                    fenced.fetch_add(1, Ordering::SeqCst);
                    last = manifests.latest().await.unwrap();
                }
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::join!(runner(), runner());
    let commits = commits.lock().unwrap();
    for (epoch, owners) in commits.iter() {
        assert_eq!(owners.len(), 1, "epoch {epoch} was committed by {owners:?}");
    }
    let owners: BTreeSet<&Generation> = commits.values().flatten().collect();
    Raced { both: owners.len() > 1, fenced: fenced.into_inner() > 0 }
}

/// What happened in a race.
struct Raced {
    /// Both runners published something.
    both: bool,
    /// One was kept from it.
    fenced: bool,
}

/// Races in which one runner does everything say nothing.
fn both_took_part(raced: &[Raced]) {
    let (both, fenced) =
        (raced.iter().filter(|race| race.both).count(), raced.iter().filter(|race| race.fenced).count());
    assert!(both > 0 && fenced > 0, "of {} races both published in {both}, one was fenced in {fenced}", raced.len());
}

#[tokio::test]
async fn of_two_runners_one_commits_each_epoch_locally() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().display().to_string()).unwrap();
    let mut raced = Vec::new();
    for round in 0..50 {
        raced.push(race(storage.child(&format!("round-{round}")).unwrap(), round % 2 == 0).await);
    }
    both_took_part(&raced);
}

#[tokio::test]
async fn of_two_runners_one_commits_each_epoch_on_s3() {
    let server = S3Server::shared().unwrap();
    races_at_once(Storage::open_with(&server.url("races"), &server.settings()).unwrap(), 50).await;
}

#[tokio::test]
async fn of_two_runners_one_commits_each_epoch_on_azure() {
    let server = AzureServer::shared().unwrap();
    races_at_once(Storage::open_with(&server.url("races"), &server.settings()).unwrap(), 10).await;
}

#[tokio::test]
async fn of_two_runners_one_commits_each_epoch_on_google_cloud_storage() {
    let server = GcsServer::shared().unwrap();
    races_at_once(Storage::open_with(&server.url("races"), &server.settings()).unwrap(), 10).await;
}

async fn races_at_once(storage: Storage, rounds: usize) {
    let rounds = (0..rounds).map(|round| race(storage.child(&format!("round-{round}")).unwrap(), round % 2 == 0));
    both_took_part(&futures::future::join_all(rounds).await);
}

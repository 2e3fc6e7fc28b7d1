//! Directories that the first release has written are read and gone on with, and what a later release may write is not misread:
//! the golden files beside this test, for claims, savepoints and the files of tables (those of manifests are in `format.rs`).
//!
//! | | this reader | reader of the first release |
//! |---|---|---|
//! | golden data | read and written as ever (Parquet: with the same rows) | by definition |
//! | data of a later version | refused by name, nothing is collected | the same code |
//! | a claim with more in it | still a claim | the same code |

use std::path::Path;

use arroyo_runtime::Failpoints;
use arroyo_state::protocol::Publication;
use arroyo_state::{Manifest, Manifests, Savepoints, StateError, collect_garbage};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation};

use crate::program::{Job, rows_of};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(format!("{GOLDEN}/{name}")).unwrap()
}

/// A directory as generation 2 of the first release left it: epoch 7 is a checkpoint and a savepoint, slot 8 a claim.
async fn directory(name: &str) -> Storage {
    let storage = Storage::open(&format!("memory://golden-{name}")).unwrap();
    storage.put("manifests/7.json", golden("manifest-v1.json").into()).await.unwrap();
    storage.put("manifests/8.json", golden("claim-v1.json").into()).await.unwrap();
    storage.put("savepoints/7.json", golden("savepoint-v1.json").into()).await.unwrap();
    storage
}

/// What is written is what the golden file holds.
async fn written_as_ever(storage: &Storage, path: &str, name: &str) {
    let written = storage.get(path).await.unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(format!("{GOLDEN}/{name}"), &written).unwrap();
    }
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&golden(name)));
}

#[tokio::test]
async fn a_golden_claim_is_respected() {
    let storage = directory("claim").await;
    let manifests = Manifests::new(storage.clone());
    assert_eq!(manifests.list().await.unwrap(), [Epoch(7)]);
    // The claim keeps the start before it from publishing.
    let late = Manifest { epoch: Epoch(8), generation: Generation(1), ..manifests.read(Epoch(7)).await.unwrap() };
    let mut publication = Publication::new(Generation(1), late.epoch, Epoch(7));
    let error = manifests.go_on_publishing(&mut publication, &late).await.unwrap_err();
    assert!(matches!(error, StateError::Fenced { by: Generation(2), .. }), "{error}");
    let resumed = manifests.take_over(Generation(3), None).await.unwrap();
    assert_eq!((resumed.sealed, resumed.manifest.map(|manifest| manifest.epoch)), (Epoch(9), Some(Epoch(7))));
}

#[tokio::test]
async fn claims_are_written_as_ever() {
    let storage = directory("written-claim").await;
    storage.delete("manifests/8.json").await.unwrap();
    Manifests::new(storage.clone()).take_over(Generation(2), None).await.unwrap();
    written_as_ever(&storage, "manifests/8.json", "claim-v1.json").await;
}

#[tokio::test]
async fn a_claim_with_more_in_it_is_still_a_claim() {
    let storage = directory("later-claim").await;
    let later = r#"{"claimed_by_generation":9,"release":"2.0"}"#;
    storage.put("manifests/8.json", later.into()).await.unwrap();
    let manifests = Manifests::new(storage);
    assert_eq!(manifests.list().await.unwrap(), [Epoch(7)]);
    let error = manifests.take_over(Generation(3), None).await.unwrap_err();
    assert!(matches!(error, StateError::Fenced { by: Generation(9), .. }), "{error}");
}

#[tokio::test]
async fn a_golden_savepoint_is_read_and_written_as_ever() {
    let storage = directory("savepoint").await;
    let savepoints = Savepoints::new(storage.clone());
    assert_eq!(savepoints.list().await.unwrap(), [Epoch(7)]);
    assert_eq!(savepoints.read(Epoch(7)).await.unwrap(), Manifests::new(storage.clone()).read(Epoch(7)).await.unwrap());
    assert!(savepoints.release(Epoch(7)).await.unwrap());
    savepoints.keep(Epoch(7)).await.unwrap();
    written_as_ever(&storage, "savepoints/7.json", "savepoint-v1.json").await;
}

#[tokio::test]
async fn a_savepoint_of_a_later_release_is_refused_by_name_and_nothing_is_collected() {
    let storage = directory("later-savepoint").await;
    let later = String::from_utf8(golden("savepoint-v1.json")).unwrap().replacen("\"version\":1", "\"version\":2", 1);
    storage.put("savepoints/7.json", later.into()).await.unwrap();
    let file = "checkpoints/6-2/window/panes/0.parquet";
    storage.put(file, "rows".into()).await.unwrap();
    let savepoints = Savepoints::new(storage.clone());
    for error in [
        savepoints.read(Epoch(7)).await.unwrap_err(),
        collect_garbage(&storage, 1, &Failpoints::default()).await.unwrap_err(),
    ] {
        assert!(matches!(error, StateError::UnknownVersion { found: 2, .. }), "{error}");
        assert!(error.to_string().contains("savepoints/7.json has format version 2"), "{error}");
    }
    assert!(storage.head(file).await.unwrap().is_some());
}

/// Two checkpoints at parallelism 2 with rows in a table of each kind: put, put again, deleted, expired.
async fn fill(job: &mut Job) {
    for key in 0..40 {
        job.put(key, &format!("first {key}"));
        job.append(key, 1_000 + key, &format!("row {key}"));
    }
    job.set_offset(0, &[("file-a".to_string(), "17".to_string())]);
    job.set_offset(1, &[("file-b".to_string(), "\u{e9}".to_string())]);
    job.checkpoint(&[]).await;
    for key in 0..20 {
        job.put(key, &format!("second {key}"));
        job.delete(39 - key / 2);
    }
    job.expire(0, 1_010);
    job.expire(1, 1_010);
    job.checkpoint(&[]).await;
}

type Content = (Vec<(i64, String)>, Vec<(i64, String)>, Vec<(String, String)>);

/// What is restored of all tables, in order.
async fn restored(job: &Job, parallelism: u32) -> Content {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (mut latest, mut rows, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
    for mut state in job.restore(parallelism).await.unwrap() {
        latest.extend(rows_of(&state.take_restored("latest")));
        rows.extend(rows_of(&state.take_restored("rows")));
        offsets.extend(state.global("offsets").map(|(key, value)| (text(key), text(value))));
    }
    latest.sort();
    rows.sort();
    offsets.sort();
    // Every subtask has all rows of a global table.
    offsets.dedup();
    (latest, rows, offsets)
}

/// Everything that lies in a directory, by its path.
fn files(directory: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => files(&entry.path(), &format!("{path}/"), found),
            false => found.push((path, std::fs::read(entry.path()).unwrap())),
        }
    }
}

#[tokio::test]
async fn the_files_of_a_golden_job_are_restored_and_gone_on_with_at_every_parallelism() {
    let directory = format!("{GOLDEN}/job-v1");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fill(&mut Job::start(Storage::open(&directory).unwrap(), 2).await).await;
    }
    let mut golden = Vec::new();
    files(Path::new(&directory), "", &mut golden);
    assert!(golden.iter().filter(|(path, _)| path.ends_with(".parquet")).count() >= 8);
    let mut today = Job::start(Storage::open("memory://golden-job-today").unwrap(), 2).await;
    fill(&mut today).await;
    let expected = restored(&today, 1).await;
    assert_eq!((expected.0.len(), expected.1.len(), expected.2.len()), (30, 30, 2));
    for parallelism in 1..=3 {
        let storage = Storage::open(&format!("memory://golden-job-{parallelism}")).unwrap();
        for (path, bytes) in &golden {
            storage.put(path, bytes.clone().into()).await.unwrap();
        }
        let mut job = Job::start(storage, parallelism).await;
        assert_eq!(restored(&job, parallelism).await, expected, "at parallelism {parallelism}");
        job.put(7, "third");
        job.checkpoint(&[]).await;
        let seventh = restored(&job, 2).await.0.into_iter().find(|(key, _)| *key == 7);
        assert_eq!(seventh, Some((7, "third".to_string())));
    }
}

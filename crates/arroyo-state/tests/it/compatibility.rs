//! Directories that the first release has written are read and gone on with, and what a later release may write is not misread:
//! the golden files beside this test, for claims and savepoints (those of manifests are in `format.rs`).
//!
//! | | this reader | reader of the first release |
//! |---|---|---|
//! | golden data | read and written as ever | by definition |
//! | data of a later version | refused by name, nothing is collected | the same code |
//! | a claim with more in it | still a claim | the same code |

use arroyo_state::protocol::Publication;
use arroyo_state::{Manifest, Manifests, Savepoints, StateError, collect_garbage};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, Generation};

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
    for error in [savepoints.read(Epoch(7)).await.unwrap_err(), collect_garbage(&storage, 1).await.unwrap_err()] {
        assert!(matches!(error, StateError::UnknownVersion { found: 2, .. }), "{error}");
        assert!(error.to_string().contains("savepoints/7.json has format version 2"), "{error}");
    }
    assert!(storage.head(file).await.unwrap().is_some());
}

//! Owners that take a job over from one another, on a storage.

use arroyo_runtime::Failpoints;
use arroyo_state::protocol::Publication;
use arroyo_state::{Manifest, Manifests, Resumption, StateError, collect_garbage};
use arroyo_storage::Storage;
use arroyo_storage::testing::{Faults, Operation, When, with_faults};
use arroyo_types::{Epoch, ErrorKind, Generation};

use crate::program::Job;

/// A job with a manifest of epoch 1 by generation 1.
async fn job(name: &str) -> (Storage, Manifest) {
    let storage = Storage::open(&format!("memory://{name}")).unwrap();
    let mut job = Job::start(storage.clone(), 1).await;
    job.put(1, "a");
    let manifest = job.checkpoint(&[]).await;
    (storage, manifest)
}

#[tokio::test]
async fn the_first_start_claims_nothing() {
    let manifests = Manifests::new(Storage::open("memory://first-start").unwrap());
    let resumed = manifests.take_over(Generation(1), None).await.unwrap();
    assert_eq!(resumed, Resumption { sealed: Epoch(0), manifest: None });
    assert_eq!(manifests.list().await.unwrap(), []);
}

#[tokio::test]
async fn an_owner_that_was_replaced_publishes_nothing_more() {
    let (storage, first) = job("replaced").await;
    let manifests = Manifests::new(storage);
    let resumed = manifests.take_over(Generation(2), None).await.unwrap();
    assert_eq!(resumed, Resumption { sealed: Epoch(2), manifest: Some(first.clone()) });
    // A claim is no checkpoint.
    assert_eq!(manifests.list().await.unwrap(), [Epoch(1)]);
    let unknown = manifests.read(Epoch(2)).await.unwrap_err().to_string();
    assert!(unknown.contains("there is no checkpoint of epoch 2"), "{unknown}");
    for epoch in [2, 3, 4] {
        // Whether it has given epochs up meanwhile or not.
        let late = Manifest { epoch: Epoch(epoch), ..first.clone() };
        let mut publication = Publication::new(Generation(1), late.epoch, Epoch(1));
        let error = manifests.go_on_publishing(&mut publication, &late).await.unwrap_err();
        assert!(matches!(error, StateError::Fenced { by: Generation(2), .. }), "{error}");
    }
    assert_eq!(manifests.latest().await.unwrap(), Some(first));
}

#[tokio::test]
async fn skipped_epochs_can_never_be_published() {
    let (storage, first) = job("skipped").await;
    let manifests = Manifests::new(storage);
    let third = Manifest { epoch: Epoch(4), ..first.clone() };
    let mut publication = Publication::new(Generation(1), third.epoch, Epoch(1));
    manifests.go_on_publishing(&mut publication, &third).await.unwrap();
    for epoch in [2, 3] {
        let skipped = Manifest { epoch: Epoch(epoch), ..first.clone() };
        assert_eq!(manifests.publish(&skipped).await.unwrap_err().kind(), ErrorKind::Fenced);
    }
    assert_eq!(manifests.list().await.unwrap(), [Epoch(1), Epoch(4)]);
}

#[tokio::test]
async fn a_slot_that_was_collected_is_not_published_again() {
    let (storage, first) = job("collected-slot").await;
    let manifests = Manifests::new(storage.clone());
    manifests.take_over(Generation(2), None).await.unwrap();
    manifests.publish(&Manifest { epoch: Epoch(3), generation: Generation(2), ..first.clone() }).await.unwrap();
    collect_garbage(&storage, 1, &Failpoints::default()).await.unwrap();
    assert_eq!(storage.list("manifests").await.unwrap().len(), 1);
    let late = Manifest { epoch: Epoch(2), ..first };
    let error = manifests.publish(&late).await.unwrap_err();
    assert!(matches!(error, StateError::Fenced { by: Generation(2), .. }), "{error}");
}

#[tokio::test]
async fn lost_answers_of_a_takeover_are_made_up_for() {
    let (plain, first) = job("lost-claim").await;
    let (storage, control) = with_faults(&plain, Faults::none());
    let manifests = Manifests::new(storage);
    control.fail_nth(Operation::Put, 1, When::After);
    assert_eq!(manifests.take_over(Generation(2), None).await.unwrap_err().kind(), ErrorKind::Retry);
    // The claim is there; the next start claims the slot behind it.
    let resumed = manifests.take_over(Generation(3), None).await.unwrap();
    assert_eq!(resumed, Resumption { sealed: Epoch(3), manifest: Some(first.clone()) });
    let late = Manifest { epoch: Epoch(4), generation: Generation(2), ..first };
    let mut publication = Publication::new(Generation(2), late.epoch, Epoch(2));
    assert_eq!(manifests.go_on_publishing(&mut publication, &late).await.unwrap_err().kind(), ErrorKind::Fenced);
}

#[tokio::test]
async fn a_lower_generation_is_told_of_the_higher_one() {
    let (storage, _) = job("overtaken").await;
    let manifests = Manifests::new(storage);
    manifests.take_over(Generation(7), None).await.unwrap();
    let error = manifests.take_over(Generation(2), None).await.unwrap_err();
    assert!(matches!(error, StateError::Fenced { by: Generation(7), generation: Generation(2), .. }), "{error}");
}

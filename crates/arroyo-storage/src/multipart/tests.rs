//! What uploads in parts must do on every kind of storage.

use super::*;
use crate::testing::{Faults, Operation, When, with_faults};

const OWNER: &str = "job/sink";

/// A part of the least length that the storage takes, of one repeated byte.
fn block(storage: &Storage, byte: u8) -> Bytes {
    vec![byte; usize::try_from(storage.min_part_bytes().max(3)).unwrap()].into()
}

async fn visible(storage: &Storage) -> Vec<String> {
    let infos = storage.list("").await.unwrap();
    infos.into_iter().map(|info| info.path).filter(|path| !path.starts_with(IN_PROGRESS)).collect()
}

async fn records(storage: &Storage) -> usize {
    storage.list(IN_PROGRESS).await.unwrap().len()
}

async fn conforms(storage: Storage) {
    an_upload_passes_through_processes(&storage).await;
    what_a_process_wrote_after_the_checkpoint_does_not_count(&storage).await;
    leftovers_go_and_nothing_else(&storage).await;
    what_was_moved_away_is_no_error(&storage).await;
    a_lost_answer_is_asked_for_again(&storage).await;
    assert_eq!(records(&storage).await, 0, "nothing is left in progress");
}

async fn an_upload_passes_through_processes(storage: &Storage) {
    let upload = storage.begin_multipart("day=1/a", OWNER, 1, "u1").await.unwrap();
    let first = storage.put_part(&upload, &[], block(storage, b'a')).await.unwrap();
    let stored = serde_json::to_string(&(&upload, &first)).unwrap();

    let (upload, first): (Multipart, Part) = serde_json::from_str(&stored).unwrap();
    let upload = storage.take_over_multipart(upload, 2).await.unwrap();
    let second = storage.put_part(&upload, std::slice::from_ref(&first), "end".into()).await.unwrap();
    assert!(visible(storage).await.is_empty(), "not visible before it is complete");
    let parts = [first, second];
    for _ in 0..2 {
        assert_eq!(storage.complete_multipart(&upload, &parts).await.unwrap(), Completion::Complete);
    }
    let mut expected = block(storage, b'a').to_vec();
    expected.extend_from_slice(b"end");
    assert_eq!(storage.get("day=1/a").await.unwrap(), expected);
    assert_eq!(total_bytes(&parts), expected.len() as u64);
    assert_eq!(visible(storage).await, ["day=1/a"]);
    storage.delete("day=1/a").await.unwrap();
}

async fn what_a_process_wrote_after_the_checkpoint_does_not_count(storage: &Storage) {
    let upload = storage.begin_multipart("b", OWNER, 1, "u2").await.unwrap();
    let first = storage.put_part(&upload, &[], block(storage, b'a')).await.unwrap();
    let lost = storage.put_part(&upload, std::slice::from_ref(&first), block(storage, b'x')).await.unwrap();
    storage.put_part(&upload, &[first.clone(), lost], block(storage, b'y')).await.unwrap();

    let upload = storage.take_over_multipart(upload, 2).await.unwrap();
    // Another start of which no checkpoint came.
    let upload = storage.take_over_multipart(Multipart { generation: 1, ..upload }, 3).await.unwrap();
    let last = storage.put_part(&upload, std::slice::from_ref(&first), "end".into()).await.unwrap();
    assert_eq!(storage.complete_multipart(&upload, &[first, last]).await.unwrap(), Completion::Complete);
    let content = storage.get("b").await.unwrap();
    assert_eq!(content.len(), block(storage, 0).len() + 3);
    assert!(content.ends_with(b"aend"));
    storage.delete("b").await.unwrap();
}

async fn leftovers_go_and_nothing_else(storage: &Storage) {
    let kept = storage.begin_multipart("kept", OWNER, 1, "kept").await.unwrap();
    let part = storage.put_part(&kept, &[], "kept".into()).await.unwrap();
    let left = storage.begin_multipart("left", OWNER, 1, "left").await.unwrap();
    storage.put_part(&left, &[], "left".into()).await.unwrap();
    storage.begin_multipart("mine", OWNER, 2, "mine").await.unwrap();
    let other = storage.begin_multipart("other", "job/sink2", 1, "other").await.unwrap();
    let keep = BTreeSet::from(["kept".to_string()]);
    assert_eq!(storage.abort_leftovers(OWNER, 2, &keep).await.unwrap(), 1);
    assert_eq!(records(storage).await, 3);
    let gone = storage.take_over_multipart(left, 2).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    assert_eq!(storage.complete_multipart(&kept, &[part]).await.unwrap(), Completion::Complete);
    storage.abort_multipart(&other).await.unwrap();
    storage.abort_multipart(&other).await.unwrap();
    assert_eq!(storage.abort_leftovers(OWNER, 3, &keep).await.unwrap(), 1);
    assert_eq!(visible(storage).await, ["kept"]);
    storage.delete("kept").await.unwrap();
}

async fn what_was_moved_away_is_no_error(storage: &Storage) {
    let upload = storage.begin_multipart("c", OWNER, 1, "u3").await.unwrap();
    let parts = [storage.put_part(&upload, &[], "c".into()).await.unwrap()];
    storage.complete_multipart(&upload, &parts).await.unwrap();
    storage.delete("c").await.unwrap();
    assert_eq!(storage.complete_multipart(&upload, &parts).await.unwrap(), Completion::Gone);
}

async fn a_lost_answer_is_asked_for_again(plain: &Storage) {
    let (storage, control) = with_faults(plain, Faults::none());
    let upload = storage.begin_multipart("d", OWNER, 1, "u4").await.unwrap();
    let parts = [storage.put_part(&upload, &[], "d".into()).await.unwrap()];
    for when in [When::Before, When::After] {
        control.fail_nth(Operation::Complete, 1, when);
        storage.complete_multipart(&upload, &parts).await.unwrap_err();
        assert_eq!(plain.head("d").await.unwrap().is_some(), when == When::After);
    }
    assert_eq!(storage.complete_multipart(&upload, &parts).await.unwrap(), Completion::Complete);
    plain.delete("d").await.unwrap();
}

#[tokio::test]
async fn memory_conforms() {
    conforms(Storage::open("memory://multipart/deep/er").unwrap()).await;
}

#[tokio::test]
async fn s3_conforms() {
    let server = crate::testing::S3Server::shared().unwrap();
    conforms(Storage::open_with(&server.url("multipart"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn azure_conforms() {
    let server = crate::testing::AzureServer::shared().unwrap();
    conforms(Storage::open_with(&server.url("multipart"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn google_cloud_storage_conforms() {
    let server = crate::testing::GcsServer::shared().unwrap();
    conforms(Storage::open_with(&server.url("multipart"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn a_directory_conforms() {
    let directory = tempfile::tempdir().unwrap();
    conforms(Storage::open(&directory.path().display().to_string()).unwrap()).await;
    assert!(!directory.path().join(IN_PROGRESS).exists());
}

#[tokio::test]
async fn a_process_that_was_replaced_cannot_write_to_a_directory_any_more() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().display().to_string()).unwrap();
    let old = storage.begin_multipart("a", OWNER, 1, "u").await.unwrap();
    let first = storage.put_part(&old, &[], "first".into()).await.unwrap();
    storage.take_over_multipart(old.clone(), 2).await.unwrap();
    let error = storage.put_part(&old, &[first], "second".into()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_file_of_somebody_else_is_not_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().display().to_string()).unwrap();
    let upload = storage.begin_multipart("a", OWNER, 1, "u").await.unwrap();
    let parts = [storage.put_part(&upload, &[], "ours".into()).await.unwrap()];
    std::fs::write(directory.path().join("a"), "theirs").unwrap();
    let error = storage.complete_multipart(&upload, &parts).await.unwrap_err();
    assert!(matches!(error, StorageError::AlreadyExists { .. }), "{error}");
    assert_eq!(storage.get("a").await.unwrap(), "theirs");
}

#[tokio::test]
async fn a_crash_between_link_and_removal_is_mended() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().display().to_string()).unwrap();
    let upload = storage.begin_multipart("a", OWNER, 1, "u").await.unwrap();
    let parts = [storage.put_part(&upload, &[], "ours".into()).await.unwrap()];
    std::fs::hard_link(directory.path().join(upload.record()), directory.path().join("a")).unwrap();
    assert_eq!(storage.complete_multipart(&upload, &parts).await.unwrap(), Completion::Complete);
    assert_eq!(storage.get("a").await.unwrap(), "ours");
    assert_eq!(records(&storage).await, 0);
}

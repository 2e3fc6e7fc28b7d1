//! What every kind of storage must do.

use futures::{StreamExt, TryStreamExt};

use super::*;
use crate::testing::{AzureServer, GcsServer, S3Server};

async fn conforms(storage: Storage) {
    assert!(storage.list("").await.unwrap().is_empty());
    assert!(storage.get("a/b").await.unwrap_err().is_not_found());
    assert!(storage.head("a").await.unwrap().is_none());
    storage.delete("a/b").await.unwrap();

    storage.put("a/b", "one".into()).await.unwrap();
    storage.put("a/b", "three".into()).await.unwrap();
    storage.put("ab", "x".into()).await.unwrap();
    assert_eq!(storage.get("a/b").await.unwrap(), "three");
    assert_eq!(storage.get_range("a/b", 1..3).await.unwrap(), "hr");
    assert!(matches!(storage.get_range("a/b", 3..9).await, Err(StorageError::OutOfRange { size: 5, .. })));
    assert_eq!(storage.head("a/b").await.unwrap().unwrap().size, 5);

    let paths = |infos: Vec<ObjectInfo>| infos.into_iter().map(|info| info.path).collect::<Vec<_>>();
    assert_eq!(paths(storage.list("").await.unwrap()), ["a/b", "ab"]);
    assert_eq!(paths(storage.list("a").await.unwrap()), ["a/b"], "prefixes are whole segments");
    let child = storage.child("a").unwrap();
    assert_eq!(paths(child.list("").await.unwrap()), ["b"]);
    assert_eq!(child.get("b").await.unwrap(), "three");

    assert!(storage.put_if_absent("c", "1".into()).await.unwrap());
    assert!(!storage.put_if_absent("c", "2".into()).await.unwrap());
    let (content, first) = storage.get_with_version("c").await.unwrap();
    assert_eq!(content, "1");
    let mut version = first.clone();
    for round in 0..20 {
        let next = storage.put_if_matches("c", round.to_string().into(), &version).await.unwrap();
        assert_ne!(next, version);
        assert_eq!(storage.head("c").await.unwrap().unwrap().version, next);
        version = next;
    }
    let stale = storage.put_if_matches("c", "late".into(), &first).await.unwrap_err();
    assert!(matches!(stale, StorageError::VersionMismatch { .. }), "{stale}");
    assert_eq!(stale.kind(), arroyo_types::ErrorKind::Fenced);
    assert_eq!(storage.get("c").await.unwrap(), "19");
    storage.delete("c").await.unwrap();
    assert!(matches!(
        storage.put_if_matches("c", "late".into(), &version).await,
        Err(StorageError::VersionMismatch { .. })
    ));

    let mut upload = storage.upload("d/e").await.unwrap();
    upload.write("first ".into()).await.unwrap();
    assert!(storage.head("d/e").await.unwrap().is_none(), "not visible before it is finished");
    upload.write("second".into()).await.unwrap();
    upload.finish().await.unwrap();
    assert_eq!(storage.get("d/e").await.unwrap(), "first second");
    let mut given_up = storage.upload("d/f").await.unwrap();
    given_up.write("x".into()).await.unwrap();
    given_up.abort().await.unwrap();
    assert!(storage.head("d/f").await.unwrap().is_none());

    of_writers_at_once_one_wins(&storage).await;

    for path in ["", "/etc/passwd", "../up", "a//b"] {
        assert!(matches!(storage.get(path).await, Err(StorageError::InvalidPath { .. })), "{path}");
    }
}

async fn of_writers_at_once_one_wins(storage: &Storage) {
    const WRITERS: usize = 6;
    let creators = (0..WRITERS).map(|writer| async move {
        // Told to try again by a service that cannot tell yet, it does.
        loop {
            match storage.put_if_absent("race/created", format!("{writer}").into()).await {
                Err(error) if error.kind() == arroyo_types::ErrorKind::Retry => tokio::task::yield_now().await,
                created => break created.unwrap(),
            }
        }
    });
    let created = futures::future::join_all(creators).await;
    let winner = created.iter().position(|created| *created).unwrap();
    assert_eq!(created.iter().filter(|created| **created).count(), 1, "{created:?}");
    let (content, version) = storage.get_with_version("race/created").await.unwrap();
    assert_eq!(content, winner.to_string());

    let writers = (0..WRITERS).map(|writer| {
        let content = format!("of writer {writer}");
        storage.put_if_matches("race/created", content.into(), &version)
    });
    let replaced = futures::future::join_all(writers).await;
    let winner = replaced.iter().position(Result::is_ok).unwrap();
    assert_eq!(replaced.iter().filter(|replaced| replaced.is_ok()).count(), 1, "{replaced:?}");
    assert_eq!(storage.get("race/created").await.unwrap(), format!("of writer {winner}"));
}

#[tokio::test]
async fn s3_conforms() {
    let server = S3Server::shared().unwrap();
    conforms(Storage::open_with(&server.url("conforms/deep"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn azure_conforms() {
    let server = AzureServer::shared().unwrap();
    conforms(Storage::open_with(&server.url("conforms/deep"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn google_cloud_storage_conforms() {
    let server = GcsServer::shared().unwrap();
    conforms(Storage::open_with(&server.url("conforms/deep"), &server.settings()).unwrap()).await;
}

#[tokio::test]
async fn google_cloud_storage_names_missing_buckets() {
    let server = GcsServer::shared().unwrap();
    let storage = Storage::open_with("gs://nowhere/k", &server.settings()).unwrap();
    for missing in [storage.put("a", "1".into()).await.unwrap_err(), storage.get("a").await.unwrap_err()] {
        let message = missing.to_string();
        assert!(message.contains("there is no Google Cloud Storage bucket `nowhere`"), "{message}");
        assert!(!missing.is_not_found(), "{message}");
    }
}

/// More than a page of it.
#[tokio::test]
async fn google_cloud_storage_lists_all_there_is() {
    let server = GcsServer::shared().unwrap();
    let storage = Storage::open_with(&server.url("pages"), &server.settings()).unwrap();
    let storage = &storage;
    let put = |number: u32| async move { storage.put_if_absent(&format!("{number:04}"), "x".into()).await };
    let puts: Vec<_> = futures::stream::iter(0..1001).map(put).buffer_unordered(8).try_collect().await.unwrap();
    assert!(puts.len() == 1001 && puts.into_iter().all(|created| created));
    let listed: Vec<String> = storage.list("").await.unwrap().into_iter().map(|info| info.path).collect();
    assert_eq!(listed, (0..1001).map(|number| format!("{number:04}")).collect::<Vec<_>>());
}

/// With `wrong` (in base64: `d3Jvbmc=`) as the secret.
async fn says_why_it_is_refused(storage: &Storage, parts: &[&str]) {
    for refused in [storage.get("a").await.unwrap_err(), storage.put("a", "1".into()).await.unwrap_err()] {
        let message = refused.to_string();
        for part in parts {
            assert!(message.contains(part), "`{part}` is missing: {message}");
        }
        assert!(!message.contains("wrong") && !message.contains("d3Jvbmc"), "{message}");
    }
}

#[tokio::test]
async fn azure_names_refused_credentials_and_missing_containers() {
    let server = AzureServer::shared().unwrap();
    let url = server.url("k");
    let mut settings = server.settings();
    settings.insert("azure_storage_account_key".into(), "d3Jvbmc=".into());
    let storage = Storage::open_with(&url, &settings).unwrap();
    let container = format!("bucket `{}`", server.container());
    says_why_it_is_refused(&storage, &[&url, &container, "AuthorizationFailure", "AZURE_STORAGE_ACCOUNT_KEY"]).await;

    let elsewhere = url.replace(&format!("{}@", server.container()), "nowhere@");
    let storage = Storage::open_with(&elsewhere, &server.settings()).unwrap();
    let missing = storage.put("a", "1".into()).await.unwrap_err();
    assert!(missing.to_string().contains("there is no Azure bucket `nowhere`"), "{missing}");
    let missing = storage.get("a").await.unwrap_err();
    assert!(!missing.is_not_found(), "{missing}");
}

#[tokio::test]
async fn refused_credentials_and_missing_buckets_are_named() {
    let server = S3Server::shared().unwrap();
    let url = server.url("k");
    let mut settings = server.settings();
    settings.insert("aws_secret_access_key".into(), "wrong".into());
    let storage = Storage::open_with(&url, &settings).unwrap();
    let bucket = format!("bucket `{}`", server.bucket());
    says_why_it_is_refused(&storage, &[&url, &bucket, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"]).await;

    let elsewhere = url.replace(server.bucket(), "nowhere");
    let storage = Storage::open_with(&elsewhere, &server.settings()).unwrap();
    let missing = storage.put("a", "1".into()).await.unwrap_err();
    assert!(missing.to_string().contains("there is no S3 bucket `nowhere`"), "{missing}");
    let missing = storage.get("a").await.unwrap_err();
    assert!(!missing.is_not_found(), "{missing}");
}

#[tokio::test]
async fn memory_conforms() {
    conforms(Storage::open("memory://conforms").unwrap()).await;
}

#[tokio::test]
async fn a_directory_conforms() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file://{}/new/deep", directory.path().display());
    conforms(Storage::open(&url).unwrap()).await;
}

#[tokio::test]
async fn a_part_of_memory_conforms() {
    conforms(Storage::open("memory://parts/x/y").unwrap()).await;
}

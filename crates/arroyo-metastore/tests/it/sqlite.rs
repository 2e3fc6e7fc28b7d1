//! SQLite: in memory, in a file, and what only a file can do.

use arroyo_metastore::{Metastore, MetastoreError, SqliteMetastore};

use crate::records::{page, pipeline};

mod in_memory {
    use super::SqliteMetastore;

    async fn new(_: &str) -> (SqliteMetastore, ()) {
        (SqliteMetastore::in_memory().await.unwrap(), ())
    }

    crate::conformance::conformance!(new);
}

mod in_a_file {
    use super::SqliteMetastore;

    async fn new(_: &str) -> (SqliteMetastore, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        (SqliteMetastore::open(dir.path().join("state.sqlite")).await.unwrap(), dir)
    }

    crate::conformance::conformance!(new);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_ended_without_closing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.sqlite");
    let store = SqliteMetastore::open(&path).await.unwrap();
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    let id = store.cluster_id().await.unwrap();
    // What a killed process leaves: the files as they are now, log included.
    let killed = tempfile::tempdir().unwrap();
    for file in ["state.sqlite", "state.sqlite-wal"] {
        std::fs::copy(dir.path().join(file), killed.path().join(file)).unwrap();
    }
    let reopened = SqliteMetastore::open(killed.path().join("state.sqlite")).await.unwrap();
    assert_eq!(reopened.pipeline(&stored.id).await.unwrap(), stored);
    assert_eq!(reopened.cluster_id().await.unwrap(), id);
    reopened.integrity_check().await.unwrap();
}

#[tokio::test]
async fn a_backup_is_complete_while_the_database_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteMetastore::open(dir.path().join("state.sqlite")).await.unwrap();
    let (first, job) = pipeline("first", 1);
    store.create_pipeline(&first, &job).await.unwrap();
    let copy = dir.path().join("copy.sqlite");
    let (second, second_job) = pipeline("second", 2);
    let (backup, written) = tokio::join!(store.backup_to(&copy), store.create_pipeline(&second, &second_job));
    backup.unwrap();
    written.unwrap();
    let restored = SqliteMetastore::open(&copy).await.unwrap();
    restored.integrity_check().await.unwrap();
    assert_eq!(restored.pipeline(&first.id).await.unwrap(), first);
    let error = store.backup_to(&copy).await.unwrap_err();
    assert!(error.to_string().contains("no backup could be written to"), "{error}");
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteMetastore::open(dir.path().join("state.sqlite")).await.unwrap();
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    assert_eq!(store.pipelines(&page(None, 10)).await.unwrap().data.len(), 1);
    store.close().await;
    let files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["state.sqlite"]);
}

#[tokio::test]
async fn damage_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.sqlite");
    let store = SqliteMetastore::open(&path).await.unwrap();
    for i in 0..50 {
        let (stored, job) = pipeline(&format!("p{i}"), i);
        store.create_pipeline(&stored, &job).await.unwrap();
    }
    store.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let checked = match SqliteMetastore::open(&path).await {
        Ok(store) => store.integrity_check().await,
        Err(error) => Err(error),
    };
    let error = checked.unwrap_err();
    assert!(matches!(error, MetastoreError::Corrupt { .. } | MetastoreError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_path_that_cannot_be_made_is_named() {
    let error = SqliteMetastore::open("/dev/null/state.sqlite").await.unwrap_err();
    assert!(error.to_string().starts_with("the metadata database /dev/null/state.sqlite cannot be used: "), "{error}");
}

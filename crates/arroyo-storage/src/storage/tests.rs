//! What every kind of storage must do.

use super::*;

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

    for path in ["", "/etc/passwd", "../up", "a//b"] {
        assert!(matches!(storage.get(path).await, Err(StorageError::InvalidPath { .. })), "{path}");
    }
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

use super::*;
use crate::Storage;

fn url(directory: &tempfile::TempDir) -> String {
    directory.path().display().to_string()
}

#[tokio::test]
async fn of_many_creators_one_wins() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&url(&directory)).unwrap();
    let puts = (0..16).map(|i| {
        let storage = storage.clone();
        async move { storage.put_if_absent("m/1.json", format!("creator {i}").into()).await.unwrap().then_some(i) }
    });
    let winners: Vec<i32> = futures::future::join_all(puts).await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let content = storage.get("m/1.json").await.unwrap();
    assert_eq!(content, format!("creator {}", winners[0]));
}

#[tokio::test]
async fn of_many_replacers_of_a_version_one_wins() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&url(&directory)).unwrap();
    let version = storage.put("lease", "0".into()).await.unwrap();
    let puts = (0..16).map(|i| {
        let (storage, version) = (storage.clone(), version.clone());
        async move { storage.put_if_matches("lease", format!("{i}").into(), &version).await.is_ok() }
    });
    let wins = futures::future::join_all(puts).await.into_iter().filter(|won| *won).count();
    assert_eq!(wins, 1);
}

#[tokio::test]
async fn opening_removes_what_a_crash_left_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let temporary = directory.path().join(TEMPORARY);
    fs::create_dir(&temporary).unwrap();
    fs::write(temporary.join("1-0"), "half").unwrap();
    let held = Temporary::create(directory.path()).unwrap();
    let storage = Storage::open(&url(&directory)).unwrap();
    assert!(!temporary.join("1-0").exists());
    assert!(held.path.exists(), "another writer holds it");
    assert!(storage.list("").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_put_survives_cleanup_under_it_and_empty_directories_go() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&url(&directory)).unwrap();
    fs::remove_dir_all(directory.path().join(TEMPORARY)).unwrap();
    storage.put("a/b/c", "x".into()).await.unwrap();
    storage.delete("a/b/c").await.unwrap();
    assert!(!directory.path().join("a").exists());
    assert!(directory.path().exists());
}

#[test]
fn what_cannot_be_a_directory_is_the_users_to_mend() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "x").unwrap();
    for path in [file.clone(), file.join("below")] {
        let error = Storage::open(&path.display().to_string()).unwrap_err();
        assert_eq!(error.kind(), arroyo_types::ErrorKind::User, "{error}");
        assert!(error.to_string().contains("is a file, not a directory"), "{error}");
    }
    let missing = Storage::open_existing(&directory.path().join("missing").display().to_string()).unwrap_err();
    assert!(missing.is_not_found());
}

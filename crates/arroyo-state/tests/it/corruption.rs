//! Damage is a clear error that names the file and the last good epoch, never a wrong answer.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use arroyo_state::{Manifests, OperatorState, StateError, TableSpec};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, ErrorKind};
use bytes::Bytes;

use crate::program::{Job, schema, specs, task};

async fn job_with_two_epochs(name: &str) -> Job {
    let mut job = Job::start(Storage::open(&format!("memory://{name}")).unwrap(), 1).await;
    job.put(1, "one");
    job.checkpoint(&[]).await;
    job.put(2, "two");
    job.checkpoint(&[]).await;
    job
}

async fn restore_error(job: &Job) -> StateError {
    let manifest = job.latest.as_ref().unwrap();
    OperatorState::restore(task(0, 1), specs(), manifest, &job.storage).await.unwrap_err()
}

/// Every way to damage `bytes` that a test has time for: cut short, and a bit flipped.
fn damaged(bytes: &Bytes) -> impl Iterator<Item = Bytes> {
    let cuts = [0, 1, bytes.len() / 2, bytes.len() - 1].map(|length| bytes.slice(..length));
    let flips = (0..bytes.len()).step_by(7).map(|position| {
        let mut flipped = bytes.to_vec();
        flipped[position] ^= 1;
        Bytes::from(flipped)
    });
    cuts.into_iter().chain(flips.collect::<Vec<_>>())
}

#[tokio::test]
async fn a_damaged_file_is_named_with_the_last_good_epoch() {
    let job = job_with_two_epochs("damaged-file").await;
    let path = "checkpoints/2-1/count-by-key/latest/0.parquet";
    let whole = job.storage.get(path).await.unwrap();
    for bytes in damaged(&whole) {
        job.storage.put(path, bytes).await.unwrap();
        let error = restore_error(&job).await;
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
        let message = error.to_string();
        assert!(message.contains(path), "{message}");
        assert!(message.ends_with("the last good checkpoint is epoch 1"), "{message}");
    }
    job.storage.delete(path).await.unwrap();
    let message = restore_error(&job).await.to_string();
    assert!(message.contains("it does not exist"), "{message}");
    job.storage.put(path, whole).await.unwrap();
    assert!(job.restore(1).await.is_ok());
}

#[tokio::test]
async fn a_damaged_manifest_is_named_with_the_last_good_epoch() {
    let job = job_with_two_epochs("damaged-manifest").await;
    let manifests = Manifests::new(job.storage.clone());
    let whole = job.storage.get("manifests/2.json").await.unwrap();
    for bytes in damaged(&whole) {
        job.storage.put("manifests/2.json", bytes.clone()).await.unwrap();
        match manifests.latest().await {
            Err(error @ StateError::CorruptManifest { .. }) => {
                let message = error.to_string();
                assert!(message.contains("manifests/2.json"), "{message}");
                assert!(message.ends_with("the last good checkpoint is epoch 1"), "{message}");
            }
            Err(StateError::UnknownVersion { .. }) => {}
            other => panic!("{other:?} of {}", String::from_utf8_lossy(&bytes)),
        }
    }
    assert!(manifests.read(Epoch(1)).await.is_ok());
}

#[tokio::test]
async fn a_manifest_under_another_name_is_refused() {
    let job = job_with_two_epochs("renamed-manifest").await;
    let first = job.storage.get("manifests/1.json").await.unwrap();
    job.storage.put("manifests/3.json", first).await.unwrap();
    let error = Manifests::new(job.storage.clone()).latest().await.unwrap_err().to_string();
    assert!(error.contains("it is the manifest of epoch 1") && error.contains("epoch 2"), "{error}");
}

#[tokio::test]
async fn another_schema_is_an_error_that_names_operator_and_table() {
    let job = job_with_two_epochs("other-schema").await;
    let other = Arc::new(Schema::new(vec![Field::new("key", DataType::Utf8, false)]));
    for spec in
        [TableSpec::keyed("latest", other, 1), TableSpec::keyed("latest", schema(), 2), TableSpec::global("latest")]
    {
        let restored = OperatorState::restore(task(0, 1), vec![spec], job.latest.as_ref().unwrap(), &job.storage).await;
        let error = restored.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::User);
        assert!(error.to_string().contains("table `latest` of operator `count-by-key`"), "{error}");
    }
}

#[test]
fn wrong_rows_and_wrong_tables_are_refused() {
    let mut state = OperatorState::empty(task(0, 1), specs());
    let (rows, hashes) = crate::program::batch(&[(1, "a".to_string())]);
    let error = state.put("rows", rows.clone(), hashes.clone()).unwrap_err();
    assert_eq!(error.to_string(), "operator `count-by-key` has no keyed table `rows`");
    let error = state.put("latest", rows.clone(), hashes.slice(0, 0)).unwrap_err();
    assert!(error.to_string().contains("1 rows with 0 hashes"), "{error}");
    let error = state.put("latest", rows.project(&[0]).unwrap(), hashes).unwrap_err();
    assert!(error.to_string().contains("given are (key Int64)"), "{error}");
}

//! Looking at state without running it.

use arrow::array::AsArray;
use arroyo_runtime::Failpoints;
use arroyo_state::{
    FaultKind, Manifests, Savepoints, StateError, collect_garbage, copy_job, read_table, remove_job, verify_job,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, ErrorKind, Generation, OperatorId};
use bytes::Bytes;

use crate::program::{Job, OPERATOR, rows_of};

fn memory(name: &str) -> Storage {
    Storage::open(&format!("memory://{name}")).unwrap()
}

async fn two_checkpoints(name: &str) -> Job {
    let mut job = Job::start(memory(name), 2).await;
    for key in 0..20 {
        job.put(key, "first");
    }
    job.checkpoint(&[]).await;
    job.put(7, "second");
    job.checkpoint(&[]).await;
    job
}

#[tokio::test]
async fn every_fault_is_reported_with_its_checkpoint() {
    let job = two_checkpoints("verify").await;
    let good = verify_job(&job.storage, None).await.unwrap();
    assert!(good.iter().all(|report| report.faults.is_empty() && report.files > 0));
    let newest = job.latest.as_ref().unwrap();
    let only_newest = newest.files().find(|file| file.epoch == Epoch(2)).unwrap();
    job.storage.put(&only_newest.path, Bytes::from_static(b"nonsense")).await.unwrap();
    let reports = verify_job(&job.storage, None).await.unwrap();
    let faults: Vec<(Epoch, usize)> = reports.iter().map(|report| (report.epoch, report.faults.len())).collect();
    assert_eq!(faults, [(Epoch(1), 0), (Epoch(2), 1)]);
    assert!(reports[1].faults[0].file.ends_with(&only_newest.path) && reports[1].faults[0].reason.contains("bytes"));
    job.storage.put("manifests/2.json", Bytes::from_static(b"{")).await.unwrap();
    let reports = verify_job(&job.storage, None).await.unwrap();
    assert!(reports[1].faults[0].file.ends_with("manifests/2.json"), "{:?}", reports[1]);
}

#[tokio::test]
async fn a_copy_holds_the_same_rows_and_can_be_repeated() {
    let job = two_checkpoints("copied").await;
    let target = memory("copy");
    for _ in 0..2 {
        let copied = copy_job(&job.storage, &target, None).await.unwrap().unwrap();
        assert_eq!((copied.epoch, copied.checkpoints), (Epoch(2), 2));
    }
    let manifest = Manifests::new(target.clone()).latest().await.unwrap().unwrap();
    assert_eq!(Some(&manifest), job.latest.as_ref());
    let (id, operator) = manifest.operators.first_key_value().unwrap();
    assert_eq!(*id, OperatorId::from(OPERATOR));
    let (schema, rows) = read_table(&target, &manifest, id, "latest", &operator.tables["latest"]).await.unwrap();
    assert_eq!(schema.field(0).name(), "key");
    let rows: std::collections::BTreeMap<_, _> = rows_of(&rows).into_iter().collect();
    assert_eq!((rows.len(), rows[&7].as_str(), rows[&8].as_str()), (20, "second", "first"));
    let (schema, rows) = read_table(&target, &manifest, id, "offsets", &operator.tables["offsets"]).await.unwrap();
    assert_eq!(schema.fields().len(), 2);
    assert!(rows.iter().all(|batch| batch.column(0).as_binary_opt::<i32>().is_some()));
    assert_eq!(copy_job(&memory("nothing there"), &target, None).await.unwrap(), None);
}

#[tokio::test]
async fn a_damaged_checkpoint_is_never_copied() {
    let job = two_checkpoints("damaged-copy").await;
    job.storage.put("manifests/1.json", Bytes::from_static(b"{")).await.unwrap();
    let copied = copy_job(&job.storage, &memory("without the old one"), None).await.unwrap().unwrap();
    assert_eq!((copied.epoch, copied.checkpoints), (Epoch(2), 1));
    let newest = job.latest.as_ref().unwrap();
    let file = newest.files().find(|file| file.epoch == Epoch(2)).unwrap();
    job.storage.delete(&file.path).await.unwrap();
    let target = memory("nothing at all");
    let error = copy_job(&job.storage, &target, None).await.unwrap_err();
    assert!(matches!(&error, StateError::CorruptFile { file: named, .. } if named.ends_with(&file.path)), "{error}");
    assert!(Manifests::new(target).list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_checkpoint_of_a_later_release_is_not_called_damaged() {
    let job = two_checkpoints("later-release").await;
    let text = String::from_utf8(job.latest.as_ref().unwrap().encode().unwrap()).unwrap();
    let later = text.replacen("\"version\":1", "\"version\":2", 1);
    job.storage.put("manifests/2.json", later.into()).await.unwrap();
    let reports = verify_job(&job.storage, None).await.unwrap();
    let [fault] = reports[1].faults.as_slice() else { panic!("{reports:?}") };
    assert_eq!(fault.kind, FaultKind::OtherRelease);
    let said = "it has format version 2, this release understands 1; use the release that wrote it";
    assert!(fault.file.ends_with("manifests/2.json") && fault.reason == said, "{fault:?}");
}

#[tokio::test]
async fn a_lost_last_manifest_is_a_fault_and_is_not_copied() {
    let job = two_checkpoints("lost-manifest").await;
    let complete = Some(Epoch(2));
    let ahead = verify_job(&job.storage, Some(Epoch(1))).await.unwrap();
    assert!(ahead.len() == 2 && ahead.iter().all(|report| report.faults.is_empty()), "{ahead:?}");
    job.storage.delete("manifests/2.json").await.unwrap();
    let reports = verify_job(&job.storage, complete).await.unwrap();
    let faults: Vec<(Epoch, usize)> = reports.iter().map(|report| (report.epoch, report.faults.len())).collect();
    assert_eq!(faults, [(Epoch(1), 0), (Epoch(2), 1)]);
    let fault = &reports[1].faults[0];
    assert!(fault.file.ends_with("manifests/2.json") && fault.reason == "it does not exist", "{fault:?}");

    let error = copy_job(&job.storage, &memory("not copied"), complete).await.unwrap_err();
    assert!(matches!(error, StateError::LostManifest { epoch: Epoch(2), last_good: Some(Epoch(1)), .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    // A new owner's mark in its place does not make up for it.
    Manifests::new(job.storage.clone()).take_over(Generation(9), None).await.unwrap();
    let error = Manifests::new(job.storage.clone()).check_last(Epoch(2)).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("manifests/2.json does not exist") && text.contains("the last good checkpoint is epoch 1"));
    // Going back to the one before is what is left.
    Manifests::new(job.storage.clone()).go_back_to(Epoch(1), None).await.unwrap();
    Manifests::new(job.storage).check_last(Epoch(2)).await.unwrap();
}

#[tokio::test]
async fn savepoints_are_verified_and_copied() {
    let mut job = two_checkpoints("kept").await;
    let savepoints = Savepoints::new(job.storage.clone());
    let kept = savepoints.keep(Epoch(1)).await.unwrap();
    job.put(8, "third");
    job.checkpoint(&[]).await;
    collect_garbage(&job.storage, 1, &Failpoints::default()).await.unwrap();
    let reports = verify_job(&job.storage, None).await.unwrap();
    let seen: Vec<_> = reports.iter().map(|report| (report.epoch, report.savepoint, report.faults.len())).collect();
    assert_eq!(seen, [(Epoch(3), false, 0), (Epoch(1), true, 0)]);

    let target = memory("with-savepoint");
    let copied = copy_job(&job.storage, &target, None).await.unwrap().unwrap();
    assert_eq!((copied.epoch, copied.checkpoints, copied.savepoints), (Epoch(3), 1, 1));
    let copy = Savepoints::new(target.clone());
    assert_eq!(copy.read(Epoch(1)).await.unwrap(), kept);
    assert!(verify_job(&target, None).await.unwrap().iter().all(|report| report.faults.is_empty() && report.files > 0));
    assert_eq!(Manifests::new(target).go_back_to(Epoch(1), None).await.unwrap(), Epoch(4));

    job.storage.put("savepoints/1.json", Bytes::from_static(b"{")).await.unwrap();
    let reports = verify_job(&job.storage, None).await.unwrap();
    assert!(reports[1].faults[0].file.ends_with("savepoints/1.json"), "{:?}", reports[1]);
    let copied = copy_job(&job.storage, &memory("without-savepoint"), None).await.unwrap().unwrap();
    assert_eq!((copied.checkpoints, copied.savepoints), (1, 0));
}

#[tokio::test]
async fn a_removed_job_leaves_nothing_and_nothing_of_others_is_touched() {
    let root = memory("several-jobs");
    let mut job = Job::start(root.child("job_1").unwrap(), 2).await;
    job.put(1, "first");
    job.checkpoint(&[]).await;
    Savepoints::new(job.storage.clone()).keep(Epoch(1)).await.unwrap();
    root.put("job_10/manifests/1.json", Bytes::from_static(b"another job's")).await.unwrap();
    assert!(remove_job(&job.storage).await.unwrap() > 2);
    assert_eq!(remove_job(&job.storage).await.unwrap(), 0);
    let left: Vec<_> = root.list("").await.unwrap().into_iter().map(|object| object.path).collect();
    assert_eq!(left, ["job_10/manifests/1.json"]);
}

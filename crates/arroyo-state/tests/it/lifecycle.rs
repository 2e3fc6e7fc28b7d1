//! Publishing, fencing, growing, collecting.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use arroyo_runtime::Failpoints;
use arroyo_state::{
    COMPACT_FILES, FinishedSubtask, Manifests, OperatorState, StateError, TableSpec, collect_garbage, compact,
    next_manifest, tables_to_compact,
};
use arroyo_storage::Storage;
use arroyo_storage::testing::{Faults, Operation, When, with_faults};
use arroyo_types::{Epoch, ErrorKind, Generation, OperatorId};

use crate::program::{Job, OPERATOR, rows_of, specs, task};

fn memory(name: &str) -> Storage {
    Storage::open(&format!("memory://{name}")).unwrap()
}

#[tokio::test]
async fn rows_come_back_at_another_parallelism_from_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::open(&directory.path().display().to_string()).unwrap().child("job_1").unwrap();
    let mut job = Job::start(storage.clone(), 1).await;
    for key in 0..1000 {
        job.put(key, &format!("value {key}"));
    }
    job.checkpoint(&[]).await;
    for parallelism in [3, 2] {
        job.restart(parallelism).await;
        let restored: Vec<_> =
            job.states.iter_mut().flat_map(|state| rows_of(&state.take_restored("latest"))).collect();
        let restored: BTreeMap<_, _> = restored.into_iter().collect();
        assert_eq!(restored.len(), 1000);
        assert_eq!(restored[&7], "value 7");
        job.checkpoint(&[]).await;
    }
    assert_eq!(Manifests::new(storage).list().await.unwrap(), [Epoch(1), Epoch(2), Epoch(3)]);
}

/// The tables of the same operator in a query that calls their columns otherwise.
fn renamed() -> Vec<TableSpec> {
    let fields = vec![Field::new("k", DataType::Int64, false), Field::new("v", DataType::Utf8, true)];
    let schema = Arc::new(Schema::new(fields));
    vec![
        TableSpec::global("offsets"),
        TableSpec::keyed("latest", schema.clone(), 1),
        TableSpec::time_keyed("rows", schema),
    ]
}

#[tokio::test]
async fn columns_are_found_by_their_places_whatever_they_are_called() {
    let mut job = Job::start(memory("renamed"), 2).await;
    for key in 0..20 {
        job.put(key, "first");
        job.append(key, key, "row");
    }
    job.checkpoint(&[]).await;
    job.specs = renamed();
    job.restart(3).await;
    let restored: Vec<_> = job.states.iter_mut().flat_map(|state| state.take_restored("latest")).collect();
    assert!(restored.iter().all(|batch| batch.schema().field(0).name() == "k"), "{restored:?}");
    assert_eq!(rows_of(&restored).len(), 20);
    job.put(7, "second");
    job.append(7, 100, "later");
    // Files under both names become one.
    let manifest = job.checkpoint(&[]).await;
    let mut replacements = Vec::new();
    for (operator, table) in tables_to_compact(&manifest, 1) {
        replacements.extend(compact(&job.storage, &manifest, &operator, &table, job.generation, 1).await.unwrap());
    }
    assert_eq!(replacements.len(), 2);
    job.checkpoint(&replacements).await;
    job.specs = specs();
    job.restart(1).await;
    let latest: BTreeMap<_, _> = rows_of(&job.states[0].take_restored("latest")).into_iter().collect();
    assert_eq!((latest.len(), latest[&7].as_str(), latest[&8].as_str()), (20, "second", "first"));
    assert_eq!(rows_of(&job.states[0].take_restored("rows")).len(), 21);
}

#[tokio::test]
async fn an_unchanged_table_writes_no_file() {
    let mut job = Job::start(memory("unchanged"), 2).await;
    job.put(1, "a");
    let first = job.checkpoint(&[]).await;
    let second = job.checkpoint(&[]).await;
    assert_eq!(first.files().collect::<Vec<_>>(), second.files().collect::<Vec<_>>());
    assert_eq!(second.files().count(), 1);
}

#[tokio::test]
async fn the_second_publisher_of_an_epoch_is_fenced_and_the_first_may_repeat() {
    let storage = memory("fenced");
    let mut job = Job::start(storage.clone(), 1).await;
    let manifest = job.checkpoint(&[]).await;
    let manifests = Manifests::new(storage);
    manifests.publish(&manifest).await.unwrap();
    let zombie = arroyo_state::Manifest { generation: Generation(0), ..manifest };
    let error = manifests.publish(&zombie).await.unwrap_err();
    assert!(matches!(error, StateError::Fenced { by: Generation(1), generation: Generation(0), .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Fenced);
}

#[tokio::test]
async fn a_publication_whose_answer_was_lost_can_be_repeated() {
    let plain = memory("lost-answer");
    let mut job = Job::start(plain.clone(), 1).await;
    let mut manifest = job.checkpoint(&[]).await;
    manifest.epoch = Epoch(2);
    let (storage, control) = with_faults(&plain, Faults::none());
    control.fail_nth(Operation::Put, 1, When::After);
    let manifests = Manifests::new(storage);
    assert_eq!(manifests.publish(&manifest).await.unwrap_err().kind(), ErrorKind::Retry);
    manifests.publish(&manifest).await.unwrap();
    assert_eq!(manifests.latest().await.unwrap(), Some(manifest));
}

#[tokio::test]
async fn files_do_not_accumulate_without_bound() {
    let mut job = Job::start(memory("bounded"), 2).await;
    let mut replacements = Vec::new();
    let mut most = 0;
    for round in 0..60 {
        for key in 0..8 {
            job.put(key, &format!("{round}"));
            job.append(key, round, &format!("{round}"));
        }
        for subtask in 0..2 {
            job.expire(subtask, round - 30);
        }
        let manifest = job.checkpoint(&std::mem::take(&mut replacements)).await;
        most = most.max(manifest.files().count());
        for (operator, table) in tables_to_compact(&manifest, COMPACT_FILES) {
            let done = compact(&job.storage, &manifest, &operator, &table, job.generation, COMPACT_FILES).await;
            replacements.extend(done.unwrap());
        }
        collect_garbage(&job.storage, 2, &Failpoints::default()).await.unwrap();
    }
    assert!(most <= 2 * 2 * (COMPACT_FILES + 2), "{most} live files");
    let stored = job.storage.list("checkpoints").await.unwrap().len();
    assert!(stored <= most + 2 * 2 * 12, "{stored} stored files, at most {most} live");
    job.restart(3).await;
    let restored: usize = job.states.iter_mut().map(|state| rows_of(&state.take_restored("rows")).len()).sum();
    assert_eq!(restored, 8 * 31);
}

#[tokio::test]
async fn collection_survives_a_crash_anywhere() {
    let plain = memory("collect-crash");
    let mut job = Job::start(plain.clone(), 1).await;
    for round in 0..16 {
        job.set_offset(0, &[("p".to_string(), round.to_string())]);
        job.checkpoint(&[]).await;
    }
    for crash_at in 1..24 {
        let (storage, control) = with_faults(&plain, Faults::none());
        control.fail_nth(Operation::Delete, crash_at, When::Before);
        if collect_garbage(&storage, 2, &Failpoints::default()).await.is_ok() {
            break;
        }
        assert_eq!(job.restore(1).await.unwrap()[0].global("offsets").count(), 1);
    }
    assert_eq!(Manifests::new(plain.clone()).list().await.unwrap(), [Epoch(15), Epoch(16)]);
    let missing = Manifests::new(plain).read(Epoch(3)).await.unwrap_err().to_string();
    assert!(missing.contains("there is no checkpoint of epoch 3"), "{missing}");
    assert!(missing.contains("there are 2 from epoch 15 to 16"), "{missing}");
}

#[tokio::test]
async fn a_subtask_that_has_ended_keeps_its_part() {
    let mut job = Job::start(memory("ended"), 2).await;
    for subtask in 0..2 {
        job.set_offset(subtask, &[(format!("p{subtask}"), "1".to_string())]);
    }
    let first = job.checkpoint(&[]).await;
    let writer = arroyo_state::CheckpointWriter::new(job.storage.clone(), Epoch(2), job.generation);
    job.set_offset(1, &[("p1".to_string(), "2".to_string())]);
    let tables = job.states[1].take_changes().write(&writer).await.unwrap();
    let subtasks = BTreeMap::from([(1, FinishedSubtask { tables, commit_data: Some(vec![1, 2]) })]);
    let second = next_manifest(Some(&first), job.finished(Epoch(2), subtasks), &[]).unwrap();
    assert_eq!(second.operators[&OperatorId::from(OPERATOR)].commits[0].data, [1, 2]);
    job.latest = Some(second);
    let state = &job.restore(1).await.unwrap()[0];
    let values: Vec<_> = state.global("offsets").collect();
    assert_eq!(values, [(b"p0".as_slice(), b"1".as_slice()), (b"p1", b"2")]);

    job.restart(3).await;
    let error = next_manifest(Some(&first), job.finished(Epoch(2), BTreeMap::new()), &[]).unwrap_err();
    assert!(error.to_string().contains("subtask 0 of operator `count-by-key` reported nothing"), "{error}");
}

#[tokio::test]
async fn restored_global_rows_that_nobody_replaces_are_kept_once() {
    let mut job = Job::start(memory("kept-globals"), 1).await;
    let rows: Vec<_> = (0..20).map(|i| (format!("p{i}"), "1".to_string())).collect();
    job.set_offset(0, &rows);
    job.checkpoint(&[]).await;
    job.restart(3).await;
    let manifest = job.checkpoint(&[]).await;
    assert_eq!(manifest.files().map(|file| file.rows).sum::<u64>(), 20);
    assert_eq!(job.restore(2).await.unwrap()[1].global("offsets").count(), 20);
}

#[tokio::test]
async fn operators_that_are_gone_drop_out_and_new_ones_start_empty() {
    let mut job = Job::start(memory("gone"), 1).await;
    job.put(1, "a");
    let first = job.checkpoint(&[]).await;
    let mut finished = job.finished(Epoch(2), BTreeMap::from([(0, FinishedSubtask::default())]));
    finished.operators[0].id = OperatorId::from("another");
    let second = next_manifest(Some(&first), finished, &[]).unwrap();
    assert_eq!(second.files().count(), 0);
    let state = OperatorState::restore(task(0, 1), specs(), &second, &job.storage).await.unwrap();
    assert_eq!(state.global("offsets").count(), 0);
}

//! Checkpoints that are kept, and gone back to.

use std::collections::BTreeMap;

use arroyo_runtime::Failpoints;
use arroyo_state::{Manifests, Savepoints, StateError, collect_garbage};
use arroyo_storage::Storage;
use arroyo_storage::testing::{Faults, with_faults};
use arroyo_types::{Epoch, Generation};

use crate::program::{Job, rows_of};

fn memory(name: &str) -> Storage {
    Storage::open(&format!("memory://{name}")).unwrap()
}

/// A checkpoint per value of the one key 1.
async fn job(name: &str, values: &[&str]) -> Job {
    let mut job = Job::start(memory(name), 1).await;
    for value in values {
        job.put(1, value);
        job.checkpoint(&[]).await;
    }
    job
}

async fn value(job: &mut Job) -> BTreeMap<i64, String> {
    job.restart(2).await;
    job.states.iter_mut().flat_map(|state| rows_of(&state.take_restored("latest"))).collect()
}

#[tokio::test]
async fn a_savepoint_is_not_collected_until_it_is_let_go_of() {
    let values: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    let mut job = Job::start(memory("savepoint-kept"), 1).await;
    let savepoints = Savepoints::new(job.storage.clone());
    for (round, value) in values.iter().enumerate() {
        // Time-keyed rows expire, so that files of old checkpoints are named by nobody else.
        job.append(1, round as i64, value);
        job.expire(0, round as i64);
        job.checkpoint(&[]).await;
        if round == 1 {
            savepoints.keep(Epoch(2)).await.unwrap();
            // Once more: nothing changes.
            savepoints.keep(Epoch(2)).await.unwrap();
        }
        collect_garbage(&job.storage, 1, &Failpoints::default()).await.unwrap();
    }
    assert_eq!(savepoints.list().await.unwrap(), [Epoch(2)]);
    for file in savepoints.read(Epoch(2)).await.unwrap().files() {
        assert!(job.storage.head(&file.path).await.unwrap().is_some(), "{}", file.path);
    }
    let missing = savepoints.keep(Epoch(3)).await.unwrap_err().to_string();
    assert!(missing.contains("there is no checkpoint of epoch 3"), "{missing}");
    let paths: Vec<String> = savepoints.read(Epoch(2)).await.unwrap().files().map(|file| file.path.clone()).collect();
    assert!(savepoints.release(Epoch(2)).await.unwrap());
    assert!(!savepoints.release(Epoch(2)).await.unwrap());
    collect_garbage(&job.storage, 1, &Failpoints::default()).await.unwrap();
    for path in paths {
        assert!(job.storage.head(&path).await.unwrap().is_none(), "{path}");
    }
}

#[tokio::test]
async fn a_savepoint_is_whole_or_not_there() {
    let job = job("savepoint-torn", &["a"]).await;
    let plain = Savepoints::new(job.storage.clone());
    let mut failed = 0;
    for seed in 0..50 {
        let faults = Faults { seed, before: 0.2, torn: 1.0, ..Faults::none() };
        let (storage, _) = with_faults(&job.storage, faults);
        failed += u64::from(Savepoints::new(storage).keep(Epoch(1)).await.is_err());
        for epoch in plain.list().await.unwrap() {
            plain.read(epoch).await.unwrap();
            plain.release(epoch).await.unwrap();
        }
    }
    assert!((1..50).contains(&failed), "{failed}");
}

#[tokio::test]
async fn an_earlier_checkpoint_becomes_the_last_one() {
    let mut job = job("go-back", &["a", "b", "c"]).await;
    let manifests = Manifests::new(job.storage.clone());
    assert_eq!(manifests.go_back_to(Epoch(2), None).await.unwrap(), Epoch(4));
    assert_eq!(value(&mut job).await[&1], "b");
    // The ones after it are there as long as they are kept, and so is the savepoint.
    assert_eq!(manifests.list().await.unwrap(), [Epoch(1), Epoch(2), Epoch(3), Epoch(4)]);
    collect_garbage(&job.storage, 1, &Failpoints::default()).await.unwrap();
    assert_eq!(manifests.list().await.unwrap(), [Epoch(4)]);
    assert_eq!(manifests.go_back_to(Epoch(2), None).await.unwrap(), Epoch(5));
    assert_eq!(value(&mut job).await[&1], "b");
    // The next start is newer than whoever wrote the last manifest.
    let resumed = manifests.take_over(Generation(9), None).await.unwrap();
    assert_eq!((resumed.sealed, resumed.manifest.unwrap().epoch), (Epoch(6), Epoch(5)));
}

#[tokio::test]
async fn a_request_to_go_back_that_was_held_up_takes_nothing_back() {
    let mut job = job("held-up", &["a", "b", "c"]).await;
    let manifests = Manifests::new(job.storage.clone());
    assert_eq!(manifests.go_back_to(Epoch(2), Some(Generation(1))).await.unwrap(), Epoch(4));
    // Sent again while nothing runs, it finds the same.
    assert_eq!(manifests.go_back_to(Epoch(2), Some(Generation(1))).await.unwrap(), Epoch(5));
    manifests.take_over(Generation(2), None).await.unwrap();
    let refused = manifests.go_back_to(Epoch(1), Some(Generation(1))).await.unwrap_err();
    assert!(matches!(refused, StateError::Fenced { by: Generation(2), .. }), "{refused}");
    assert_eq!(value(&mut job).await[&1], "b");
}

#[tokio::test]
async fn damage_can_be_gone_back_before() {
    let mut job = job("go-back-before-damage", &["a", "b", "c"]).await;
    let manifests = Manifests::new(job.storage.clone());
    for damaged in ["{\"version\":1,\"checksum\":\"0\",\"manifest\":{}}", "{\"claimed_by", ""] {
        job.storage.put("manifests/3.json", damaged.into()).await.unwrap();
        let error = manifests.take_over(Generation(2), None).await.unwrap_err().to_string();
        assert!(error.contains("manifests/3.json") && error.ends_with("checkpoint is epoch 2"), "{error}");
    }
    manifests.go_back_to(Epoch(2), None).await.unwrap();
    assert_eq!(value(&mut job).await[&1], "b");
}

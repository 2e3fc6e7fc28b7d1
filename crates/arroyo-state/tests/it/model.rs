//! Any history of changes, checkpoints, rescales, compactions and collections restores to what a simple model says.

use std::collections::BTreeMap;

use arroyo_runtime::Failpoints;
use arroyo_state::{Replacement, collect_garbage, compact, tables_to_compact};
use arroyo_storage::Storage;
use arroyo_types::KeyRange;
use proptest::prelude::*;

use crate::program::{Job, OPERATOR, hash, rows_of};

const KEYS: std::ops::Range<i64> = 0..24;

#[derive(Debug, Clone)]
enum Change {
    Put(i64),
    Delete(i64),
    Append(i64, i64),
    Expire(u32, i64),
}

#[derive(Debug, Clone)]
struct Round {
    /// Some: the job restarts at this parallelism before the round.
    restart: Option<u32>,
    changes: Vec<Change>,
    compact: bool,
    collect: bool,
    /// The parallelism of the restore that is compared with the model.
    read_at: u32,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => KEYS.prop_map(Change::Put),
        2 => KEYS.prop_map(Change::Delete),
        4 => (KEYS, 0..100i64).prop_map(|(key, time)| Change::Append(key, time)),
        1 => (0..4u32, 0..100i64).prop_map(|(subtask, before)| Change::Expire(subtask, before)),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    let parts =
        (proptest::option::of(1..5u32), prop::collection::vec(change(), 0..20), any::<bool>(), any::<bool>(), 1..5u32);
    parts.prop_map(|(restart, changes, compact, collect, read_at)| Round {
        restart,
        changes,
        compact,
        collect,
        read_at,
    })
}

#[derive(Default)]
struct Model {
    latest: BTreeMap<i64, String>,
    rows: Vec<(i64, i64, String)>,
    expired: Vec<(KeyRange, i64)>,
    offsets: BTreeMap<String, String>,
}

impl Model {
    fn live_rows(&self) -> Vec<(i64, String)> {
        let is_live = |key: i64, time: i64| {
            self.expired.iter().all(|(range, before)| !range.contains(hash(key)) || time >= *before)
        };
        let live = self.rows.iter().filter(|(key, time, _)| is_live(*key, *time));
        live.map(|(key, _, value)| (*key, value.clone())).collect()
    }
}

async fn compare(job: &Job, model: &Model, parallelism: u32) {
    let mut latest = BTreeMap::new();
    let mut rows = Vec::new();
    for mut state in job.restore(parallelism).await.unwrap() {
        let range = state.task().key_range();
        let (keyed, timed) = (rows_of(&state.take_restored("latest")), rows_of(&state.take_restored("rows")));
        assert!(keyed.iter().chain(&timed).all(|(key, _)| range.contains(hash(*key))), "a row of another subtask");
        for (key, value) in keyed {
            assert_eq!(latest.insert(key, value), None, "key {key} twice");
        }
        rows.extend(timed);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let offsets: BTreeMap<_, _> = state.global("offsets").map(|(key, value)| (text(key), text(value))).collect();
        assert_eq!(offsets, model.offsets);
    }
    assert_eq!(latest, model.latest);
    // Values are numbered, so the order of the rows of one key is compared too.
    rows.sort_by_key(|(key, _)| *key);
    let mut expected = model.live_rows();
    expected.sort_by_key(|(key, _)| *key);
    assert_eq!(rows, expected);
}

async fn run(storage: Storage, rounds: Vec<Round>) {
    let mut job = Job::start(storage, 1).await;
    let mut model = Model::default();
    let mut replacements: Vec<Replacement> = Vec::new();
    let mut number = 0;
    for round in rounds {
        if let Some(parallelism) = round.restart {
            job.restart(parallelism).await;
        }
        for change in round.changes {
            number += 1;
            let value = format!("{number}");
            match change {
                Change::Put(key) => {
                    job.put(key, &value);
                    model.latest.insert(key, value);
                }
                Change::Delete(key) => {
                    job.delete(key);
                    model.latest.remove(&key);
                }
                Change::Append(key, time) => {
                    job.append(key, time, &value);
                    model.rows.push((key, time, value));
                }
                Change::Expire(subtask, before) => {
                    let subtask = subtask % job.parallelism();
                    job.expire(subtask, before);
                    model.expired.push((KeyRange::of_subtask(subtask, job.parallelism()), before));
                }
            }
        }
        model.offsets.clear();
        for subtask in 0..job.parallelism() {
            let offset = (format!("partition {subtask}"), format!("{number}"));
            job.set_offset(subtask, std::slice::from_ref(&offset));
            model.offsets.extend([offset]);
        }
        let manifest = job.checkpoint(&std::mem::take(&mut replacements)).await;
        compare(&job, &model, round.read_at).await;
        if round.compact {
            for (operator, table) in tables_to_compact(&manifest, 2) {
                assert_eq!(operator.as_str(), OPERATOR);
                let done = compact(&job.storage, &manifest, &operator, &table, job.generation, 2).await.unwrap();
                replacements.extend(done);
            }
        }
        if round.collect {
            collect_garbage(&job.storage, 1, &Failpoints::default()).await.unwrap();
            compare(&job, &model, round.read_at).await;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_history_restores_as_the_model_says(rounds in prop::collection::vec(round(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let name = arroyo_types::JobId::random();
        let storage = Storage::open(&format!("memory://model/{name}")).unwrap();
        runtime.block_on(run(storage, rounds));
    }
}

//! A job with one operator that has a table of each kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arroyo_state::{
    CheckpointWriter, FinishedCheckpoint, FinishedOperator, FinishedSubtask, Manifest, Manifests, OperatorState,
    Replacement, StateError, StateTask, TableSpec, next_manifest,
};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, EventTime, Generation, JobId, KeyHasher, KeyRange, OperatorId};

pub(crate) const OPERATOR: &str = "count-by-key";

pub(crate) fn hash(key: i64) -> u64 {
    let mut hasher = KeyHasher::default();
    hasher.int(key);
    hasher.finish()
}

pub(crate) fn schema() -> SchemaRef {
    let fields = vec![Field::new("key", DataType::Int64, false), Field::new("value", DataType::Utf8, true)];
    Arc::new(Schema::new(fields))
}

pub(crate) fn specs() -> Vec<TableSpec> {
    vec![TableSpec::global("offsets"), TableSpec::keyed("latest", schema(), 1), TableSpec::time_keyed("rows", schema())]
}

pub(crate) fn task(subtask: u32, parallelism: u32) -> StateTask {
    StateTask { operator: OperatorId::from(OPERATOR), subtask, parallelism }
}

pub(crate) fn batch(rows: &[(i64, String)]) -> (RecordBatch, UInt64Array) {
    let keys: ArrayRef = Arc::new(rows.iter().map(|(key, _)| *key).collect::<Int64Array>());
    let values: ArrayRef = Arc::new(rows.iter().map(|(_, value)| Some(value)).collect::<StringArray>());
    let hashes = rows.iter().map(|(key, _)| hash(*key)).collect();
    (RecordBatch::try_new(schema(), vec![keys, values]).unwrap(), hashes)
}

pub(crate) fn rows_of(batches: &[RecordBatch]) -> Vec<(i64, String)> {
    let rows = batches.iter().flat_map(|batch| {
        let keys = batch.column(0).as_primitive::<Int64Type>();
        let values = batch.column(1).as_string::<i32>();
        keys.values()
            .iter()
            .copied()
            .zip(values.iter().map(|value| value.unwrap_or_default().to_string()))
            .collect::<Vec<_>>()
    });
    rows.collect()
}

/// The running job.
pub(crate) struct Job {
    pub(crate) storage: Storage,
    pub(crate) states: Vec<OperatorState>,
    pub(crate) latest: Option<Manifest>,
    pub(crate) generation: Generation,
    /// The operator's tables.
    pub(crate) specs: Vec<TableSpec>,
}

impl Job {
    pub(crate) async fn start(storage: Storage, parallelism: u32) -> Self {
        let mut job = Self { storage, states: Vec::new(), latest: None, generation: Generation(0), specs: specs() };
        job.restart(parallelism).await;
        job
    }

    pub(crate) fn parallelism(&self) -> u32 {
        self.states.len() as u32
    }

    pub(crate) fn owner(&mut self, key: i64) -> &mut OperatorState {
        let owner = KeyRange::owner(hash(key), self.parallelism());
        &mut self.states[owner as usize]
    }

    pub(crate) async fn restart(&mut self, parallelism: u32) {
        self.generation = self.generation.next();
        self.latest = Manifests::new(self.storage.clone()).latest().await.unwrap();
        self.states = self.restore(parallelism).await.unwrap();
    }

    pub(crate) async fn restore(&self, parallelism: u32) -> Result<Vec<OperatorState>, StateError> {
        let mut states = Vec::new();
        for subtask in 0..parallelism {
            let task = task(subtask, parallelism);
            states.push(match &self.latest {
                Some(manifest) => OperatorState::restore(task, self.specs.clone(), manifest, &self.storage).await?,
                None => OperatorState::empty(task, self.specs.clone()),
            });
        }
        Ok(states)
    }

    pub(crate) fn put(&mut self, key: i64, value: &str) {
        let (rows, hashes) = batch(&[(key, value.to_string())]);
        self.owner(key).put("latest", rows, hashes).unwrap();
    }

    pub(crate) fn delete(&mut self, key: i64) {
        let (rows, hashes) = batch(&[(key, String::new())]);
        self.owner(key).delete("latest", rows, hashes).unwrap();
    }

    pub(crate) fn append(&mut self, key: i64, time: i64, value: &str) {
        let (rows, hashes) = batch(&[(key, value.to_string())]);
        self.owner(key).append("rows", rows, hashes, Int64Array::from(vec![time])).unwrap();
    }

    pub(crate) fn expire(&mut self, subtask: u32, before: i64) {
        self.states[subtask as usize].expire("rows", EventTime::from_nanos(before)).unwrap();
    }

    pub(crate) fn set_offset(&mut self, subtask: u32, rows: &[(String, String)]) {
        let rows = rows.iter().map(|(key, value)| (key.clone().into_bytes(), value.clone().into_bytes())).collect();
        self.states[subtask as usize].replace_global("offsets", rows).unwrap();
    }

    pub(crate) async fn checkpoint(&mut self, replacements: &[Replacement]) -> Manifest {
        let epoch = self.latest.as_ref().map_or(Epoch(1), |manifest| manifest.epoch.next());
        let writer = CheckpointWriter::new(self.storage.clone(), epoch, self.generation);
        let mut subtasks = BTreeMap::new();
        for (subtask, state) in self.states.iter_mut().enumerate() {
            let tables = state.take_changes().write(&writer).await.unwrap();
            // As it travels from worker to controller.
            let json = serde_json::to_string(&tables).unwrap();
            let tables = serde_json::from_str(&json).unwrap();
            subtasks.insert(subtask as u32, FinishedSubtask { tables, commit_data: None });
        }
        let finished = self.finished(epoch, subtasks);
        let manifest = next_manifest(self.latest.as_ref(), finished, replacements).unwrap();
        Manifests::new(self.storage.clone()).publish(&manifest).await.unwrap();
        self.latest = Some(manifest.clone());
        manifest
    }

    pub(crate) fn finished(&self, epoch: Epoch, subtasks: BTreeMap<u32, FinishedSubtask>) -> FinishedCheckpoint {
        FinishedCheckpoint {
            job: JobId::from("job_test"),
            epoch,
            generation: self.generation,
            created_at_micros: 0,
            fingerprint: "f".to_string(),
            stopping: false,
            operators: vec![FinishedOperator {
                id: OperatorId::from(OPERATOR),
                name: "test".to_string(),
                description: "counts by key".to_string(),
                parallelism: self.parallelism(),
                subtasks,
            }],
        }
    }
}

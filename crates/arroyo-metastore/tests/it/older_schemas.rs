//! Databases that earlier releases have left, with a row of every kind: nothing of them is lost when they are brought up to date.

use std::collections::BTreeMap;
use std::path::Path;

use arroyo_metastore::{
    Checkpoint, CheckpointStatus, Failure, Job, LogLevel, Metastore, Pipeline, Removal, SqliteMetastore, StopReason,
};
use arroyo_types::{CheckpointId, Epoch, ErrorDomain, Generation, JobId, JobState, PipelineId, StopMode};
use serde_json::json;

use crate::records::page;

fn stored() -> Pipeline {
    Pipeline {
        parallelism: 3,
        checkpoint_interval_micros: 5_000_000,
        stop: StopMode::Checkpoint,
        restart_nonce: 2,
        restart_force: true,
        ignore_state_before: Some(Epoch(4)),
        state_url: Some("s3://bucket/state".into()),
        tags: BTreeMap::from([("team".into(), "a".into())]),
        env_vars: BTreeMap::from([("KEY".into(), "value".into())]),
        scheduler_config: json!({"cpu": 1}),
        connection_tables: vec!["ct_1".into()],
        updated_at: 20,
        ..Pipeline::new(PipelineId::from("pl_1"), "orders", "SELECT 'ä' FROM orders", vec![0, 1, 255], 10)
    }
}

fn job() -> Job {
    Job {
        state: JobState::Failed,
        generation: Generation(7),
        restart_nonce: 2,
        restarts: 1,
        start_time: Some(11),
        finish_time: Some(19),
        tasks: Some(6),
        failure: Some(Failure {
            operator: Some("sink".into()),
            message: "disk full".into(),
            hint: None,
            domain: ErrorDomain::External,
        }),
        stop_reason: Some(StopReason::NoFinalCheckpoint),
        rows_in: Some(100),
        rows_out: Some(50),
        late_rows: None,
        updated_at: 20,
        ..Job::created(JobId::from("job_1"), &stored())
    }
}

fn checkpoint(epoch: u64, status: CheckpointStatus, stopping: bool) -> Checkpoint {
    Checkpoint {
        id: CheckpointId::from(format!("ck_{epoch}").as_str()),
        job: JobId::from("job_1"),
        epoch: Epoch(epoch),
        generation: Generation(7),
        status,
        stopping,
        start_time: 13,
        finish_time: Some(14),
        bytes: 17,
        events: json!([{"event": "Checkpointing"}]),
        operators: json!([]),
    }
}

/// Brings a copy of the golden database of that version up to date.
async fn opened(version: u32, directory: &Path) -> SqliteMetastore {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let copy = directory.join("state.sqlite");
    std::fs::copy(format!("{golden}/state-schema-{version}.sqlite"), &copy).unwrap();
    SqliteMetastore::open(&copy).await.unwrap()
}

async fn is_whole(store: &SqliteMetastore, removals: &[Removal]) {
    store.integrity_check().await.unwrap();
    assert_eq!(store.cluster_id().await.unwrap(), "ci_00112233445566778899");
    assert_eq!(store.pipelines(&page(None, 10)).await.unwrap().data, [stored()]);
    assert_eq!(store.jobs(true).await.unwrap(), [job()]);
    let checkpoints = store.checkpoints(&job().id).await.unwrap();
    let expected = [checkpoint(4, CheckpointStatus::Compacted, false), checkpoint(5, CheckpointStatus::Ready, true)];
    assert_eq!(checkpoints, expected);
    assert_eq!(stored().last_complete(&checkpoints), Some(Epoch(5)));
    let errors = store.job_errors(&job().id, &page(None, 10)).await.unwrap().data;
    assert_eq!(
        errors.iter().map(|line| (line.level, line.message.as_str())).collect::<Vec<_>>(),
        [(LogLevel::Error, "disk full")]
    );
    let profiles = store.connection_profiles().await.unwrap();
    assert_eq!(profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["kafka"]);
    let tables = store.all_connection_tables().await.unwrap();
    assert_eq!(tables.iter().map(|table| (table.name.as_str(), table.consumers)).collect::<Vec<_>>(), [("orders", 1)]);
    assert_eq!(store.removals().await.unwrap(), removals);
}

#[tokio::test]
async fn a_database_of_the_first_schema_keeps_its_rows() {
    let directory = tempfile::tempdir().unwrap();
    let store = opened(1, directory.path()).await;
    is_whole(&store, &[]).await;
    // What is new can be written.
    let later = Job { late_rows: Some(3), generation: Generation(8), ..job() };
    store.start_job(&later).await.unwrap();
    assert_eq!(store.job(&later.id).await.unwrap(), later);
}

#[tokio::test]
async fn a_database_of_the_second_schema_keeps_its_rows() {
    let directory = tempfile::tempdir().unwrap();
    let store = opened(2, directory.path()).await;
    is_whole(&store, &[Removal { job: JobId::from("job_0"), state_url: Some("s3://bucket/old".into()) }]).await;
    store.close().await;
    // A second opening has nothing to bring up to date.
    let again = SqliteMetastore::open(directory.path().join("state.sqlite")).await.unwrap();
    assert_eq!(again.jobs(true).await.unwrap(), [job()]);
}

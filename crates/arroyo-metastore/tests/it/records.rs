//! Records to store.

use std::collections::BTreeMap;

use arroyo_metastore::{
    Checkpoint, CheckpointStatus, ConnectionProfile, ConnectionTable, Job, JobLogMessage, LogLevel, Page, Pipeline,
};
use arroyo_types::{
    CheckpointId, ConnectionProfileId, ConnectionTableId, Epoch, Generation, JobId, JobLogId, PipelineId, StopMode,
};
use serde_json::json;

pub(crate) fn pipeline(name: &str, created_at: i64) -> (Pipeline, Job) {
    let id = PipelineId::random();
    let pipeline = Pipeline {
        id,
        name: name.into(),
        query: "SELECT 'ä' FROM t".into(),
        program: vec![0, 1, 255],
        parallelism: 2,
        checkpoint_interval_micros: 10_000_000,
        stop: StopMode::None,
        restart_nonce: 0,
        restart_force: false,
        ignore_state_before: None,
        preview: false,
        ttl_micros: None,
        state_url: Some("s3://bucket/state".into()),
        tags: BTreeMap::from([("team".into(), "a".into())]),
        env_vars: BTreeMap::new(),
        scheduler_config: json!({"cpu": 1}),
        connection_tables: Vec::new(),
        created_at,
        updated_at: created_at,
    };
    let job = Job::created(JobId::random(), &pipeline);
    (pipeline, job)
}

pub(crate) fn checkpoint(job: &JobId, epoch: u64, status: CheckpointStatus) -> Checkpoint {
    Checkpoint {
        id: CheckpointId::random(),
        job: job.clone(),
        epoch: Epoch(epoch),
        generation: Generation(1),
        status,
        stopping: false,
        start_time: 5,
        finish_time: None,
        bytes: 17,
        events: json!([{"event": "Checkpointing"}]),
        operators: json!([]),
    }
}

pub(crate) fn log_line(job: &JobId, created_at: i64, level: LogLevel) -> JobLogMessage {
    JobLogMessage {
        id: JobLogId::random(),
        job: job.clone(),
        created_at,
        level,
        operator: Some("source".into()),
        subtask: Some(1),
        message: format!("line {created_at}"),
        details: String::new(),
        domain: Some(arroyo_types::ErrorDomain::External),
    }
}

pub(crate) fn profile(name: &str) -> ConnectionProfile {
    ConnectionProfile {
        id: ConnectionProfileId::random(),
        name: name.into(),
        connector: "kafka".into(),
        config: json!({"bootstrapServers": "localhost:9092"}),
        created_at: 1,
    }
}

pub(crate) fn table(name: &str, profile: Option<&ConnectionProfile>, created_at: i64) -> ConnectionTable {
    ConnectionTable {
        id: ConnectionTableId::random(),
        name: name.into(),
        connector: "kafka".into(),
        profile: profile.map(|profile| profile.id.clone()),
        table_type: "source".into(),
        config: json!({"topic": "bids"}),
        schema: json!({"fields": []}),
        consumers: 0,
        created_at,
    }
}

pub(crate) fn page(starting_after: Option<&str>, limit: u32) -> Page {
    Page { starting_after: starting_after.map(Into::into), limit }
}

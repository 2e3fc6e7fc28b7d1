//! The suite. `conformance!(new)` makes a test of each function below; `new` makes an empty metastore.

use std::collections::BTreeMap;
use std::sync::Arc;

use arroyo_metastore::{
    Change, Changes, CheckpointStatus, Failure, Job, LogLevel, Metastore, MetastoreError, PipelineUpdate, Removal,
    StopReason,
};
use arroyo_types::{Epoch, ErrorDomain, Generation, JobState, PipelineId, StopMode};

use crate::records::{checkpoint, log_line, page, pipeline, profile, table};

macro_rules! conformance {
    ($new:path) => {
        crate::conformance::conformance!(
            $new: pipelines_round_trip, pipelines_are_listed_in_pages_newest_first, what_is_wanted_changes_field_by_field,
            ids_are_unique, unknown_ids_are_not_found, deleting_a_pipeline_takes_everything_of_it,
            a_job_status_round_trips, an_older_generation_is_fenced, a_generation_is_started_once, job_logs_keep_the_newest_thousand_lines,
            checkpoints_are_replaced_by_epoch, checkpoints_without_files_are_few, connections_in_use_are_kept, connection_tables_count_their_consumers,
            previews_are_not_listed, changes_are_announced_to_every_subscriber, the_cluster_id_stays,
            concurrent_restarts_are_all_counted
        );
    };
    ($new:path: $($test:ident),+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let (metastore, _held) = $new(stringify!($test)).await;
                crate::conformance::$test(std::sync::Arc::new(metastore)).await;
            }
        )+
    };
}
pub(crate) use conformance;

type Store = Arc<dyn Metastore>;

pub(crate) async fn pipelines_round_trip(store: Store) {
    let (mut stored, job) = pipeline("p", 7);
    stored.preview = true;
    stored.ttl_micros = Some(60_000_000);
    stored.ignore_state_before = Some(Epoch(4));
    store.create_pipeline(&stored, &job).await.unwrap();
    assert_eq!(store.pipeline(&stored.id).await.unwrap(), stored);
    assert_eq!(store.job(&job.id).await.unwrap(), job);
    assert_eq!(store.pipeline_jobs(&stored.id).await.unwrap(), [job]);
}

pub(crate) async fn pipelines_are_listed_in_pages_newest_first(store: Store) {
    let mut ids = Vec::new();
    for i in 0..5 {
        // The last three share a time: the id decides.
        let (stored, job) = pipeline(&format!("p{i}"), i.min(2));
        store.create_pipeline(&stored, &job).await.unwrap();
        ids.push((stored.created_at, stored.id.0));
    }
    ids.sort_unstable();
    ids.reverse();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let listing = store.pipelines(&page(after.as_deref(), 2)).await.unwrap();
        seen.extend(listing.data.iter().map(|pipeline| (pipeline.created_at, pipeline.id.0.clone())));
        after = listing.data.last().map(|pipeline| pipeline.id.0.clone());
        if !listing.has_more {
            break;
        }
        assert_eq!(listing.data.len(), 2);
    }
    assert_eq!(seen, ids);
    assert!(store.pipelines(&page(Some("pl_unknown"), 2)).await.unwrap().data.is_empty());
}

pub(crate) async fn what_is_wanted_changes_field_by_field(store: Store) {
    let (mut wanted, job) = pipeline("p", 1);
    store.create_pipeline(&wanted, &job).await.unwrap();
    let update = PipelineUpdate { stop: Some(StopMode::Checkpoint), ..PipelineUpdate::default() };
    wanted.stop = StopMode::Checkpoint;
    wanted.updated_at = 2;
    assert_eq!(store.update_pipeline(&wanted.id, &update, 2).await.unwrap(), wanted);

    let update = PipelineUpdate {
        query: Some("SELECT 2".into()),
        program: Some(vec![9]),
        parallelism: Some(8),
        checkpoint_interval_micros: Some(1_000_000),
        stop: Some(StopMode::None),
        restart: Some(true),
        ignore_state_before: Some(Epoch(3)),
        env_vars: Some(BTreeMap::from([("A".into(), "b".into())])),
        scheduler_config: Some(serde_json::json!(null)),
        connection_tables: Some(Vec::new()),
    };
    wanted.query = "SELECT 2".into();
    wanted.program = vec![9];
    wanted.parallelism = 8;
    wanted.checkpoint_interval_micros = 1_000_000;
    wanted.stop = StopMode::None;
    wanted.restart_nonce = 1;
    wanted.restart_force = true;
    wanted.ignore_state_before = Some(Epoch(3));
    wanted.env_vars = BTreeMap::from([("A".into(), "b".into())]);
    wanted.scheduler_config = serde_json::json!(null);
    wanted.updated_at = 3;
    assert_eq!(store.update_pipeline(&wanted.id, &update, 3).await.unwrap(), wanted);
    assert_eq!(store.pipeline(&wanted.id).await.unwrap(), wanted);
}

pub(crate) async fn ids_are_unique(store: Store) {
    let (first, job) = pipeline("p", 1);
    store.create_pipeline(&first, &job).await.unwrap();
    let (mut second, mut second_job) = pipeline("q", 2);
    second.id = first.id.clone();
    second_job.pipeline = first.id.clone();
    let error = store.create_pipeline(&second, &second_job).await.unwrap_err();
    assert!(matches!(error, MetastoreError::Duplicate { .. }), "{error}");
    assert_eq!(store.pipeline(&first.id).await.unwrap().name, "p");

    let (mut third, third_job) = pipeline("r", 3);
    third.connection_tables = vec!["ct_unknown".into()];
    let error = store.create_pipeline(&third, &third_job).await.unwrap_err();
    assert_eq!(error.to_string(), "Connection table not found");
    assert!(store.pipeline(&third.id).await.is_err(), "a refused pipeline leaves nothing behind");
}

pub(crate) async fn unknown_ids_are_not_found(store: Store) {
    let id = PipelineId::from("pl_unknown");
    let (_, job) = pipeline("p", 1);
    let errors = [
        store.pipeline(&id).await.unwrap_err(),
        store.update_pipeline(&id, &PipelineUpdate::default(), 1).await.unwrap_err(),
        store.delete_pipeline(&id).await.unwrap_err(),
        store.job(&job.id).await.unwrap_err(),
        store.update_job(&job).await.unwrap_err(),
        store.put_checkpoint(&checkpoint(&job.id, 1, CheckpointStatus::Ready)).await.unwrap_err(),
        store.add_job_log(&log_line(&job.id, 1, LogLevel::Info)).await.unwrap_err(),
        store.checkpoint(&job.id, Epoch(1)).await.unwrap_err(),
        store.delete_connection_profile(&"cp_unknown".into()).await.unwrap_err(),
        store.delete_connection_table(&"ct_unknown".into()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, MetastoreError::NotFound { .. }), "{error}");
    }
}

pub(crate) async fn deleting_a_pipeline_takes_everything_of_it(store: Store) {
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    store.put_checkpoint(&checkpoint(&job.id, 1, CheckpointStatus::Ready)).await.unwrap();
    store.add_job_log(&log_line(&job.id, 1, LogLevel::Error)).await.unwrap();
    store.delete_pipeline(&stored.id).await.unwrap();
    assert!(matches!(store.job(&job.id).await, Err(MetastoreError::NotFound { .. })));
    assert!(store.checkpoints(&job.id).await.unwrap().is_empty());
    assert!(store.job_errors(&job.id, &page(None, 10)).await.unwrap().data.is_empty());
    assert!(store.jobs(true).await.unwrap().is_empty());
    let removal = Removal { job: job.id.clone(), state_url: stored.state_url.clone() };
    assert_eq!(store.removals().await.unwrap(), [removal], "its files are not forgotten");
    assert!(store.delete_pipeline(&stored.id).await.is_err());
    assert_eq!(store.removals().await.unwrap().len(), 1);
    store.removed(&job.id).await.unwrap();
    store.removed(&job.id).await.unwrap();
    assert!(store.removals().await.unwrap().is_empty());
}

pub(crate) async fn a_job_status_round_trips(store: Store) {
    let (stored, mut job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    for state in JobState::ALL {
        job.state = *state;
        store.update_job(&job).await.unwrap();
        assert_eq!(store.job(&job.id).await.unwrap(), job);
    }
    job.generation = Generation(3);
    job.restart_nonce = 2;
    job.restarts = 4;
    job.start_time = Some(5);
    job.finish_time = Some(6);
    job.tasks = Some(7);
    job.rows_in = Some(1 << 40);
    job.rows_out = Some(0);
    job.late_rows = Some(3);
    job.updated_at = 8;
    job.failure = Some(Failure {
        operator: Some("kafka source".into()),
        message: "no broker".into(),
        hint: Some("start one".into()),
        domain: ErrorDomain::External,
    });
    store.update_job(&job).await.unwrap();
    for reason in [StopReason::OutputClosed, StopReason::TtlExpired] {
        job.stop_reason = Some(reason);
        store.update_job(&job).await.unwrap();
        assert_eq!(store.jobs(false).await.unwrap(), [job.clone()]);
    }
}

pub(crate) async fn an_older_generation_is_fenced(store: Store) {
    let (stored, mut job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    let mut zombie = job.clone();
    zombie.generation = Generation(1);
    zombie.state = JobState::Failed;
    job.generation = Generation(2);
    job.state = JobState::Running;
    store.update_job(&job).await.unwrap();
    assert!(matches!(store.update_job(&zombie).await, Err(MetastoreError::Fenced)));
    assert_eq!(store.job(&job.id).await.unwrap(), job);
}

pub(crate) async fn a_generation_is_started_once(store: Store) {
    let (stored, mut job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    job.generation = Generation(1);
    store.start_job(&job).await.unwrap();
    let rival = Job { state: JobState::Failed, ..job.clone() };
    assert!(matches!(store.start_job(&rival).await, Err(MetastoreError::Fenced)));
    assert_eq!(store.job(&job.id).await.unwrap(), job);
    job.generation = Generation(2);
    store.start_job(&job).await.unwrap();
    job.id = "job_unknown".into();
    assert!(matches!(store.start_job(&job).await, Err(MetastoreError::NotFound { .. })));
}

pub(crate) async fn job_logs_keep_the_newest_thousand_lines(store: Store) {
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    store.add_job_log(&log_line(&job.id, 0, LogLevel::Error)).await.unwrap();
    for i in 1..=998 {
        store.add_job_log(&log_line(&job.id, i, LogLevel::Info)).await.unwrap();
    }
    let last = log_line(&job.id, 999, LogLevel::Error);
    store.add_job_log(&last).await.unwrap();
    let errors = store.job_errors(&job.id, &page(None, 1)).await.unwrap();
    assert_eq!((errors.data.as_slice(), errors.has_more), ([last.clone()].as_slice(), true));
    let errors = store.job_errors(&job.id, &page(Some(last.id.as_str()), 1)).await.unwrap();
    assert_eq!(errors.data.first().map(|line| line.created_at), Some(0));

    store.add_job_log(&log_line(&job.id, 1000, LogLevel::Warn)).await.unwrap();
    let errors = store.job_errors(&job.id, &page(None, 10)).await.unwrap();
    assert_eq!(errors.data, [last], "the oldest line is dropped");
}

pub(crate) async fn checkpoints_are_replaced_by_epoch(store: Store) {
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    let second = checkpoint(&job.id, 2, CheckpointStatus::Failed);
    store.put_checkpoint(&second).await.unwrap();
    let mut first = checkpoint(&job.id, 1, CheckpointStatus::InProgress);
    store.put_checkpoint(&first).await.unwrap();
    first.status = CheckpointStatus::Ready;
    first.finish_time = Some(9);
    first.bytes = 1 << 40;
    assert_eq!(store.last_checkpoint(&job.id).await.unwrap(), None);
    store.put_checkpoint(&first).await.unwrap();
    assert_eq!(store.last_checkpoint(&job.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.checkpoints(&job.id).await.unwrap(), [first.clone(), second]);
    assert_eq!(store.checkpoint(&job.id, Epoch(1)).await.unwrap(), first);
    let generation = first.generation;
    assert_eq!(store.failed_checkpoints(&job.id, Epoch(1), generation).await.unwrap(), 1);
    assert_eq!(store.failed_checkpoints(&job.id, Epoch(2), generation).await.unwrap(), 0);
    assert_eq!(store.failed_checkpoints(&job.id, Epoch(0), generation.next()).await.unwrap(), 0);
}

pub(crate) async fn checkpoints_without_files_are_few(store: Store) {
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    for epoch in 1..=1_003 {
        let status = if epoch % 2 == 0 { CheckpointStatus::Failed } else { CheckpointStatus::Ready };
        store.put_checkpoint(&checkpoint(&job.id, epoch, status)).await.unwrap();
    }
    let (other, other_job) = pipeline("q", 2);
    store.create_pipeline(&other, &other_job).await.unwrap();
    store.put_checkpoint(&checkpoint(&other_job.id, 1, CheckpointStatus::Ready)).await.unwrap();

    store.compact_checkpoints(&job.id, Epoch(1_001)).await.unwrap();
    let rows = store.checkpoints(&job.id).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.epoch.0, row.status)).collect();
    assert_eq!(seen.len(), 1_000, "those beyond are dropped");
    assert_eq!(seen.first(), Some(&(4, CheckpointStatus::Failed)));
    assert_eq!(seen.get(1), Some(&(5, CheckpointStatus::Compacted)));
    assert_eq!(seen.get(997), Some(&(1_001, CheckpointStatus::Ready)), "its files are there");
    assert_eq!(store.checkpoints(&other_job.id).await.unwrap().len(), 1);

    store.compact_checkpoints(&job.id, Epoch(2)).await.unwrap();
    assert_eq!(store.checkpoints(&job.id).await.unwrap(), rows, "nothing is left to do");
}

pub(crate) async fn connections_in_use_are_kept(store: Store) {
    let cluster = profile("cluster");
    store.create_connection_profile(&cluster).await.unwrap();
    let duplicate = profile("cluster");
    let error = store.create_connection_profile(&duplicate).await.unwrap_err();
    assert_eq!(error.to_string(), "a connection profile with that name already exists");
    let bids = table("bids", Some(&cluster), 1);
    store.create_connection_table(&bids).await.unwrap();
    let error = store.delete_connection_profile(&cluster.id).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Cannot delete connection profile; it is still being used by connection table `bids`"
    );
    let (mut stored, job) = pipeline("auction", 1);
    stored.connection_tables = vec![bids.id.clone()];
    store.create_pipeline(&stored, &job).await.unwrap();
    let error = store.delete_connection_table(&bids.id).await.unwrap_err();
    assert_eq!(error.to_string(), "Cannot delete connection table; it is still being used by pipeline `auction`");

    let with_tables = |tables| PipelineUpdate { connection_tables: Some(tables), ..PipelineUpdate::default() };
    let updated = store.update_pipeline(&stored.id, &with_tables(Vec::new()), 2).await.unwrap();
    assert!(updated.connection_tables.is_empty());
    let updated = store.update_pipeline(&stored.id, &with_tables(vec![bids.id.clone()]), 3).await.unwrap();
    assert_eq!(updated.connection_tables, std::slice::from_ref(&bids.id));
    assert!(store.delete_connection_table(&bids.id).await.is_err());

    store.delete_pipeline(&stored.id).await.unwrap();
    store.delete_connection_table(&bids.id).await.unwrap();
    store.delete_connection_profile(&cluster.id).await.unwrap();
    assert!(store.connection_profiles().await.unwrap().is_empty());
}

pub(crate) async fn connection_tables_count_their_consumers(store: Store) {
    let mut bids = table("bids", None, 1);
    let auctions = table("auctions", None, 2);
    store.create_connection_table(&bids).await.unwrap();
    store.create_connection_table(&auctions).await.unwrap();
    let (mut stored, job) = pipeline("p", 1);
    stored.connection_tables = vec![bids.id.clone()];
    store.create_pipeline(&stored, &job).await.unwrap();
    assert_eq!(store.pipeline(&stored.id).await.unwrap(), stored);
    bids.consumers = 1;
    assert_eq!(store.all_connection_tables().await.unwrap(), [auctions.clone(), bids.clone()]);
    let listing = store.connection_tables(&page(None, 1)).await.unwrap();
    assert_eq!((listing.data, listing.has_more), (vec![auctions.clone()], true));
    let listing = store.connection_tables(&page(Some(auctions.id.as_str()), 1)).await.unwrap();
    assert_eq!((listing.data, listing.has_more), (vec![bids], false));
}

pub(crate) async fn previews_are_not_listed(store: Store) {
    let (mut preview, job) = pipeline("preview", 1);
    preview.preview = true;
    store.create_pipeline(&preview, &job).await.unwrap();
    assert!(store.pipelines(&page(None, 10)).await.unwrap().data.is_empty());
    assert!(store.jobs(false).await.unwrap().is_empty());
    assert_eq!(store.jobs(true).await.unwrap(), [job]);
}

async fn next(changes: &mut Box<dyn Changes>) -> Change {
    let change = tokio::time::timeout(std::time::Duration::from_secs(20), changes.next()).await;
    change.expect("a change is announced").expect("the metastore is open")
}

pub(crate) async fn changes_are_announced_to_every_subscriber(store: Store) {
    let mut first = store.subscribe().await.unwrap();
    let mut second = store.subscribe().await.unwrap();
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    // Refused: announces nothing.
    store.create_pipeline(&stored, &job).await.unwrap_err();
    store.update_pipeline(&stored.id, &PipelineUpdate::default(), 2).await.unwrap();
    store.update_job(&job).await.unwrap();
    store.put_checkpoint(&checkpoint(&job.id, 1, CheckpointStatus::Ready)).await.unwrap();
    store.delete_pipeline(&stored.id).await.unwrap();
    let expected = [
        Change::Pipeline(stored.id.clone()),
        Change::Job(job.id.clone()),
        Change::Pipeline(stored.id.clone()),
        Change::Job(job.id.clone()),
        Change::Checkpoint(job.id.clone()),
        Change::Pipeline(stored.id.clone()),
    ];
    for changes in [&mut first, &mut second] {
        for change in &expected {
            assert_eq!(next(changes).await, *change);
        }
    }
}

pub(crate) async fn the_cluster_id_stays(store: Store) {
    store.ping().await.unwrap();
    let id = store.cluster_id().await.unwrap();
    assert!(id.starts_with("ci_") && id.len() > 10, "{id}");
    assert_eq!(store.cluster_id().await.unwrap(), id);
}

pub(crate) async fn concurrent_restarts_are_all_counted(store: Store) {
    let (stored, job) = pipeline("p", 1);
    store.create_pipeline(&stored, &job).await.unwrap();
    let restart = PipelineUpdate { restart: Some(false), ..PipelineUpdate::default() };
    let restarts = (0..20).map(|_| store.update_pipeline(&stored.id, &restart, 2));
    for restarted in futures::future::join_all(restarts).await {
        restarted.unwrap();
    }
    assert_eq!(store.pipeline(&stored.id).await.unwrap().restart_nonce, 20);
}

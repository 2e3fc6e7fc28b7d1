//! The metadata database, in memory: SQLite has threads of its own, for which a paused clock does not wait.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arroyo_engine::EngineError;
use arroyo_metastore::{
    Change, Changes, Checkpoint, CheckpointStatus, ConnectionProfile, ConnectionTable, Job, JobLogMessage, Listing,
    Metastore, MetastoreError, Page, Pipeline, PipelineUpdate, Removal,
};
use arroyo_types::{ConnectionProfileId, ConnectionTableId, Epoch, Generation, JobId, PipelineId, StopMode};
use async_trait::async_trait;
use tokio::sync::broadcast;

use super::faults::Faults;
use super::ledger::Ledger;
use super::life::Life;
use super::mutants::Mutant;
use super::settings::Settings;

type Answer<T> = Result<T, MetastoreError>;

/// What the database holds: one pipeline and its job.
#[derive(Debug)]
pub(super) struct Database {
    rows: Mutex<Rows>,
    changes: broadcast::Sender<Change>,
    faults: Faults,
    /// A planted mistake: whoever takes the job over is not told of its last start.
    forgets: bool,
    /// A planted mistake: a start is not refused although another one took its generation.
    unchecked: bool,
    ledger: Arc<Ledger>,
}

#[derive(Debug, Default)]
struct Rows {
    stored: Option<(Pipeline, Job)>,
    checkpoints: BTreeMap<Epoch, Checkpoint>,
}

impl Database {
    pub(super) fn new(settings: &Settings, ledger: Arc<Ledger>) -> Self {
        let faults = Faults::new(settings.seed ^ 0x0db0, settings.other_faults);
        let forgets = settings.mutant == Some(Mutant::ReuseGeneration);
        let unchecked = forgets || settings.mutant == Some(Mutant::UncheckedStart);
        Self { rows: Mutex::default(), changes: broadcast::Sender::new(1024), faults, forgets, unchecked, ledger }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(super) fn create(&self, pipeline: Pipeline, job: Job) {
        self.rows().stored = Some((pipeline, job));
        self.announce(Change::Everything);
    }

    pub(super) fn job(&self) -> Answer<Job> {
        self.rows().stored.as_ref().map(|(_, job)| job.clone()).ok_or(MetastoreError::NotFound { what: "Job" })
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Changes what is wanted.
    pub(super) fn update(&self, update: &PipelineUpdate) -> Answer<Pipeline> {
        let mut rows = self.rows();
        let (pipeline, _) = rows.stored.as_mut().ok_or(MetastoreError::NotFound { what: "Pipeline" })?;
        pipeline.parallelism = update.parallelism.unwrap_or(pipeline.parallelism);
        pipeline.stop = update.stop.unwrap_or(pipeline.stop);
        pipeline.ignore_state_before = update.ignore_state_before.or(pipeline.ignore_state_before);
        if let Some(force) = update.restart {
            pipeline.restart_nonce += 1;
            pipeline.restart_force = force;
        }
        let pipeline = pipeline.clone();
        drop(rows);
        self.announce(Change::Pipeline(pipeline.id.clone()));
        Ok(pipeline)
    }

    pub(super) fn stop(&self, stop: StopMode) {
        let update = PipelineUpdate { stop: Some(stop), ..PipelineUpdate::default() };
        // It exists since the simulation began.
        let _ = self.update(&update);
    }

    fn announce(&self, change: Change) {
        // Nobody may listen.
        let _ = self.changes.send(change);
    }

    fn write_job(&self, job: &Job, starts: bool) -> Answer<()> {
        let mut rows = self.rows();
        let (_, stored) = rows.stored.as_mut().ok_or(MetastoreError::NotFound { what: "Job" })?;
        let taken = starts && !self.unchecked && stored.generation == job.generation;
        if taken || stored.generation > job.generation {
            self.ledger.add("fenced");
            return Err(MetastoreError::Fenced);
        }
        if (stored.state, stored.generation) != (job.state, job.generation) {
            let failure = job.failure.as_ref().filter(|_| job.failure != stored.failure);
            let why = failure.map(|failure| format!(": {}", failure.message)).unwrap_or_default();
            self.ledger.note(&format!("generation {} is {}{why}", job.generation, job.state));
            // People are told what went wrong, not what followed from it.
            if why.contains(&EngineError::Ended.to_string()) {
                self.ledger.wrong(format!("generation {} says that its tasks have ended, not why", job.generation));
            }
        }
        *stored = job.clone();
        drop(rows);
        self.announce(Change::Job(job.id.clone()));
        Ok(())
    }
}

/// The database as one process reaches it.
#[derive(Debug)]
pub(super) struct SimulatedMetastore {
    pub(super) database: Arc<Database>,
    pub(super) life: Life,
}

impl SimulatedMetastore {
    /// Fails now and then, before the call's effect or after it.
    async fn call<T>(&self, call: impl FnOnce(&Database) -> Answer<T>) -> Answer<T> {
        let unavailable = |reason: &str| MetastoreError::Unavailable {
            place: "of the simulation".to_string(),
            reason: format!("injected fault {reason}"),
        };
        self.life.gate().await;
        if self.database.faults.strikes() {
            return Err(unavailable("before the call"));
        }
        let answer = call(&self.database);
        if self.database.faults.strikes() {
            return Err(unavailable("after the call"));
        }
        answer
    }
}

struct Subscription {
    life: Life,
    changes: broadcast::Receiver<Change>,
}

#[async_trait]
impl Changes for Subscription {
    async fn next(&mut self) -> Option<Change> {
        self.life.gate().await;
        match self.changes.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// Simulations know no connections and no lists for people.
fn absent<T>() -> Answer<T> {
    Err(MetastoreError::NotFound { what: "what simulations do not have" })
}

#[async_trait]
impl Metastore for SimulatedMetastore {
    async fn cluster_id(&self) -> Answer<String> {
        Ok("simulation".to_string())
    }

    async fn subscribe(&self) -> Answer<Box<dyn Changes>> {
        Ok(Box::new(Subscription { life: self.life.clone(), changes: self.database.changes.subscribe() }))
    }

    async fn ping(&self) -> Answer<()> {
        self.call(|_| Ok(())).await
    }

    async fn create_pipeline(&self, pipeline: &Pipeline, job: &Job) -> Answer<()> {
        self.call(|database| {
            database.create(pipeline.clone(), job.clone());
            Ok(())
        })
        .await
    }

    async fn pipeline(&self, _: &PipelineId) -> Answer<Pipeline> {
        let stored = |rows: &Rows| rows.stored.as_ref().map(|(pipeline, _)| pipeline.clone());
        self.call(|database| stored(&database.rows()).ok_or(MetastoreError::NotFound { what: "Pipeline" })).await
    }

    async fn pipelines(&self, _: &Page) -> Answer<Listing<Pipeline>> {
        absent()
    }

    async fn update_pipeline(&self, _: &PipelineId, update: &PipelineUpdate, _: i64) -> Answer<Pipeline> {
        self.call(|database| database.update(update)).await
    }

    async fn delete_pipeline(&self, _: &PipelineId) -> Answer<()> {
        absent()
    }

    async fn removals(&self) -> Answer<Vec<Removal>> {
        self.call(|_| Ok(Vec::new())).await
    }

    async fn removed(&self, _: &JobId) -> Answer<()> {
        absent()
    }

    async fn job(&self, _: &JobId) -> Answer<Job> {
        self.call(Database::job).await
    }

    async fn pipeline_jobs(&self, _: &PipelineId) -> Answer<Vec<Job>> {
        self.call(|database| Ok(vec![database.job()?])).await
    }

    async fn jobs(&self, _: bool) -> Answer<Vec<Job>> {
        let mut jobs: Vec<Job> = self.call(|database| Ok(database.job().into_iter().collect())).await?;
        for job in jobs.iter_mut().filter(|_| self.database.forgets) {
            job.generation = Generation(job.generation.0.saturating_sub(1));
        }
        Ok(jobs)
    }

    async fn update_job(&self, job: &Job) -> Answer<()> {
        self.call(|database| database.write_job(job, false)).await
    }

    async fn start_job(&self, job: &Job) -> Answer<()> {
        self.call(|database| database.write_job(job, true)).await
    }

    async fn add_job_log(&self, _: &JobLogMessage) -> Answer<()> {
        self.call(|_| Ok(())).await
    }

    async fn job_errors(&self, _: &JobId, _: &Page) -> Answer<Listing<JobLogMessage>> {
        absent()
    }

    async fn put_checkpoint(&self, checkpoint: &Checkpoint) -> Answer<()> {
        self.call(|database| {
            database.rows().checkpoints.insert(checkpoint.epoch, checkpoint.clone());
            Ok(())
        })
        .await
    }

    async fn compact_checkpoints(&self, _: &JobId, oldest: Epoch) -> Answer<()> {
        self.call(|database| {
            let mut rows = database.rows();
            let gone = rows.checkpoints.values_mut().filter(|row| row.epoch < oldest);
            gone.filter(|row| row.status == CheckpointStatus::Ready)
                .for_each(|row| row.status = CheckpointStatus::Compacted);
            Ok(())
        })
        .await
    }

    async fn checkpoints(&self, _: &JobId) -> Answer<Vec<Checkpoint>> {
        self.call(|database| Ok(database.rows().checkpoints.values().cloned().collect())).await
    }

    async fn last_checkpoint(&self, _: &JobId) -> Answer<Option<Checkpoint>> {
        absent()
    }

    async fn checkpoint(&self, _: &JobId, epoch: Epoch) -> Answer<Checkpoint> {
        let missing = || MetastoreError::NotFound { what: "Checkpoint" };
        self.call(|database| database.rows().checkpoints.get(&epoch).cloned().ok_or_else(missing)).await
    }

    async fn failed_checkpoints(&self, _: &JobId, _: Epoch, _: Generation) -> Answer<u32> {
        absent()
    }

    async fn create_connection_profile(&self, _: &ConnectionProfile) -> Answer<()> {
        absent()
    }

    async fn connection_profiles(&self) -> Answer<Vec<ConnectionProfile>> {
        absent()
    }

    async fn delete_connection_profile(&self, _: &ConnectionProfileId) -> Answer<()> {
        absent()
    }

    async fn create_connection_table(&self, _: &ConnectionTable) -> Answer<()> {
        absent()
    }

    async fn connection_tables(&self, _: &Page) -> Answer<Listing<ConnectionTable>> {
        absent()
    }

    async fn all_connection_tables(&self) -> Answer<Vec<ConnectionTable>> {
        absent()
    }

    async fn delete_connection_table(&self, _: &ConnectionTableId) -> Answer<()> {
        absent()
    }
}

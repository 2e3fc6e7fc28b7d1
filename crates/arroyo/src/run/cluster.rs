//! The local cluster: nine steps, each logged with its duration.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use arroyo_config::{Config, OutputFormat, Sources};
use arroyo_controller::Fence;
use arroyo_metastore::{MetastoreError, SqliteMetastore};
use arroyo_openapi::Client;
use arroyo_planner::StdoutFormat;
use arroyo_runtime::{Failpoints, Guard};
use arroyo_types::{Clock, ErrorKind, SystemClock};

use super::backups::{self, BackupConnection, Backups, Requests, Restored};
use super::durability::Durability;
use super::local_settings;
use super::maybe_local_db::MaybeLocalDb;
use super::reconcile::{self, Wanted};
use super::state_dir::StateDir;
use super::submission::{self, Rejection, Submission};
use crate::cli::{Output, RunArgs, Scheduler};
use crate::commands::query::Query;
use crate::services::{self, Metrics};

/// The services of a production cluster in this process, and the pipeline that they run.
pub(crate) struct LocalCluster {
    /// Where the state is.
    pub(crate) state_dir: StateDir,
    /// Where the API listens.
    pub(crate) api: SocketAddr,
    /// Where the admin server listens.
    pub(crate) admin: SocketAddr,
    /// The API's client.
    pub(crate) client: Client,
    /// Whether the state directory can be written.
    pub(crate) durability: Durability,
    /// Copies of the metadata database.
    backups: Backups,
    /// How rows of a bare SELECT are printed.
    format: StdoutFormat,
    /// The metadata database, and the right to write to the state directory.
    db: MaybeLocalDb,
}

impl LocalCluster {
    /// Starts everything but the query.
    ///
    /// # Errors
    ///
    /// Whatever keeps a service from starting, with the step that failed.
    pub(crate) async fn start(
        args: &RunArgs,
        query: &Query,
        sources: &Sources,
        config: &Config,
        guard: &Guard,
    ) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let metrics = Metrics::default();

        let state_dir = timed("resolve_state_dir", || resolve_state_dir(args, config, query))?;
        let durability = Durability::new(clock.clone());
        local_settings::refuse_without_effect(&sources.set, &state_dir)?;
        let ttl = config.run.lease_ttl.0;
        let db =
            timed_async("maybe_local_db", MaybeLocalDb::from_dir(&state_dir, ttl, args.takes_over(), &clock)).await?;
        db.lease().keep(durability.clone(), guard);
        let config = timed("override_configuration", || override_configuration(args, sources, &state_dir, &db))?;
        let (metastore, connection) = timed_async("init_connection", init_connection(&db, clock.as_ref())).await?;
        let wanted = Wanted {
            args,
            query,
            config: &config,
            format: stdout_format(config.run.output),
            storage: db.lease().storage(),
            first_generation: db.lease().first_generation(),
        };
        reconcile::adopt_orphan(metastore.as_ref(), &wanted, clock.as_ref()).await?;
        // Another runner may have taken the directory over and stored its jobs' numbers before they were read here: starts with
        // numbers above them would be taken for those of its successor.
        db.lease().check().await?;
        let controller = timed_async(
            "start_controller",
            services::start_controller(
                &config,
                metastore.clone(),
                metrics.clone(),
                Arc::new(db.lease().clone()),
                guard,
            ),
        )
        .await?;
        let endpoint = format!("http://{controller}");
        let (stored, requests) = backups::confirmations(&connection, &durability);
        let api = timed_async("start_api", services::start_api(&config, metastore, endpoint, stored, guard)).await?;
        let admin = crate::admin::start("run", config.clone(), metrics.shown(), guard).await?;
        let client = timed("api_client", || api_client(&config, api))?;
        let backups =
            timed_async("start_backups", start_backups(connection, requests, &config, durability.clone(), guard))
                .await?;
        let format = stdout_format(config.run.output);
        Ok(Self { state_dir, api, admin, client, durability, backups, format, db })
    }

    /// Submits the query through the API, or takes up the pipeline that the state directory holds.
    pub(crate) async fn submit(&self, args: &RunArgs, query: &Query) -> Result<Submission, Rejection> {
        timed_async("submit", submission::submit(&self.client, args, query, &self.state_dir, self.format)).await
    }
}

impl LocalCluster {
    /// Removes a state directory that nobody named and that holds nothing: that of a query that was rejected.
    ///
    /// Answers whether it was such a one.
    pub(crate) async fn forget(&self) -> bool {
        if !self.state_dir.is_default || !self.db.is_fresh() {
            return false;
        }
        let removed = match self.state_dir.local_path() {
            Some(path) => std::fs::remove_dir_all(path).map_err(anyhow::Error::from),
            None => self.db.forget().await,
        };
        if let Err(error) = removed {
            tracing::warn!("cannot remove {}: {error}", self.state_dir.url());
        }
        true
    }

    /// Waits until another runner has taken the state directory over; answers who.
    pub(crate) async fn lost(&self) -> String {
        self.db.lease().lost().await
    }

    /// Stores the metadata database for the last time and lets go of the state directory.
    pub(crate) async fn let_go(&self) {
        if self.db.lease().is_lost() {
            return;
        }
        let settled = self.backups.finish().await;
        self.db.lease().release(settled).await;
    }
}

/// Step 1.
fn resolve_state_dir(args: &RunArgs, config: &Config, query: &Query) -> anyhow::Result<StateDir> {
    StateDir::resolve(
        args.state_dir.as_deref(),
        config.run.state_dir.as_deref(),
        &config.checkpoint_url,
        &args.name,
        &query.sql,
    )
}

/// Step 3: the configuration of a local cluster. What the user set explicitly, say a port, wins.
fn override_configuration(
    args: &RunArgs,
    sources: &Sources,
    state_dir: &StateDir,
    db: &MaybeLocalDb,
) -> anyhow::Result<Arc<Config>> {
    let mut sources = Sources {
        defaults: defaults(),
        forced: vec![
            ("database.type", "sqlite".to_string()),
            ("database.sqlite.path", db.path().display().to_string()),
            ("checkpoint-url", state_dir.url()),
            ("pipeline.default-sink", "stdout".to_string()),
        ],
        ..sources.clone()
    };
    if let Some(scheduler) = args.scheduler {
        sources.forced.push(("controller.scheduler", name_of(scheduler).to_string()));
    }
    if let Some(output) = args.output {
        sources.forced.push(("run.output", name_of_output(output).to_string()));
    }
    let mut config = arroyo_config::load(&sources).context("configure the local cluster")?;
    if let Some(port) = config.api.run_http_port {
        config.api.http_port = port;
    }
    // Its console shows this cluster, not the one that the file is for.
    config.api_endpoint = None;
    Ok(Arc::new(config))
}

/// Defaults of a local cluster that differ from those of a production one.
pub(crate) fn defaults() -> Vec<(&'static str, String)> {
    vec![
        ("api.http-port", "0".to_string()),
        ("controller.rpc-port", "0".to_string()),
        ("admin.http-port", "0".to_string()),
        ("controller.scheduler", "embedded".to_string()),
    ]
}

fn name_of(scheduler: Scheduler) -> &'static str {
    match scheduler {
        Scheduler::Embedded => "embedded",
        Scheduler::Process => "process",
    }
}

fn name_of_output(output: Output) -> &'static str {
    match output {
        Output::Json => "json",
        Output::Table => "table",
        Output::Csv => "csv",
    }
}

fn stdout_format(output: OutputFormat) -> StdoutFormat {
    match output {
        OutputFormat::Json => StdoutFormat::Json,
        OutputFormat::Table => StdoutFormat::Table,
        OutputFormat::Csv => StdoutFormat::Csv,
    }
}

/// Opens the metadata database and checks it; a damaged one is set aside and its last backup taken.
///
/// A backup may be older than the run: where the job resumes is decided by the manifests beside it.
async fn open_metastore(db: &MaybeLocalDb) -> anyhow::Result<Arc<SqliteMetastore>> {
    let damage = match open_checked(db.path()).await {
        Ok(metastore) => return Ok(Arc::new(metastore)),
        Err(error @ MetastoreError::Newer { .. }) => return Err(error.into()),
        Err(error) => error,
    };
    match backups::restore(db.path(), is_damage(&damage))? {
        Restored::Backup => tracing::warn!("the metadata database is damaged ({damage}); its last backup is used"),
        Restored::Nothing => {
            tracing::warn!("the metadata database is damaged ({damage}); it is made anew from the checkpoints");
        }
        Restored::Not => return Err(damage).context("open the metadata database"),
    }
    let metastore = open_checked(db.path()).await.context("open the backup of the metadata database")?;
    Ok(Arc::new(metastore))
}

/// Whether the file itself is broken: not, say, its permissions.
fn is_damage(error: &MetastoreError) -> bool {
    let text = error.to_string();
    error.kind() == ErrorKind::Corrupt || text.contains("not a database") || text.contains("malformed")
}

async fn open_checked(path: &Path) -> Result<SqliteMetastore, MetastoreError> {
    let metastore = SqliteMetastore::open(path).await?;
    metastore.integrity_check().await?;
    Ok(metastore)
}

/// Step 4: the metadata database, in which nothing runs yet, and the connection that backups are taken through.
async fn init_connection(
    db: &MaybeLocalDb,
    clock: &dyn Clock,
) -> anyhow::Result<(Arc<SqliteMetastore>, BackupConnection)> {
    let metastore = open_metastore(db).await?;
    submission::settle(metastore.as_ref(), db.lease().first_generation(), clock).await?;
    let connection = BackupConnection::new(metastore.clone(), db, Failpoints::default());
    Ok((metastore, connection))
}

/// Step 7.
fn api_client(config: &Config, api: SocketAddr) -> anyhow::Result<Client> {
    submission::own_client(config, &format!("http://{api}"))
}

/// Step 8.
async fn start_backups(
    connection: BackupConnection,
    requests: Requests,
    config: &Config,
    durability: Durability,
    guard: &Guard,
) -> anyhow::Result<Backups> {
    let backups = Backups::start(connection, requests, config.run.backup_interval.0, durability, guard).await;
    backups.context("start the backups of the metadata database")
}

/// Logs how long a step took.
fn timed<T>(step: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    log_step(step, began);
    result
}

/// As [`timed`], for a step that waits.
async fn timed_async<T>(step: &str, work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let result = work.await;
    log_step(step, began);
    result
}

fn log_step(step: &str, began: Instant) {
    tracing::debug!(step, elapsed_ms = began.elapsed().as_secs_f64() * 1e3, "step of the local cluster");
}

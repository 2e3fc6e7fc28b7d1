//! `arroyo state export`: a pipeline of the configured cluster into a directory for `arroyo run`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use arroyo_config::Config;
use arroyo_metastore::SqliteMetastore;
use arroyo_runtime::Shutdown;
use arroyo_storage::Storage;
use arroyo_types::{Clock, SystemClock};

use super::transfer::{self, Side};
use crate::cli::state::ExportArgs;
use crate::commands::query::shell_quoted;
use crate::run::durability::Durability;
use crate::run::maybe_local_db::{DATABASE_FILE, MaybeLocalDb};
use crate::run::state_dir::StateDir;
use crate::{services, terminal};

/// How long the connections of the metadata database may take to end.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Copies the pipeline and its state.
pub(super) async fn execute(args: &ExportArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let shutdown = Shutdown::new("export");
    let metastore = services::open_metastore(config, &shutdown.guard()).await?;
    let (pipeline, job) = transfer::find(metastore.as_ref(), Some(&args.pipeline)).await?;
    if !job.state.is_terminal() {
        bail!("pipeline {} is {}: stop it first, so that it is Stopped, Finished or Failed", pipeline.id, job.state);
    }
    let dir = StateDir::resolve(Some(&args.dir), None, "", "", "")?;
    if !Storage::open(&dir.url())?.list("").await?.is_empty() {
        bail!("{} is not empty: name a new directory", args.dir);
    }
    let (id, query) = (pipeline.id.clone(), pipeline.query.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = MaybeLocalDb::from_dir(&dir, config.run.lease_ttl.0, false, &clock).await?;
    db.lease().keep(Durability::new(clock), &shutdown.guard());
    let local = SqliteMetastore::open(db.path()).await?;
    let from = Side { metastore: metastore.as_ref(), checkpoint_url: &config.checkpoint_url };
    let to = Side { metastore: &local, checkpoint_url: &dir.url() };
    let transferred = transfer::transfer(from, to, pipeline, job).await?;
    if let Some(home) = db.remote_home() {
        let copy = home.scratch.join("exported.sqlite");
        local.backup_to(&copy).await?;
        let bytes = std::fs::read(&copy).with_context(|| format!("cannot read {}", copy.display()))?;
        home.storage.put(DATABASE_FILE, bytes.into()).await?;
    }
    db.lease().release(true).await;
    terminal::line(&format!("Exported pipeline {id}: {}.", transfer::summary(transferred.copied)));
    let query =
        if query.len() > 200 { "FILE_WITH_ITS_QUERY".to_string() } else { format!("-e {}", shell_quoted(&query)) };
    terminal::line(&format!("Go on with:\n  arroyo run {query}{}", dir.option()));
    terminal::line(&format!("Do not start {id} in the cluster again: both would write to the same sinks."));
    shutdown.drain(DRAIN_TIMEOUT).await;
    Ok(ExitCode::SUCCESS)
}

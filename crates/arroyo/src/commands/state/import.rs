//! `arroyo state import`: a state directory of `arroyo run` into the configured cluster.

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
use crate::cli::state::ImportArgs;
use crate::run::durability::Durability;
use crate::run::maybe_local_db::{DATABASE_FILE, MaybeLocalDb};
use crate::run::state_dir::StateDir;
use crate::{services, terminal};

/// How long the connections of the metadata database may take to end.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Copies the directory's pipeline and its state; a runner that uses the directory keeps it from being copied.
pub(super) async fn execute(args: &ImportArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let dir = StateDir::resolve(Some(&args.dir), None, "", "", "")?;
    let storage = Storage::open_existing(&dir.url()).with_context(|| format!("cannot read {}", args.dir))?;
    if storage.head(DATABASE_FILE).await?.is_none() {
        bail!("{} is no state directory of `arroyo run`: it has no {DATABASE_FILE}", args.dir);
    }
    let shutdown = Shutdown::new("import");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = MaybeLocalDb::from_dir(&dir, config.run.lease_ttl.0, false, &clock).await?;
    db.lease().keep(Durability::new(clock), &shutdown.guard());
    let local = SqliteMetastore::open(db.path()).await.context("open the directory's metadata database")?;
    local.integrity_check().await.context("check the directory's metadata database")?;
    let (mut pipeline, job) = transfer::find(&local, None).await?;
    if let Some(name) = &args.name {
        pipeline.name = name.clone();
    }
    let metastore = services::open_metastore(config, &shutdown.guard()).await?;
    let id = pipeline.id.clone();
    let from = Side { metastore: &local, checkpoint_url: &dir.url() };
    let to = Side { metastore: metastore.as_ref(), checkpoint_url: &config.checkpoint_url };
    let transferred = transfer::transfer(from, to, pipeline, job).await?;
    terminal::line(&format!(
        "Imported pipeline {id} as job {}: {}.",
        transferred.job,
        transfer::summary(transferred.copied)
    ));
    terminal::line(&format!(
        "Start it with PATCH /api/v1/pipelines/{id} and the body {{\"stop\": \"none\"}} (and \"parallelism\", if it should change)."
    ));
    terminal::line(&format!("Do not run {} again: both would write to the same sinks.", args.dir));
    db.lease().release(true).await;
    shutdown.drain(DRAIN_TIMEOUT).await;
    Ok(ExitCode::SUCCESS)
}

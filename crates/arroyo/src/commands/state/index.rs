//! What the metadata database beside the checkpoints knows of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use arroyo_metastore::{Metastore, SqliteMetastore};
use arroyo_storage::Storage;
use arroyo_types::{Epoch, JobId};

use crate::run::maybe_local_db::DATABASE_FILE;
use crate::run::private_dir::PrivateDir;
use crate::run::state_dir::{Place, StateDir};

/// What SQLite keeps beside a database that is, or was, in use.
const LOG_FILES: [&str; 2] = ["state.sqlite-wal", "state.sqlite-shm"];

/// The last complete checkpoint of each job that it knows; empty if there is no database. A copy is read: whoever uses the directory
/// is left alone.
///
/// # Errors
///
/// The database cannot be copied or read.
pub(super) async fn last_complete(dir: &str) -> anyhow::Result<BTreeMap<JobId, Epoch>> {
    let copy = PrivateDir::new(&std::env::temp_dir())?;
    if !fetch(dir, copy.path()).await? {
        return Ok(BTreeMap::new());
    }
    let metastore = SqliteMetastore::open(copy.path().join(DATABASE_FILE)).await?;
    metastore.integrity_check().await?;
    let mut complete = BTreeMap::new();
    for job in metastore.jobs(true).await? {
        let pipeline = metastore.pipeline(&job.pipeline).await?;
        if let Some(epoch) = pipeline.last_complete(&metastore.checkpoints(&job.id).await?) {
            complete.insert(job.id, epoch);
        }
    }
    Ok(complete)
}

/// Copies the database of the state directory; answers whether there is one.
async fn fetch(dir: &str, to: &Path) -> anyhow::Result<bool> {
    let resolved = StateDir::resolve(Some(dir), None, "", "", "")?;
    if let Place::Local(path) = &resolved.place {
        let there = path.join(DATABASE_FILE).is_file();
        if there {
            for name in LOG_FILES.into_iter().chain([DATABASE_FILE]).filter(|name| path.join(name).is_file()) {
                std::fs::copy(path.join(name), to.join(name))
                    .with_context(|| format!("cannot copy {}", path.join(name).display()))?;
            }
        }
        return Ok(there);
    }
    match Storage::open_existing(&resolved.url())?.get(DATABASE_FILE).await {
        Ok(bytes) => std::fs::write(to.join(DATABASE_FILE), bytes).context("cannot copy the metadata database")?,
        Err(error) if error.is_not_found() => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

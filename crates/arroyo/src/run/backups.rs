//! Steps 4 and 8: copies of the metadata database.
//!
//! In a directory of this machine the copy, `state.sqlite.backup`, is taken when the database itself is damaged ([`restore`]).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arroyo_metastore::SqliteMetastore;
use arroyo_runtime::{Guard, TaskKind};

/// Where the database is copied from and to.
#[derive(Debug, Clone)]
pub(crate) struct BackupConnection {
    metastore: Arc<SqliteMetastore>,
    target: PathBuf,
}

impl BackupConnection {
    /// Copies of `metastore`, which is the file `database`, go beside it.
    pub(crate) fn new(metastore: Arc<SqliteMetastore>, database: &Path) -> Self {
        Self { metastore, target: backup_of(database) }
    }

    /// Replaces the last copy by a new one, whole or not at all.
    async fn back_up(&self) -> anyhow::Result<()> {
        let fresh = self.target.with_extension("backup-new");
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", fresh.display()));
            }
            _ => {}
        }
        self.metastore.backup_to(&fresh).await?;
        std::fs::rename(&fresh, &self.target).with_context(|| format!("cannot write {}", self.target.display()))
    }
}

/// The copy of a database file.
fn backup_of(database: &Path) -> PathBuf {
    database.with_extension("sqlite.backup")
}

/// Sets a damaged database aside, as `state.sqlite.damaged`, and puts its last copy in its place.
///
/// Returns whether there was a copy; without one nothing is changed.
pub(crate) fn restore(database: &Path) -> anyhow::Result<bool> {
    let backup = backup_of(database);
    if !backup.is_file() {
        return Ok(false);
    }
    let damaged = database.with_extension("sqlite.damaged");
    std::fs::rename(database, &damaged).with_context(|| format!("cannot set {} aside", database.display()))?;
    for log in ["sqlite-wal", "sqlite-shm"] {
        let log = database.with_extension(log);
        if log.exists() {
            std::fs::remove_file(&log).with_context(|| format!("cannot remove {}", log.display()))?;
        }
    }
    std::fs::copy(&backup, database).with_context(|| format!("cannot copy {}", backup.display()))?;
    Ok(true)
}

/// Takes copies at an interval and when asked to.
#[derive(Debug)]
pub(crate) struct Backups {
    connection: BackupConnection,
}

impl Backups {
    /// Starts taking copies.
    pub(crate) fn start(connection: BackupConnection, interval: Duration, guard: &Guard) -> Self {
        let background = connection.clone();
        guard.spawn("backups", TaskKind::BACKGROUND, async move {
            let mut ticks = tokio::time::interval(interval.max(Duration::from_secs(1)));
            ticks.tick().await;
            loop {
                ticks.tick().await;
                if let Err(error) = background.back_up().await {
                    tracing::warn!("the metadata database was not backed up: {error:#}");
                }
            }
            #[expect(unreachable_code, reason = "names the error type of a task that only ends by being dropped")]
            Ok::<(), std::convert::Infallible>(())
        });
        Self { connection }
    }

    /// Takes the final copy.
    pub(crate) async fn finish(&self) {
        if let Err(error) = self.connection.back_up().await {
            tracing::warn!("the metadata database was not backed up: {error:#}");
        }
    }
}

//! Steps 4 and 8: copies of the metadata database.
//!
//! In a directory of this machine the copy, `state.sqlite.backup`, is taken when the database itself is damaged
//! ([`restore`]). In a bucket the copy is what the next run starts from, so that it follows each change within a second, and at
//! once when somebody waits for it; it is replaced only if it is the one that this run has written last.

mod confirmations;
mod remote;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arroyo_metastore::{Metastore, MetastoreError, SqliteMetastore};
use arroyo_runtime::{Failpoints, Guard, TaskKind};
use tokio::time::Instant;

pub(crate) use self::confirmations::{Requests, confirmations};
use self::remote::RemoteCopy;
use super::durability::{Durability, Source};
use super::maybe_local_db::MaybeLocalDb;

/// Changes that are closer together are stored at once.
const MERGED_WITHIN: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_secs(15);

/// The last copy may take so long.
const FINAL_TIMEOUT: Duration = Duration::from_secs(30);

/// Where the database is copied from and to.
#[derive(Debug, Clone)]
pub(crate) struct BackupConnection {
    metastore: Arc<SqliteMetastore>,
    target: Target,
}

#[derive(Debug, Clone)]
enum Target {
    Beside(PathBuf),
    Remote(Arc<RemoteCopy>),
}

impl BackupConnection {
    /// Copies of `metastore`, which is the file of `db`, go to its home; those to a bucket pass one of `failpoints` before they do.
    pub(crate) fn new(metastore: Arc<SqliteMetastore>, db: &MaybeLocalDb, failpoints: Failpoints) -> Self {
        let target = match db.remote_home() {
            Some(home) => Target::Remote(Arc::new(RemoteCopy::new(home, db.lease().clone(), failpoints))),
            None => Target::Beside(backup_of(db.path())),
        };
        Self { metastore, target }
    }

    /// Whether nothing is copied any more.
    fn is_closed(&self) -> bool {
        matches!(&self.target, Target::Remote(remote) if remote.is_closed())
    }

    /// Replaces the last copy by a new one, whole or not at all.
    async fn back_up(&self) -> anyhow::Result<()> {
        match &self.target {
            Target::Beside(target) => {
                let fresh = target.with_extension("backup-new");
                copy(&self.metastore, &fresh).await?;
                std::fs::rename(&fresh, target).with_context(|| format!("cannot write {}", target.display()))
            }
            Target::Remote(remote) => remote.store(&self.metastore).await,
        }
    }
}

/// Writes a consistent copy of the database to `to`.
async fn copy(metastore: &SqliteMetastore, to: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", to.display()));
        }
        _ => {}
    }
    Ok(metastore.backup_to(to).await?)
}

/// The copy of a database file.
fn backup_of(database: &Path) -> PathBuf {
    database.with_extension("sqlite.backup")
}

/// What [`restore`] did.
pub(crate) enum Restored {
    /// The last copy is in the database's place.
    Backup,
    /// There was no copy: nothing is in the database's place.
    Nothing,
    /// Nothing was changed.
    Not,
}

/// Sets a database that cannot be used aside, as `state.sqlite.damaged`, and puts its last copy in its place. Without a copy
/// it is set aside only if it is `damaged` for sure.
pub(crate) fn restore(database: &Path, damaged: bool) -> anyhow::Result<Restored> {
    let backup = backup_of(database);
    if !damaged && !backup.is_file() {
        return Ok(Restored::Not);
    }
    let damaged = database.with_extension("sqlite.damaged");
    std::fs::rename(database, &damaged).with_context(|| format!("cannot set {} aside", database.display()))?;
    for log in ["sqlite-wal", "sqlite-shm"] {
        let log = database.with_extension(log);
        if log.exists() {
            std::fs::remove_file(&log).with_context(|| format!("cannot remove {}", log.display()))?;
        }
    }
    if !backup.is_file() {
        return Ok(Restored::Nothing);
    }
    std::fs::copy(&backup, database).with_context(|| format!("cannot copy {}", backup.display()))?;
    Ok(Restored::Backup)
}

/// Takes copies at an interval, after changes, and when asked to.
#[derive(Debug)]
pub(crate) struct Backups {
    connection: BackupConnection,
}

impl Backups {
    /// Starts taking copies: at `interval`, and to a bucket after each change and for those who wait for it, too.
    pub(crate) async fn start(
        connection: BackupConnection,
        requests: Requests,
        interval: Duration,
        durability: Durability,
        guard: &Guard,
    ) -> Result<Self, MetastoreError> {
        let background = connection.clone();
        let interval = interval.max(MERGED_WITHIN);
        match connection.target {
            Target::Beside(_) => guard.spawn("backups", TaskKind::BACKGROUND, async move {
                let mut ticks = tokio::time::interval(interval);
                ticks.tick().await;
                loop {
                    ticks.tick().await;
                    if let Err(error) = background.back_up().await {
                        tracing::warn!("the metadata database was not backed up: {error:#}");
                    }
                }
                #[expect(unreachable_code, reason = "names the error type of a task that only ends by being dropped")]
                Ok::<(), std::convert::Infallible>(())
            }),
            Target::Remote(_) => {
                let changes = connection.metastore.subscribe().await?;
                guard.spawn(
                    "backups",
                    TaskKind::BACKGROUND,
                    follow(background, changes, requests, interval, durability),
                )
            }
        };
        Ok(Self { connection })
    }

    /// Takes the final copy; answers whether it was stored. Nothing is copied after it.
    pub(crate) async fn finish(&self) -> bool {
        let outcome = match tokio::time::timeout(FINAL_TIMEOUT, self.connection.back_up()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(anyhow::anyhow!("it took longer than {} s", FINAL_TIMEOUT.as_secs())),
        };
        if let Target::Remote(remote) = &self.connection.target {
            remote.close();
        }
        if let Err(error) = &outcome {
            tracing::warn!(
                "the metadata database was not backed up; what its last copy lacks is found in the checkpoints: {error:#}"
            );
        }
        outcome.is_ok()
    }
}

/// Stores the database after changes, for those who wait for it, and at an interval; after failures until it succeeds.
async fn follow(
    connection: BackupConnection,
    mut changes: Box<dyn arroyo_metastore::Changes>,
    mut requests: Requests,
    interval: Duration,
    durability: Durability,
) -> Result<(), std::convert::Infallible> {
    let mut due = Instant::now() + interval;
    let mut last = Instant::now();
    let mut pause = FIRST_RETRY;
    let mut waiting = Vec::new();
    loop {
        tokio::select! {
            change = changes.next() => {
                if change.is_none() {
                    return Ok(());
                }
                // While storing fails, the next try is due when it is.
                if durability.outage().is_none() {
                    due = due.min((last + MERGED_WITHIN).max(Instant::now()));
                }
                continue;
            }
            Some(request) = requests.recv() => waiting.push(request),
            () = tokio::time::sleep_until(due) => {}
        }
        // What they have changed is in the copy that begins now.
        waiting.extend(std::iter::from_fn(|| requests.try_recv().ok()));
        last = Instant::now();
        match connection.back_up().await {
            Ok(()) if connection.is_closed() => return Ok(()),
            Ok(()) => {
                durability.succeeded(Source::Backup);
                // Whoever asked may have gone away.
                for request in waiting.drain(..) {
                    let _ = request.send(());
                }
                pause = FIRST_RETRY;
                due = Instant::now() + interval;
            }
            Err(error) => {
                durability.failed(Source::Backup, &format!("{error:#}"));
                due = Instant::now() + pause;
                pause = (pause * 2).min(LONGEST_RETRY);
            }
        }
    }
}

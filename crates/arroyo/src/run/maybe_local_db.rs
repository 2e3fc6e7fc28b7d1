//! Step 2: the metadata database of a state directory, and the right to write to the directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use arroyo_storage::{Storage, Version};
use arroyo_types::Clock;

use super::lease::{Lease, Terms, host};
use super::private_dir::PrivateDir;
use super::state_dir::{Place, StateDir};

/// The metadata database in a state directory.
pub(crate) const DATABASE_FILE: &str = "state.sqlite";
const LOCK_FILE: &str = "lock";

/// The metadata database of a state directory that this process has taken.
#[derive(Debug)]
pub(crate) struct MaybeLocalDb {
    path: PathBuf,
    lease: Lease,
    home: Home,
}

/// Where the database is at home.
#[derive(Debug)]
enum Home {
    /// It is used in place.
    Local {
        /// Held as long as the database is used; the system lets go of it when the process ends, however it ends.
        _lock: File,
        /// Whether the directory was there before.
        existed: bool,
    },
    /// It is a copy.
    Remote {
        /// The state directory.
        storage: Storage,
        /// The version that was copied; `None`: there was none.
        version: Option<Version>,
        copy: PrivateDir,
    },
}

/// A database that is at home in a bucket.
#[derive(Debug, Clone)]
pub(crate) struct RemoteHome {
    /// The state directory.
    pub(crate) storage: Storage,
    /// The version that was copied; `None`: there was none.
    pub(crate) version: Option<Version>,
    /// A private directory of this machine.
    pub(crate) scratch: PathBuf,
}

impl MaybeLocalDb {
    /// Takes the state directory. In a directory of this machine the database is used in place; from a bucket it is copied into
    /// a private temporary directory.
    ///
    /// # Errors
    ///
    /// A directory that cannot be made, read or written, or that another runner holds: says which process, and since when.
    pub(crate) async fn from_dir(
        dir: &StateDir,
        ttl: Duration,
        take_over: bool,
        clock: &Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        match &dir.place {
            Place::Local(path) => {
                let existed = path.exists();
                std::fs::create_dir_all(path)
                    .with_context(|| format!("cannot make the state directory {}", path.display()))?;
                let lock = lock(path, clock.as_ref())?;
                let terms = Terms { ttl, take_over, locked: true };
                let lease = Lease::acquire(Storage::open(&dir.url())?, terms, clock.clone()).await?;
                Ok(Self { path: path.join(DATABASE_FILE), lease, home: Home::Local { _lock: lock, existed } })
            }
            Place::Remote(url) => {
                let storage = Storage::open(url)?;
                let terms = Terms { ttl, take_over, locked: false };
                let lease = Lease::acquire(storage.clone(), terms, clock.clone()).await?;
                let copy = PrivateDir::new(&std::env::temp_dir())?;
                let path = copy.path().join(DATABASE_FILE);
                let version = fetch(&storage, &path).await?;
                Ok(Self { path, lease, home: Home::Remote { storage, version, copy } })
            }
        }
    }

    /// The database's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The right to write to the state directory.
    pub(crate) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Where copies of the database go if it is at home in a bucket.
    pub(crate) fn remote_home(&self) -> Option<RemoteHome> {
        match &self.home {
            Home::Local { .. } => None,
            Home::Remote { storage, version, copy } => {
                let scratch = copy.path().to_path_buf();
                Some(RemoteHome { storage: storage.clone(), version: version.clone(), scratch })
            }
        }
    }

    /// Removes what this run has put into an otherwise empty bucket.
    pub(crate) async fn forget(&self) -> anyhow::Result<()> {
        if let Home::Remote { storage, .. } = &self.home {
            storage.delete(DATABASE_FILE).await?;
        }
        Ok(self.lease.forget().await?)
    }

    /// Whether there was nothing in the state directory before.
    pub(crate) fn is_fresh(&self) -> bool {
        match &self.home {
            Home::Local { existed, .. } => !existed,
            Home::Remote { version, .. } => self.lease.is_fresh() && version.is_none(),
        }
    }
}

/// Copies the stored database to `path`; answers which version it was.
async fn fetch(storage: &Storage, path: &Path) -> anyhow::Result<Option<Version>> {
    match storage.get_with_version(DATABASE_FILE).await {
        Ok((bytes, version)) => {
            tokio::fs::write(path, bytes).await.with_context(|| format!("cannot write {}", path.display()))?;
            Ok(Some(version))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn lock(dir: &Path, clock: &dyn Clock) -> anyhow::Result<File> {
    let path = dir.join(LOCK_FILE);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("cannot write to the state directory {}", dir.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.take(1024).read_to_string(&mut holder).unwrap_or_default();
            let holder = holder.lines().next().filter(|line| !line.is_empty()).unwrap_or("another process");
            bail!(
                "the state directory {} is in use by {holder}; stop it first, or name another directory with --state-dir",
                dir.display()
            );
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("cannot lock {}", path.display()));
        }
    }
    let since = chrono::DateTime::from_timestamp_nanos(clock.now().nanos()).format("%Y-%m-%d %H:%M:%S UTC");
    let holder = format!("process {} on {} since {since}\n", std::process::id(), host());
    file.set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(holder.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use arroyo_types::{EventTime, ManualClock};

    use super::*;

    #[tokio::test]
    async fn a_second_runner_is_told_who_holds_the_directory() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("deep/state");
        let state = StateDir { shown: String::new(), place: Place::Local(dir), is_default: false };
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(EventTime::from_nanos(1_700_000_000_000_000_000)));
        let take = || MaybeLocalDb::from_dir(&state, Duration::from_secs(15), false, &clock);
        let first = take().await.unwrap();
        assert!(first.is_fresh());
        let refused = take().await.unwrap_err().to_string();
        let expected = format!("in use by process {} on {} since 2023-11-14 22:13:20 UTC", std::process::id(), host());
        assert!(refused.contains(&expected), "{refused}");
        drop(first);
        // A process that another test is just starting holds copies of our files until it executes its program.
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        let second = loop {
            match take().await {
                Ok(second) => break second,
                Err(_) => assert!(std::time::Instant::now() < deadline, "the lock was not let go of"),
            }
            std::thread::yield_now();
        };
        assert!(!second.is_fresh());
    }
}

//! Step 2: the metadata database of a state directory, and the lock on the directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use arroyo_types::Clock;

use super::state_dir::{Place, StateDir};

const DATABASE_FILE: &str = "state.sqlite";
const LOCK_FILE: &str = "lock";

/// The metadata database: used in place in a directory of this machine.
#[derive(Debug)]
pub(crate) struct MaybeLocalDb {
    path: PathBuf,
    /// Held as long as the database is used; the system lets go of it when the process ends, however it ends.
    _lock: File,
}

impl MaybeLocalDb {
    /// Makes the directory if needed and locks it.
    ///
    /// # Errors
    ///
    /// A directory that cannot be made or written, or that another runner holds: says which process, and since when.
    pub(crate) fn from_dir(dir: &StateDir, clock: &dyn Clock) -> anyhow::Result<Self> {
        let Place::Local(path) = &dir.place;
        std::fs::create_dir_all(path).with_context(|| format!("cannot make the state directory {}", path.display()))?;
        let lock = lock(path, clock)?;
        Ok(Self { path: path.join(DATABASE_FILE), _lock: lock })
    }

    /// The database's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
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
    let holder = format!("process {} since {since}\n", std::process::id());
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

    #[test]
    fn a_second_runner_is_told_who_holds_the_directory() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("deep/state");
        let state = StateDir { shown: String::new(), place: Place::Local(dir), is_default: false };
        let clock = ManualClock::new(EventTime::from_nanos(1_700_000_000_000_000_000));
        let first = MaybeLocalDb::from_dir(&state, &clock).unwrap();
        let refused = MaybeLocalDb::from_dir(&state, &clock).unwrap_err().to_string();
        let expected = format!("in use by process {} since 2023-11-14 22:13:20 UTC", std::process::id());
        assert!(refused.contains(&expected), "{refused}");
        drop(first);
        // A process that another test is just starting holds copies of our files until it executes its program.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while MaybeLocalDb::from_dir(&state, &clock).is_err() {
            assert!(std::time::Instant::now() < deadline, "the lock was not let go of");
            std::thread::yield_now();
        }
    }
}

//! A directory for this process's copy of a remote metadata database. It goes with the process, after a crash with the next run.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

const PREFIX: &str = "arroyo-run-";
const LOCK_FILE: &str = "lock";

/// A directory that only this user can look into, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct PrivateDir {
    path: PathBuf,
    /// Held as long as the directory is used: what nobody holds was left by a crash.
    _lock: File,
}

impl PrivateDir {
    /// Makes one below `parent`, and removes those that crashed runs have left there.
    ///
    /// # Errors
    ///
    /// `parent` cannot be written.
    pub(crate) fn new(parent: &Path) -> anyhow::Result<Self> {
        remove_stale(parent);
        loop {
            let path = parent.join(format!("{PREFIX}{}", uuid::Uuid::new_v4()));
            let made = || -> std::io::Result<File> {
                DirBuilder::new().mode(0o700).create(&path)?;
                let lock = File::create(path.join(LOCK_FILE))?;
                lock.lock()?;
                Ok(lock)
            };
            let lock = made().with_context(|| format!("cannot make the temporary directory {}", path.display()))?;
            // Another run may have seen the file before it was locked.
            if path.join(LOCK_FILE).exists() {
                return Ok(Self { path, _lock: lock });
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for PrivateDir {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!("cannot remove the temporary directory {}: {error}", self.path.display());
        }
    }
}

fn remove_stale(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let directory = entry.path();
        let Ok(lock) = File::options().write(true).open(directory.join(LOCK_FILE)) else { continue };
        match lock.try_lock() {
            Ok(()) => {
                tracing::debug!(directory = %directory.display(), "removing what a crashed run has left");
                let _ = fs::remove_dir_all(&directory);
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crash_left_goes_and_what_is_used_stays() {
        let parent = tempfile::tempdir().unwrap();
        let left = parent.path().join("arroyo-run-left");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("state.sqlite"), "old").unwrap();
        fs::write(left.join(LOCK_FILE), "").unwrap();
        let first = PrivateDir::new(parent.path()).unwrap();
        let second = PrivateDir::new(parent.path()).unwrap();
        assert!(!left.exists() && first.path().exists() && second.path().exists());
        let path = first.path().to_path_buf();
        drop(first);
        assert!(!path.exists());
    }
}

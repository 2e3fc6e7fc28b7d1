//! The copy of the metadata database in a bucket.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use arroyo_controller::Fence;
use arroyo_metastore::SqliteMetastore;
use arroyo_runtime::Failpoints;
use arroyo_storage::{Storage, StorageError, Version};
use bytes::Bytes;
use tokio::sync::Mutex;

use crate::run::lease::Lease;
use crate::run::maybe_local_db::{DATABASE_FILE, RemoteHome};

/// Stores copies, one after the other.
#[derive(Debug)]
pub(super) struct RemoteCopy {
    storage: Storage,
    lease: Lease,
    scratch: PathBuf,
    /// The version that was read or written last.
    version: Mutex<Option<Version>>,
    closed: AtomicBool,
    failpoints: Failpoints,
}

impl RemoteCopy {
    pub(super) fn new(home: RemoteHome, lease: Lease, failpoints: Failpoints) -> Self {
        let RemoteHome { storage, version, scratch } = home;
        Self { storage, lease, scratch, version: Mutex::new(version), closed: AtomicBool::new(false), failpoints }
    }

    /// Nothing is stored from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Whether nothing is stored any more.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Stores a copy of the database.
    pub(super) async fn store(&self, metastore: &SqliteMetastore) -> anyhow::Result<()> {
        let mut version = self.version.lock().await;
        if self.is_closed() {
            return Ok(());
        }
        let path = self.scratch.join("state.sqlite.copy");
        super::copy(metastore, &path).await?;
        let bytes: Bytes =
            tokio::fs::read(&path).await.with_context(|| format!("cannot read {}", path.display()))?.into();
        self.failpoints.pass("before upload").await;
        if let Some(written) = self.put(bytes.clone(), version.as_ref()).await? {
            *version = Some(written);
            return Ok(());
        }
        // Another version than expected: of this run if the answer to a put was lost, or of one that it has replaced.
        let found = match self.storage.get_with_version(DATABASE_FILE).await {
            Ok((found, now)) if found == bytes => {
                *version = Some(now);
                return Ok(());
            }
            Ok((_, now)) => Some(now),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error.into()),
        };
        self.lease.check().await?;
        match self.put(bytes, found.as_ref()).await? {
            Some(written) => *version = Some(written),
            None => bail!("{} is written by somebody else, too", self.storage.url_of(DATABASE_FILE)),
        }
        Ok(())
    }

    /// `None` if another version is stored than `expected`.
    async fn put(&self, bytes: Bytes, expected: Option<&Version>) -> Result<Option<Version>, StorageError> {
        let Some(expected) = expected else {
            if !self.storage.put_if_absent(DATABASE_FILE, bytes).await? {
                return Ok(None);
            }
            return Ok(self.storage.head(DATABASE_FILE).await?.map(|info| info.version));
        };
        match self.storage.put_if_matches(DATABASE_FILE, bytes, expected).await {
            Ok(version) => Ok(Some(version)),
            Err(StorageError::VersionMismatch { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

//! Checkpoints that people keep.

use std::collections::BTreeSet;

use arroyo_storage::{Storage, StorageError};
use arroyo_types::Epoch;

use crate::manifests::{decode_as, epoch_of};
use crate::{Manifest, Manifests, StateError};

pub(crate) const SAVEPOINTS: &str = "savepoints";

/// The savepoints in a job's directory: copies of manifests, whose files are never collected while the copy is there.
#[derive(Debug, Clone)]
pub struct Savepoints {
    job: Storage,
}

impl Savepoints {
    /// Of the job whose directory (`<checkpoint-url>/<job id>`) is `job`.
    pub fn new(job: Storage) -> Self {
        Self { job }
    }

    pub(crate) fn path_of(epoch: Epoch) -> String {
        format!("{SAVEPOINTS}/{epoch}.json")
    }

    /// The epochs of all savepoints, in order.
    pub async fn list(&self) -> Result<Vec<Epoch>, StateError> {
        let objects = self.job.list(SAVEPOINTS).await?;
        let mut epochs: Vec<Epoch> = objects.iter().filter_map(|object| epoch_of(SAVEPOINTS, &object.path)).collect();
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// The savepoint of `epoch`.
    pub async fn read(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        let path = Self::path_of(epoch);
        let file = self.job.url_of(&path);
        match self.job.get(&path).await {
            Ok(bytes) => decode_as(epoch, &bytes, file),
            Err(StorageError::NotFound { url }) => {
                Err(StateError::NoSuchCheckpoint { epoch, file: url, available: self.list().await? })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The savepoint of `epoch`, or the checkpoint if none was kept.
    ///
    /// [`StateError::NoSuchCheckpoint`] if there is neither.
    pub async fn read_or_checkpoint(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        match self.read(epoch).await {
            Err(StateError::NoSuchCheckpoint { .. }) => Manifests::new(self.job.clone()).read(epoch).await,
            other => other,
        }
    }

    /// Keeps the checkpoint of `epoch` until it is let go of. Keeping it again changes nothing.
    ///
    /// [`StateError::NoSuchCheckpoint`] if there is none, or if it is being collected.
    pub async fn keep(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        let path = Self::path_of(epoch);
        if self.job.head(&path).await?.is_some() {
            return self.read(epoch).await;
        }
        let manifests = Manifests::new(self.job.clone());
        let manifest = manifests.read(epoch).await?;
        // On this condition it is whole or not there.
        if !self.job.put_if_absent(&path, manifest.encode()?.into()).await? {
            return self.read(epoch).await;
        }
        // A collection that looked for savepoints before this one was there has deleted the manifest before.
        if let Err(error) = manifests.read(epoch).await {
            self.job.delete(&path).await?;
            return Err(error);
        }
        Ok(manifest)
    }

    /// Lets go of a savepoint: it is collected as any checkpoint. Answers whether there was one.
    pub async fn release(&self, epoch: Epoch) -> Result<bool, StateError> {
        let path = Self::path_of(epoch);
        let found = self.job.head(&path).await?.is_some();
        self.job.delete(&path).await?;
        Ok(found)
    }

    /// The paths of the files that a savepoint names; `None` if it is gone.
    pub(crate) async fn paths(&self, epoch: Epoch) -> Result<Option<BTreeSet<String>>, StateError> {
        match self.read(epoch).await {
            Ok(manifest) => Ok(Some(manifest.paths().into_iter().map(str::to_string).collect())),
            Err(StateError::NoSuchCheckpoint { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

//! The manifests of a job.

use arroyo_storage::{Storage, StorageError};
use arroyo_types::Epoch;

use crate::{Manifest, StateError};

pub(crate) const MANIFESTS: &str = "manifests";

/// Reads and publishes the manifests in a job's directory.
#[derive(Debug, Clone)]
pub struct Manifests {
    job: Storage,
}

fn path_of(epoch: Epoch) -> String {
    format!("{MANIFESTS}/{epoch}.json")
}

impl Manifests {
    /// Of the job whose directory (`<checkpoint-url>/<job id>`) is `job`.
    pub fn new(job: Storage) -> Self {
        Self { job }
    }

    /// The epochs of all manifests, in order.
    pub async fn list(&self) -> Result<Vec<Epoch>, StateError> {
        let objects = self.job.list(MANIFESTS).await?;
        let epoch = |path: &str| -> Option<Epoch> {
            path.strip_prefix(MANIFESTS)?.strip_prefix('/')?.strip_suffix(".json")?.parse().ok().map(Epoch)
        };
        let mut epochs: Vec<Epoch> = objects.iter().filter_map(|object| epoch(&object.path)).collect();
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// The manifest of the last finished checkpoint; `None` before the first.
    pub async fn latest(&self) -> Result<Option<Manifest>, StateError> {
        match self.list().await?.last() {
            Some(epoch) => self.read(*epoch).await.map(Some),
            None => Ok(None),
        }
    }

    /// The manifest of `epoch`. If it is damaged the error names the last good one before it.
    pub async fn read(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        match self.read_alone(epoch).await {
            Err(StateError::CorruptManifest { file, reason, .. }) => {
                let last_good = self.last_good_before(epoch, |_| true).await?;
                Err(StateError::CorruptManifest { file, reason, last_good })
            }
            Err(StateError::Storage(StorageError::NotFound { url })) => {
                Err(StateError::NoSuchCheckpoint { epoch, file: url, available: self.list().await? })
            }
            other => other,
        }
    }

    async fn read_alone(&self, epoch: Epoch) -> Result<Manifest, StateError> {
        let path = path_of(epoch);
        let bytes = self.job.get(&path).await?;
        let file = self.job.url_of(&path);
        let manifest = Manifest::decode(&bytes, &file)?;
        if manifest.epoch != epoch {
            let reason = format!("it is the manifest of epoch {}", manifest.epoch);
            return Err(StateError::CorruptManifest { file, reason, last_good: None });
        }
        Ok(manifest)
    }

    /// The last epoch before `epoch` whose manifest can be read and is `good`.
    pub(crate) async fn last_good_before(
        &self,
        epoch: Epoch,
        good: impl Fn(&Manifest) -> bool,
    ) -> Result<Option<Epoch>, StateError> {
        let epochs = self.list().await?;
        for earlier in epochs.into_iter().rev().filter(|earlier| *earlier < epoch) {
            match self.read_alone(earlier).await {
                Ok(manifest) if good(&manifest) => return Ok(Some(earlier)),
                Ok(_) | Err(StateError::CorruptManifest { .. } | StateError::UnknownVersion { .. }) => {}
                Err(StateError::Storage(StorageError::NotFound { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Makes a checkpoint exist: creates its manifest unless there is one of the same epoch.
    ///
    /// Publishing the same manifest again is no error, so a call whose answer was lost can be repeated.
    /// [`StateError::Fenced`] if another one was published.
    pub async fn publish(&self, manifest: &Manifest) -> Result<(), StateError> {
        let path = path_of(manifest.epoch);
        let bytes = bytes::Bytes::from(manifest.encode()?);
        if self.job.put_if_absent(&path, bytes.clone()).await? {
            return Ok(());
        }
        let published = self.read(manifest.epoch).await?;
        if published == *manifest {
            return Ok(());
        }
        Err(StateError::Fenced {
            file: self.job.url_of(&path),
            by: published.generation,
            generation: manifest.generation,
        })
    }

    /// Deletes a manifest: the checkpoint ceases to exist.
    pub(crate) async fn delete(&self, epoch: Epoch) -> Result<(), StateError> {
        Ok(self.job.delete(&path_of(epoch)).await?)
    }
}

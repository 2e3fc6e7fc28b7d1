//! The handle that everything else holds.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::clients::ClientSettings;
use crate::local::LocalDirectory;
use crate::location::Location;
use crate::patient::Patient;
use crate::remote::Remote;
use crate::testing::mounts;
use crate::{ObjectInfo, StorageError, Version};

/// A directory or bucket, or a part of one. Cheap to clone. Paths of objects are relative, with `/` between segments.
#[derive(Debug, Clone)]
pub struct Storage {
    backend: Arc<dyn Backend>,
    prefix: Path,
}

impl Storage {
    /// Opens what `url` names for reading and writing.
    ///
    /// A local directory is created if it does not exist, checked to be writable, and freed of what a crash may have left
    /// half-written. Errors are of kind `User` when the URL or the permissions are at fault.
    ///
    /// A bucket is not asked for anything yet.
    pub fn open(url: &str) -> Result<Self, StorageError> {
        Self::open_with(url, &ClientSettings::new())
    }

    /// As [`Storage::open`], with settings for the client of an S3 or R2 bucket: the names of its environment variables in
    /// lower case (`aws_region`, `aws_endpoint`, `r2_access_key_id`, …), which win over the environment.
    pub fn open_with(url: &str, settings: &ClientSettings) -> Result<Self, StorageError> {
        match Location::parse(url)? {
            Location::Bucket(bucket) => {
                let key = bucket.key.clone();
                Self::at_root(Remote::bucket(bucket, settings)?).child(&key)
            }
            Location::Directory(path) => Ok(Self::at_root(LocalDirectory::open(path)?)),
            Location::Memory { name, path } => match mounts::mounted(&name) {
                Some(storage) => storage.child(&path),
                None => Self::at_root(Remote::memory(&name)).child(&path),
            },
        }
    }

    /// Opens what `url` names without touching it: a local directory must exist.
    pub fn open_existing(url: &str) -> Result<Self, StorageError> {
        match Location::parse(url)? {
            Location::Directory(path) => Ok(Self::at_root(LocalDirectory::open_existing(path)?)),
            Location::Memory { .. } | Location::Bucket(_) => Self::open(url),
        }
    }

    fn at_root(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend), prefix: Path::ROOT }
    }

    /// The same place through another backend, which wraps this one.
    pub(crate) fn wrap(&self, wrapper: impl FnOnce(Arc<dyn Backend>) -> Arc<dyn Backend>) -> Self {
        Self { backend: wrapper(self.backend.clone()), prefix: self.prefix.clone() }
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        self.backend.as_ref()
    }

    /// The same place, where unconditional puts are repeated until an outage is over.
    pub fn patient(&self) -> Self {
        self.wrap(|inner| Arc::new(Patient { inner }))
    }

    /// The part below `prefix`; an empty prefix is this storage itself.
    pub fn child(&self, prefix: &str) -> Result<Self, StorageError> {
        Ok(Self { backend: self.backend.clone(), prefix: self.resolve(prefix)? })
    }

    /// The URL or absolute path of this storage, for messages.
    pub fn url(&self) -> String {
        self.backend.url_of(&self.prefix)
    }

    /// The URL or absolute path of an object in it, for messages.
    pub fn url_of(&self, path: &str) -> String {
        match self.resolve(path) {
            Ok(resolved) => self.backend.url_of(&resolved),
            Err(_) => format!("{}/{path}", self.url()),
        }
    }

    /// The directory, if the storage is a local one.
    pub fn local_path(&self) -> Option<PathBuf> {
        let url = self.url();
        url.starts_with('/').then(|| PathBuf::from(url))
    }

    fn resolve(&self, path: &str) -> Result<Path, StorageError> {
        let invalid = |reason: String| StorageError::InvalidPath { path: path.to_string(), reason };
        if path.starts_with('/') {
            return Err(invalid("it is absolute".to_string()));
        }
        let relative = Path::parse(path).map_err(|error| invalid(error.to_string()))?;
        Ok(self.prefix.parts().chain(relative.parts()).collect())
    }

    pub(crate) fn object(&self, path: &str) -> Result<Path, StorageError> {
        if path.is_empty() {
            return Err(StorageError::InvalidPath { path: String::new(), reason: "it is empty".to_string() });
        }
        self.resolve(path)
    }

    fn relative(&self, mut info: ObjectInfo) -> ObjectInfo {
        let prefix = self.prefix.as_ref();
        if let Some(rest) = info.path.strip_prefix(prefix) {
            info.path = rest.trim_start_matches('/').to_string();
        }
        info
    }

    /// The content of an object; [`StorageError::NotFound`] if there is none.
    pub async fn get(&self, path: &str) -> Result<Bytes, StorageError> {
        Ok(self.get_with_version(path).await?.0)
    }

    /// The content of an object and the version it has.
    pub async fn get_with_version(&self, path: &str) -> Result<(Bytes, Version), StorageError> {
        self.backend.get(&self.object(path)?).await
    }

    /// A part of an object; [`StorageError::OutOfRange`] if it is shorter than that.
    pub async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.backend.get_range(&self.object(path)?, range).await
    }

    /// Writes an object, replacing one that exists. It is durable when this returns; readers see the old or the new content.
    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<Version, StorageError> {
        self.backend.put(&self.object(path)?, bytes, PutCondition::Always).await
    }

    /// Writes an object if there is none; returns whether it was created. Of several at once, one creates it.
    pub async fn put_if_absent(&self, path: &str, bytes: Bytes) -> Result<bool, StorageError> {
        match self.backend.put(&self.object(path)?, bytes, PutCondition::Absent).await {
            Ok(_) => Ok(true),
            Err(StorageError::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Replaces an object if it still has `version`; returns its new version.
    /// [`StorageError::VersionMismatch`] if somebody else has replaced or deleted it.
    pub async fn put_if_matches(&self, path: &str, bytes: Bytes, version: &Version) -> Result<Version, StorageError> {
        let object = self.object(path)?;
        match self.backend.put(&object, bytes, PutCondition::Matches(version.clone())).await {
            Err(StorageError::NotFound { url }) => Err(StorageError::VersionMismatch { url }),
            other => other,
        }
    }

    /// Begins to write an object in parts; it becomes visible when it is finished.
    pub async fn upload(&self, path: &str) -> Result<Upload, StorageError> {
        Ok(Upload(self.backend.upload(&self.object(path)?).await?))
    }

    /// The objects below a prefix (whole segments; empty: everything), in order of their paths.
    pub async fn list(&self, prefix: &str) -> Result<Vec<ObjectInfo>, StorageError> {
        let infos = self.backend.list(&self.resolve(prefix)?).await?;
        Ok(infos.into_iter().map(|info| self.relative(info)).collect())
    }

    /// Deletes an object; that there is none is no error.
    pub async fn delete(&self, path: &str) -> Result<(), StorageError> {
        self.backend.delete(&self.object(path)?).await
    }

    /// What is known of an object without reading it; `None` if there is none.
    pub async fn head(&self, path: &str) -> Result<Option<ObjectInfo>, StorageError> {
        let info = self.backend.head(&self.object(path)?).await?;
        Ok(info.map(|info| self.relative(info)))
    }
}

/// An object being written in parts. Dropped without [`Upload::finish`], it never becomes visible.
pub struct Upload(Box<dyn UploadBackend>);

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").finish_non_exhaustive()
    }
}

impl Upload {
    /// Adds bytes at the end.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        self.0.write(bytes).await
    }

    /// Makes the object durable and visible, replacing one that exists.
    pub async fn finish(self) -> Result<(), StorageError> {
        self.0.finish().await
    }

    /// Gives the object up.
    pub async fn abort(self) -> Result<(), StorageError> {
        self.0.abort().await
    }
}

#[cfg(test)]
mod tests;

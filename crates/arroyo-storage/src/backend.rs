//! What a kind of storage implements.

use std::fmt::Debug;
use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;

use crate::StorageError;
use crate::multipart::PartsBackend;

/// A version of an object: differs whenever the object was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub(crate) e_tag: Option<String>,
    pub(crate) version: Option<String>,
}

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Relative to the storage that was asked.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// When it was last written, in microseconds since the Unix epoch, by the storage's own clock.
    pub modified_micros: i64,
    /// For [`crate::Storage::put_if_matches`].
    pub version: Version,
}

/// When a put may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PutCondition {
    /// Always.
    Always,
    /// If there is no object yet.
    Absent,
    /// If the object still has this version.
    Matches(Version),
}

/// A kind of storage; paths are relative to its root.
#[async_trait]
pub(crate) trait Backend: Debug + Send + Sync {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError>;
    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError>;
    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError>;
    async fn upload(&self, path: &Path) -> Result<Box<dyn UploadBackend>, StorageError>;
    /// Objects below a prefix (whole path segments), in order of their paths.
    async fn list(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError>;
    /// Deleting what does not exist is no error.
    async fn delete(&self, path: &Path) -> Result<(), StorageError>;
    async fn head(&self, path: &Path) -> Result<Option<ObjectInfo>, StorageError>;
    /// Uploads in parts that outlive the process.
    fn parts(&self) -> &dyn PartsBackend;
    /// How an object is named in messages.
    fn url_of(&self, path: &Path) -> String;
}

/// An object being written in parts.
#[async_trait]
pub(crate) trait UploadBackend: Send {
    async fn write(&mut self, bytes: Bytes) -> Result<(), StorageError>;
    /// Makes the object visible, replacing one that exists.
    async fn finish(self: Box<Self>) -> Result<(), StorageError>;
    async fn abort(self: Box<Self>) -> Result<(), StorageError>;
}

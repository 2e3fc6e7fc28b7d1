//! Objects in an `object_store`: the in-memory store, and buckets.

mod failures;
mod parts;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::memory::InMemory;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{
    GetResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::clients::{self, Client, ClientSettings};
use crate::location::Bucket;
use crate::multipart::PartsBackend;
use crate::{ObjectInfo, StorageError, Version};

/// In-memory stores live as long as the process, so that reopening one finds what was written.
static MEMORY: LazyLock<Mutex<HashMap<String, Arc<InMemory>>>> = LazyLock::new(Mutex::default);

/// Parts of an upload are at least this long, as S3 demands.
const PART_SIZE_BYTES: usize = 8 << 20;

/// An `object_store` and the URL of its root.
pub(crate) struct Remote {
    store: Arc<dyn ObjectStore>,
    /// The same store for uploads that outlive the process.
    parts: Arc<dyn MultipartStore>,
    url: String,
    /// `None`: in memory.
    bucket: Option<Bucket>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Remote {
    pub(crate) fn memory(name: &str) -> Self {
        let mut stores = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let store = stores.entry(name.to_string()).or_default().clone();
        Self::new(store, format!("memory://{name}"), None)
    }

    pub(crate) fn bucket(bucket: Bucket, settings: &ClientSettings) -> Result<Self, StorageError> {
        let Client { store, parts } = clients::connect(&bucket, settings)?;
        Ok(Self { store, parts, url: bucket.root_url(), bucket: Some(bucket) })
    }

    fn new(store: Arc<impl ObjectStore + MultipartStore>, url: String, bucket: Option<Bucket>) -> Self {
        Self { store: store.clone(), parts: store, url, bucket }
    }

    fn failed(&self, action: &'static str, path: &Path) -> impl FnOnce(object_store::Error) -> StorageError {
        let url = self.url_of(path);
        let bucket = self.bucket.clone();
        move |error| failures::explain(action, url, bucket.as_ref(), error)
    }
}

fn version_of(meta: &ObjectMeta) -> Version {
    Version { e_tag: meta.e_tag.clone(), version: meta.version.clone() }
}

fn info_of(meta: ObjectMeta) -> ObjectInfo {
    ObjectInfo {
        version: version_of(&meta),
        path: meta.location.to_string(),
        size: meta.size,
        modified_micros: meta.last_modified.timestamp_micros(),
    }
}

#[async_trait]
impl Backend for Remote {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError> {
        let result: GetResult = self.store.get(path).await.map_err(self.failed("read", path))?;
        let version = version_of(&result.meta);
        let bytes = result.bytes().await.map_err(self.failed("read", path))?;
        Ok((bytes, version))
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError> {
        let size = self.store.head(path).await.map_err(self.failed("read", path))?.size;
        if range.end > size || range.start > range.end {
            let url = self.url_of(path);
            return Err(StorageError::OutOfRange { url, size, start: range.start, end: range.end });
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.store.get_range(path, range).await.map_err(self.failed("read", path))
    }

    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError> {
        let mode = match condition {
            PutCondition::Always => PutMode::Overwrite,
            PutCondition::Absent => PutMode::Create,
            PutCondition::Matches(version) => {
                PutMode::Update(UpdateVersion { e_tag: version.e_tag, version: version.version })
            }
        };
        let put = self.store.put_opts(path, PutPayload::from_bytes(bytes), PutOptions::from(mode)).await;
        if let Err(object_store::Error::AlreadyExists { .. }) = &put
            && self.head(path).await?.is_none()
        {
            // Some services refuse one of two puts at once before they know whether the other one succeeds.
            let (url, reason) = (self.url_of(path), "somebody else is writing it".to_string());
            return Err(StorageError::Unavailable { action: "write", url, reason });
        }
        let result = put.map_err(self.failed("write", path))?;
        Ok(Version { e_tag: result.e_tag, version: result.version })
    }

    async fn upload(&self, path: &Path) -> Result<Box<dyn UploadBackend>, StorageError> {
        let upload = self.store.put_multipart(path).await.map_err(self.failed("write", path))?;
        Ok(Box::new(RemoteUpload { upload, url: self.url_of(path), bucket: self.bucket.clone(), part: Vec::new() }))
    }

    async fn list(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError> {
        let listed: Vec<ObjectMeta> =
            self.store.list(Some(prefix)).try_collect().await.map_err(self.failed("list", prefix))?;
        let mut infos: Vec<ObjectInfo> = listed.into_iter().map(info_of).collect();
        infos.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(infos)
    }

    async fn delete(&self, path: &Path) -> Result<(), StorageError> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("delete", path)(error)),
        }
    }

    async fn head(&self, path: &Path) -> Result<Option<ObjectInfo>, StorageError> {
        match self.store.head(path).await {
            Ok(meta) => Ok(Some(info_of(meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("look at", path)(error)),
        }
    }

    fn parts(&self) -> &dyn PartsBackend {
        self
    }

    fn url_of(&self, path: &Path) -> String {
        format!("{}/{path}", self.url)
    }
}

struct RemoteUpload {
    upload: Box<dyn MultipartUpload>,
    url: String,
    bucket: Option<Bucket>,
    part: Vec<u8>,
}

impl RemoteUpload {
    fn failed(&self, error: object_store::Error) -> StorageError {
        failures::explain("write", self.url.clone(), self.bucket.as_ref(), error)
    }

    async fn put_part(&mut self) -> Result<(), StorageError> {
        let part = std::mem::take(&mut self.part);
        let sent = self.upload.put_part(PutPayload::from(part)).await;
        sent.map_err(|error| self.failed(error))
    }
}

#[async_trait]
impl UploadBackend for RemoteUpload {
    async fn write(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        self.part.extend_from_slice(&bytes);
        if self.part.len() >= PART_SIZE_BYTES {
            self.put_part().await?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), StorageError> {
        self.put_part().await?;
        let completed = self.upload.complete().await;
        completed.map(|_| ()).map_err(|error| self.failed(error))
    }

    async fn abort(mut self: Box<Self>) -> Result<(), StorageError> {
        let aborted = self.upload.abort().await;
        aborted.map_err(|error| self.failed(error))
    }
}

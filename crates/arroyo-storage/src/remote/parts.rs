//! Uploads in parts to a bucket: the store's own multipart uploads, and an object that remembers each.

use async_trait::async_trait;
use bytes::Bytes;
use object_store::multipart::PartId;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use super::{Remote, failures};
use crate::StorageError;
use crate::multipart::{Completion, Located, Part, PartsBackend, total_bytes};

/// What S3 demands of all parts but the last.
const MIN_PART_BYTES: u64 = 5 << 20;

#[async_trait]
impl PartsBackend for Remote {
    fn min_part_bytes(&self) -> u64 {
        MIN_PART_BYTES
    }

    async fn begin(&self, path: &Path, record: &Path) -> Result<String, StorageError> {
        let id = self.parts.create_multipart(path).await.map_err(self.failed("write", path))?;
        let content = format!("{id}\n{path}");
        self.store.put(record, content.into()).await.map_err(self.failed("write", record))?;
        Ok(id)
    }

    async fn put(&self, upload: &Located<'_>, before: &[Part], bytes: Bytes) -> Result<Part, StorageError> {
        let length = bytes.len() as u64;
        let payload = PutPayload::from_bytes(bytes);
        let put = self.parts.put_part(upload.path, &upload.id.to_string(), before.len(), payload).await;
        let part = put.map_err(self.failed("write", upload.path))?;
        Ok(Part { id: part.content_id, bytes: length })
    }

    async fn complete(&self, upload: &Located<'_>, parts: &[Part]) -> Result<Completion, StorageError> {
        let ids = parts.iter().map(|part| PartId { content_id: part.id.clone() }).collect();
        let completed = self.parts.complete_multipart(upload.path, &upload.id.to_string(), ids).await;
        let completion = match completed {
            Ok(_) => Completion::Complete,
            // It may have been completed before: by a call whose answer was lost, or before a crash.
            Err(error) => match self.store.head(upload.path).await {
                Ok(found) if found.size == total_bytes(parts) => Completion::Complete,
                Err(object_store::Error::NotFound { .. }) if is_gone(&error) => Completion::Gone,
                _ => return Err(self.failed("write", upload.path)(error)),
            },
        };
        self.forget(upload.record).await?;
        Ok(completion)
    }

    async fn abort(&self, record: &Path) -> Result<(), StorageError> {
        let content = match self.store.get(record).await {
            Ok(found) => found.bytes().await.map_err(self.failed("read", record))?,
            Err(object_store::Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(self.failed("read", record)(error)),
        };
        let text = String::from_utf8_lossy(&content).into_owned();
        if let Some((id, path)) = text.split_once('\n')
            && let Ok(path) = Path::parse(path)
        {
            match self.parts.abort_multipart(&path, &id.to_string()).await {
                Err(error) if !is_gone(&error) => return Err(self.failed("give up", &path)(error)),
                _ => {}
            }
        }
        self.forget(record).await
    }

    /// Only the record moves: the parts that count are known by their ids, whoever writes others.
    async fn hand_on(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        let found = self.store.get(from).await.map_err(self.failed("read", from))?;
        let content = found.bytes().await.map_err(self.failed("read", from))?;
        self.store.put(to, content.into()).await.map_err(self.failed("write", to))?;
        self.forget(from).await
    }
}

impl Remote {
    async fn forget(&self, record: &Path) -> Result<(), StorageError> {
        match self.store.delete(record).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("delete", record)(error)),
        }
    }
}

/// What services call an upload that is not there, where the client has no kind of error for it. Azure, which knows no uploads,
/// misses their parts.
const MISSING_UPLOAD: [&str; 2] = ["<Code>NoSuchUpload</Code>", "<Code>InvalidBlockList</Code>"];

/// Whether the error says that there is no such upload.
fn is_gone(error: &object_store::Error) -> bool {
    match error {
        object_store::Error::NotFound { .. } => true,
        object_store::Error::Generic { store: "InMemory", source } => source.to_string().contains("not found"),
        other => {
            let text = failures::whole_text(other);
            MISSING_UPLOAD.iter().any(|code| text.contains(code))
        }
    }
}

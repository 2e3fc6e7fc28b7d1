//! What must never happen in a directory of state: that an object changes once it is there.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::multipart::PartsBackend;
use crate::{ObjectInfo, Storage, StorageError, Version};

/// The same storage, and a record of objects that were replaced by others.
pub fn audited(storage: &Storage) -> (Storage, Audit) {
    let audit = Audit::default();
    let shared = audit.clone();
    (storage.wrap(|inner| Arc::new(Audited { inner, audit: shared })), audit)
}

/// The objects whose content was replaced by other content.
///
/// Writing the same again is what a retry does, and completing what a torn write has begun as well.
#[derive(Debug, Clone, Default)]
pub struct Audit(Arc<Mutex<BTreeSet<String>>>);

impl Audit {
    /// Their paths.
    pub fn replaced(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[derive(Debug)]
struct Audited {
    inner: Arc<dyn Backend>,
    audit: Audit,
}

#[async_trait]
impl Backend for Audited {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError> {
        self.inner.get(path).await
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.inner.get_range(path, range).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError> {
        if condition == PutCondition::Always
            && let Ok((before, _)) = self.inner.get(path).await
            && !bytes.starts_with(&before)
            && !before.starts_with(&bytes)
        {
            self.audit.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_string());
        }
        self.inner.put(path, bytes, condition).await
    }

    async fn upload(&self, path: &Path) -> Result<Box<dyn UploadBackend>, StorageError> {
        self.inner.upload(path).await
    }

    async fn list(&self, prefix: &Path) -> Result<Vec<ObjectInfo>, StorageError> {
        self.inner.list(prefix).await
    }

    async fn delete(&self, path: &Path) -> Result<(), StorageError> {
        self.inner.delete(path).await
    }

    async fn head(&self, path: &Path) -> Result<Option<ObjectInfo>, StorageError> {
        self.inner.head(path).await
    }

    fn parts(&self) -> &dyn PartsBackend {
        self.inner.parts()
    }

    fn url_of(&self, path: &Path) -> String {
        self.inner.url_of(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn another_content_is_noted_and_the_same_one_is_not() {
        let (storage, audit) = audited(&Storage::open("memory://audited").unwrap());
        for (path, content) in [("same", "1"), ("same", "1"), ("torn", "12"), ("torn", "1234"), ("other", "1")] {
            storage.put(path, content.into()).await.unwrap();
        }
        assert!(audit.replaced().is_empty());
        storage.put("other", "2".into()).await.unwrap();
        assert_eq!(audit.replaced(), ["other"]);
    }
}

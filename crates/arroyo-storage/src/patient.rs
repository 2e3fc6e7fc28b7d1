//! Writes that outlast an outage.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;
use tokio::time::Instant;

use crate::backend::{Backend, PutCondition, UploadBackend};
use crate::multipart::PartsBackend;
use crate::{ObjectInfo, StorageError, Version};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const WORTH_A_LINE: Duration = Duration::from_secs(1);

/// Repeats unconditional puts for as long as what keeps them from succeeding may pass.
///
/// Other calls are passed on: whoever makes a conditional put has to look at what happened, and readers can ask again.
#[derive(Debug)]
pub(crate) struct Patient {
    pub(crate) inner: Arc<dyn Backend>,
}

#[async_trait]
impl Backend for Patient {
    async fn get(&self, path: &Path) -> Result<(Bytes, Version), StorageError> {
        self.inner.get(path).await
    }

    async fn get_range(&self, path: &Path, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.inner.get_range(path, range).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, condition: PutCondition) -> Result<Version, StorageError> {
        if condition != PutCondition::Always {
            return self.inner.put(path, bytes, condition).await;
        }
        let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            match self.inner.put(path, bytes.clone(), PutCondition::Always).await {
                Err(error) if error.may_pass() => {
                    let waited_s = began.elapsed().as_secs();
                    // A hiccup is not worth a line.
                    if pause >= WORTH_A_LINE {
                        tracing::warn!(waited_s, "the state is not durable yet, trying again: {error}");
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                outcome => return outcome,
            }
        }
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
    use crate::Storage;
    use crate::testing::{Faults, Operation, When, with_faults};

    #[tokio::test]
    async fn a_put_outlasts_an_outage() {
        let plain = Storage::open("memory://patient").unwrap();
        let (faulty, control) = with_faults(&plain, Faults::none());
        let patient = faulty.patient();
        for nth in 1..=2 {
            control.fail_nth(Operation::Put, nth, if nth % 2 == 0 { When::After } else { When::Before });
        }
        patient.put("a", "1".into()).await.unwrap();
        assert_eq!(plain.get("a").await.unwrap(), "1");
        assert_eq!(control.count(Operation::Put), 3);
        // What somebody decides by is answered at once.
        control.fail_nth(Operation::Put, 1, When::Before);
        assert!(patient.put_if_absent("b", "1".into()).await.is_err());
    }
}

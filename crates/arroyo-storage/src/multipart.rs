//! Objects written in parts by several processes, one after the other: an upload is begun, gets parts, and is completed or
//! given up, and what identifies it can be stored in between.
//!
//! Every upload has a *record* `__in_progress/<owner>/<generation>/<name>` from its beginning to its end, by which what a crash
//! left is found. In a directory the record is the file that the parts are written to, one behind the other; in a bucket it is
//! an object with the store's own id of the upload. Nothing shows at the object's path before the upload is completed.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::path::Path;
use serde::{Deserialize, Serialize};

use crate::{Storage, StorageError};

/// The directory of what is not complete, below the storage's root. Readers leave it out.
pub const IN_PROGRESS: &str = "__in_progress";

/// An upload that was begun and not completed. Its form in JSON is stored in checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multipart {
    /// The object's path, relative to the storage.
    pub path: String,
    /// Whose it is: no other owner's clean-up touches it.
    pub owner: String,
    /// Who writes it: grows with each start of the owner.
    pub generation: u64,
    /// Unique among the owner's uploads.
    pub name: String,
    /// The store's own id.
    pub id: String,
}

impl Multipart {
    fn record(&self) -> String {
        format!("{IN_PROGRESS}/{}/{}/{}", self.owner, self.generation, self.name)
    }
}

/// A part that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The store's own id.
    pub id: String,
    /// Its length.
    pub bytes: u64,
}

/// The bytes of all parts.
pub fn total_bytes(parts: &[Part]) -> u64 {
    parts.iter().map(|part| part.bytes).sum()
}

/// How an upload came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// The object is there, now or since an earlier call.
    Complete,
    /// Neither the upload nor the object is there any more: it was completed earlier and somebody moved the object away, or the
    /// upload was given up.
    Gone,
}

/// What a kind of storage does for uploads in parts; paths are relative to its root.
#[async_trait]
pub(crate) trait PartsBackend: Send + Sync {
    /// The least length of a part that is not the last.
    fn min_part_bytes(&self) -> u64;
    /// Begins an upload; returns the store's id of it.
    async fn begin(&self, path: &Path, record: &Path) -> Result<String, StorageError>;
    /// Writes the part behind `before`; replaces a part that was written there.
    async fn put(&self, upload: &Located<'_>, before: &[Part], bytes: Bytes) -> Result<Part, StorageError>;
    async fn complete(&self, upload: &Located<'_>, parts: &[Part]) -> Result<Completion, StorageError>;
    /// Gives up whatever `record` stands for; that there is nothing is no error.
    async fn abort(&self, record: &Path) -> Result<(), StorageError>;
    /// Hands an upload on, so that whoever wrote to it before cannot any more.
    async fn hand_on(&self, from: &Path, to: &Path) -> Result<(), StorageError>;
}

/// An upload by the paths of its storage's root.
pub(crate) struct Located<'a> {
    pub(crate) path: &'a Path,
    pub(crate) record: &'a Path,
    pub(crate) id: &'a str,
}

impl Storage {
    /// The least length in bytes of a part that is not an object's last one; 0: any.
    pub fn min_part_bytes(&self) -> u64 {
        self.backend().parts().min_part_bytes()
    }

    /// Begins to write the object at `path` in parts.
    /// `owner` and `name` are path segments, an owner may be several.
    pub async fn begin_multipart(
        &self,
        path: &str,
        owner: &str,
        generation: u64,
        name: &str,
    ) -> Result<Multipart, StorageError> {
        let mut upload = Multipart {
            path: path.to_string(),
            owner: owner.to_string(),
            generation,
            name: name.to_string(),
            id: String::new(),
        };
        let (object, record) = (self.object(path)?, self.object(&upload.record())?);
        upload.id = self.backend().parts().begin(&object, &record).await?;
        Ok(upload)
    }

    /// Writes the part that follows `before`, and replaces one that a process which did not get to storing it has written
    /// there. The part is durable when this returns. All but the last are at least [`Storage::min_part_bytes`] long.
    pub async fn put_part(&self, upload: &Multipart, before: &[Part], bytes: Bytes) -> Result<Part, StorageError> {
        let (path, record) = (self.object(&upload.path)?, self.object(&upload.record())?);
        let located = Located { path: &path, record: &record, id: &upload.id };
        self.backend().parts().put(&located, before, bytes).await
    }

    /// Makes the object of these parts durable and visible. May be repeated, also after a crash, also by another process.
    /// [`StorageError::AlreadyExists`] if a directory has another file of that name.
    pub async fn complete_multipart(&self, upload: &Multipart, parts: &[Part]) -> Result<Completion, StorageError> {
        let (path, record) = (self.object(&upload.path)?, self.object(&upload.record())?);
        let located = Located { path: &path, record: &record, id: &upload.id };
        self.backend().parts().complete(&located, parts).await
    }

    /// Gives an upload up.
    pub async fn abort_multipart(&self, upload: &Multipart) -> Result<(), StorageError> {
        self.backend().parts().abort(&self.object(&upload.record())?).await
    }

    /// Hands an upload on to a later generation of its owner, wherever an earlier one has left it.
    /// [`StorageError::NotFound`] if it is gone: completed, or given up.
    pub async fn take_over_multipart(&self, upload: Multipart, generation: u64) -> Result<Multipart, StorageError> {
        let next = Multipart { generation, ..upload };
        let all = self.records(&next.owner).await?;
        // The generation that stored it may have been followed by one that did not get as far as a checkpoint.
        let found = all.iter().filter(|record| record.name == next.name && record.generation <= generation);
        let Some(last) = found.max_by_key(|record| record.generation) else {
            return Err(StorageError::NotFound { url: self.url_of(&next.record()) });
        };
        if last.generation < generation {
            let (from, to) = (self.object(&last.path)?, self.object(&next.record())?);
            self.backend().parts().hand_on(&from, &to).await?;
        }
        Ok(next)
    }

    /// Gives up the uploads of earlier generations of an owner whose names are not in `keep`; returns how many there were.
    pub async fn abort_leftovers(
        &self,
        owner: &str,
        generation: u64,
        keep: &BTreeSet<String>,
    ) -> Result<usize, StorageError> {
        let mut aborted = 0;
        for record in self.records(owner).await? {
            if record.generation < generation && !keep.contains(&record.name) {
                self.backend().parts().abort(&self.object(&record.path)?).await?;
                aborted += 1;
            }
        }
        Ok(aborted)
    }

    async fn records(&self, owner: &str) -> Result<Vec<Record>, StorageError> {
        let infos = self.list(&format!("{IN_PROGRESS}/{owner}")).await?;
        Ok(infos.into_iter().filter_map(|info| Record::parse(info.path)).collect())
    }
}

/// The record of an upload as it was found.
struct Record {
    path: String,
    generation: u64,
    name: String,
}

impl Record {
    fn parse(path: String) -> Option<Self> {
        let (rest, name) = path.rsplit_once('/')?;
        let generation = rest.rsplit('/').next()?.parse().ok()?;
        let name = name.to_string();
        Some(Self { path, generation, name })
    }
}

#[cfg(test)]
mod tests;

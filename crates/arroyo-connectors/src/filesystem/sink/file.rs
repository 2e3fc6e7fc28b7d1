//! A file that is being written, and one that is finished and waits to become visible.

use arrow::array::RecordBatch;
use arroyo_operator::OperatorError;
use arroyo_storage::{Multipart, Part, StorageError, total_bytes};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::encoder::{Encoder, Layout};
use super::envelope::{pack, unpack};
use super::parquet::SavedEncoder;
use super::place::Place;

/// Parquet rows that fill less memory than this go into the checkpoint rather than into a row group of their own.
const SMALL_GROUP_BYTES: usize = 5 << 20;

/// What is known of a file besides its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileInfo {
    /// Unique among the sink's files.
    pub(super) id: String,
    /// Its directory below the table's; empty: the table's own.
    pub(super) directory: String,
    /// Its path below the table's directory.
    pub(super) path: String,
    /// When its first row came, in nanoseconds since the Unix epoch.
    pub(super) opened_nanos: i64,
    /// When its last row came.
    pub(super) written_nanos: i64,
    /// The latest event time of its rows.
    pub(super) event_nanos: i64,
    upload: Option<Multipart>,
    parts: Vec<Part>,
}

impl FileInfo {
    pub(super) fn new(id: String, directory: String, name: &str, now_nanos: i64) -> Self {
        let path = if directory.is_empty() { name.to_string() } else { format!("{directory}/{name}") };
        Self {
            id,
            directory,
            path,
            opened_nanos: now_nanos,
            written_nanos: now_nanos,
            event_nanos: i64::MIN,
            upload: None,
            parts: Vec::new(),
        }
    }

    /// Of what [`OpenFile::checkpoint`] returned.
    pub(super) fn of_saved(saved: &[u8]) -> Result<Self, OperatorError> {
        let (info, _) = unpack(saved, "an unfinished file")?;
        Ok(info)
    }

    pub(super) fn has_upload(&self) -> bool {
        self.upload.is_some()
    }

    pub(super) fn parts(&self) -> usize {
        self.parts.len()
    }
}

/// A file that is being written.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) info: FileInfo,
    encoder: Encoder,
    /// Encoded bytes behind the parts.
    tail: Vec<u8>,
}

impl OpenFile {
    pub(super) fn new(info: FileInfo, layout: &Layout) -> Self {
        Self { info, encoder: Encoder::new(layout), tail: Vec::new() }
    }

    /// Its length if it were finished now, roughly.
    pub(super) fn length(&self) -> u64 {
        total_bytes(&self.info.parts) + self.tail.len() as u64 + self.encoder.pending_estimate()
    }

    /// Bytes of memory.
    pub(super) fn memory_bytes(&self) -> usize {
        self.tail.len() + self.encoder.pending_bytes()
    }

    /// Takes rows, and writes the parts that are full.
    pub(super) async fn write(&mut self, rows: &RecordBatch, place: &Place) -> Result<(), OperatorError> {
        self.encoder.write(rows, &mut self.tail).await?;
        self.put_full_parts(place).await
    }

    async fn put_full_parts(&mut self, place: &Place) -> Result<(), OperatorError> {
        while self.tail.len() > place.part_bytes {
            self.put(place.part_bytes, place).await?;
        }
        Ok(())
    }

    /// Makes memory free: writes what can be written.
    pub(super) async fn flush(&mut self, place: &Place) -> Result<(), OperatorError> {
        self.encoder.flush(SMALL_GROUP_BYTES, &mut self.tail).await?;
        self.put_full_parts(place).await?;
        // In a bucket a byte stays behind, so that a file ends with a part that replaces whatever a crashed process wrote there.
        let kept = usize::from(place.part_bytes_min > 0);
        let rest = self.tail.len().saturating_sub(kept);
        if rest > 0 && rest >= place.part_bytes_min && !place.equal_parts {
            self.put(rest, place).await?;
        }
        Ok(())
    }

    /// At a barrier: everything is durable in the place or in the answer, which goes into the checkpoint.
    pub(super) async fn checkpoint(&mut self, place: &Place) -> Result<Vec<u8>, OperatorError> {
        self.flush(place).await?;
        let SavedEncoder { footer, rows } = self.encoder.save()?;
        pack(&self.info, &[&self.tail, &footer, &rows])
    }

    /// The inverse of [`OpenFile::checkpoint`].
    pub(super) fn restore(saved: &[u8], layout: &Layout) -> Result<Self, OperatorError> {
        let (info, blobs): (FileInfo, Vec<Vec<u8>>) = unpack(saved, "an unfinished file")?;
        let mut blobs = blobs.into_iter();
        let (tail, footer, rows) =
            (blobs.next().unwrap_or_default(), blobs.next().unwrap_or_default(), blobs.next().unwrap_or_default());
        let length = total_bytes(&info.parts) + tail.len() as u64;
        let encoder = Encoder::restore(layout, SavedEncoder { footer, rows }, length)?;
        Ok(Self { info, encoder, tail })
    }

    /// Takes the upload over from the process that wrote the checkpoint. Answers whether the file can be gone on with: not if it
    /// was completed after the checkpoint that was gone back to, so that the rows that it has here are visible.
    pub(super) async fn take_over(&mut self, place: &Place) -> Result<bool, OperatorError> {
        let Some(upload) = self.info.upload.take() else {
            return Ok(!self.was_completed(place).await.map_err(|error| place.failed(error))?);
        };
        match place.storage.take_over_multipart(upload, place.generation).await {
            Ok(taken) => {
                self.info.upload = Some(taken);
                Ok(true)
            }
            Err(error @ StorageError::NotFound { .. }) => {
                if self.was_completed(place).await.map_err(|error| place.failed(error))? {
                    return Ok(false);
                }
                Err(place.failed(error))
            }
            Err(error) => Err(place.failed(error)),
        }
    }

    /// Whether there is a visible file that begins with the bytes of this one, as far as they are known here.
    async fn was_completed(&self, place: &Place) -> Result<bool, StorageError> {
        let (path, parts) = (self.info.path.as_str(), total_bytes(&self.info.parts));
        let end = parts + self.tail.len() as u64;
        let Some(found) = place.storage.head(path).await?.filter(|found| found.size >= end) else { return Ok(false) };
        if self.tail.is_empty() {
            return Ok(found.size > 0);
        }
        Ok(place.storage.get_range(path, parts..end).await? == self.tail)
    }

    async fn put(&mut self, length: usize, place: &Place) -> Result<(), OperatorError> {
        let upload = match self.info.upload.take() {
            Some(upload) => upload,
            None => {
                let begun =
                    place.storage.begin_multipart(&self.info.path, &place.owner, place.generation, &self.info.id);
                begun.await.map_err(|error| place.failed(error))?
            }
        };
        let rest = self.tail.split_off(length.min(self.tail.len()));
        let part = std::mem::replace(&mut self.tail, rest);
        let put = place.storage.put_part(&upload, &self.info.parts, Bytes::from(part)).await;
        self.info.upload = Some(upload);
        self.info.parts.push(put.map_err(|error| place.failed(error))?);
        Ok(())
    }

    /// Writes the end of the file; all of it is durable then, or in the answer.
    pub(super) async fn finish(mut self, place: &Place) -> Result<FinishedFile, OperatorError> {
        self.encoder.finish(&mut self.tail).await?;
        if self.info.upload.is_none() && self.tail.len() <= place.inline_bytes_max {
            let FileInfo { id, path, .. } = self.info;
            return Ok(FinishedFile { id, path, content: Content::Inline(self.tail) });
        }
        self.put_full_parts(place).await?;
        if !self.tail.is_empty() {
            self.put(self.tail.len(), place).await?;
        }
        let FileInfo { id, path, upload, parts, .. } = self.info;
        let upload =
            upload.ok_or_else(|| OperatorError::bug(format!("the file `{path}` was finished without rows")))?;
        Ok(FinishedFile { id, path, content: Content::Uploaded { upload, parts } })
    }
}

/// A file that has all its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FinishedFile {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) content: Content,
}

/// Where the content of a finished file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// In an upload that is to be completed.
    Uploaded { upload: Multipart, parts: Vec<Part> },
    /// Here.
    Inline(Vec<u8>),
}

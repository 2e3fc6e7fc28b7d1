//! What one subtask contributes to a checkpoint.

use arroyo_runtime::Failpoints;
use arroyo_storage::Storage;
use arroyo_types::{Epoch, EventTime, Generation, KeyRange, OperatorId};
use serde::{Deserialize, Serialize};

use crate::TableKind;

/// A file of rows and what must be known to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Relative to the job's directory.
    pub path: String,
    /// The checkpoint it belongs to; for a compacted file the last of those it replaces.
    pub epoch: Epoch,
    /// Who wrote it.
    pub subtask: u32,
    /// The smallest and the largest key hash in it.
    pub key_range: KeyRange,
    /// Time-keyed: the earliest and the latest time in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_range: Option<TimeRange>,
    /// Number of rows.
    pub rows: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// xxh3-64 of the whole file, as 16 hexadecimal digits.
    pub checksum: String,
}

/// An inclusive range of event times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeRange {
    /// The earliest.
    pub min: EventTime,
    /// The latest.
    pub max: EventTime,
}

/// What one subtask wrote of one table for one checkpoint. Travels as JSON from worker to controller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCheckpoint {
    /// The table's name.
    pub table: String,
    /// Its kind.
    pub kind: TableKind,
    /// The rows' Arrow schema: an IPC stream without batches, in base64.
    pub schema: String,
    /// Written for this checkpoint; empty if nothing changed.
    pub files: Vec<FileRef>,
    /// Time-keyed: rows of this subtask's keys before this time are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_before: Option<EventTime>,
}

impl TableCheckpoint {
    /// Bytes written for this checkpoint.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Where the files of a checkpoint go.
#[derive(Debug, Clone)]
pub struct CheckpointWriter {
    /// The job's directory.
    pub(crate) job: Storage,
    /// The checkpoint.
    pub(crate) epoch: Epoch,
    /// The owner.
    pub(crate) generation: Generation,
    /// Each file passes two: before and after it is there.
    pub(crate) failpoints: Failpoints,
}

impl CheckpointWriter {
    /// Writes files of checkpoint `epoch` below `job`, the job's directory (`<checkpoint-url>/<job id>`).
    pub fn new(job: Storage, epoch: Epoch, generation: Generation) -> Self {
        Self { job, epoch, generation, failpoints: Failpoints::default() }
    }

    /// The same, and `failpoints` are passed.
    #[must_use]
    pub fn watched(self, failpoints: Failpoints) -> Self {
        Self { failpoints, ..self }
    }

    /// The path of a file, relative to the job's directory.
    pub(crate) fn path(&self, operator: &OperatorId, table: &str, file: &str) -> String {
        format!(
            "{CHECKPOINTS}/{}-{}/{}/{}/{file}.parquet",
            self.epoch,
            self.generation,
            path_segment(operator.as_str()),
            path_segment(table)
        )
    }
}

/// Where the files of checkpoints lie in a job's directory.
pub(crate) const CHECKPOINTS: &str = "checkpoints";

/// The epoch of the checkpoint that a path below [`CHECKPOINTS`] belongs to.
pub(crate) fn epoch_of_path(path: &str) -> Option<Epoch> {
    let directory = path.strip_prefix(CHECKPOINTS)?.strip_prefix('/')?.split('/').next()?;
    directory.split_once('-')?.0.parse().ok().map(Epoch)
}

/// A name as one segment of a path: other characters than letters, digits, `_` and `-` as `~` and hexadecimal digits.
fn path_segment(name: &str) -> String {
    use std::fmt::Write;
    name.bytes().fold(String::with_capacity(name.len()), |mut segment, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') {
            segment.push(char::from(byte));
        } else {
            let _ = write!(segment, "~{byte:02x}");
        }
        segment
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_safe_and_tell_their_epoch() {
        let job = Storage::open("memory://paths").unwrap();
        let writer = CheckpointWriter::new(job, Epoch(7), Generation(2));
        let path = writer.path(&OperatorId::from("a/../b"), "t", "3");
        assert_eq!(path, "checkpoints/7-2/a~2f~2e~2e~2fb/t/3.parquet");
        assert_eq!(epoch_of_path(&path), Some(Epoch(7)));
        assert_eq!(epoch_of_path("manifests/7.json"), None);
    }
}

//! A checkpoint's manifest: every live file, and what is needed to go on from it.

use std::collections::{BTreeMap, BTreeSet};

use arroyo_types::{Epoch, Generation, HASH_VERSION, JobId, OperatorId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::expiry::ExpiredRange;
use crate::file::checksum;
use crate::{FileRef, StateError, TableKind};

/// The version of the format that this release writes and reads.
pub const MANIFEST_VERSION: u32 = 1;

/// A finished checkpoint. It exists if and only if its manifest does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The job that wrote it; a copy of a job's directory may go on under another id.
    pub job: JobId,
    /// Its number.
    pub epoch: Epoch,
    /// The owner that wrote it.
    pub generation: Generation,
    /// When, in microseconds since the Unix epoch.
    pub created_at_micros: i64,
    /// The hash that routes keys: see [`arroyo_types::HASH_VERSION`].
    pub hash_version: u32,
    /// Identifies the program.
    pub fingerprint: String,
    /// Whether the job was stopped with it: all its tasks ended after their barriers.
    pub stopping: bool,
    /// The program's operators.
    pub operators: BTreeMap<OperatorId, OperatorManifest>,
}

/// An operator in a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorManifest {
    /// The name of its kind.
    pub name: String,
    /// What it does, for people.
    pub description: String,
    /// Its number of subtasks.
    pub parallelism: u32,
    /// Its tables.
    pub tables: BTreeMap<String, TableManifest>,
    /// Sinks of two phases: what to commit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<SubtaskCommit>,
}

/// What one subtask of a sink pre-committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubtaskCommit {
    /// The subtask.
    pub subtask: u32,
    /// For [`Sink::commit`](https://docs.rs/arroyo-operator): base64 in JSON.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub data: Vec<u8>,
}

/// A table in a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableManifest {
    /// Its kind.
    pub kind: TableKind,
    /// The rows' Arrow schema: an IPC stream without batches, in base64.
    pub schema: String,
    /// Every live file, in order of epoch.
    pub files: Vec<FileRef>,
    /// Time-keyed: what has expired, in order of range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expired: Vec<ExpiredRange>,
}

fn to_base64<S: Serializer>(data: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(data))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}

/// How a manifest is stored: its version and checksum around its text.
#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    version: u32,
    checksum: String,
    #[serde(borrow)]
    manifest: &'a RawValue,
}

impl Manifest {
    /// All live files.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        self.operators.values().flat_map(|operator| operator.tables.values()).flat_map(|table| &table.files)
    }

    /// The paths of all live files.
    pub(crate) fn paths(&self) -> BTreeSet<&str> {
        self.files().map(|file| file.path.as_str()).collect()
    }

    /// The stored form.
    pub fn encode(&self) -> Result<Vec<u8>, StateError> {
        let failed = |error: serde_json::Error| StateError::Incomplete { epoch: self.epoch, reason: error.to_string() };
        let text = serde_json::to_string_pretty(self).map_err(failed)?;
        let checksum = checksum(text.as_bytes());
        let manifest = RawValue::from_string(text).map_err(failed)?;
        let envelope = Envelope { version: MANIFEST_VERSION, checksum, manifest: &manifest };
        serde_json::to_vec(&envelope).map_err(failed)
    }

    /// The inverse of [`Manifest::encode`]; `file` is for messages.
    pub fn decode(bytes: &[u8], file: &str) -> Result<Self, StateError> {
        let corrupt = |reason: String| StateError::CorruptManifest { file: file.to_string(), reason, last_good: None };
        let envelope: Envelope<'_> = serde_json::from_slice(bytes).map_err(|error| corrupt(error.to_string()))?;
        let unknown =
            |what, found, supported| StateError::UnknownVersion { file: file.to_string(), what, found, supported };
        if envelope.version != MANIFEST_VERSION {
            return Err(unknown("format version", envelope.version, MANIFEST_VERSION));
        }
        let text = envelope.manifest.get();
        let found = checksum(text.as_bytes());
        if found != envelope.checksum {
            return Err(corrupt(format!("its checksum is {found} instead of {}", envelope.checksum)));
        }
        let manifest: Self = serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
        if manifest.hash_version != HASH_VERSION {
            return Err(unknown("key hash version", manifest.hash_version, HASH_VERSION));
        }
        Ok(manifest)
    }
}

//! What can go wrong with state.

use arroyo_storage::StorageError;
use arroyo_types::{Epoch, ErrorKind, Generation};
use thiserror::Error;

/// An operation on state failed.
#[derive(Debug, Error)]
pub enum StateError {
    /// The operator used a table that it did not declare, or used it as another kind.
    #[error("operator `{operator}` has no {kind} table `{table}`")]
    NoSuchTable {
        /// The operator.
        operator: String,
        /// The table it asked for.
        table: String,
        /// The kind it expected.
        kind: &'static str,
    },
    /// Rows do not fit their table, or two subtasks claim the same key of a global table.
    #[error("wrong rows for table `{table}` of operator `{operator}`: {reason}")]
    WrongRows {
        /// The operator.
        operator: String,
        /// The table.
        table: String,
        /// What is wrong.
        reason: String,
    },
    /// The checkpoint holds a table in another shape than the operator has now.
    #[error(
        "the checkpoint holds table `{table}` of operator `{operator}` in another form than this program: {reason}; \
         start without its state, or run the program that wrote it"
    )]
    SchemaMismatch {
        /// The operator.
        operator: String,
        /// The table.
        table: String,
        /// What differs.
        reason: String,
    },
    /// A checkpoint's file is missing, truncated or changed.
    #[error("state file {file} is damaged: {reason}; {}", describe_last_good(.last_good))]
    CorruptFile {
        /// Path or URL.
        file: String,
        /// What is wrong.
        reason: String,
        /// The latest epoch that does not need the file, if one is known.
        last_good: Option<Epoch>,
    },
    /// A manifest is truncated or changed.
    #[error("checkpoint manifest {file} is damaged: {reason}; {}", describe_last_good(.last_good))]
    CorruptManifest {
        /// Path or URL.
        file: String,
        /// What is wrong.
        reason: String,
        /// The latest earlier epoch whose manifest can be read, if there is one.
        last_good: Option<Epoch>,
    },
    /// The manifest of the last complete checkpoint is gone: an earlier one is no place to go on from without being asked for, as
    /// sinks have committed what came after it.
    #[error(
        "checkpoint manifest {file} does not exist, although checkpoint {epoch} was complete: put it back; {}",
        describe_last_good(.last_good)
    )]
    LostManifest {
        /// The epoch that was complete.
        epoch: Epoch,
        /// Path or URL.
        file: String,
        /// The latest earlier epoch whose manifest can be read, if there is one.
        last_good: Option<Epoch>,
    },
    /// There is no manifest of the epoch: it never finished, or was collected.
    #[error("there is no checkpoint of epoch {epoch}: {file} does not exist; {}", describe_available(.available))]
    NoSuchCheckpoint {
        /// The epoch asked for.
        epoch: Epoch,
        /// Where its manifest would be.
        file: String,
        /// The epochs that there are.
        available: Vec<Epoch>,
    },
    /// A manifest was written by a release that this one does not understand.
    #[error("{file} has {what} {found}, this release understands {supported}; use the release that wrote it")]
    UnknownVersion {
        /// Path or URL.
        file: String,
        /// Which version.
        what: &'static str,
        /// The version in the file.
        found: u32,
        /// The version this release writes.
        supported: u32,
    },
    /// Another owner of the job has published this epoch.
    #[error("{file} was published by generation {by} of the job: this one, generation {generation}, has lost it")]
    Fenced {
        /// Path or URL.
        file: String,
        /// Who published it.
        by: Generation,
        /// Who wanted to.
        generation: Generation,
    },
    /// A checkpoint lacks a part.
    #[error("the checkpoint of epoch {epoch} is incomplete: {reason}")]
    Incomplete {
        /// The epoch.
        epoch: Epoch,
        /// What is missing.
        reason: String,
    },
    /// Rows could not be written as a file.
    #[error("failed to encode table `{table}` of operator `{operator}`: {reason}")]
    Encode {
        /// The operator.
        operator: String,
        /// The table.
        table: String,
        /// What the encoder said.
        reason: String,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

fn describe_last_good(epoch: &Option<Epoch>) -> String {
    match epoch {
        Some(epoch) => format!("the last good checkpoint is epoch {epoch}"),
        None => "there is no earlier good checkpoint".to_string(),
    }
}

fn describe_available(epochs: &[Epoch]) -> String {
    match (epochs.first(), epochs.last()) {
        (Some(first), Some(last)) if first == last => format!("there is only epoch {first}"),
        (Some(first), Some(last)) => format!("there are {} from epoch {first} to {last}", epochs.len()),
        _ => "there is none at all".to_string(),
    }
}

impl StateError {
    /// What people can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::CorruptFile { last_good: Some(epoch), .. }
            | Self::CorruptManifest { last_good: Some(epoch), .. }
            | Self::LostManifest { last_good: Some(epoch), .. } => Some(format!(
                "mend the file, or go back to the last good checkpoint: `arroyo run` does it with --from-checkpoint {epoch}, \
                 a cluster with POST …/checkpoints/{epoch}/restore"
            )),
            _ => None,
        }
    }

    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoSuchTable { .. } | Self::WrongRows { .. } | Self::Incomplete { .. } | Self::Encode { .. } => {
                ErrorKind::Bug
            }
            Self::SchemaMismatch { .. } | Self::NoSuchCheckpoint { .. } => ErrorKind::User,
            Self::CorruptFile { .. }
            | Self::CorruptManifest { .. }
            | Self::LostManifest { .. }
            | Self::UnknownVersion { .. } => ErrorKind::Corrupt,
            Self::Fenced { .. } => ErrorKind::Fenced,
            Self::Storage(error) => error.kind(),
        }
    }
}

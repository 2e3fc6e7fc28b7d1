//! What can go wrong with the metadata database.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// An operation on the metastore failed.
#[derive(Debug, Error)]
pub enum MetastoreError {
    /// Nothing has this id.
    #[error("{what} not found")]
    NotFound {
        /// `Pipeline`, `Job`, …
        what: &'static str,
    },
    /// A unique name or id is taken.
    #[error("a {what} with that name already exists")]
    Duplicate {
        /// What was to be created.
        what: &'static str,
    },
    /// Something else refers to it.
    #[error("Cannot delete {what}; it is still being used by {user}")]
    InUse {
        /// What was to be deleted.
        what: &'static str,
        /// Who uses it.
        user: String,
    },
    /// A row was written by a newer version or by hand.
    #[error("the metadata database holds an invalid {what}: {reason}")]
    Corrupt {
        /// The kind of row or column.
        what: &'static str,
        /// Why it is invalid.
        reason: String,
    },
    /// The job is owned by a newer generation.
    #[error("the job is owned by a newer generation")]
    Fenced,
    /// A newer release has written it. Nothing is wrong with it.
    #[error(
        "the metadata database {place} has tables of version {found}, this release knows versions up to {known}: use a newer release"
    )]
    Newer {
        /// A path, or host, port and name; never a password.
        place: String,
        /// The version of its tables.
        found: i64,
        /// The newest version that is known.
        known: i64,
    },
    /// The database cannot be opened, reached or migrated.
    #[error("the metadata database {place} cannot be used: {reason}")]
    Unavailable {
        /// A path, or host, port and name; never a password.
        place: String,
        /// The database's own words.
        reason: String,
    },
}

impl MetastoreError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } | Self::Duplicate { .. } | Self::InUse { .. } | Self::Newer { .. } => ErrorKind::User,
            Self::Corrupt { .. } => ErrorKind::Corrupt,
            Self::Fenced => ErrorKind::Fenced,
            Self::Unavailable { .. } => ErrorKind::Retry,
        }
    }
}

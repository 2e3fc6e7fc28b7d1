//! What can go wrong with storage.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// An operation on storage failed.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The URL cannot be understood.
    #[error("`{url}` is not a storage location: {reason}")]
    InvalidUrl {
        /// As it was given.
        url: String,
        /// What is wrong and what to write instead.
        reason: String,
    },
    /// An object's path is empty, absolute, or leads outside.
    #[error("`{path}` is not the path of an object: {reason}")]
    InvalidPath {
        /// As it was given.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no such object.
    #[error("{url} does not exist")]
    NotFound {
        /// The object.
        url: String,
    },
    /// The object exists although it must not.
    #[error("{url} exists already")]
    AlreadyExists {
        /// The object.
        url: String,
    },
    /// Somebody else has replaced the object since its version was read.
    #[error("{url} was changed by somebody else")]
    VersionMismatch {
        /// The object.
        url: String,
    },
    /// The object ends before the requested range does.
    #[error("{url} ends at byte {size}, but bytes {start} to {end} were asked for")]
    OutOfRange {
        /// The object.
        url: String,
        /// Its size in bytes.
        size: u64,
        /// The first byte asked for.
        start: u64,
        /// The byte after the last one asked for.
        end: u64,
    },
    /// Reading or writing is not allowed.
    #[error("not allowed to {action} {url}: {reason}")]
    PermissionDenied {
        /// What was tried: read, write, ….
        action: &'static str,
        /// The object or directory.
        url: String,
        /// What the system said.
        reason: String,
    },
    /// The bucket's service does not accept the credentials, or there are none.
    #[error(
        "{service} refuses to {action} {url}: {reason}; check the credentials for bucket `{bucket}`, usually in {variables}"
    )]
    Credentials {
        /// What was tried.
        action: &'static str,
        /// The object.
        url: String,
        /// The service's name.
        service: &'static str,
        /// The bucket's name.
        bucket: String,
        /// What the service said.
        reason: String,
        /// Where credentials are usually taken from.
        variables: &'static str,
    },
    /// The bucket does not exist.
    #[error("cannot {action} {url}: there is no {service} bucket `{bucket}`; create it, or correct the URL")]
    NoSuchBucket {
        /// What was tried.
        action: &'static str,
        /// The object.
        url: String,
        /// The service's name.
        service: &'static str,
        /// The bucket's name.
        bucket: String,
    },
    /// The disk is full or a quota is used up.
    #[error("no space left to {action} {url}: {reason}")]
    NoSpace {
        /// What was tried.
        action: &'static str,
        /// The object or directory.
        url: String,
        /// What the system said.
        reason: String,
    },
    /// The storage did not do what was asked; it may do so later.
    #[error("failed to {action} {url}: {reason}")]
    Unavailable {
        /// What was tried.
        action: &'static str,
        /// The object or directory.
        url: String,
        /// What the system said.
        reason: String,
    },
}

impl StorageError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidUrl { .. }
            | Self::PermissionDenied { .. }
            | Self::Credentials { .. }
            | Self::NoSuchBucket { .. } => ErrorKind::User,
            Self::InvalidPath { .. } | Self::AlreadyExists { .. } => ErrorKind::User,
            Self::NotFound { .. } | Self::OutOfRange { .. } => ErrorKind::Corrupt,
            Self::VersionMismatch { .. } => ErrorKind::Fenced,
            Self::NoSpace { .. } | Self::Unavailable { .. } => ErrorKind::Retry,
        }
    }

    /// Whether the same call may succeed later without anybody changing the program: an outage, a full disk, credentials
    /// that have expired and are renewed.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NoSpace { .. } | Self::Unavailable { .. } | Self::Credentials { .. })
    }

    /// Whether the object does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// From an error of the operating system.
    pub(crate) fn from_io(action: &'static str, url: String, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let reason = error.to_string();
        match error.kind() {
            Io::NotFound => Self::NotFound { url },
            Io::AlreadyExists => Self::AlreadyExists { url },
            Io::PermissionDenied | Io::ReadOnlyFilesystem => Self::PermissionDenied { action, url, reason },
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => Self::NoSpace { action, url, reason },
            _ => Self::Unavailable { action, url, reason },
        }
    }
}

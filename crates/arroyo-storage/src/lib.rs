//! One object store behind a URL: checkpoints, manifests, leases and backups are written through [`Storage`] and nothing else.
//!
//! A URL names a local directory (a plain path, `file:/p`, `file:///p`), an in-memory store shared within the process
//! (`memory://name`, for tests), or a bucket of S3, R2, Google Cloud Storage or Azure (see `docs/guides/state-directories.md`). Objects in a local directory are as durable and atomic as in a bucket: they are
//! written to a temporary file, synced, moved into place, and the directory is synced; a crash never leaves half an object.
//!
//! [`testing`] wraps any storage in injected faults.

mod backend;
mod clients;
mod error;
mod local;
mod location;
mod multipart;
mod patient;
mod remote;
mod storage;
pub mod testing;

pub use backend::{ObjectInfo, Version};
pub use error::StorageError;
pub use multipart::{Completion, IN_PROGRESS, Multipart, Part, total_bytes};
pub use storage::{Storage, Upload};

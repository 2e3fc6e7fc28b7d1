//! State through its public interface: checkpoints, manifests and restores on a storage.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod compatibility;
mod corruption;
mod format;
mod inspect;
mod lifecycle;
mod model;
mod program;
mod savepoints;
mod takeover;

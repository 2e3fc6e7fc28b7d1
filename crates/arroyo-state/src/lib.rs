//! State tables of operators, their checkpoint files, and the manifests that make checkpoints.
//!
//! An operator declares tables ([`TableSpec`]) and holds an [`OperatorState`]. While it runs it keeps its own working
//! structures in memory, and hands the *change since the last barrier* to its tables as Arrow batches. At a barrier the engine
//! takes the changes ([`OperatorState::take_changes`]) and writes them behind it ([`PendingTables::write`]).
//! The controller puts what all subtasks wrote together into a manifest ([`next_manifest`]) and publishes it
//! ([`Manifests::publish`]): a checkpoint exists if and only if its manifest does.
//!
//! Everything lies in the job's directory, `<checkpoint-url>/<job id>`, and every path inside is relative to it:
//!
//! ```text
//! manifests/<epoch>.json                                              a manifest, or a claim: see [`protocol`]
//! savepoints/<epoch>.json
//! checkpoints/<epoch>-<generation>/<operator>/<table>/<subtask>.parquet
//! ```
//!
//! What neither manifests nor savepoints name any more is deleted by [`collect_garbage`]; many small files become few by [`compact`].

mod checkpoint;
mod collect_garbage;
mod compact;
mod error;
mod expiry;
mod file;
mod inspect;
mod manifest;
mod manifests;
mod next_manifest;
mod operator_state;
mod pending;
pub mod protocol;
mod remove;
mod restore;
mod rows;
mod savepoints;
mod schema;
mod table;

pub use checkpoint::{CheckpointWriter, FileRef, TableCheckpoint, TimeRange};
pub use collect_garbage::{Collected, collect_garbage};
pub use compact::{COMPACT_FILES, Replacement, compact, tables_to_compact};
pub use error::StateError;
pub use expiry::ExpiredRange;
pub use inspect::{CheckpointReport, Copied, FaultKind, FileFault, copy_job, read_table, table_columns, verify_job};
pub use manifest::{MANIFEST_VERSION, Manifest, OperatorManifest, SubtaskCommit, TableManifest};
pub use manifests::{Manifests, Resumption};
pub use next_manifest::{FinishedCheckpoint, FinishedOperator, FinishedSubtask, next_manifest};
pub use operator_state::{OperatorState, StateTask};
pub use pending::PendingTables;
pub use remove::remove_job;
pub use savepoints::Savepoints;
pub use table::{TableChange, TableKind, TableSpec};

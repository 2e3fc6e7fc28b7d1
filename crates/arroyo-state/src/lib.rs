//! State tables of operators, their checkpoint files, and the manifests that make checkpoints.
//!
//! An operator declares tables ([`TableSpec`]) and holds an [`OperatorState`]. While it runs it keeps its own working
//! structures in memory, and hands the *change since the last barrier* to its tables as Arrow batches. At a barrier the engine
//! takes the changes ([`OperatorState::take_changes`]) and writes them behind it ([`PendingTables::write`]).
//! A checkpoint exists if and only if its manifest ([`Manifest`]) does.

mod error;
mod operator_state;
mod table;

pub use error::StateError;
pub use operator_state::{OperatorState, PendingTables, StateTask};
pub use table::{TableChange, TableKind, TableSpec};

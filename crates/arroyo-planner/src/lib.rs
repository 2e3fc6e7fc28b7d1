//! The planner: SQL text in, a dataflow program or diagnostics out.
//!
//! The stages, each with a type of its own:
//!
//! 1. `statement`: text → [`statement`](crate)-level syntax, every piece with its place in the text.
//! 2. `catalog` and `query`: statements → a [`Script`]: tables, and one analysed DataFusion `LogicalPlan` per sink.
//! 3. `stream`: logical plans → a streaming plan.
//! 4. `program`: streaming plan → [`arroyo_dataflow::Program`].
//!
//! Nothing in here does I/O. Every fault in the text becomes a [`Diagnostic`] with a stable code (see [`codes`]), a place and
//! advice; several are reported at once.

mod answers;
mod canonical_text;
mod catalog;
pub mod codes;
mod diagnostic;
mod dialect;
mod explain;
mod parameters;
mod pattern;
mod program;
mod query;
mod request;
mod script;
mod statement;
mod stream;
mod suggest;
mod table;
mod types;

pub use answers::{Answers, answer};
pub use canonical_text::canonical_text;
pub use diagnostic::{Diagnostic, Diagnostics, Location, Severity, Span, render};
pub use parameters::bind_parameters;
pub use request::{
    DefaultSink, Fixture, Plan, PlanRequest, SinkMode, StdoutFormat, StoredProfile, StoredTable, logical_plans, plan,
};
pub use script::{ColumnDef, ColumnKind, LookupCache, Script, SinkQuery, StreamTable, TableDef, WatermarkDef};
pub use stream::Lowered;
pub use table::{check_stored_schema, check_stored_table};
pub use types::type_name;

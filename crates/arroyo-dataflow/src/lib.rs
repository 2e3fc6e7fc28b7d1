//! The dataflow program: what the planner makes and the engine runs.
//!
//! A [`Program`] is a graph of [`Node`]s (chains of operators that run in one task) and [`Edge`]s.
//! Each operator has a name by which the engine finds its constructor, and an opaque configuration: one of the messages
//! in [`operators`]. The program's own form ([`Program::encode`]) is versioned.

mod codec;
mod program;
mod render;
mod schema;

pub use codec::ProgramError;
pub use program::{Edge, EdgeKind, Node, Operator, PROGRAM_VERSION, Program};
pub use render::{edge_label, to_dot, to_mermaid, to_tree};
pub use schema::{decode_schema, encode_schema};

/// The configuration messages of all operators (see `proto/operators.proto` for what each one means).
#[expect(missing_docs, reason = "generated code; the documentation is in the .proto file")]
pub mod operators {
    include!(concat!(env!("OUT_DIR"), "/arroyo.operators.rs"));
}

/// Names of operators, under which the engine registers their constructors.
pub mod names {
    /// Reads from a connector ([`crate::operators::Connector`]).
    pub const SOURCE: &str = "source";
    /// Writes to a connector ([`crate::operators::Connector`]).
    pub const SINK: &str = "sink";
    /// [`crate::operators::Projection`].
    pub const PROJECTION: &str = "projection";
    /// [`crate::operators::Filter`].
    pub const FILTER: &str = "filter";
    /// [`crate::operators::Watermark`].
    pub const WATERMARK: &str = "watermark";
    /// [`crate::operators::WindowAggregate`], the local part before the exchange.
    pub const WINDOW_PARTIAL: &str = "window_partial";
    /// [`crate::operators::WindowAggregate`], the global part.
    pub const WINDOW_AGGREGATE: &str = "window_aggregate";
    /// [`crate::operators::SessionAggregate`].
    pub const SESSION_AGGREGATE: &str = "session_aggregate";
    /// [`crate::operators::InstantAggregate`].
    pub const INSTANT_AGGREGATE: &str = "instant_aggregate";
    /// [`crate::operators::Limit`].
    pub const LIMIT: &str = "limit";
    /// [`crate::operators::Sort`].
    pub const SORT: &str = "sort";
    /// [`crate::operators::Over`], over rows of one instant.
    pub const OVER_WINDOW: &str = "over_window";
    /// [`crate::operators::Over`], over rows in the order of event time.
    pub const OVER_TIME: &str = "over_time";
    /// [`crate::operators::Over`], over rows in any order or changes of rows.
    pub const OVER_UPDATING: &str = "over_updating";
    /// [`crate::operators::MatchRecognize`].
    pub const MATCH_RECOGNIZE: &str = "match_recognize";
    /// [`crate::operators::UpdatingAggregate`], the local part before the exchange.
    pub const UPDATING_PARTIAL: &str = "updating_partial";
    /// [`crate::operators::UpdatingAggregate`], the global part.
    pub const UPDATING_AGGREGATE: &str = "updating_aggregate";
    /// [`crate::operators::UpdatingWindows`].
    pub const UPDATING_WINDOWS: &str = "updating_windows";
    /// [`crate::operators::UpdatingSessions`].
    pub const UPDATING_SESSIONS: &str = "updating_sessions";
    /// [`crate::operators::LateRows`].
    pub const LATE_ROWS: &str = "late_rows";
    /// [`crate::operators::Upsert`].
    pub const UPSERT: &str = "upsert";
    /// [`crate::operators::Unnest`].
    pub const UNNEST: &str = "unnest";
    /// [`crate::operators::Join`].
    pub const JOIN: &str = "join";
    /// [`crate::operators::LookupJoin`].
    pub const LOOKUP_JOIN: &str = "lookup_join";
}

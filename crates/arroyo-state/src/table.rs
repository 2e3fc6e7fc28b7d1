//! Kinds of tables and changes to them.

use arrow::array::{Int8Array, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

/// What a table holds and how its changes combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Few rows (offsets, transactions): a map from bytes to bytes.
    /// Every checkpoint holds the whole map of each subtask; at restore every subtask sees the maps of all subtasks.
    Global,
    /// The latest row per key. The first `key_columns` columns of the schema are the key.
    Keyed {
        /// How many leading columns are the key.
        key_columns: usize,
    },
    /// A bag of rows with an event time each: rows are only added, and expire all together when time passes them.
    TimeKeyed,
}

impl std::fmt::Display for TableKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Global => f.write_str("global"),
            Self::Keyed { key_columns: 1 } => f.write_str("keyed (1 key column)"),
            Self::Keyed { key_columns } => write!(f, "keyed ({key_columns} key columns)"),
            Self::TimeKeyed => f.write_str("time-keyed"),
        }
    }
}

/// A table that an operator declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// Unique within the operator; letters, digits and `_`.
    pub name: String,
    /// See [`TableKind`].
    pub kind: TableKind,
    /// The rows' columns; ignored for global tables.
    pub schema: SchemaRef,
}

impl TableSpec {
    /// A global table.
    pub fn global(name: &str) -> Self {
        Self {
            name: name.to_string(),
            kind: TableKind::Global,
            schema: SchemaRef::new(arrow::datatypes::Schema::empty()),
        }
    }

    /// A table with the latest row per key.
    pub fn keyed(name: &str, schema: SchemaRef, key_columns: usize) -> Self {
        Self { name: name.to_string(), kind: TableKind::Keyed { key_columns }, schema }
    }

    /// A table of rows that expire by event time.
    pub fn time_keyed(name: &str, schema: SchemaRef) -> Self {
        Self { name: name.to_string(), kind: TableKind::TimeKeyed, schema }
    }
}

/// A change to a keyed or time-keyed table, in the order in which it happened.
#[derive(Debug, Clone)]
pub struct TableChange {
    /// Rows in the table's schema. A deletion's value columns may hold anything.
    pub rows: RecordBatch,
    /// The key hash of each row, by which key ranges are cut.
    pub hashes: UInt64Array,
    /// Time-keyed: the event time of each row in nanoseconds.
    pub times: Option<Int64Array>,
    /// Keyed: +1 for an upsert, −1 for a deletion.
    pub ops: Option<Int8Array>,
}

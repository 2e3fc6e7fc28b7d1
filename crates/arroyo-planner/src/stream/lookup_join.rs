//! What a lookup join does.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use arroyo_dataflow::operators::lookup_join::Kind;

use super::join::JoinFilter;
use crate::{ColumnDef, TableDef};

/// A join of a stream with the rows of a lookup table.
#[derive(Debug, Clone)]
pub(crate) struct LookupJoin {
    /// Which rows are in the result.
    pub(crate) kind: Kind,
    /// The table.
    pub(crate) table: Arc<TableDef>,
    /// The columns that it is asked for: positions in the table, the primary key's among them.
    pub(crate) asked: Vec<usize>,
    /// The primary key: positions in `asked`.
    pub(crate) key: Vec<usize>,
    /// How many of the stream's leading columns belong to the plan; behind them are columns that hold keys.
    pub(crate) left_values: usize,
    /// Columns of the stream that hold the key, in its order.
    pub(crate) left_keys: Vec<usize>,
    /// The table's columns in the result: positions in `asked`.
    pub(crate) right_values: Vec<usize>,
    /// A further condition of a match, over the stream's values followed by `asked`.
    pub(crate) filter: Option<JoinFilter>,
    /// How long after its event time a row of a changelog can be taken back, in nanoseconds; zero: always.
    pub(crate) ttl_nanos: i64,
}

impl PartialEq for LookupJoin {
    fn eq(&self, other: &Self) -> bool {
        let Self { kind, table, asked, key, left_values, left_keys, right_values, filter, ttl_nanos } = self;
        Arc::ptr_eq(table, &other.table)
            && (kind, asked, key, left_values) == (&other.kind, &other.asked, &other.key, &other.left_values)
            && (left_keys, right_values, filter, ttl_nanos)
                == (&other.left_keys, &other.right_values, &other.filter, &other.ttl_nanos)
    }
}

impl LookupJoin {
    /// The columns that the table is asked for.
    pub(crate) fn asked_columns(&self) -> impl Iterator<Item = &ColumnDef> {
        self.asked.iter().filter_map(|position| self.table.columns.get(*position))
    }

    /// Their schema.
    pub(crate) fn asked_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(self.asked_columns().map(ColumnDef::field).collect::<Vec<_>>()))
    }
}

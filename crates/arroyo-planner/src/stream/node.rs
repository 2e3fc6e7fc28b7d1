//! The streaming plan: a graph of operators, still without parallelism and chains.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::logical_expr::{Expr, SortExpr};

use super::join::Join;
use super::lineage::Lineage;
use super::lookup_join::LookupJoin;
use super::match_node::MatchCall;
use super::schema::StreamSchema;
use super::window::Window;
use super::window_table::Place;
use crate::TableDef;

/// An operator and what it reads. A node that several others read is shared.
#[derive(Debug, Clone)]
pub(crate) struct StreamNode {
    /// What it does.
    pub(crate) op: StreamOp,
    /// What it reads: nothing (a source), several streams (a union), two (a join), else one.
    pub(crate) inputs: Vec<Arc<StreamNode>>,
    /// What its rows look like.
    pub(crate) schema: Arc<StreamSchema>,
    /// The operator's identity across programs.
    pub(crate) id: Lineage,
}

/// What an operator does. Expressions are over the columns of its input stream.
#[derive(Debug, Clone)]
pub(crate) enum StreamOp {
    /// Reads a table: its payload and metadata columns, and `_timestamp` as the connector gives it.
    Source {
        /// The table.
        table: Arc<TableDef>,
        /// Rows for which it is not true may be dropped by the deserialiser; only simple conditions, see
        /// [`super::simple_filter`].
        filter: Option<Expr>,
    },
    /// Makes watermarks from an expression.
    Watermark {
        /// A timestamp.
        expr: Expr,
        /// Without input for so long, a subtask is idle; 0: never.
        idle_nanos: i64,
    },
    /// Computes columns, `_timestamp` last.
    Project {
        /// One per column.
        exprs: Vec<Expr>,
    },
    /// Keeps the rows for which a condition is true.
    Filter {
        /// The condition.
        predicate: Expr,
    },
    /// Aggregates the rows of each window.
    WindowAggregate {
        /// How windows are cut.
        window: Window,
        /// The place of the window among the group columns of the result.
        window_index: usize,
        /// Groups and functions.
        aggregate: Aggregate,
        /// Before the exchange, after it, or both at once.
        part: Part,
    },
    /// Aggregates rows that have the same `_timestamp`: the results of one window.
    InstantAggregate {
        /// Groups, among them the window, and functions.
        aggregate: Aggregate,
    },
    /// Aggregates all rows and keeps the results up to date: a changelog.
    UpdatingAggregate {
        /// Groups and functions.
        aggregate: Aggregate,
        /// A group without rows for so long is forgotten; 0: never.
        ttl_nanos: i64,
        /// Groups are those of windows, and go with them.
        windows: Option<UpdatedWindows>,
        /// Before the exchange, after it, or both at once.
        part: Part,
    },
    /// Drops rows whose windows are all over, or marks them.
    LateRows {
        /// Their windows.
        window: Window,
        /// Windows are over so long after their end, in nanoseconds.
        lateness_nanos: i64,
        /// Whether there is a boolean column behind the others that says which rows are late, and none is dropped.
        mark: bool,
    },
    /// Makes a changelog of upserts and deletions by key.
    Upsert {
        /// The positions of the primary key's columns.
        keys: Vec<usize>,
        /// A row that does not change for so long is forgotten; 0: never.
        ttl_nanos: i64,
    },
    /// Turns the elements of lists into rows.
    Unnest {
        /// The positions of the lists, ascending.
        columns: Vec<usize>,
        /// Whether a row whose lists have no elements is there once, with NULLs.
        outer: bool,
    },
    /// The rows of two inputs that belong together.
    Join {
        /// Which do.
        join: Join,
    },
    /// Each row with what a lookup table has for it.
    LookupJoin {
        /// Which table, and for which keys.
        join: LookupJoin,
    },
    /// Passes a number of rows on, in one subtask.
    Limit {
        /// So many rows are left out first.
        skip: u64,
        /// So many are passed on; `None`: all.
        fetch: Option<u64>,
    },
    /// Rows in the order of event time, in one subtask.
    Sort {
        /// What to order by; the first ascends with event time.
        keys: Vec<SortExpr>,
    },
    /// Functions with OVER.
    Over(Over),
    /// The matches of a pattern.
    Matches(Box<Matches>),
    /// The rows of all inputs.
    Union,
    /// Sends rows to the subtask that owns their key.
    Exchange {
        /// The positions of the key's columns; none: everything goes to one subtask.
        keys: Vec<usize>,
    },
    /// Writes to a table.
    Sink {
        /// The table.
        table: Arc<TableDef>,
    },
}

/// The groups and functions of an aggregate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregate {
    /// Group expressions over `input`, without the window of a window aggregate.
    pub(crate) group: Vec<Expr>,
    /// Their columns in the result.
    pub(crate) group_names: Vec<String>,
    /// Calls of aggregate functions over `input`.
    pub(crate) functions: Vec<Expr>,
    /// Their columns in the result.
    pub(crate) function_names: Vec<String>,
    /// The raw rows that are aggregated, also where the operator itself reads partial results.
    pub(crate) input: SchemaRef,
}

/// Windows whose results are emitted more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpdatedWindows {
    /// The place of the window among the groups; of sessions, whose windows are not known before: of the event time.
    pub(crate) key: usize,
    /// The gap of sessions, in nanoseconds.
    pub(crate) session_gap: Option<i64>,
    /// Results of open windows are emitted so often, in nanoseconds; 0: never.
    pub(crate) every_nanos: i64,
    /// Windows take rows so long after their end, in nanoseconds.
    pub(crate) lateness_nanos: i64,
}

/// Calls of functions with one OVER clause, over the columns of the input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Over {
    /// When a row's results are known.
    pub(crate) kind: OverKind,
    /// The calls.
    pub(crate) functions: Vec<Expr>,
    /// The positions of the columns of PARTITION BY.
    pub(crate) partition: Vec<usize>,
    /// ORDER BY.
    pub(crate) order: Vec<SortExpr>,
    /// Which rows of a partition are wanted only.
    pub(crate) top: Option<Top>,
    /// So many of the first rows of each partition are left out ([`OverKind::Updating`]).
    pub(crate) skip: u64,
    /// Whether the rows come without the functions' results ([`OverKind::Updating`]).
    pub(crate) only_rows: bool,
    /// A partition without rows for so long is forgotten ([`OverKind::Updating`]); 0: never.
    pub(crate) ttl_nanos: i64,
}

/// The matches of a pattern in each partition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matches {
    /// What is matched and measured.
    pub(crate) call: Arc<MatchCall>,
    /// The positions of the columns of PARTITION BY.
    pub(crate) partition: Vec<usize>,
    /// ORDER BY, which begins with event time, ascending.
    pub(crate) order: Vec<SortExpr>,
    /// Expressions that terms refer to, over the input.
    pub(crate) row_exprs: Vec<Expr>,
    /// Calls of aggregate functions that terms refer to, over the input.
    pub(crate) aggregates: Vec<Expr>,
    /// The positions of the input's columns before the measures.
    pub(crate) before: Vec<usize>,
    /// The positions of the input's columns behind the measures.
    pub(crate) after: Vec<usize>,
    /// The table in front of the clause, in the text.
    pub(crate) place: Place,
}

/// When the results of functions with OVER are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverKind {
    /// A partition lies in one window: when the watermark passes it.
    Window,
    /// ORDER BY ascends with event time: when the watermark passes the rows that a row's frames need.
    Time,
    /// Never: they are updated, and the result is a changelog.
    Updating,
}

/// The rows for which a ranking function is at most `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Top {
    /// The function.
    pub(crate) rank: Ranking,
    /// The last rank that is wanted.
    pub(crate) last: u64,
}

/// A ranking function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ranking {
    /// `row_number`.
    RowNumber,
    /// `rank`.
    Rank,
    /// `dense_rank`.
    DenseRank,
}

/// Which part of an aggregate an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it; rules split it before a program is made.
    Whole,
    /// Rows to partial results, before the exchange.
    Partial,
    /// Partial results to results, after the exchange.
    Final,
}

impl PartialEq for StreamOp {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Source { table: a, filter: f }, Self::Source { table: b, filter: g }) => Arc::ptr_eq(a, b) && f == g,
            (Self::Watermark { expr: a, idle_nanos: i }, Self::Watermark { expr: b, idle_nanos: j }) => {
                a == b && i == j
            }
            (Self::Project { exprs: a }, Self::Project { exprs: b }) => a == b,
            (Self::Filter { predicate: a }, Self::Filter { predicate: b }) => a == b,
            (
                Self::WindowAggregate { window: a, window_index: i, aggregate: x, part: p },
                Self::WindowAggregate { window: b, window_index: j, aggregate: y, part: q },
            ) => a == b && i == j && x == y && p == q,
            (Self::InstantAggregate { aggregate: a }, Self::InstantAggregate { aggregate: b }) => a == b,
            (
                Self::UpdatingAggregate { aggregate: x, ttl_nanos: a, windows: v, part: p },
                Self::UpdatingAggregate { aggregate: y, ttl_nanos: b, windows: w, part: q },
            ) => x == y && a == b && v == w && p == q,
            (
                Self::LateRows { window: a, lateness_nanos: l, mark: m },
                Self::LateRows { window: b, lateness_nanos: k, mark: n },
            ) => a == b && l == k && m == n,
            (Self::Upsert { keys: a, ttl_nanos: t }, Self::Upsert { keys: b, ttl_nanos: u }) => a == b && t == u,
            (Self::Unnest { columns: a, outer: o }, Self::Unnest { columns: b, outer: p }) => a == b && o == p,
            (Self::Join { join: a }, Self::Join { join: b }) => a == b,
            (Self::LookupJoin { join: a }, Self::LookupJoin { join: b }) => a == b,
            (Self::Limit { skip: a, fetch: f }, Self::Limit { skip: b, fetch: g }) => a == b && f == g,
            (Self::Sort { keys: a }, Self::Sort { keys: b }) => a == b,
            (Self::Over(a), Self::Over(b)) => a == b,
            (Self::Matches(a), Self::Matches(b)) => a == b,
            (Self::Union, Self::Union) => true,
            (Self::Exchange { keys: a }, Self::Exchange { keys: b }) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for StreamNode {
    /// Whether both compute the same stream. Two sinks are never equal: what is written twice is wanted twice.
    fn eq(&self, other: &Self) -> bool {
        self.op == other.op
            && self.schema == other.schema
            && self.inputs.len() == other.inputs.len()
            && self.inputs.iter().zip(&other.inputs).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

impl StreamNode {
    /// Visits all nodes below and including `roots`, inputs before their readers, shared ones once.
    pub(crate) fn topological(roots: &[Arc<Self>]) -> Vec<Arc<Self>> {
        fn visit(node: &Arc<StreamNode>, order: &mut Vec<Arc<StreamNode>>) {
            if order.iter().any(|seen| Arc::ptr_eq(seen, node)) {
                return;
            }
            for input in &node.inputs {
                visit(input, order);
            }
            order.push(Arc::clone(node));
        }
        let mut order = Vec::new();
        for root in roots {
            visit(root, &mut order);
        }
        order
    }
}

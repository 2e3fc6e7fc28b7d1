//! What a join does.

use arrow::datatypes::SchemaRef;
use arroyo_dataflow::operators::join::Kind;
use datafusion::logical_expr::Expr;

/// A join of the streams 0 (left) and 1 (right).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Join {
    /// Which rows are in the result.
    pub(crate) kind: Kind,
    /// How many of each side's leading columns belong to the plan; behind them are columns that hold keys.
    pub(crate) values: [usize; 2],
    /// Each side's key columns: their positions, of the same types.
    pub(crate) keys: [Vec<usize>; 2],
    /// Whether a NULL in a key is a value like others; else it matches nothing.
    pub(crate) null_equals_null: bool,
    /// A further condition.
    pub(crate) filter: Option<JoinFilter>,
    /// What is known of the sides' event times.
    pub(crate) time: JoinTime,
}

/// A condition over columns of both sides.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JoinFilter {
    /// The condition, over `schema`.
    pub(crate) predicate: Expr,
    /// Which columns `schema` has: positions among the left values followed by the right ones.
    pub(crate) columns: Vec<usize>,
    /// The columns that the condition reads.
    pub(crate) schema: SchemaRef,
}

/// How long rows must be kept for matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinTime {
    /// Matches have `lower <= left time - right time <= upper`, in nanoseconds.
    Interval {
        /// The least distance.
        lower: i64,
        /// The largest distance.
        upper: i64,
    },
    /// Both sides are results of the same windows, and only rows of one window match.
    Window,
    /// A left row matches the latest right row of its key that is not after it.
    Latest {
        /// Nor of the same time.
        strict: bool,
    },
    /// Any two rows can match; they are kept so long after their event time.
    Ttl {
        /// For each side; zero: for ever.
        nanos: [i64; 2],
    },
}

impl Join {
    /// Whether the result has rows of the left side only.
    pub(crate) fn picks_left(&self) -> bool {
        matches!(self.kind, Kind::LeftSemi | Kind::LeftAnti | Kind::LeftMark)
    }

    /// Whether a row leaves the result again, or changes in it, although no row of the inputs does.
    pub(crate) fn takes_back(&self) -> bool {
        matches!(self.time, JoinTime::Ttl { .. }) && !matches!(self.kind, Kind::Inner | Kind::LeftSemi)
    }

    /// Whether columns of a side can be NULL because it has no match.
    pub(crate) fn may_lack(&self, side: usize) -> bool {
        match self.kind {
            Kind::Left => side == 1,
            Kind::Right => side == 0,
            Kind::Full => true,
            _ => false,
        }
    }
}

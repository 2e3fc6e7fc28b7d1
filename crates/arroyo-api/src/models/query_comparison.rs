//! What another query would mean for a pipeline's state.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A query to compare with that of a pipeline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareQueryPost {
    /// The SQL text.
    pub(crate) query: String,
    /// The checkpoint, or savepoint, that it would go back to; without it the newest.
    pub(crate) epoch: Option<u64>,
}

/// How a query differs from that of a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueryComparison {
    /// Both queries are planned as the same program: only their texts differ, if at all.
    pub(crate) same: bool,
    /// The checkpoint whose state is compared; absent before the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) epoch: Option<u64>,
    /// The operators with state, and new ones that will have some.
    pub(crate) operators: Vec<OperatorStateChange>,
    /// Whether some state needs consent to be dropped.
    pub(crate) drops_state: bool,
}

/// What becomes of an operator's state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorStateChange {
    /// The operator's id: depends on what it does and reads.
    pub(crate) operator_id: String,
    /// The name of its kind.
    pub(crate) name: String,
    /// What it does, for people.
    pub(crate) description: String,
    /// What becomes of its state.
    pub(crate) change: StateChange,
    /// Rows of its state.
    pub(crate) rows: u64,
    /// Bytes of its state's files.
    pub(crate) bytes: u64,
    /// Whether dropping its state needs consent.
    pub(crate) needs_consent: bool,
    /// What else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// What becomes of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateChange {
    /// The operator goes on with it.
    Kept,
    /// The operator starts without any.
    New,
    /// No operator of the query does the same: the next checkpoint is without it.
    Dropped,
}

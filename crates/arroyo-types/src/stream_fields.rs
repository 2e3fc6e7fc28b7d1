//! Names of the hidden columns that streams carry.

/// The event time of a row: `Timestamp(Nanosecond, None)`, not null, the last column of every stream.
pub const TIMESTAMP_FIELD: &str = "_timestamp";

/// In a changelog: `Int8`, +1 for an insert and −1 for a retraction; the column before [`TIMESTAMP_FIELD`].
pub const CHANGE_FIELD: &str = "_change";

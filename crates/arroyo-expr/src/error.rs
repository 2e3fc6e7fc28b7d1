//! What can go wrong with expressions.

use arrow::datatypes::DataType;
use arroyo_types::ErrorKind;
use datafusion::error::DataFusionError;
use thiserror::Error;

/// An expression could not be encoded, bound or evaluated.
#[derive(Debug, Error)]
pub enum ExprError {
    /// The expression has no encoding (a subquery, or nested too deeply).
    #[error("the expression `{expr}` cannot be sent to workers: {source}")]
    Encode {
        /// The expression.
        expr: String,
        /// Why.
        source: Box<DataFusionError>,
    },
    /// The bytes are not an expression of this version.
    #[error("the program holds an expression that this version cannot read: {0}")]
    Decode(#[source] Box<DataFusionError>),
    /// The expression does not fit its input.
    #[error("the expression `{expr}` does not fit its input: {source}")]
    Bind {
        /// The expression.
        expr: String,
        /// Why.
        source: Box<DataFusionError>,
    },
    /// The expression failed on data: a division by zero, an overflow, a cast that cannot be done.
    #[error("`{expr}` failed: {source}")]
    Evaluate {
        /// The expression.
        expr: String,
        /// Why.
        source: Box<DataFusionError>,
    },
    /// The expression must be of another type.
    #[error("the expression `{expr}` has type {found}, but {expected} is needed")]
    Type {
        /// The expression.
        expr: String,
        /// Its type.
        found: DataType,
        /// What it should be.
        expected: &'static str,
    },
    /// Rows cannot be grouped or partitioned by a column of this type.
    #[error("a column of type {0} cannot be a key; cast it to a type that can be compared")]
    Key(DataType),
}

impl ExprError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Decode(_) => ErrorKind::Corrupt,
            Self::Encode { .. } | Self::Evaluate { .. } | Self::Key(_) => ErrorKind::User,
            Self::Bind { .. } | Self::Type { .. } => ErrorKind::Bug,
        }
    }
}

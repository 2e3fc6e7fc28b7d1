//! Simple conditions on records, which sources may apply as soon as they have decoded one.
//!
//! A filter is a conjunction of comparisons of columns with constants, under SQL's three-valued logic: a comparison with NULL
//! is not true, and a record is kept only if every condition is true.
//! It travels in the program as JSON and knows nothing of the expressions that it was made from:
//! ```json
//! {"all":[{"column":"price","test":{"compare":{"op":"gt","literal":{"int":100}}}},{"column":"note","test":"is_null"}]}
//! ```

mod batch;
mod bound;
mod float_text;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::FormatError;

pub(crate) use bound::BoundFilter;

/// Conditions that all must be true for a record to be kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimpleFilter {
    /// The conditions; a filter without any keeps everything.
    pub all: Vec<Condition>,
}

impl SimpleFilter {
    /// Reads what [`SimpleFilter::to_json`] wrote; `None` for a source without a filter.
    ///
    /// # Errors
    ///
    /// The JSON is not a filter.
    pub fn from_json(value: &serde_json::Value) -> Result<Option<Self>, FormatError> {
        if value.is_null() { Ok(None) } else { Ok(Some(Deserialize::deserialize(value)?)) }
    }

    /// The form that travels in the program.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn to_json(&self) -> Result<serde_json::Value, FormatError> {
        Ok(serde_json::to_value(self)?)
    }
}

/// What must be true of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column, by its name in the record.
    pub column: String,
    /// What must be true of its value.
    pub test: Test,
}

/// What must be true of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// It is NULL.
    IsNull,
    /// It is not NULL.
    IsNotNull,
    /// It is not NULL and stands in this relation to a constant.
    Compare {
        /// The relation; the value is its left side.
        op: Comparison,
        /// The constant.
        literal: Literal,
    },
}

/// A relation of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `=`.
    Eq,
    /// `<>`.
    NotEq,
    /// `<`.
    Lt,
    /// `<=`.
    LtEq,
    /// `>`.
    Gt,
    /// `>=`.
    GtEq,
}

impl Comparison {
    /// Whether two values in this order are in the relation.
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::NotEq => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::LtEq => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::GtEq => order.is_ge(),
        }
    }
}

/// A constant, of the column's own kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// For signed integers of any width, and for timestamps in the column's own unit since the Unix epoch.
    Int(i64),
    /// For unsigned integers of any width.
    Unsigned(u64),
    /// For floating-point numbers, in the total order that also the engine compares by: −0.0 before 0.0, NaN last.
    Float(#[serde(with = "float_text")] f64),
    /// For booleans; false is less than true.
    Bool(bool),
    /// For texts, which are compared byte by byte.
    Text(String),
}

#[cfg(test)]
mod tests;

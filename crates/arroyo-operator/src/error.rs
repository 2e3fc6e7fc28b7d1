//! Failures of operators.

use arroyo_state::StateError;
use arroyo_types::ErrorKind;
use thiserror::Error;

/// An operator, source or sink failed. Its task fails with it; the kind decides whether the job recovers or fails.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct OperatorError {
    /// What the controller should do.
    pub kind: ErrorKind,
    /// What happened, where, and why: complete for a user.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

impl OperatorError {
    /// An error of any kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// The user's data, query or configuration is at fault.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::User, message)
    }

    /// An outside system failed; trying again may help.
    pub fn external(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Retry, message)
    }

    /// A broken promise inside Arroyo.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<StateError> for OperatorError {
    fn from(error: StateError) -> Self {
        Self { hint: error.hint(), ..Self::new(error.kind(), error.to_string()) }
    }
}

impl From<arrow::error::ArrowError> for OperatorError {
    /// Arrow kernels fail on data (overflow, a cast that cannot be done).
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::user(error.to_string())
    }
}

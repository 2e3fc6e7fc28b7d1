//! What a caller should do about an error.
//!
//! Each crate has a precise error enum of its own; `kind()` on it answers with one of these.

use serde::{Deserialize, Serialize};

/// What the caller of a failed operation should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The same call may succeed later (network, a server that is down): retry with backoff.
    Retry,
    /// The user's input, query, data or configuration must change first.
    User,
    /// Stored data is damaged or was written by an unknown version: stop and say which file.
    Corrupt,
    /// Another owner has taken over: stop without writing anything more.
    Fenced,
    /// The reader of our output has gone away (`| head`): end quietly.
    OutputClosed,
    /// A broken promise inside Arroyo: report it.
    Bug,
}

impl ErrorKind {
    /// The domain shown to users for an error of this kind.
    pub fn domain(self) -> ErrorDomain {
        match self {
            Self::Retry => ErrorDomain::External,
            Self::User | Self::OutputClosed => ErrorDomain::User,
            Self::Corrupt | Self::Fenced | Self::Bug => ErrorDomain::Internal,
        }
    }

    /// Whether trying the same thing again can help.
    pub fn is_retryable(self) -> bool {
        self == Self::Retry
    }
}

/// Whose fault a failure is, as the REST API reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorDomain {
    /// The query or its data.
    User,
    /// A system outside of Arroyo.
    External,
    /// Arroyo itself.
    Internal,
}

impl ErrorDomain {
    /// The name in the REST API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::External => "external",
            Self::Internal => "internal",
        }
    }
}

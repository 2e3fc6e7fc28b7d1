//! What can be wrong with configuration.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// The configuration cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The file of `--config` is not there.
    #[error("Cannot load configuration from {0}; file does not exist")]
    NoSuchFile(String),
    /// The directory of `--config-dir` cannot be read.
    #[error("Cannot read the configuration directory {path}: {reason}")]
    Directory {
        /// The directory.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// Keys or values are wrong; one line per fault, each naming the key and where it came from.
    #[error("Configuration is invalid!\n{}", .0.iter().map(|line| format!("  • {line}")).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<String>),
}

impl ConfigError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::User
    }
}

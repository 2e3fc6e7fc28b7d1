//! Why the API does not start.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// The API cannot start.
#[derive(Debug, Error)]
pub enum ApiError {
    /// Its address is taken, not of this machine, or not an address.
    #[error("cannot listen on {address} (`api.bind-address`, `api.http-port`): {source}")]
    Bind {
        /// Host and port.
        address: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A setting is invalid or asks for what this build does not have.
    #[error("`{key}`: {reason}")]
    Config {
        /// The setting.
        key: &'static str,
        /// What is wrong with it and what to do.
        reason: String,
    },
}

impl ApiError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::User
    }
}

//! What can go wrong with records and formats.

use arroyo_types::ErrorKind;
use thiserror::Error;

/// How much of a broken record an error shows.
const MAX_SHOWN_BYTES: usize = 200;

/// A record that could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// The frame (line) within the pushed bytes, from 0; blank lines count.
    pub frame: usize,
    /// Where the frame starts within the pushed bytes.
    pub offset: usize,
    /// The beginning of the record as text.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl BadRecord {
    pub(crate) fn new(frame: usize, offset: usize, record: &[u8], reason: impl Into<String>) -> Self {
        let shown = record.get(..MAX_SHOWN_BYTES.min(record.len())).unwrap_or_default();
        let mut text = String::from_utf8_lossy(shown).into_owned();
        if shown.len() < record.len() {
            text.push('…');
        }
        Self { frame, offset, text, reason: reason.into() }
    }
}

impl std::fmt::Display for BadRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; the record is `{}`", self.reason, self.text)
    }
}

/// A record or a batch could not be converted.
#[derive(Debug, Error)]
pub enum FormatError {
    /// A record does not match the schema, and `bad_data` is `fail`.
    #[error("{0}")]
    BadRecord(Box<BadRecord>),
    /// A column's type cannot be read or written in this format.
    #[error("column `{column}` has the type {data_type}, which {format} cannot {action}")]
    UnsupportedType {
        /// The column, with the path to a nested field.
        column: String,
        /// The type.
        data_type: String,
        /// The format's name.
        format: &'static str,
        /// `read` or `write`.
        action: &'static str,
    },
    /// The columns do not fit the format.
    #[error("{0}")]
    Schema(String),
    /// The configuration of the format in the program cannot be read.
    #[error("the format's configuration is invalid: {0}")]
    Configuration(#[from] serde_json::Error),
    /// The filter that the program gives to a source does not fit its columns.
    #[error("the filter of the source does not fit: {0}")]
    Filter(String),
    /// A value cannot be written (a time outside of the calendar).
    #[error("column `{column}`: {reason}")]
    Value {
        /// The column.
        column: String,
        /// What is wrong with the value.
        reason: String,
    },
    /// A conversion failed inside of Arrow.
    #[error("converting a batch failed: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
}

impl FormatError {
    /// What the caller should do.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Configuration(_) | Self::Filter(_) => ErrorKind::Bug,
            _ => ErrorKind::User,
        }
    }
}

/// An option of a format is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct FormatOptionError {
    /// The option's key; `None` when the fault is not in one option.
    pub key: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

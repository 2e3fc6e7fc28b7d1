//! The options of a directory of files.

use arroyo_operator::OptionError;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::files::Compression;

/// Options of `filesystem` tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileSystemOptions {
    /// A directory or a file: a path (relative to the working directory of the process) or a `file://` URL.
    /// `*` and `?` match within a name, `**` matches directories.
    pub(crate) path: String,
    /// How files are compressed; without it the extension decides (`.gz`, `.zst`).
    #[serde(rename = "source.compression", default, skip_serializing_if = "Option::is_none")]
    pub(crate) compression: Option<Compression>,
    /// Reads only files whose path below the directory matches, and looks into directories below it too.
    #[serde(rename = "source.regex_pattern", default, skip_serializing_if = "Option::is_none")]
    pub(crate) regex_pattern: Option<String>,
}

impl FileSystemOptions {
    pub(crate) fn validate(&self) -> Result<(), Vec<OptionError>> {
        let mut errors = Vec::new();
        let mut fault = |key: &str, message: String| {
            errors.push(OptionError { key: Some(key.to_string()), message, help: None });
        };
        if let Err(message) = crate::files::local_path(&self.path) {
            fault("path", message);
        }
        if let Some(pattern) = &self.regex_pattern
            && let Err(error) = Regex::new(pattern)
        {
            fault("source.regex_pattern", format!("`{pattern}` is not a regular expression: {error}"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

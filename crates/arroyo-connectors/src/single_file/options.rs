//! The options of a single file.

use arroyo_operator::OptionError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of `single_file` tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SingleFileOptions {
    /// The file: a path (relative to the working directory of the process) or a `file://` URL.
    pub(crate) path: String,
    /// Source only: read one row, and the next one only after a checkpoint or another control message has come.
    #[serde(default)]
    pub(crate) wait_for_control: bool,
}

impl SingleFileOptions {
    pub(crate) fn validate(&self) -> Result<(), Vec<OptionError>> {
        crate::files::local_path(&self.path)
            .map(|_| ())
            .map_err(|message| vec![OptionError { key: Some("path".to_string()), message, help: None }])
    }
}

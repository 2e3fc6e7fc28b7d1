//! The options of a directory of files.

use std::collections::BTreeMap;

use arroyo_operator::{OptionError, Role, TableRequest};
use arroyo_storage::Storage;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::files::Compression;
use crate::options::{DataSize, DurationNanos};

/// The largest file that can travel in a checkpoint: see [`FileSystemOptions::minimum_multipart_size`].
const INLINE_MAX: u64 = 2 << 20;

/// The least part that object stores take.
const PART_MIN: u64 = 5 << 20;

/// First parts of the keys that only sinks have.
const SINK_KEYS: &[&str] = &["sink", "rolling_policy", "partitioning", "shuffle_by_partition", "multipart", "filename"];

/// Keys of what open files and positions do not depend on: bounds, and when files end. Not `storage`: another endpoint
/// may hold other files of the same names.
pub(super) const WITHOUT_MEANING: &[&str] = &[
    "lookup.max_bytes",
    "sink.version",
    "rolling_policy.file_size",
    "rolling_policy.interval",
    "rolling_policy.inactivity_interval",
    "rolling_policy.watermark_expiration",
    "multipart.max_parts",
];

/// Options of `filesystem` tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileSystemOptions {
    /// A directory: a path (relative to the working directory of the process), a `file://` URL, or the URL of a place in an
    /// object store. Sources and lookup tables take a file, too, and `*` and `?` (within a name) and `**` (directories).
    pub(crate) path: String,
    /// Settings of the object store's client: `storage.aws_region`, `storage.azure_storage_endpoint`, ….
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) storage: BTreeMap<String, String>,
    /// How files are compressed; without it the extension decides (`.gz`, `.zst`).
    #[serde(rename = "source.compression", default, skip_serializing_if = "Option::is_none")]
    pub(crate) compression: Option<Compression>,
    /// Reads only files whose path below the directory matches, and looks into directories below it too.
    #[serde(rename = "source.regex_pattern", default, skip_serializing_if = "Option::is_none")]
    pub(crate) regex_pattern: Option<String>,
    /// Lookup tables: the most memory that the rows of all files may take, with their keys (default `256MB`).
    #[serde(rename = "lookup.max_bytes", default, skip_serializing_if = "Option::is_none")]
    pub(crate) lookup_max_bytes: Option<DataSize>,
    /// Taken for the sake of existing queries: there is one implementation, and both values name it.
    #[serde(rename = "sink.version", default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<SinkVersion>,
    /// A file is closed when it has so many bytes. Rows that a Parquet file holds back for a row group count by estimate.
    #[serde(rename = "rolling_policy.file_size", default, skip_serializing_if = "Option::is_none")]
    pub(crate) file_size: Option<DataSize>,
    /// A file is closed so long after its first row. As files become visible at a checkpoint, it decides there, too.
    #[serde(rename = "rolling_policy.interval", default, skip_serializing_if = "Option::is_none")]
    pub(crate) interval: Option<DurationNanos>,
    /// A file is closed so long after its last row.
    #[serde(rename = "rolling_policy.inactivity_interval", default, skip_serializing_if = "Option::is_none")]
    pub(crate) inactivity_interval: Option<DurationNanos>,
    /// A file of a time pattern is closed when the watermark has left the file's time.
    #[serde(rename = "rolling_policy.watermark_expiration", default)]
    pub(crate) watermark_expiration: bool,
    /// The directory of a row by its event time, such as `%Y/%m/%d/%H`.
    #[serde(rename = "partitioning.time_pattern", default, skip_serializing_if = "Option::is_none")]
    pub(crate) time_pattern: Option<String>,
    /// Columns whose values name the directory of a row, as `column=value`, below that of the time. The columns are written to
    /// the files, too. `PARTITIONED BY (column, …)` says the same.
    #[serde(rename = "partitioning.fields", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<String>,
    /// Sends rows with the same values in `partitioning.fields` to the same subtask, so that there are fewer and larger files.
    #[serde(rename = "shuffle_by_partition.enabled", default)]
    pub(crate) shuffle: bool,
    /// Object stores: the length of the parts that a file is uploaded in, at least 5 MiB (default `32MB`).
    #[serde(rename = "multipart.target_part_size", default, skip_serializing_if = "Option::is_none")]
    pub(crate) target_part_size: Option<DataSize>,
    /// Object stores: a file is closed when it has so many parts.
    #[serde(rename = "multipart.max_parts", default = "default_max_parts")]
    #[schemars(range(min = 2, max = 10000))]
    pub(crate) max_parts: u32,
    /// Object stores: files that end with at most so many bytes travel in the checkpoint and are written at once, at most
    /// `2MB` (default 0: all files are uploaded in parts).
    #[serde(rename = "multipart.minimum_multipart_size", default, skip_serializing_if = "Option::is_none")]
    pub(crate) minimum_multipart_size: Option<DataSize>,
    /// Files are called `<prefix>-<unique>.<suffix>`.
    #[serde(rename = "filename.prefix", default, skip_serializing_if = "Option::is_none")]
    pub(crate) prefix: Option<String>,
    /// By default as the format says: `json`, `json.gz`, `csv`, `parquet`, ….
    #[serde(rename = "filename.suffix", default, skip_serializing_if = "Option::is_none")]
    pub(crate) suffix: Option<String>,
    /// What makes a file's name unique.
    #[serde(rename = "filename.strategy", default)]
    pub(crate) strategy: NameStrategy,
}

fn default_max_parts() -> u32 {
    1000
}

/// Implementations of the sink elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SinkVersion {
    /// The first.
    V1,
    /// The second.
    V2,
}

/// What makes a file's name unique.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NameStrategy {
    /// A number per subtask, and the subtask's: `00000-000`.
    Serial,
    /// A random UUID.
    Uuid,
    /// A UUID that begins with the time.
    #[default]
    UuidV7,
    /// A ULID.
    Ulid,
}

/// Whether `path` is a URL of something other than a local file.
pub(crate) fn is_remote(path: &str) -> bool {
    path.split_once("://").is_some_and(|(scheme, _)| scheme != "file")
}

impl FileSystemOptions {
    /// Every fault of the options for what the request does with the table.
    pub(crate) fn validate(&self, request: &TableRequest) -> Result<(), Vec<OptionError>> {
        let mut errors = Vec::new();
        let mut fault = |key: &str, message: String, help: Option<&str>| {
            errors.push(OptionError { key: Some(key.to_string()), message, help: help.map(str::to_string) });
        };
        for key in request.options.keys() {
            let first = key.split('.').next().unwrap_or_default();
            let role = match first {
                "source" if request.role == Some(Role::Sink) => Some("sources"),
                "lookup" if request.role != Some(Role::Lookup) => Some("lookup tables"),
                first if SINK_KEYS.contains(&first) && !matches!(request.role, None | Some(Role::Sink)) => {
                    Some("sinks")
                }
                _ => None,
            };
            if let Some(role) = role {
                fault(key, format!("`{key}` is an option of {role}"), Some("leave it out, or change `type`"));
            }
        }
        if request.role == Some(Role::Lookup) && request.format.as_deref() == Some("debezium_json") {
            let help = Some("use the format of the files' records, such as `json`");
            fault("format", "the files of a lookup table hold rows and no changes".to_string(), help);
        }
        if is_remote(&self.path) {
            // Nothing is asked of the bucket.
            if let Err(error) = Storage::open_with(&self.path, &self.storage) {
                fault("path", error.to_string(), None);
            }
        } else {
            if let Err(message) = crate::files::local_path(&self.path) {
                fault("path", message, None);
            }
            if let Some(key) = self.storage.keys().next() {
                let key = format!("storage.{key}");
                fault(
                    &key,
                    format!("`{key}` is for object stores, and `{}` is local", self.path),
                    Some("leave it out"),
                );
            }
        }
        if let Some(pattern) = &self.regex_pattern
            && let Err(error) = Regex::new(pattern)
        {
            fault("source.regex_pattern", format!("`{pattern}` is not a regular expression: {error}"), None);
        }
        if let Some(pattern) = &self.time_pattern
            && let Err(reason) = super::sink::check_time_pattern(pattern)
        {
            let help = Some("write a pattern such as '%Y/%m/%d/%H'");
            fault("partitioning.time_pattern", format!("`{pattern}` is not a time pattern: {reason}"), help);
        }
        if self.watermark_expiration && self.time_pattern.is_none() {
            let help = Some("add `partitioning.time_pattern`, or leave it out");
            let message = "`rolling_policy.watermark_expiration` closes the files of a time pattern, and there is none";
            fault("rolling_policy.watermark_expiration", message.to_string(), help);
        }
        let sizes = [
            ("rolling_policy.file_size", self.file_size, 1, u64::MAX, "use at least 1 byte"),
            ("multipart.target_part_size", self.target_part_size, PART_MIN, 5 << 30, "use 5 MiB to 5 GiB"),
            ("multipart.minimum_multipart_size", self.minimum_multipart_size, 0, INLINE_MAX, "use at most 2 MiB"),
        ];
        for (key, size, min, max, help) in sizes {
            if let Some(DataSize(size)) = size.filter(|size| !(min..=max).contains(&size.0)) {
                fault(key, format!("`{key}` cannot be {size} bytes"), Some(help));
            }
        }
        for (key, text) in [("filename.prefix", &self.prefix), ("filename.suffix", &self.suffix)] {
            if text.as_ref().is_some_and(|text| text.contains(['/', '\\']) || text.chars().any(char::is_control)) {
                fault(key, format!("`{key}` is a part of a file's name, without `/`"), None);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
impl FileSystemOptions {
    /// A table at `path` with everything else as by default.
    pub(crate) fn at(path: &str) -> Self {
        serde_json::from_value(serde_json::json!({ "path": path })).unwrap()
    }
}

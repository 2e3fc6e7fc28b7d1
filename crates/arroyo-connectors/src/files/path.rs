//! Paths as users write them.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The local path that `text` (a path or a `file://` URL) stands for.
pub(crate) fn local_path(text: &str) -> Result<PathBuf, String> {
    let path = match text.split_once("://") {
        None => text,
        Some(("file", path)) => path.strip_prefix("localhost").unwrap_or(path),
        Some((scheme, _)) => {
            return Err(format!(
                "`{text}` is at {scheme}://, and this is for local files; use a local path or a file:// URL, or the connector `filesystem`"
            ));
        }
    };
    if path.is_empty() {
        return Err("the path is empty".to_string());
    }
    Ok(PathBuf::from(path))
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Compression {
    /// Not at all.
    None,
    /// Zstandard.
    Zstd,
    /// Gzip.
    Gzip,
}

impl Compression {
    /// What the file's extension says.
    pub(crate) fn of_extension(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz" | "gzip") => Self::Gzip,
            Some("zst" | "zstd") => Self::Zstd,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls() {
        assert_eq!(local_path("a/b.json"), Ok(PathBuf::from("a/b.json")));
        assert_eq!(local_path("file:///a/b"), Ok(PathBuf::from("/a/b")));
        assert_eq!(local_path("file://localhost/a"), Ok(PathBuf::from("/a")));
        assert!(local_path("s3://bucket/a").unwrap_err().contains("s3://"));
        assert!(local_path("").is_err());
    }

    #[test]
    fn extensions() {
        assert_eq!(Compression::of_extension(Path::new("a.json.gz")), Compression::Gzip);
        assert_eq!(Compression::of_extension(Path::new("a.csv.zst")), Compression::Zstd);
        assert_eq!(Compression::of_extension(Path::new("gz")), Compression::None);
    }
}

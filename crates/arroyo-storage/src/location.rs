//! What a storage URL names.

use std::path::PathBuf;

use url::Url;

use crate::StorageError;

/// Where objects are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// An absolute path of a directory.
    Directory(PathBuf),
    /// An in-memory store of this process, and a path within it.
    Memory { name: String, path: String },
}

impl Location {
    pub(crate) fn parse(url: &str) -> Result<Self, StorageError> {
        let invalid = |reason: String| StorageError::InvalidUrl { url: url.to_string(), reason };
        if url.trim().is_empty() {
            return Err(invalid("it is empty; write a path or a URL".to_string()));
        }
        let Some((scheme, rest)) = scheme_of(url) else {
            return absolute(PathBuf::from(url)).map_err(invalid);
        };
        let not_built_in = |service| Err(StorageError::NotBuiltIn { url: redact(url), service });
        match scheme.to_ascii_lowercase().as_str() {
            "file" => {
                let parsed = Url::parse(url).map_err(|error| invalid(error.to_string()))?;
                let path = parsed.to_file_path().map_err(|()| {
                    invalid(
                        "a file URL has an absolute path and no host; write `file:///path` or a plain path".to_string(),
                    )
                })?;
                Ok(Self::Directory(path))
            }
            "memory" => {
                let rest = rest.trim_start_matches('/');
                let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
                Ok(Self::Memory { name: name.to_string(), path: path.trim_end_matches('/').to_string() })
            }
            "s3" | "s3a" | "s3n" => not_built_in("S3"),
            "r2" => not_built_in("R2"),
            "gs" | "gcs" => not_built_in("Google Cloud"),
            "az" | "azure" | "abfs" | "abfss" | "adl" => not_built_in("Azure"),
            "http" | "https" if rest.contains("amazonaws.com") => not_built_in("S3"),
            "http" | "https" if rest.contains("storage.googleapis.com") => not_built_in("Google Cloud"),
            "http" | "https" if rest.contains(".windows.net") => not_built_in("Azure"),
            "http" | "https" if rest.contains("r2.cloudflarestorage.com") => not_built_in("R2"),
            other => Err(invalid(format!(
                "`{other}` is not a known kind of storage; known are plain paths, `file`, `s3`, `gs` and `az`"
            ))),
        }
    }
}

/// The part before `:` if the text is a URL and not a path.
fn scheme_of(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (is_scheme && rest.starts_with('/')).then_some((scheme, rest))
}

fn absolute(path: PathBuf) -> Result<Location, String> {
    std::path::absolute(path).map(Location::Directory).map_err(|error| error.to_string())
}

/// The URL without user name and password.
fn redact(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_string() };
    let has_secret = parsed.password().is_some();
    if has_secret && parsed.set_password(None).is_ok() {
        return parsed.to_string();
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(url: &str) -> PathBuf {
        match Location::parse(url) {
            Ok(Location::Directory(path)) => path,
            other => panic!("{url}: {other:?}"),
        }
    }

    #[test]
    fn paths_and_file_urls_name_directories() {
        assert_eq!(directory("/var/state"), PathBuf::from("/var/state"));
        assert_eq!(directory("file:/var/state"), PathBuf::from("/var/state"));
        assert_eq!(directory("file:///var/my%20state"), PathBuf::from("/var/my state"));
        let here = std::env::current_dir().unwrap();
        assert_eq!(directory("state"), here.join("state"));
        assert_eq!(directory("./a:b"), here.join("a:b"));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let message = |url: &str| Location::parse(url).unwrap_err().to_string();
        assert!(message("s3://bucket/x").contains("S3 storage is not built in yet"));
        assert!(message("gs://bucket/x").contains("Google Cloud"));
        assert!(message("abfss://c@a.dfs.core.windows.net/x").contains("Azure"));
        assert!(message("https://bucket.s3.us-east-1.amazonaws.com/x").contains("S3"));
        assert!(message("ftp://host/x").contains("`ftp` is not a known kind of storage"));
        assert!(message("file://relative/x").contains("write `file:///path`"));
        assert!(message("").contains("it is empty"));
        assert!(!message("s3://user:secret@bucket/x").contains("secret"));
    }

    #[test]
    fn memory_has_a_name_and_a_path() {
        assert_eq!(
            Location::parse("memory://test/a/b/").ok(),
            Some(Location::Memory { name: "test".into(), path: "a/b".into() })
        );
    }
}

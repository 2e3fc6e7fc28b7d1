//! What a storage URL names.

mod bucket;

use std::path::PathBuf;

use url::Url;

pub(crate) use self::bucket::{Bucket, Service};
use crate::StorageError;

/// Where objects are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// An absolute path of a directory.
    Directory(PathBuf),
    /// An in-memory store of this process, and a path within it.
    Memory { name: String, path: String },
    /// A bucket of a service, and a prefix in it.
    Bucket(Bucket),
}

impl Location {
    pub(crate) fn parse(url: &str) -> Result<Self, StorageError> {
        let invalid = |reason: String| StorageError::InvalidUrl { url: redact(url), reason };
        if url.trim().is_empty() {
            return Err(invalid("it is empty; write a path or a URL".to_string()));
        }
        if let Some(endpoint) = url.strip_prefix("s3::") {
            return Bucket::from_endpoint(endpoint).map(Self::Bucket).map_err(invalid);
        }
        let Some((scheme, rest)) = scheme_of(url) else {
            return absolute(PathBuf::from(url)).map_err(invalid);
        };
        let scheme = scheme.to_ascii_lowercase();
        let bucket = |parsed: Result<Bucket, String>| parsed.map(Self::Bucket).map_err(&invalid);
        match scheme.as_str() {
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
            "http" | "https" => match Bucket::from_https(url) {
                Some(parsed) => bucket(parsed),
                None => Err(invalid(
                    "its host is none of Amazon S3, Cloudflare R2, Google Cloud Storage and Azure; \
                     an S3 server of your own is written s3::https://host:port/bucket/path"
                        .to_string(),
                )),
            },
            other => match Bucket::from_scheme(other, rest) {
                Some(parsed) => bucket(parsed),
                None => Err(invalid(format!(
                    "`{other}` is not a known kind of storage; known are plain paths, `file`, `s3`, `r2`, `gs`, `abfss` and `az`"
                ))),
            },
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

/// The URL without what may be a secret: whatever stands before an `@` in its authority.
fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_string() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => format!("{scheme}://…@{host}{path}"),
        _ => url.to_string(),
    }
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
        assert!(message("ftp://host/x").contains("`ftp` is not a known kind of storage"));
        assert!(message("file://relative/x").contains("write `file:///path`"));
        assert!(message("").contains("it is empty"));
        assert!(message("https://example.org/x").contains("s3::https://host:port/bucket/path"));
        assert!(!message("ftp://user:secret@host/x").contains("secret"));
    }

    #[test]
    fn memory_has_a_name_and_a_path() {
        assert_eq!(
            Location::parse("memory://test/a/b/").ok(),
            Some(Location::Memory { name: "test".into(), path: "a/b".into() })
        );
    }
}

//! Step 1: which directory holds the run's metadata and checkpoints.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use arroyo_storage::Storage;
use arroyo_types::KeyHasher;

use crate::commands::query::shell_quoted;

/// A state directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateDir {
    /// As it was given; what users see.
    pub(crate) shown: String,
    /// Where it is.
    pub(crate) place: Place,
    /// Whether nobody named it, so that it belongs to the query alone.
    pub(crate) is_default: bool,
}

/// Where a state directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A directory of this machine, absolute.
    Local(PathBuf),
    /// A place in a bucket: its URL.
    Remote(String),
}

impl StateDir {
    /// The directory of `--state-dir`, else of `run.state-dir`, else one below `checkpoint-url` that belongs to the query:
    /// the same query goes on where it was, another one has another directory.
    ///
    /// # Errors
    ///
    /// A URL that names neither a directory of this machine nor a bucket.
    pub(crate) fn resolve(
        argument: Option<&str>,
        configured: Option<&str>,
        checkpoint_url: &str,
        pipeline: &str,
        sql: &str,
    ) -> anyhow::Result<Self> {
        match argument.or(configured) {
            Some(named) => Self::named(named, false),
            None => {
                let url = checkpoint_url.trim_end_matches('/');
                Self::named(&format!("{url}/{}", directory_of_query(pipeline, sql)), true)
            }
        }
        .context("resolve the state directory")
    }

    fn named(named: &str, is_default: bool) -> anyhow::Result<Self> {
        let path = match named.strip_prefix("file:") {
            Some(rest) => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if !path.starts_with('/') {
                    bail!("`{named}` is not a file URL with an absolute path, such as file:///var/lib/arroyo/orders");
                }
                PathBuf::from(path)
            }
            None if named.contains("://") || named.starts_with("s3::") => {
                // Only understood: nothing is asked of the bucket yet.
                Storage::open(named)?;
                let url = named.trim_end_matches('/').to_string();
                return Ok(Self { shown: named.to_string(), place: Place::Remote(url), is_default });
            }
            None if named.is_empty() => bail!("the name of the state directory is empty"),
            None => PathBuf::from(named),
        };
        let absolute = std::path::absolute(&path).with_context(|| format!("`{named}` is not a directory's name"))?;
        Ok(Self { shown: named.to_string(), place: Place::Local(absolute), is_default })
    }

    /// The directory, if it is on this machine.
    pub(crate) fn local_path(&self) -> Option<&Path> {
        match &self.place {
            Place::Local(path) => Some(path),
            Place::Remote(_) => None,
        }
    }

    /// The option that names this directory again; empty if the query alone finds it.
    pub(crate) fn option(&self) -> String {
        if self.is_default { String::new() } else { format!(" --state-dir {}", shell_quoted(&self.shown)) }
    }

    /// The storage URL under which checkpoints go.
    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::Local(path) => path.display().to_string(),
            Place::Remote(url) => url.clone(),
        }
    }
}

/// `<name>-<hash of the text, however it is formatted>`, with only letters that every file system takes.
fn directory_of_query(pipeline: &str, sql: &str) -> String {
    let mut hasher = KeyHasher::default();
    hasher.bytes(arroyo_planner::canonical_text(sql).as_bytes());
    let name: String =
        pipeline.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    format!("{name}-{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(argument: Option<&str>, configured: Option<&str>, sql: &str) -> anyhow::Result<StateDir> {
        StateDir::resolve(argument, configured, "/tmp/arroyo/checkpoints/", "my query", sql)
    }

    #[test]
    fn the_argument_wins_and_every_local_form_is_the_same_place() {
        for form in ["/var/x", "file:/var/x", "file:///var/x"] {
            let dir = resolve(Some(form), Some("/other"), "SELECT 1").unwrap();
            assert_eq!(dir.local_path(), Some(Path::new("/var/x")), "{form}");
        }
        assert_eq!(resolve(None, Some("/other"), "").unwrap().local_path(), Some(Path::new("/other")));
        assert!(resolve(Some("state"), None, "").unwrap().local_path().unwrap().is_absolute());
    }

    #[test]
    fn the_default_belongs_to_the_query() {
        let one = resolve(None, None, "SELECT 1").unwrap();
        assert_eq!(one, resolve(None, None, "SELECT 1").unwrap());
        assert_eq!(one, resolve(None, None, "select 1; -- again").unwrap());
        assert_ne!(one, resolve(None, None, "SELECT 2").unwrap());
        assert!(one.url().starts_with("/tmp/arroyo/checkpoints/my-query-"), "{}", one.url());
        assert!(one.is_default && !resolve(Some("x"), None, "").unwrap().is_default);
    }

    #[test]
    fn buckets_are_named_by_their_urls() {
        for (form, url) in [
            ("s3://bucket/key/", "s3://bucket/key"),
            ("s3::http://localhost:9000/bucket/key", "s3::http://localhost:9000/bucket/key"),
            ("https://bucket.s3.eu-west-1.amazonaws.com/key", "https://bucket.s3.eu-west-1.amazonaws.com/key"),
        ] {
            let dir = resolve(Some(form), None, "").unwrap();
            assert_eq!((dir.url().as_str(), dir.local_path()), (url, None));
            assert_eq!(dir.shown, form);
        }
        let default = StateDir::resolve(None, None, "s3://bucket/states/", "q", "SELECT 1").unwrap();
        assert!(default.url().starts_with("s3://bucket/states/q-"), "{}", default.url());
    }

    #[test]
    fn unknown_stores_and_relative_file_urls_are_refused() {
        for form in ["ftp://host/key", "s3://", "file://relative", ""] {
            assert!(resolve(Some(form), None, "").is_err(), "{form}");
        }
    }
}

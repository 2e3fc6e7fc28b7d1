//! The files that git tracks, or would track.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of a working copy.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    files: Vec<File>,
}

/// A file of the tree.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// Its text; empty for files that are not text.
    pub(crate) text: String,
}

/// The tree cannot be read.
#[derive(Debug)]
pub struct TreeError(String);

impl std::fmt::Display for TreeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TreeError {}

impl Tree {
    /// Reads the tree at `root`.
    ///
    /// # Errors
    ///
    /// When git does not answer there.
    pub fn read(root: &Path) -> Result<Self, TreeError> {
        let listing = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|error| TreeError(format!("cannot run git: {error}")))?;
        if !listing.status.success() {
            return Err(TreeError(format!("git cannot list {}", root.display())));
        }
        let files = String::from_utf8_lossy(&listing.stdout)
            .lines()
            .filter(|path| root.join(path).is_file())
            .map(|path| File {
                path: path.to_string(),
                text: std::fs::read_to_string(root.join(path)).unwrap_or_default(),
            })
            .collect();
        Ok(Self { root: root.to_path_buf(), files })
    }

    /// A tree of given files (path, text), for tests of the rules.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect();
        Self { root: PathBuf::from("/nowhere"), files }
    }

    pub(crate) fn with_extension(&self, extension: &str) -> impl Iterator<Item = &File> {
        let suffix = format!(".{extension}");
        self.files.iter().filter(move |file| file.path.ends_with(&suffix))
    }

    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let below = format!("{path}/");
        self.root.join(path).exists()
            || self.files.iter().any(|file| file.path == path || file.path.starts_with(&below))
    }
}

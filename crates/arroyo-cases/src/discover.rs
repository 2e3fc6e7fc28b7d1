//! Finds test cases.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::case::{FILE_ENDING, FOLDER_QUERY};

/// The cases at `path`, sorted: it itself, or all that are below a folder.
///
/// # Errors
///
/// A path that cannot be read, or below which there is no case.
pub fn cases(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if path.is_dir() {
        visit(path, &mut found)?;
        if found.is_empty() {
            bail!("there is no test in `{}`: neither *{FILE_ENDING} nor a folder with {FOLDER_QUERY}", path.display());
        }
    } else if path.file_name().is_some_and(|name| name == FOLDER_QUERY) {
        found.push(path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).to_path_buf());
    } else {
        std::fs::metadata(path).with_context(|| format!("cannot read the test `{}`", path.display()))?;
        found.push(path.to_path_buf());
    }
    Ok(found)
}

fn visit(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if folder.join(FOLDER_QUERY).is_file() {
        found.push(folder.to_path_buf());
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, found)?;
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(FILE_ENDING)) {
            found.push(path);
        }
    }
    Ok(())
}

//! Which files a table has.

mod objects;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use arroyo_operator::OperatorError;
use arroyo_storage::{IN_PROGRESS, Version};
use regex::Regex;

use super::options::{FileSystemOptions, is_remote};
use crate::files::{FilePlace, FilePosition, FileTask, local_path};

/// A file of a table.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Its path below the table's directory, with `/`.
    pub(super) name: String,
    /// Where it is.
    pub(super) place: FilePlace,
    /// What differs when it was written anew.
    pub(super) stamp: Stamp,
}

/// What tells contents of a file apart without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    /// In microseconds, by the file system's or the store's clock.
    modified: i64,
    version: Option<Version>,
}

impl Listed {
    /// To be read from a position on.
    pub(super) fn task(&self, from: FilePosition) -> FileTask {
        FileTask { name: self.name.clone(), place: self.place.clone(), from }
    }
}

/// Which files of a directory are wanted.
#[derive(Debug)]
struct Wanted {
    recursive: bool,
    /// Each must match the name.
    patterns: Vec<Regex>,
}

/// The files of a table, sorted by name. Blocks.
///
/// Without a pattern: the files of the directory itself and of its partitions, the directories called `column=value`. Names
/// that begin with a dot, and the directory `__in_progress` (files that are being written), are left out.
pub(super) fn list(options: &FileSystemOptions) -> Result<Vec<Listed>, OperatorError> {
    let mut files = if is_remote(&options.path) {
        let (base, wanted) = Wanted::of(&options.path, options)?;
        objects::list(&base, options, &wanted)?
    } else {
        let path = local_path(&options.path).map_err(OperatorError::user)?;
        let text = path.to_str().ok_or_else(|| OperatorError::user(format!("`{}` is not UTF-8", path.display())))?;
        let (base, wanted) = Wanted::of(text, options)?;
        list_directory(Path::new(&base), &wanted)?
    };
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn list_directory(base: &Path, wanted: &Wanted) -> Result<Vec<Listed>, OperatorError> {
    let metadata = std::fs::metadata(base).map_err(|error| match error.kind() {
        ErrorKind::NotFound => OperatorError::user(format!("there is no file or directory `{}`", base.display())),
        _ => failed(base, &error),
    })?;
    if metadata.is_file() {
        let name = base.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(vec![local(name, base.to_path_buf(), &metadata)]);
    }
    let mut files = Vec::new();
    let mut directories = vec![(base.to_path_buf(), String::new())];
    while let Some((directory, prefix)) = directories.pop() {
        for entry in std::fs::read_dir(&directory).map_err(|error| failed(&directory, &error))? {
            let entry = entry.map_err(|error| failed(&directory, &error))?;
            let own_name = entry.file_name().to_string_lossy().into_owned();
            if is_hidden(&own_name) {
                continue;
            }
            let path = entry.path();
            let name = format!("{prefix}{own_name}");
            let kind = entry.file_type().map_err(|error| failed(&path, &error))?;
            if kind.is_dir() {
                if wanted.has_directory(&own_name) {
                    directories.push((path, format!("{name}/")));
                }
            } else if (kind.is_file() || path.is_file()) && wanted.has_file(&name) {
                let metadata = std::fs::metadata(&path).map_err(|error| failed(&path, &error))?;
                files.push(local(name, path, &metadata));
            }
        }
    }
    Ok(files)
}

fn local(name: String, path: PathBuf, metadata: &std::fs::Metadata) -> Listed {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or_default();
    let stamp = Stamp { size: metadata.len(), modified, version: None };
    Listed { name, place: FilePlace::Local(path), stamp }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == IN_PROGRESS
}

impl Wanted {
    /// The directory of a table's path, and what is wanted of it.
    fn of(path: &str, options: &FileSystemOptions) -> Result<(String, Self), OperatorError> {
        let mut wanted = Self { recursive: false, patterns: Vec::new() };
        let mut base = path.to_string();
        if let Some((directory, pattern)) = split_pattern(path) {
            wanted.recursive = pattern.contains('/');
            wanted.patterns.push(compile(&pattern_to_regex(&pattern))?);
            base = directory;
        }
        if let Some(pattern) = &options.regex_pattern {
            wanted.recursive = true;
            wanted.patterns.push(compile(pattern)?);
        }
        Ok((base, wanted))
    }

    fn has_directory(&self, name: &str) -> bool {
        self.recursive || name.contains('=')
    }

    fn has_file(&self, name: &str) -> bool {
        self.patterns.iter().all(|pattern| pattern.is_match(name))
    }
}

fn compile(pattern: &str) -> Result<Regex, OperatorError> {
    Regex::new(pattern)
        .map_err(|error| OperatorError::user(format!("`{pattern}` is not a regular expression: {error}")))
}

fn failed(path: &Path, error: &std::io::Error) -> OperatorError {
    let message = format!("cannot list `{}`: {error}", path.display());
    match error.kind() {
        ErrorKind::PermissionDenied => OperatorError::user(message),
        _ => OperatorError::external(message),
    }
}

/// The directory in front of the first name with `*` or `?`, and the rest; `None` without one.
fn split_pattern(text: &str) -> Option<(String, String)> {
    let first = text.find(['*', '?'])?;
    let slash = text.get(..first)?.rfind('/');
    let (base, pattern) = match slash {
        Some(0) => ("/", text.get(1..)?),
        Some(slash) => (text.get(..slash)?, text.get(slash + 1..)?),
        None => (".", text),
    };
    Some((base.to_string(), pattern.to_string()))
}

/// `*` and `?` match within a name, `**/` any directories.
fn pattern_to_regex(pattern: &str) -> String {
    let mut regex = "^".to_string();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(tail) = rest.strip_prefix("**/") {
            regex.push_str("(.*/)?");
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("**") {
            regex.push_str(".*");
            rest = tail;
        } else {
            match c {
                '*' => regex.push_str("[^/]*"),
                '?' => regex.push_str("[^/]"),
                other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, regex_pattern: Option<&str>) -> Vec<String> {
        let options =
            FileSystemOptions { regex_pattern: regex_pattern.map(str::to_string), ..FileSystemOptions::at(path) };
        list(&options).unwrap().into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn patterns() {
        let dir = tempfile::tempdir().unwrap();
        for file in
            ["b.json", "a.json", "c.csv", ".hidden.json", "deep/d.json", "deep/er/e.json", "__in_progress/x=1/x.json"]
        {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let base = dir.path().display().to_string();
        assert_eq!(names(&base, None), ["a.json", "b.json", "c.csv"]);
        assert_eq!(names(&format!("file://{base}/"), None), ["a.json", "b.json", "c.csv"]);
        assert_eq!(names(&format!("{base}/?.json"), None), ["a.json", "b.json"]);
        assert_eq!(names(&format!("{base}/**/*.json"), None), ["a.json", "b.json", "deep/d.json", "deep/er/e.json"]);
        assert_eq!(names(&format!("{base}/*/d.json"), None), ["deep/d.json"]);
        assert_eq!(names(&base, Some("er/")), ["deep/er/e.json"]);
        assert_eq!(names(&format!("{base}/c.csv"), None), ["c.csv"]);
    }

    #[test]
    fn partitions_are_a_part_of_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["a.json", "day=1/hour=2/b.json", "day=1/other/c.json", "other/day=1/d.json"] {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let base = dir.path().display().to_string();
        assert_eq!(names(&base, None), ["a.json", "day=1/hour=2/b.json"]);
        assert_eq!(names(&format!("{base}/*/*/b.json"), None), ["day=1/hour=2/b.json"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let options = FileSystemOptions::at("/no/such/place");
        assert_eq!(list(&options).unwrap_err().message, "there is no file or directory `/no/such/place`");
    }
}

//! Texts that live in files.

use std::path::{Path, PathBuf};

/// The cases of a folder: their names and scripts, sorted.
pub(crate) fn cases(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(folder);
    let mut cases: Vec<(PathBuf, String)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

/// The name of a case's script as diagnostics show it.
pub(crate) fn name(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}

/// Compares a text with its file, or rewrites the file.
pub(crate) fn check(path: &Path, found: &str, differences: &mut Vec<String>) {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == found {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, found).unwrap();
    } else {
        differences.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display()));
    }
}

/// Fails with all differences at once.
pub(crate) fn report(differences: &[String]) {
    assert!(differences.is_empty(), "{}\n(UPDATE_GOLDEN=1 rewrites)", differences.join("\n"));
}

//! Writes down what a pipeline wrote as what is expected of it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use crate::case::{Case, DEFAULT_OUTPUT, Place};
use crate::compare::find;
use crate::rows::Rows;

/// Rewrites a case's expectations; whether that changed anything. Tables that get no rows and of which nothing is expected are
/// left out.
///
/// # Errors
///
/// A file that cannot be written, and changes that take back what was never written.
pub fn rewrite(case: &Case, written: &BTreeMap<String, Rows>) -> anyhow::Result<bool> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (table, rows) in written {
        let expected = case.expected.iter().find(|(name, _)| name.eq_ignore_ascii_case(table));
        let rows = rows.clone().folded()?;
        let ordered = expected.is_some_and(|(_, expected)| expected.ordered);
        let rows = if ordered { rows } else { rows.sorted() };
        if expected.is_some() || !rows.0.is_empty() {
            texts.insert(expected.map_or(table, |(name, _)| name).clone(), rows.lines());
        }
    }
    match &case.place {
        Place::Folder(folder) => rewrite_folder(&folder.join("expected"), &texts, written),
        Place::File(path) => rewrite_file(path, &texts),
    }
}

fn rewrite_folder(
    folder: &Path,
    texts: &BTreeMap<String, String>,
    written: &BTreeMap<String, Rows>,
) -> anyhow::Result<bool> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let mut changed = false;
    for (table, text) in texts {
        changed |= write(&folder.join(format!("{table}.ndjson")), text)?;
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
        let path = entry?.path();
        let table = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if find(written, table).is_none() {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", path.display()))?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Whether the file had another text.
fn write(path: &Path, text: &str) -> anyhow::Result<bool> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(true)
}

/// Replaces the bodies of `expect` sections, drops those of tables that are not written, and adds those that are missing.
fn rewrite_file(path: &Path, texts: &BTreeMap<String, String>) -> anyhow::Result<bool> {
    let old = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut left = texts.clone();
    let mut new = String::new();
    let mut skipping = false;
    for line in old.lines() {
        if let Some(header) = line.strip_prefix("--- ") {
            let mut words = header.split_whitespace();
            skipping = words.next() == Some("expect");
            if skipping {
                let table = words.find(|word| *word != "ordered").unwrap_or(DEFAULT_OUTPUT);
                if let Some(text) = left.remove(table) {
                    new.push_str(&format!("{line}\n{text}\n"));
                }
                continue;
            }
        }
        if !skipping {
            new.push_str(line);
            new.push('\n');
        }
    }
    for (table, text) in left {
        let name = if table == DEFAULT_OUTPUT { String::new() } else { format!(" {table}") };
        new.push_str(&format!("\n--- expect{name}\n{text}"));
    }
    let new = format!("{}\n", new.trim_end());
    write(path, &new)
}

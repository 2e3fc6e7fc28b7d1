//! Dependencies that nothing uses.

use std::collections::BTreeSet;

use crate::tree::{File, Tree};

/// What the code that build scripts generate uses.
const GENERATED: &[&str] = &["progenitor-client", "prost", "prost-types", "tonic", "tonic-prost"];

/// Dependencies that a crate declares and no source file of it names.
pub(crate) fn unused_dependencies(tree: &Tree) -> Vec<String> {
    let manifests = tree.files().iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    manifests.flat_map(|manifest| of_crate(tree, manifest)).collect()
}

fn of_crate(tree: &Tree, manifest: &File) -> Vec<String> {
    let Some(folder) = manifest.path.strip_suffix("Cargo.toml") else { return Vec::new() };
    let sources = || tree.with_extension("rs").filter(|file| file.path.starts_with(folder));
    let is_generated = sources().any(|file| file.path.strip_prefix(folder) == Some("build.rs"));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: BTreeSet<&str> = sources().flat_map(|file| file.text.split(|c| !is_word(c))).collect();
    declared(&manifest.text)
        .filter(|name| !words.contains(name.replace('-', "_").as_str()))
        .filter(|name| !(is_generated && GENERATED.contains(name)))
        .map(|name| format!("{}: nothing uses `{name}`", manifest.path))
        .collect()
}

/// The names in all sections of dependencies.
fn declared(manifest: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            is_inside = line.trim_end().trim_end_matches(']').ends_with("dependencies");
            return None;
        }
        let name = line.split(['.', '=', ' ']).next()?;
        (is_inside && !name.is_empty() && !name.starts_with('#')).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_source_names_is_found() {
        let manifest = "[package]\nname = \"a\"\n\n[dependencies]\nserde_json.workspace = true\nout-of-use = \"1\"\n\n[lints]\nworkspace = true\n";
        let source = "use serde_json::Value;\n";
        let tree = Tree::of(&[("crates/a/Cargo.toml", manifest), ("crates/a/src/lib.rs", source)]);
        assert_eq!(unused_dependencies(&tree), ["crates/a/Cargo.toml: nothing uses `out-of-use`"]);
        let other = Tree::of(&[("crates/a/Cargo.toml", manifest), ("crates/b/src/lib.rs", source)]);
        assert_eq!(unused_dependencies(&other).len(), 2);
    }

    #[test]
    fn generated_code_uses_some() {
        let manifest = "[dependencies]\nprost.workspace = true\n";
        let files = [("crates/a/Cargo.toml", manifest), ("crates/a/build.rs", "fn main() {}")];
        assert!(unused_dependencies(&Tree::of(&files)).is_empty());
        assert_eq!(unused_dependencies(&Tree::of(&files[..1])).len(), 1);
    }
}

//! Documents that name files which are gone.

use crate::tree::Tree;

/// First parts of paths that documents may name.
const ROOTS: &[&str] = &["crates/", "docs/", "examples/", "scripts/", "benches/", "tests/", ".ci/", "deploy/"];

/// Paths in backticks and link targets of Markdown files that do not exist.
pub(crate) fn missing_files(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.with_extension("md") {
        for (number, line) in file.text.lines().enumerate() {
            for path in named_paths(line) {
                if !tree.exists(path) {
                    faults.push(format!("{}:{}: names `{path}`, which is not there", file.path, number + 1));
                }
            }
        }
    }
    faults
}

fn named_paths(line: &str) -> Vec<&str> {
    let ticked = line.split('`').skip(1).step_by(2);
    let linked = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ticked
        .chain(linked)
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_start_matches("./").split('#').next().unwrap_or_default())
        .filter(|word| ROOTS.iter().any(|root| word.starts_with(root)))
        .filter(|word| !word.contains(['*', '<', '{', '…', '$']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_links_are_followed() {
        let text = "See `crates/a/src/lib.rs`, `crates/<name>`, [b](docs/b.md#part) and `cargo run examples/c.sql`.\n";
        let tree = Tree::of(&[("README.md", text), ("crates/a/src/lib.rs", "")]);
        let faults = missing_files(&tree);
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}

//! Holds the rules against this tree.

use std::path::Path;

use arroyo_tidy::{Ratchet, Tree, faults};

#[test]
fn the_tree_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ratchet = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ratchet.txt")).unwrap();
    let tree = Tree::read(&root).unwrap();
    let faults = faults(&tree, &Ratchet::parse(&ratchet));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

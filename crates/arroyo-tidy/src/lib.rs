//! Rules about the tree itself: lengths of files and functions, names of files, open ends, documents that name files,
//! dependencies that are used.
//!
//! Old offenders are listed in `ratchet.txt`, which can only get shorter: an entry that is no longer needed is an error, too.

mod dependencies;
mod documents;
mod lengths;
mod ratchet;
mod tree;
mod words;

pub use ratchet::Ratchet;
pub use tree::{Tree, TreeError};

/// Lines that a source file may have.
pub const FILE_LINES_MAX: usize = 600;
/// Lines that a function may have.
pub const FUNCTION_LINES_MAX: usize = 80;

/// Everything that breaks a rule, one line each.
pub fn faults(tree: &Tree, ratchet: &Ratchet) -> Vec<String> {
    let mut faults = ratchet.check(lengths::long_things(tree));
    faults.extend(words::banned_names(tree));
    faults.extend(words::open_ends(tree));
    faults.extend(documents::missing_files(tree));
    faults.extend(dependencies::unused_dependencies(tree));
    faults
}

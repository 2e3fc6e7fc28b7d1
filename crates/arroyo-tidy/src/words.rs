//! Names that say nothing and ends left open.

use crate::tree::Tree;

const BANNED_NAMES: &[&str] = &["utils.rs", "util.rs", "common.rs", "helpers.rs", "helper.rs", "misc.rs"];

/// Files whose name says nothing.
pub(crate) fn banned_names(tree: &Tree) -> Vec<String> {
    tree.files()
        .iter()
        .filter(|file| file.path.rsplit('/').next().is_some_and(|name| BANNED_NAMES.contains(&name)))
        .map(|file| format!("{}: name the file after the thing it defines", file.path))
        .collect()
}

/// Open ends without an issue's number.
pub(crate) fn open_ends(tree: &Tree) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut faults = Vec::new();
    for file in tree.with_extension("rs") {
        for (number, line) in file.text.lines().enumerate() {
            let open =
                marks.iter().any(|mark| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *mark));
            if open && !has_issue_number(line) {
                faults.push(format!("{}:{}: an open end needs its issue's number, as in (#12)", file.path, number + 1));
            }
        }
    }
    faults
}

fn has_issue_number(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ends_need_a_number() {
        let text = concat!("// TO", "DO: later\n// TO", "DO(#12): later\n");
        assert_eq!(open_ends(&Tree::of(&[("a.rs", text)])).len(), 1);
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        assert_eq!(banned_names(&Tree::of(&[("crates/x/src/utils.rs", ""), ("crates/x/src/range.rs", "")])).len(), 1);
    }
}

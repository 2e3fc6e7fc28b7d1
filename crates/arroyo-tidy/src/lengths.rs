//! Files and functions that are too long.

use crate::tree::Tree;
use crate::{FILE_LINES_MAX, FUNCTION_LINES_MAX};

/// Something that is longer than it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LongThing {
    /// `path` or `path::function`.
    pub(crate) name: String,
    /// Its lines.
    pub(crate) lines: usize,
}

/// Every source file and every function beyond its limit.
pub(crate) fn long_things(tree: &Tree) -> Vec<LongThing> {
    let mut things = Vec::new();
    for file in tree.with_extension("rs") {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            things.push(LongThing { name: file.path.clone(), lines });
        }
        for (function, lines) in functions(&file.text) {
            if lines > FUNCTION_LINES_MAX {
                things.push(LongThing { name: format!("{}::{function}", file.path), lines });
            }
        }
    }
    things
}

/// Names and lengths of functions; relies on rustfmt, which closes a function at the indentation it began with.
fn functions(text: &str) -> Vec<(String, usize)> {
    let mut open: Vec<(usize, String, usize)> = Vec::new();
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if let Some(name) = function_name(line.trim_start()) {
            open.push((indent, name, number));
        }
        if line.trim_end() == format!("{}}}", " ".repeat(indent)) || line.trim_end().ends_with(';') {
            while let Some((_, name, start)) = open.pop_if(|(at, _, _)| *at == indent) {
                found.push((name, number - start + 1));
            }
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "pub(crate)", "pub(super)", "async", "const", "unsafe", "extern"];
    if !before.split_whitespace().all(|word| qualifiers.contains(&word)) {
        return None;
    }
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_function_is_found_and_a_declaration_is_not() {
        let body = "        let x = 1;\n".repeat(FUNCTION_LINES_MAX);
        let text = format!(
            "trait T {{\n    fn short();\n}}\nimpl X {{\n    pub(crate) async fn long(&self) {{\n{body}    }}\n}}\n"
        );
        let tree = Tree::of(&[("a.rs", &text)]);
        let expected = LongThing { name: "a.rs::long".into(), lines: FUNCTION_LINES_MAX + 2 };
        assert_eq!(long_things(&tree), vec![expected]);
    }

    #[test]
    fn a_long_file_is_found() {
        let tree = Tree::of(&[("a.rs", &"// x\n".repeat(FILE_LINES_MAX + 1))]);
        assert_eq!(long_things(&tree).len(), 1);
    }
}

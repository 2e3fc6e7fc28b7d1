//! What was written against what was expected.

use std::collections::BTreeMap;

use anyhow::Context;
use similar::{ChangeTag, TextDiff};

use crate::case::{Case, Expected};
use crate::rows::Rows;

/// A table that got other rows than expected.
#[derive(Debug)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// Expected rows that it did not get.
    pub missing: usize,
    /// Rows that it got and that were not expected.
    pub unexpected: usize,
    /// Rows with a sign in front: `-` is missing, `+` unexpected, a space both.
    pub lines: Vec<(char, String)>,
}

/// Every table whose rows are not the expected ones; also those of which nothing is expected.
///
/// # Errors
///
/// A case that expects nothing, rows that are no JSON, and changes that take back what was never written.
pub fn differences(case: &Case, written: &BTreeMap<String, Rows>) -> anyhow::Result<Vec<Difference>> {
    if case.expected.is_empty() {
        let tables = written.keys().cloned().collect::<Vec<_>>().join(", ");
        anyhow::bail!("the test expects nothing; --update writes down the rows of {tables}");
    }
    let mut differences = Vec::new();
    let none = Rows::default();
    for (table, expected) in &case.expected {
        let found = find(written, table).with_context(|| {
            let tables = written.keys().cloned().collect::<Vec<_>>().join(", ");
            format!("the test expects rows of `{table}`, and the pipeline writes to {tables}")
        })?;
        differences.extend(difference(table, expected, found)?);
    }
    for (table, rows) in written {
        let is_expected = case.expected.keys().any(|expected| expected.eq_ignore_ascii_case(table));
        if !is_expected && *rows != none {
            let expected = Expected { text: String::new(), ordered: false };
            differences.extend(difference(table, &expected, rows)?);
        }
    }
    Ok(differences)
}

/// The rows of a table, whatever the case of its name.
pub(crate) fn find<'a>(written: &'a BTreeMap<String, Rows>, table: &str) -> Option<&'a Rows> {
    written.iter().find(|(name, _)| name.eq_ignore_ascii_case(table)).map(|(_, rows)| rows)
}

fn difference(table: &str, expected: &Expected, found: &Rows) -> anyhow::Result<Option<Difference>> {
    let wanted = Rows::of_lines(&expected.text).with_context(|| format!("the expected rows of `{table}`"))?;
    let found = found.clone().folded().with_context(|| format!("the changes of `{table}`"))?;
    let (wanted, found) = if expected.ordered { (wanted, found) } else { (wanted.folded()?.sorted(), found.sorted()) };
    let keys = |rows: &Rows| rows.0.iter().map(|row| row.key.clone()).collect::<Vec<_>>();
    let (wanted_keys, found_keys) = (keys(&wanted), keys(&found));
    if wanted_keys == found_keys {
        return Ok(None);
    }
    let (old, new): (Vec<&str>, Vec<&str>) =
        (wanted_keys.iter().map(String::as_str).collect(), found_keys.iter().map(String::as_str).collect());
    let mut difference = Difference { table: table.to_string(), missing: 0, unexpected: 0, lines: Vec::new() };
    for change in TextDiff::from_slices(&old, &new).iter_all_changes() {
        let text = |rows: &Rows, index: Option<usize>| {
            index.and_then(|index| rows.0.get(index)).map(|row| row.text.clone()).unwrap_or_default()
        };
        let line = match change.tag() {
            ChangeTag::Delete => {
                difference.missing += 1;
                ('-', text(&wanted, change.old_index()))
            }
            ChangeTag::Insert => {
                difference.unexpected += 1;
                ('+', text(&found, change.new_index()))
            }
            ChangeTag::Equal => (' ', text(&found, change.new_index())),
        };
        difference.lines.push(line);
    }
    Ok(Some(difference))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(expected: &str, found: &str, ordered: bool) -> String {
        let expected = Expected { text: expected.to_string(), ordered };
        let found = Rows::of_lines(found).unwrap();
        let difference = difference("t", &expected, &found).unwrap();
        difference.map(|difference| difference.lines.iter().map(|(sign, _)| *sign).collect()).unwrap_or_default()
    }

    #[test]
    fn order_counts_only_where_it_is_asked_for() {
        assert_eq!(signs("{\"a\":1}\n{\"a\":2}", "{\"a\":2}\n{\"a\":1}", false), "");
        assert_ne!(signs("{\"a\":1}\n{\"a\":2}", "{\"a\":2}\n{\"a\":1}", true), "");
        assert_eq!(signs("{\"a\":1}\n{\"a\":2}", "{\"a\":1}\n{\"a\":3}", false), " -+");
        assert_eq!(signs("{\"a\":1}", "{\"a\":1}\n{\"a\":1}", false), " +");
    }
}

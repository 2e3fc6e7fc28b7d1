//! A test case: SQL, rows for the tables that it reads, and the rows that it must write.
//!
//! One file, `NAME.test.sql`: SQL, and then sections that begin with three dashes.
//!
//! ```text
//! CREATE TABLE orders (…) WITH (connector = 'filesystem', …);
//! SELECT … FROM orders …;
//!
//! --- input orders
//! {"id": 1}
//!
//! --- expect
//! {"n": 1}
//! ```
//!
//! Or a folder with `query.sql`, `input/TABLE.ndjson` and `expected/TABLE.ndjson`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The ending of cases in one file.
pub(crate) const FILE_ENDING: &str = ".test.sql";
/// The file that makes a folder a case.
pub(crate) const FOLDER_QUERY: &str = "query.sql";
/// What the rows of the first bare SELECT are called; those of the next are `preview_2`.
pub(crate) const DEFAULT_OUTPUT: &str = "preview";

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its path as it was found.
    pub(crate) name: String,
    /// The SQL with that of the files it uses.
    pub(crate) sql: String,
    /// How many subtasks operators have.
    pub(crate) parallelism: u32,
    /// Rows by the table that is filled with them.
    pub(crate) inputs: BTreeMap<String, Rows>,
    /// Rows by the table that must get them.
    pub(crate) expected: BTreeMap<String, Expected>,
    /// Instead of rows: what the error must say, line by line.
    pub(crate) error: Option<Vec<String>>,
    /// Where expectations are.
    pub(crate) place: Place,
}

/// Where a case's rows are written down.
#[derive(Debug)]
pub(crate) enum Place {
    /// All in one file.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
}

/// Rows of a table, one JSON object a line.
#[derive(Debug)]
pub(crate) enum Rows {
    /// In the case's own file.
    Inline(String),
    /// In a file of their own.
    File(PathBuf),
}

/// Rows that a table must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    /// One JSON object a line.
    pub(crate) text: String,
    /// Whether they must come in this order.
    pub(crate) ordered: bool,
}

impl Case {
    /// Reads a case from its file or folder.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let read = if path.is_dir() { read_folder(path, name.clone()) } else { read_file(path, name.clone()) };
        read.with_context(|| format!("cannot read the test `{name}`"))
    }
}

fn read_folder(folder: &Path, name: String) -> anyhow::Result<Case> {
    let query = folder.join(FOLDER_QUERY);
    let mut case = parse(&text_of(&query)?, folder, name)?;
    for (table, path) in row_files(&folder.join("input"))? {
        case.inputs.insert(table, Rows::File(path));
    }
    for (table, path) in row_files(&folder.join("expected"))? {
        case.expected.insert(table, Expected { text: text_of(&path)?, ordered: false });
    }
    case.place = Place::Folder(folder.to_path_buf());
    Ok(case)
}

fn read_file(path: &Path, name: String) -> anyhow::Result<Case> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut case = parse(&text_of(path)?, folder, name)?;
    case.place = Place::File(path.to_path_buf());
    Ok(case)
}

/// The files `TABLE.ndjson` of a folder, by table.
fn row_files(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
        let path = entry?.path();
        match (path.file_stem().and_then(|stem| stem.to_str()), path.extension()) {
            (Some(table), Some(extension)) if extension == "ndjson" => files.push((table.to_string(), path)),
            _ => bail!("`{}` is not the rows of a table: name it TABLE.ndjson", path.display()),
        }
    }
    Ok(files)
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// What a section is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Section {
    Sql,
    Input(String),
    Expect { table: String, ordered: bool },
    Error,
}

fn parse(text: &str, folder: &Path, name: String) -> anyhow::Result<Case> {
    let mut sections = vec![(Section::Sql, String::new())];
    let mut parallelism = 1;
    let mut used = String::new();
    for (number, line) in text.lines().enumerate() {
        let Some(header) = line.strip_prefix("--- ") else {
            if let Some((_, body)) = sections.last_mut() {
                body.push_str(line);
                body.push('\n');
            }
            continue;
        };
        let words: Vec<&str> = header.split_whitespace().collect();
        match words.as_slice() {
            ["input", table] => sections.push((Section::Input((*table).to_string()), String::new())),
            ["expect", rest @ ..] => sections.push((expect(rest, number + 1)?, String::new())),
            ["error"] => sections.push((Section::Error, String::new())),
            ["parallelism", count] => {
                parallelism = count.parse().ok().filter(|count| (1..=1024).contains(count)).with_context(|| {
                    format!("line {}: `{count}` is not a parallelism: a number from 1 to 1024", number + 1)
                })?;
            }
            ["use", file] => used.push_str(&format!("{}\n", text_of(&folder.join(file))?)),
            _ => bail!(
                "line {}: `--- {header}` is no section; there are input TABLE, expect [TABLE] [ordered], error, \
                 parallelism N and use FILE",
                number + 1
            ),
        }
    }
    let place = Place::Folder(folder.to_path_buf());
    let (inputs, expected) = (BTreeMap::new(), BTreeMap::new());
    let mut case = Case { name, sql: used, parallelism, inputs, expected, error: None, place };
    for (section, body) in sections {
        let is_repeated = match section {
            Section::Sql => {
                case.sql.push_str(&body);
                false
            }
            Section::Input(table) => case.inputs.insert(table, Rows::Inline(body)).is_some(),
            Section::Expect { table, ordered } => {
                case.expected.insert(table, Expected { text: body, ordered }).is_some()
            }
            Section::Error => {
                let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
                case.error.replace(lines.map(str::to_string).collect()).is_some()
            }
        };
        if is_repeated {
            bail!("a section is there twice");
        }
    }
    Ok(case)
}

fn expect(words: &[&str], line: usize) -> anyhow::Result<Section> {
    let (table, ordered) = match words {
        [] => (DEFAULT_OUTPUT, false),
        ["ordered"] => (DEFAULT_OUTPUT, true),
        [table] => (*table, false),
        [table, "ordered"] => (*table, true),
        _ => bail!("line {line}: write `--- expect TABLE`, and `ordered` behind it if the order of rows counts"),
    };
    Ok(Section::Expect { table: table.to_string(), ordered })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_into_sections() {
        let text = "SELECT 1;\n\n--- parallelism 3\n--- input a\n{\"x\": 1}\n--- expect ordered\n{}\n--- expect b\n";
        let case = parse(text, Path::new("."), "a.test.sql".to_string()).unwrap();
        assert_eq!((case.sql.trim(), case.parallelism), ("SELECT 1;", 3));
        assert!(matches!(case.inputs.get("a"), Some(Rows::Inline(rows)) if rows == "{\"x\": 1}\n"));
        let expected: Vec<(&str, bool)> =
            case.expected.iter().map(|(table, expected)| (table.as_str(), expected.ordered)).collect();
        assert_eq!(expected, [("b", false), (DEFAULT_OUTPUT, true)]);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, said) in [
            ("--- inputs a", "is no section"),
            ("--- parallelism many", "not a parallelism"),
            ("--- input a\n--- input a", "twice"),
            ("--- expect a b", "write `--- expect TABLE`"),
            ("--- use nowhere.sql", "cannot read"),
        ] {
            let error = parse(text, Path::new("."), String::new()).unwrap_err();
            assert!(format!("{error:#}").contains(said), "{text}: {error:#}");
        }
    }
}

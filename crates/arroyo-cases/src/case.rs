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
//!
//! A file that a case uses is of the same format, without expectations: cases that read the same tables share their SQL and rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The ending of cases in one file.
pub(crate) const FILE_ENDING: &str = ".test.sql";
/// The file that makes a folder a case.
pub(crate) const FOLDER_QUERY: &str = "query.sql";
/// What the rows of the first bare SELECT are called; those of the next are `preview_2`.
pub const DEFAULT_OUTPUT: &str = "preview";

/// A case.
#[derive(Debug)]
pub struct Case {
    /// Its path as it was found.
    pub name: String,
    /// The SQL with that of the files it uses.
    pub sql: String,
    /// How many subtasks operators have.
    pub parallelism: u32,
    /// Rows by the table that is filled with them.
    pub inputs: BTreeMap<String, Input>,
    /// Rows by the table that must get them.
    pub expected: BTreeMap<String, Expected>,
    /// Instead of rows: what the error must say, line by line.
    pub error: Option<Vec<String>>,
    /// Where expectations are.
    pub place: Place,
}

/// Where a case's rows are written down.
#[derive(Debug)]
pub enum Place {
    /// All in one file.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
}

/// Rows for a table, one JSON object a line.
#[derive(Debug, Clone)]
pub enum Input {
    /// In the case's own file, or one that it uses.
    Inline(String),
    /// In a file of their own.
    File(PathBuf),
}

/// Rows that a table must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// One JSON object a line.
    pub text: String,
    /// Whether they must come in this order.
    pub ordered: bool,
}

impl Case {
    /// Reads a case from its file or folder.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and sections that mean nothing.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let read = if path.is_dir() { read_folder(path, name.clone()) } else { read_file(path, name.clone()) };
        read.with_context(|| format!("cannot read the test `{name}`"))
    }
}

fn read_folder(folder: &Path, name: String) -> anyhow::Result<Case> {
    let query = folder.join(FOLDER_QUERY);
    let mut case = parse(&text_of(&query)?, folder, name)?;
    for (table, path) in row_files(&folder.join("input"))? {
        case.inputs.insert(table, Input::File(path));
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
    Input { table: String, file: Option<PathBuf> },
    Expect { table: String, ordered: bool },
    Error,
}

/// Files that use one another must come to an end.
const USED_DEPTH_MAX: usize = 8;

fn parse(text: &str, folder: &Path, name: String) -> anyhow::Result<Case> {
    parse_used(text, folder, name, USED_DEPTH_MAX)
}

fn parse_used(text: &str, folder: &Path, name: String, depth: usize) -> anyhow::Result<Case> {
    let mut case = Case {
        name,
        sql: String::new(),
        parallelism: 1,
        inputs: BTreeMap::new(),
        expected: BTreeMap::new(),
        error: None,
        place: Place::Folder(folder.to_path_buf()),
    };
    let mut sections = vec![(Section::Sql, String::new())];
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
            ["input", table] => {
                sections.push((Section::Input { table: (*table).to_string(), file: None }, String::new()))
            }
            ["input", table, file] => {
                let file = Some(folder.join(file));
                sections.push((Section::Input { table: (*table).to_string(), file }, String::new()));
            }
            ["expect", rest @ ..] => sections.push((expect(rest, number + 1)?, String::new())),
            ["error"] => sections.push((Section::Error, String::new())),
            ["parallelism", count] => {
                case.parallelism =
                    count.parse().ok().filter(|count| (1..=1024).contains(count)).with_context(|| {
                        format!("line {}: `{count}` is not a parallelism: a number from 1 to 1024", number + 1)
                    })?;
            }
            ["use", file] => case.take_over(&folder.join(file), depth)?,
            _ => bail!(
                "line {}: `--- {header}` is no section; there are input TABLE [FILE], expect [TABLE] [ordered], error, \
                 parallelism N and use FILE",
                number + 1
            ),
        }
    }
    let used = std::mem::take(&mut case.inputs);
    for (section, body) in sections {
        case.add(section, body)?;
    }
    for (table, rows) in used {
        case.inputs.entry(table).or_insert(rows);
    }
    Ok(case)
}

impl Case {
    /// SQL and rows of a file that this one uses.
    fn take_over(&mut self, file: &Path, depth: usize) -> anyhow::Result<()> {
        let name = file.display().to_string();
        let depth = depth.checked_sub(1).with_context(|| format!("`{name}` uses itself"))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let used = parse_used(&text_of(file)?, folder, name.clone(), depth).with_context(|| format!("in `{name}`"))?;
        if !used.expected.is_empty() || used.error.is_some() {
            bail!("`{name}` is used by others and cannot expect anything");
        }
        self.sql.push_str(&used.sql);
        self.sql.push('\n');
        self.inputs.extend(used.inputs);
        Ok(())
    }

    fn add(&mut self, section: Section, body: String) -> anyhow::Result<()> {
        let is_repeated = match section {
            Section::Sql => {
                self.sql.push_str(&body);
                false
            }
            Section::Input { table, file: None } => self.inputs.insert(table, Input::Inline(body)).is_some(),
            Section::Input { table, file: Some(file) } => {
                if !body.trim().is_empty() {
                    bail!("the rows of `{table}` are in `{}` and below its section, too", file.display());
                }
                self.inputs.insert(table, Input::File(file)).is_some()
            }
            Section::Expect { table, ordered } => {
                self.expected.insert(table, Expected { text: body, ordered }).is_some()
            }
            Section::Error => {
                let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
                self.error.replace(lines.map(str::to_string).collect()).is_some()
            }
        };
        if is_repeated {
            bail!("a section is there twice");
        }
        Ok(())
    }
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
        assert!(matches!(case.inputs.get("a"), Some(Input::Inline(rows)) if rows == "{\"x\": 1}\n"));
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
            ("--- input a rows.ndjson\n{}", "below its section"),
        ] {
            let error = parse(text, Path::new("."), String::new()).unwrap_err();
            assert!(format!("{error:#}").contains(said), "{text}: {error:#}");
        }
    }

    #[test]
    fn files_that_others_use_bring_tables_and_rows() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("tables.sql", "CREATE TABLE a;\n--- input a rows.ndjson\n--- input b\n{}\n");
        write("more.sql", "--- use tables.sql\nCREATE TABLE c;\n");
        let case =
            parse("--- use more.sql\nSELECT 1;\n--- input b own.ndjson\n", folder.path(), String::new()).unwrap();
        assert_eq!(
            case.sql.split_whitespace().collect::<Vec<_>>().join(" "),
            "CREATE TABLE a; CREATE TABLE c; SELECT 1;"
        );
        let file = |table: &str| match case.inputs.get(table) {
            Some(Input::File(path)) => path.file_name().unwrap().to_str().unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!((file("a"), file("b")), ("rows.ndjson", "own.ndjson"));
        write("tables.sql", "--- use more.sql\n");
        let error = parse("--- use more.sql", folder.path(), String::new()).unwrap_err();
        assert!(format!("{error:#}").contains("uses itself"), "{error:#}");
        write("tables.sql", "--- expect\n");
        let error = parse("--- use tables.sql", folder.path(), String::new()).unwrap_err();
        assert!(format!("{error:#}").contains("cannot expect"), "{error:#}");
    }
}

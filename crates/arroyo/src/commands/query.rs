//! Reads the query that a command was given.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use arroyo_planner::{Answers, PlanRequest};

use super::EXIT_FAILURE;
use crate::cli::QueryArgs;
use crate::terminal;

/// The largest query that is read, in bytes.
const QUERY_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The longest query that is shown again on a command line, in bytes.
const SHOWN_BYTES_MAX: usize = 4_096;

/// A query and what to call it in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// The text.
    pub(crate) sql: String,
    /// The file's name as it was given, `<stdin>`, `<command line>`, `<run.query>`.
    pub(crate) source_name: String,
    /// How to name the query again on a command line; `None` if it came through a pipe and is too long for that.
    pub(crate) argument: Option<String>,
}

impl Query {
    /// Reads the query of the arguments; without any `configured` (the configuration's `run.query`), else standard input.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a text that is too long or not UTF-8, a terminal as standard input, parameters without a value
    /// and values without a parameter.
    pub(crate) fn read(args: &QueryArgs, configured: Option<&str>) -> anyhow::Result<Self> {
        let mut query = Self::read_text(args, configured)?;
        let values = args.params.iter().cloned().collect();
        query.sql = arroyo_planner::bind_parameters(&query.sql, &values).map_err(|faults| {
            let shown = arroyo_planner::render(&faults.0, &query.sql, &query.source_name);
            anyhow::anyhow!("the query's parameters and their values do not fit\n{}", shown.trim_end())
        })?;
        if let Some(argument) = &mut query.argument {
            for (name, value) in &args.params {
                argument.push_str(&format!(" --param {}", shell_quoted(&format!("{name}={value}"))));
            }
        }
        Ok(query)
    }

    /// Prints what statements that ask something say (`SHOW TABLES`, `DESCRIBE`, `EXPLAIN`).
    /// The answer has what is left of the query; `None` if nothing is left to run.
    ///
    /// # Errors
    ///
    /// The exit code, after printing what is wrong with the query.
    pub(crate) fn answered(&self, request: &PlanRequest) -> Result<Option<Answers>, ExitCode> {
        let answers = arroyo_planner::answer(request).map_err(|faults| {
            terminal::line(arroyo_planner::render(&faults.0, &self.sql, &self.source_name).trim_end());
            ExitCode::from(EXIT_FAILURE)
        })?;
        for text in &answers.texts {
            terminal::print(&format!("{}\n\n", text.trim_end())).map_err(|error| {
                terminal::error(&format!("cannot write to standard output: {error}"));
                ExitCode::from(EXIT_FAILURE)
            })?;
        }
        Ok(answers.is_query_left.then_some(answers))
    }

    fn read_text(args: &QueryArgs, configured: Option<&str>) -> anyhow::Result<Self> {
        match (&args.execute, &args.file, configured) {
            (Some(sql), _, _) => Ok(Self {
                sql: sql.clone(),
                source_name: "<command line>".to_string(),
                argument: Some(format!("-e {}", shell_quoted(sql))),
            }),
            (None, Some(file), _) if file == Path::new("-") => Self::from_stdin(),
            (None, Some(file), _) => Self::from_file(file),
            (None, None, Some(sql)) => {
                Ok(Self { sql: sql.to_string(), source_name: "<run.query>".to_string(), argument: Some(String::new()) })
            }
            (None, None, None) => Self::from_stdin(),
        }
    }

    fn from_file(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).with_context(|| format!("cannot open the query `{name}`"))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            bail!("cannot read the query `{name}`: it is a directory");
        }
        let sql = bounded_text(file).with_context(|| format!("cannot read the query `{name}`"))?;
        // Of a name such as `-x.sql` a shell makes an option.
        let argument = if name.starts_with('-') { format!("./{name}") } else { name.clone() };
        Ok(Self { sql, argument: Some(shell_quoted(&argument)), source_name: name })
    }

    fn from_stdin() -> anyhow::Result<Self> {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            bail!("no query given: name a file with SQL, write it after -e, or pipe it in");
        }
        let sql = bounded_text(stdin.lock()).context("cannot read the query from standard input")?;
        let argument = (sql.len() <= SHOWN_BYTES_MAX).then(|| format!("-e {}", shell_quoted(sql.trim())));
        Ok(Self { sql, source_name: "<stdin>".to_string(), argument })
    }
}

fn bounded_text(reader: impl Read) -> anyhow::Result<String> {
    let mut text = String::new();
    reader.take(QUERY_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > QUERY_BYTES_MAX {
        bail!("it is longer than {} MiB", QUERY_BYTES_MAX / (1024 * 1024));
    }
    Ok(text)
}

/// The text as one word of a POSIX shell.
pub(crate) fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_string()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_bound_and_named_again() {
        let params = vec![("x".to_string(), "a b".to_string())];
        let args = QueryArgs { file: None, execute: Some("SELECT :x".into()), params };
        let query = Query::read(&args, None).unwrap();
        assert_eq!(query.sql, "SELECT 'a b'");
        assert_eq!(query.argument.as_deref(), Some("-e 'SELECT :x' --param 'x=a b'"));
        let args = QueryArgs { params: Vec::new(), ..args };
        assert!(Query::read(&args, None).unwrap_err().to_string().contains("`:x` has no value"));
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(shell_quoted("a/b.sql"), "a/b.sql");
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
        assert_eq!(shell_quoted(""), "''");
    }

    #[test]
    fn the_argument_wins_over_the_configuration() {
        let args = QueryArgs { file: None, execute: Some("SELECT 1".into()), params: Vec::new() };
        assert_eq!(Query::read(&args, Some("SELECT 2")).unwrap().sql, "SELECT 1");
        let args = QueryArgs { file: None, execute: None, params: Vec::new() };
        assert_eq!(Query::read(&args, Some("SELECT 2")).unwrap().sql, "SELECT 2");
    }
}

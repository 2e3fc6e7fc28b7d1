//! Diagnostics with the lines of text they speak of, as a terminal shows them.

use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Report, Label, Severity as Level};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::{self, Config};

use crate::{Diagnostic, Location, Severity, Span};

/// Renders diagnostics with the source lines they point at, without colours.
///
/// `source_name` stands for the text in `source_name:line:column`.
pub fn render(diagnostics: &[Diagnostic], sql: &str, source_name: &str) -> String {
    // Tabs and carriage returns keep their width of one character, so that columns agree with what is shown.
    let file = SimpleFile::new(source_name, sql);
    let config = Config { tab_width: 1, ..Config::default() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let rendered = term::emit_into_string(&config, &file, &report(diagnostic, sql));
        out.push_str(&rendered.unwrap_or_else(|_| plain(diagnostic)));
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    let mut out = lines.join("\n");
    while out.ends_with('\n') {
        out.pop();
    }
    out.push('\n');
    out
}

fn report(diagnostic: &Diagnostic, sql: &str) -> Report<()> {
    let level = match diagnostic.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    let mut report = Report::new(level).with_code(diagnostic.code).with_message(&diagnostic.message);
    if let Some(span) = diagnostic.span {
        let label = Label::primary((), byte_range(sql, span));
        report = report.with_labels(vec![match &diagnostic.label {
            Some(message) => label.with_message(message),
            None => label,
        }]);
    }
    if let Some(help) = &diagnostic.help {
        let indented = help.replace('\n', "\n      ");
        report = report.with_notes(vec![format!("help: {indented}")]);
    }
    report
}

fn plain(diagnostic: &Diagnostic) -> String {
    format!("error[{}]: {}\n", diagnostic.code, diagnostic.message)
}

/// The bytes of a span, cut to its first line: a message about a whole statement points at its beginning.
fn byte_range(sql: &str, span: Span) -> Range<usize> {
    let start = offset(sql, span.start);
    let end = offset(sql, span.end).max(start);
    let first_line = sql.get(start..end).and_then(|text| text.find(['\n', '\r'])).map_or(end, |length| start + length);
    start..first_line
}

/// The byte at which a place is; the text's end for places outside of it.
fn offset(sql: &str, location: Location) -> usize {
    let mut line = 1;
    let mut column = 1;
    for (index, character) in sql.char_indices() {
        if line > location.line || (line == location.line && column >= location.column) {
            return index;
        }
        if character == '\n' {
            if line == location.line {
                return index;
            }
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    sql.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    fn at(line: u64, from: u64, to: u64) -> Span {
        Span { start: Location { line, column: from }, end: Location { line, column: to } }
    }

    #[test]
    fn shows_the_line_and_the_help() {
        let diagnostic = Diagnostic::error(&codes::SYNTAX, "unexpected `FORM`")
            .at(at(2, 1, 5))
            .label("did you mean `FROM`?")
            .help("write `FROM`");
        insta::assert_snapshot!(render(&[diagnostic], "SELECT ü\nFORM t", "q.sql"), @r"
        error[SQL001]: unexpected `FORM`
          ┌─ q.sql:2:1
          │
        2 │ FORM t
          │ ^^^^ did you mean `FROM`?
          │
          = help: write `FROM`
        ");
    }

    #[test]
    fn places_outside_of_the_text_point_at_its_end() {
        let diagnostic = Diagnostic::error(&codes::SYNTAX, "unexpected end").at(at(9, 9, 10));
        assert!(render(&[diagnostic], "SELECT 'ü", "q.sql").contains("q.sql:1:10"));
    }
}

//! DataFusion's errors as diagnostics: with a place, in SQL's words, without internals.

mod frequent;
mod other_dialects;
mod words;

use datafusion::common::{DataFusionError, Diagnostic as Hint, SchemaError, Span as DfSpan};

use crate::catalog::Raised;
use crate::codes::Code;
use crate::statement::Statement;
use crate::suggest::{list, nearest};
use crate::{Diagnostic, Location, Span, codes};

use frequent::{no_interval, unknown_function, words_of_ours};
use words::{between, is_internal, plain};

/// The diagnostics for an error of planning or analysing `statement`.
pub(super) fn diagnose(error: &DataFusionError, statement: &Statement) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(error, None, statement, &mut found);
    found.dedup();
    found
}

/// DataFusion's message in SQL's words; `None` if it shows the inside of a program.
pub(crate) fn plain_words(message: &str) -> Option<String> {
    (!is_internal(message)).then(|| plain(message))
}

fn walk(error: &DataFusionError, hint: Option<&Hint>, statement: &Statement, found: &mut Vec<Diagnostic>) {
    match error {
        DataFusionError::Collection(errors) => {
            for error in errors {
                walk(error, None, statement, found);
            }
        }
        DataFusionError::Shared(error) => walk(error, hint, statement, found),
        DataFusionError::Context(_, error) => walk(error, hint, statement, found),
        DataFusionError::Diagnostic(hint, error) => walk(error, Some(hint), statement, found),
        other => {
            let mut diagnostic = one(other, hint, statement);
            if diagnostic.span.is_none() {
                diagnostic.span = hint.and_then(|hint| hint.span).and_then(span).or(statement.span);
            }
            found.push(diagnostic);
        }
    }
}

fn one(error: &DataFusionError, hint: Option<&Hint>, statement: &Statement) -> Diagnostic {
    match error {
        DataFusionError::External(error) => match Raised::of(error.as_ref()) {
            Some(diagnostic) if diagnostic.span.is_some() || hint.is_some() => diagnostic.clone(),
            Some(diagnostic) => diagnostic.clone().at(quoted_identifier(&diagnostic.message, statement)),
            None => Diagnostic::error(&codes::QUERY, plain(&error.to_string())),
        },
        DataFusionError::SchemaError(error, _) => schema_error(error, hint, statement),
        DataFusionError::Plan(message) => plan_error(message, hint, statement),
        DataFusionError::NotImplemented(message) => not_implemented(message, hint, statement),
        DataFusionError::SQL(error, _) => Diagnostic::error(&codes::SYNTAX, plain(&error.to_string())),
        DataFusionError::Internal(_) => Diagnostic::error(&codes::INTERNAL, "the planner cannot handle this statement")
            .help("report it, please; writing the statement in another way may help until it is mended"),
        other => {
            let message = other.strip_backtrace();
            if let Some(text) = between(&message, "type interval: \"", "\"") {
                return no_interval(text);
            }
            if is_internal(&message) {
                Diagnostic::error(&codes::QUERY, "this statement cannot be planned")
            } else {
                Diagnostic::error(&codes::QUERY, plain(&message))
            }
        }
    }
}

fn schema_error(error: &SchemaError, hint: Option<&Hint>, statement: &Statement) -> Diagnostic {
    let hinted = hint.and_then(|hint| hint.span).and_then(span);
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let mut names: Vec<&str> = valid_fields.iter().map(|column| column.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let at = field.spans().first().and_then(span).or(hinted).or_else(|| identifier(statement, &field.name));
            let of = field.relation.as_ref().map(|relation| format!(" in `{relation}`")).unwrap_or_default();
            let message = format!("there is no column `{}`{of}", field.name);
            let relations: Vec<String> =
                valid_fields.iter().filter_map(|column| column.relation.as_ref()).map(ToString::to_string).collect();
            let is_time = field.name == arroyo_types::TIMESTAMP_FIELD || field.name.eq_ignore_ascii_case("rowtime");
            let help = if is_time {
                "a row's event time is `row_time()`".to_owned()
            } else if let Some(relation) = field.relation.as_ref()
                && !relations.is_empty()
                && !relations.contains(&relation.to_string())
            {
                match nearest(relation.table(), relations.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}.{}`?", field.name),
                    None => {
                        let mut tables = relations.clone();
                        tables.dedup();
                        format!("`{relation}` is not a table of this query, it has {}", list(&tables, 4))
                    }
                }
            } else if let Some(near) = nearest(&field.name, names.iter().copied()) {
                format!("did you mean `{near}`?")
            } else if names.is_empty() {
                "no columns can be used here; a text is written in single quotes".to_owned()
            } else {
                format!("the columns are {}; a text is written in single quotes", list(&names, 8))
            };
            Diagnostic::error(&codes::UNKNOWN_COLUMN, message).at(at).help(help)
        }
        SchemaError::AmbiguousReference { field } => {
            let at = field.spans().first().and_then(span).or(hinted).or_else(|| identifier(statement, &field.name));
            Diagnostic::error(&codes::AMBIGUOUS_COLUMN, format!("several tables have a column `{}`", field.name))
                .at(at)
                .help(format!("write `table.{}`", field.name))
        }
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            Diagnostic::error(&codes::DUPLICATE_COLUMN, format!("there are two columns `{}`", plain(name)))
                .at(hinted.or_else(|| identifier(statement, name)))
                .help("give one of them another name with AS")
        }
    }
}

fn plan_error(message: &str, hint: Option<&Hint>, statement: &Statement) -> Diagnostic {
    if let Some(name) = between(message, "Invalid function '", "'") {
        return unknown_function(name).at(identifier(statement, name));
    }
    if let Some(call) = between(message, "argument types '", "'.").or_else(|| between(message, "argument types '", "'"))
    {
        let name = call.split('(').next().unwrap_or_default();
        let diagnostic = Diagnostic::error(&codes::WRONG_ARGUMENTS, format!("no function is `{}`", words::types(call)))
            .at(identifier(statement, name));
        let ways = message.split_once("Candidate functions:").map(|(_, ways)| words::ways_to_call(ways));
        return match ways.as_deref() {
            Some([]) => diagnostic.help("docs/reference/sql/functions.md says where it is described"),
            Some(ways) => diagnostic.help(format!("it can be called as {}", ways.join(", "))),
            None => diagnostic.help("cast its arguments"),
        };
    }
    if let Some(name) = between(message, "call to '", "'") {
        return Diagnostic::error(&codes::WRONG_ARGUMENTS, format!("wrong arguments for `{name}`: {}", plain(message)))
            .at(identifier(statement, name));
    }
    if let Some(diagnostic) = words_of_ours(message, hint, statement) {
        return diagnostic;
    }
    let named = || quoted_identifier(message, statement);
    let code: &Code = if message.contains("GROUP BY") {
        &codes::NOT_GROUPED
    } else if message.contains("annot coerce")
        || message.contains("not infer common")
        || message.contains("cannot cast")
    {
        &codes::TYPE_MISMATCH
    } else {
        &codes::QUERY
    };
    if is_internal(message) {
        return Diagnostic::error(code, "this statement cannot be planned").at(named());
    }
    let text = match hint {
        Some(hint) => plain(&hint.message),
        None => plain(message),
    };
    let at = hint.and_then(|hint| hint.span).and_then(span).or_else(named);
    let diagnostic = Diagnostic::error(code, text).at(at);
    let advice: Vec<String> = hint
        .map(|hint| {
            let helps = hint.helps.iter().map(|help| &help.message);
            let notes = hint.notes.iter().map(|note| &note.message);
            helps.chain(notes).map(|text| plain(text)).collect()
        })
        .unwrap_or_default();
    if advice.is_empty() { diagnostic } else { diagnostic.help(advice.join("; ")) }
}

fn not_implemented(message: &str, hint: Option<&Hint>, statement: &Statement) -> Diagnostic {
    if message.starts_with("the type ") || message.contains(" is not supported") && !is_internal(message) {
        let name = between(message, "the type ", " is").unwrap_or(message);
        let at = name.split(['(', ' ', '<']).next().and_then(|word| identifier(statement, word));
        return Diagnostic::error(&codes::UNKNOWN_TYPE, plain(message)).at(at);
    }
    let at = hint.and_then(|hint| hint.span).and_then(span);
    if message.contains("PGOverlap") {
        return Diagnostic::error(&codes::UNSUPPORTED_QUERY, "the operator `&&` is not supported")
            .at(at)
            .help("write AND, or array_has_any(a, b) of lists");
    }
    if is_internal(message) {
        return Diagnostic::error(&codes::UNSUPPORTED_QUERY, "a part of this statement is not supported").at(at);
    }
    Diagnostic::error(&codes::UNSUPPORTED_QUERY, plain(message))
        .at(at.or_else(|| quoted_identifier(message, statement)))
}

fn span(span: DfSpan) -> Option<Span> {
    let location = |location: datafusion::common::Location| Location { line: location.line, column: location.column };
    (span.start.line > 0).then(|| Span { start: location(span.start), end: location(span.end) })
}

/// Where a name is written in the statement.
fn identifier(statement: &Statement, name: &str) -> Option<Span> {
    statement
        .identifiers
        .iter()
        .find(|identifier| identifier.node.eq_ignore_ascii_case(name))
        .and_then(|found| found.span)
}

/// The place of the first name that a message quotes.
fn quoted_identifier(message: &str, statement: &Statement) -> Option<Span> {
    message
        .split(['\'', '"', '`'])
        .skip(1)
        .step_by(2)
        .flat_map(|quoted| quoted.rsplit(['.', '(']))
        .map(|name| name.trim_end_matches(')'))
        .filter(|name| !name.is_empty())
        .find_map(|name| identifier(statement, name))
}

//! What is wrong with a query, and errors in general.

use arroyo_planner::{Diagnostic, Location, Severity, Span};
use serde::Serialize;
use utoipa::ToSchema;

/// A request was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// Why, for people.
    pub(crate) error: String,
    /// What is wrong with the query, if that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) diagnostics: Option<Vec<SqlDiagnostic>>,
}

/// One message about a query.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SqlDiagnostic {
    /// One sentence.
    pub(crate) message: String,
    /// Its stable code, such as `SQL012`.
    pub(crate) code: String,
    /// `error` or `warning`.
    pub(crate) severity: DiagnosticSeverity,
    /// Where in the text, if in one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) span: Option<SqlSpan>,
    /// A few words to show at the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DiagnosticSeverity {
    /// The query cannot run.
    Error,
    /// The query can run.
    Warning,
}

/// A range of the text; `end` is after its last character.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SqlSpan {
    /// Its first character.
    pub(crate) start: SqlLocation,
    /// After its last character.
    pub(crate) end: SqlLocation,
}

/// A place in the text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SqlLocation {
    /// From 1.
    pub(crate) line: u64,
    /// From 1, in characters.
    pub(crate) column: u64,
}

impl SqlDiagnostic {
    pub(crate) fn is_error(&self) -> bool {
        self.severity == DiagnosticSeverity::Error
    }
}

impl From<Location> for SqlLocation {
    fn from(location: Location) -> Self {
        Self { line: location.line, column: location.column }
    }
}

impl From<Span> for SqlSpan {
    fn from(span: Span) -> Self {
        Self { start: span.start.into(), end: span.end.into() }
    }
}

impl From<&Diagnostic> for SqlDiagnostic {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            message: diagnostic.message.clone(),
            code: diagnostic.code.to_string(),
            severity: match diagnostic.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
            },
            span: diagnostic.span.map(Into::into),
            label: diagnostic.label.clone(),
            help: diagnostic.help.clone(),
        }
    }
}

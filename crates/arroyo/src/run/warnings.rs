//! What runs, but perhaps not as its author thinks.

use arroyo_openapi::{Client, types};

use crate::commands::query::Query;
use crate::terminal;

/// Prints what the API says about a query that runs. Without an answer there is nothing to say: warnings hold up nothing.
pub(crate) async fn print(client: &Client, query: &Query) {
    let post = types::ValidateQueryPost { query: query.sql.clone(), params: None, udfs: None };
    match client.validate_query(&post).await {
        Ok(found) => {
            for warning in &found.warnings {
                terminal::line(&rendered(warning, &query.source_name));
            }
        }
        Err(error) => tracing::debug!("no warnings to show: {}", arroyo_openapi::explain(&error)),
    }
}

/// A diagnostic with its place and what to do.
pub(super) fn rendered(fault: &types::SqlDiagnostic, source_name: &str) -> String {
    let place = fault.span.as_ref().map(|span| (span.start.line, span.start.column));
    let place = place.map(|(line, column)| format!("\n  at {source_name}:{line}:{column}"));
    let help = fault.help.as_ref().map(|help| format!("\n  = help: {help}"));
    let (place, help) = (place.unwrap_or_default(), help.unwrap_or_default());
    format!("{}[{}]: {}{place}{help}", fault.severity, fault.code, fault.message)
}
